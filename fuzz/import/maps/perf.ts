/**
 * What `perf script --show-mmap-events` says of the address spaces of processes: each mmap as it happened, no munmap.
 *
 *     bash 1234 [001] 12.3: PERF_RECORD_MMAP2 1234/1234: [0x55d0a7e00000(0x1000) @ 0x2000 08:01 131 0]: r-xp
 *     /usr/bin/bash
 *
 * What was mapped later lies over what was mapped earlier. `exec` begins a new space, a fork copies one.
 */
import { PAGE } from '../../format/types';
import { PageMap } from '../page-map';
import type { ImportReport } from '../report';
import { hex, type Listed, type Listing, withoutRemarks } from './listing';

const PLACE = /PERF_RECORD_MMAP2? (-?\d+)\/-?\d+: \[0x([0-9a-f]+)\(0x([0-9a-f]+)\) @ (?:0x)?([0-9a-f]+)/;
const MMAP = new RegExp(`${PLACE.source}${/((?: [^\]]*)?)\]: ([r-][w-][x-][ps]|[rx]) (.*)$/.source}`);
const EXEC = /PERF_RECORD_COMM exec: .*:(\d+)\/\d+$/;
const FORK = /PERF_RECORD_FORK\((\d+):\d+\):\((\d+):\d+\)/;

export const LOOKS_LIKE_PERF = /PERF_RECORD_MMAP2? -?\d+\//;

const PERMS: Readonly<Record<string, string>> = { x: 'r-xp', r: 'rw-p' };

export class PerfReader {
  good = 0;
  private readonly spaces = new Map<number, PageMap<Listed>>();
  /** Processes that mapped something themselves. */
  private readonly active = new Set<number>();

  constructor(private readonly report: ImportReport) {}

  take(text: string, line: number): void {
    const [exec, fork] = [EXEC.exec(text), FORK.exec(text)];
    if (exec !== null) this.spaces.delete(Number(exec[1]));
    if (fork !== null && fork[1] !== fork[2]) {
      const parent = this.spaces.get(Number(fork[2]));
      if (parent !== undefined) this.spaces.set(Number(fork[1]), parent.copy());
    }
    if (!LOOKS_LIKE_PERF.test(text)) return;
    const found = MMAP.exec(text);
    if (found !== null) this.map(found, line);
    else {
      this.report.badLine(line, text);
      this.report.lose('mapping', 'its line is damaged', 'is missing', line);
    }
  }

  private map([, id, start, length, offset, rest, perms, path]: RegExpExecArray, line: number): void {
    this.good++;
    const pid = Number(id);
    if (pid < 0) {
      this.report.skip('mapping', 'of the kernel');
      return;
    }
    const inode = /([0-9a-f]+:[0-9a-f]+ \d+)/.exec(rest)?.[1] ?? '';
    const [first, end] = [hex(start), hex(start) + Math.ceil(hex(length) / PAGE) * PAGE];
    const clean = withoutRemarks(path);
    const listed: Listed = {
      line,
      first,
      end,
      perms: PERMS[perms] ?? perms,
      offset: hex(offset),
      path: clean === '//anon' ? '' : clean,
      inode: inode.endsWith(' 0') ? '' : inode,
      flags: null,
    };
    let space = this.spaces.get(pid);
    if (space === undefined) this.spaces.set(pid, (space = new PageMap()));
    space.store(first / PAGE, end / PAGE, listed);
    this.active.add(pid);
  }

  end(): Listing[] {
    if (this.active.size > 0) this.report.note('perf shows what is mapped and not what is removed: listings of perf');
    return [...this.active].flatMap((pid) => {
      const space = this.spaces.get(pid);
      if (space === undefined) return [];
      const mappings = space.runs(0, Number.MAX_SAFE_INTEGER).map(({ first, end, tag }) => ({
        ...tag,
        first: first * PAGE,
        end: end * PAGE,
        offset: tag.offset! + first * PAGE - tag.first,
      }));
      return [{ mappings, pid, heap: null }];
    });
  }
}

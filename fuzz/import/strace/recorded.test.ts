/**
 * Logs recorded with strace on Linux 6.18 (testing/logs; memory.c says how): what is mapped at the end is what each
 * process itself read from /proc/self/maps, and the oracle gives every answer that the log has.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE } from '../../format/types';
import type { Imported } from '../imported';
import { differences, layoutWithin } from '../testing/check';
import { importStrace } from './import';

const LOGS = join(__dirname, '..', 'testing', 'logs');
const read = (name: string): string => readFileSync(join(LOGS, name), 'utf8');

const imported = (names: readonly string[], drop = /$^/): Imported =>
  importStrace(
    names.map((name) => ({
      name,
      content: read(name)
        .split('\n')
        .filter((line) => !drop.test(line))
        .join('\n'),
    })),
  );

/** The region of the program, which reserves it first: 258 pages, the first of which stays a fence. */
const REGION = 258 * PAGE;

/** What a process read of itself, from the region's start: `5+2 rw-p`. */
function readBack(maps: string, start: number): string[] {
  return read(maps)
    .split('\n')
    .flatMap((line) => {
      const found = /^(\w+)-(\w+) (....) /.exec(line);
      if (found === null) return [];
      const [first, end] = [Number.parseInt(found[1], 16), Number.parseInt(found[2], 16)];
      if (first < start || first >= start + REGION) return [];
      return [`${(first - start) / PAGE}+${(end - first) / PAGE} ${found[3]}`];
    });
}

describe.each([
  ['memory', ['memory.log']],
  ['memory-paths', ['memory-paths.log']],
  ['memory-thread', readdirSync(LOGS).filter((name) => /^memory-thread\.\d+$/.test(name))],
])('%s', (name, files) => {
  // The processes read their maps before they end.
  const made = imported(files, /\bexit(?:_group)?\(/);
  const start = Number(/mmap\(NULL, 1056768.* = (0x\w+)/.exec(read(files[0]))![1]);

  it('replays as recorded', () => {
    expect(made.report.isWrong).toBe(false);
    expect(made.report.badLines).toBe(0);
    expect(differences(made)).toEqual([]);
    expect(made.report.comparable!.results).toBeGreaterThan(100);
  });

  it.each([
    ['parent', 0],
    ['child', 1],
  ])('ends as the %s says that it does', (who, index) => {
    const { sequence } = made.make(index);
    const region = sequence.operations.find(({ op, len }) => op === 'mmap' && len === REGION)!.addr as number;
    const listed = readBack(`${name}.${who}.maps`, start);
    expect(listed.length).toBeGreaterThan(15);
    expect(layoutWithin(sequence, region, REGION)).toEqual(listed);
  });
});

describe('a pipeline of a shell', () => {
  it.each(['pipeline.log', 'pipeline-terminal.log'])('%s replays as recorded, process by process', (name) => {
    const made = imported([name]);
    expect(made.report.isWrong).toBe(false);
    expect(differences(made)).toEqual([]);
    const programs = [...made].map(({ sequence }) => sequence.header.note?.split(',')[0]);
    expect(programs).toEqual(['sh', 'ls', 'head', 'ls', 'true']);
  });
});

/**
 * What of an address space a trace follows: all that decides a merge of two mappings, the counters, and src's tree of
 * mappings.
 *
 *     vma(0x3000).flags     the mapping that begins at this address
 *
 * The number of an anon_vma means nothing: each side counts by itself. So it is named after the lowest mapping that has
 * it, which is the same on both sides if they share it with the same neighbours.
 */
import { CODES, type OracleAddressSpace } from '../../../oracle/mm';
import { flagCodes } from '../../../src/mm/vm-flags';
import type { Vma } from '../../../src/mm/vma';
import { PAGE } from '../../format/types';
import type { Put, TraceFacts } from '../domain';
import { putNodes } from '../maple-nodes';
import type { SrcMm } from './src-mm';

const COLUMNS = ['end', 'flags', 'file', 'pgoff', 'anon_vma', 'inherited', 'policy', 'uffd', 'name', 'hook'];
const COUNTERS = ['map_count', 'total_vm', 'data_vm', 'exec_vm', 'stack_vm', 'locked_vm', 'committed'];

const hex = (bytes: number): string => `0x${bytes.toString(16)}`;

/** One mapping as both sides have it, its bounds in bytes. */
interface Row {
  readonly start: number;
  readonly end: number;
  readonly flags: string;
  readonly file: string;
  readonly pgoff: number;
  /** Whatever the side names an anon_vma by; null for none. */
  readonly anon: unknown;
  readonly inherited: boolean;
  readonly policy: number;
  readonly uffd: number;
  readonly name: string | null;
  readonly hook: string;
}

function putRows(rows: readonly Row[], put: Put): void {
  const owners = new Map<unknown, string>();
  for (const row of rows) {
    const key = `vma(${hex(row.start)})`;
    if (row.anon !== null && !owners.has(row.anon)) owners.set(row.anon, hex(row.start));
    put(`${key}.end`, hex(row.end));
    put(`${key}.flags`, row.flags);
    put(`${key}.file`, row.file);
    put(`${key}.pgoff`, String(row.pgoff));
    put(`${key}.anon_vma`, row.anon === null ? '-' : `of ${owners.get(row.anon)}`);
    put(`${key}.inherited`, row.inherited ? 'yes' : '-');
    put(`${key}.policy`, row.policy === 0 ? '-' : String(row.policy));
    put(`${key}.uffd`, row.uffd === 0 ? '-' : String(row.uffd));
    put(`${key}.name`, row.name ?? '-');
    put(`${key}.hook`, row.hook);
  }
}

function fileText(file: { readonly name: string | null } | null): string {
  return file === null ? '-' : (file.name ?? 'shared memory');
}

function rowOfSrc(vma: Vma): Row {
  const { file, anonVma } = vma;
  return {
    start: vma.start * PAGE,
    end: vma.end * PAGE,
    flags: flagCodes(vma.flags),
    file: fileText(file),
    pgoff: vma.pgoff,
    anon: anonVma,
    inherited: anonVma?.inherited === true,
    policy: vma.policy,
    uffd: vma.uffdCtx,
    name: vma.name,
    hook: file?.ops.close === undefined ? '-' : 'close',
  };
}

function rowsOfSrc(src: SrcMm): Row[] {
  const rows: Row[] = [];
  // What is wrong with a tree may make a walk endless.
  const most = src.mm.tree.pool.leafTop * 64 + 1;
  for (let vma = src.firstVma(); vma !== null && rows.length < most; vma = src.nextVma()) rows.push(rowOfSrc(vma));
  return rows;
}

function rowsOfOracle(oracle: OracleAddressSpace): Row[] {
  return Array.from({ length: oracle.count }, (_, i) => {
    const vma = oracle.at(i);
    return {
      start: vma.start,
      end: vma.end,
      flags: CODES.filter((_code, bit) => ((vma.flags >>> bit) & 1) === 1).join(' '),
      file: fileText(vma.file),
      pgoff: vma.pgoff,
      anon: vma.anon === 0 ? null : vma.anon,
      inherited: vma.inherited,
      policy: vma.policy,
      uffd: vma.uffd,
      name: vma.name,
      hook: vma.file?.closes === true ? 'close' : '-',
    };
  });
}

function putCounters(counters: Readonly<Record<string, unknown>>, put: Put): void {
  for (const name of COUNTERS) put(name, String(counters[name]));
}

export const mmTrace: TraceFacts = {
  views: [
    { kind: 'table', title: 'VMAs', part: 'vma', columns: COLUMNS },
    { kind: 'values', title: 'Counters (pages)', keys: [...COUNTERS, 'brk'] },
    { kind: 'nodes', title: 'Maple tree of src (its indexes are pages)', folded: true },
  ],

  readSrc(subject, put) {
    const src = subject as SrcMm;
    putRows(rowsOfSrc(src), put);
    putCounters({ ...src.counters() }, put);
    if (src.heapEnd !== null) put('brk', hex(src.heapEnd));
    putNodes(src.mm.tree, (vma) => hex(vma.start * PAGE), put);
  },

  readOracle(subject, put) {
    const oracle = subject as unknown as OracleAddressSpace;
    putRows(rowsOfOracle(oracle), put);
    putCounters({ ...oracle.counters }, put);
    if (oracle.heapEnd !== null) put('brk', hex(oracle.heapEnd));
  },

  tickOf(event) {
    if (/^split-new-/.test(event)) return 'split';
    return /^merge-(case-|new-(left|right|both)$)/.test(event) ? 'merge' : null;
  },
};

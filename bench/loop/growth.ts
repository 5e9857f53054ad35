/**
 * Steps a second of the lockstep as the content grows: a tree of so many entries, or a window of so many mappings, then
 * operations at random places that about keep its size. Above some size the lockstep compares and checks parts after
 * each step and everything by turns (see fuzz/lockstep/amortize.ts), which is why the cost does not grow with the
 * content alone.
 */

import { INVARIANTS } from '../../fuzz/domains/invariants';
import type { MmHeader } from '../../fuzz/domains/mm/header';
import type { TreeHeader } from '../../fuzz/domains/tree/header';
import { type DomainName, FORMAT, type Header, type Operation, PAGE } from '../../fuzz/format/types';
import type { Difference } from '../../fuzz/lockstep/types';
import { createLockstep } from '../../fuzz/run/create';
import { cpuNow } from '../clock';
import { Random } from '../prng';

/** The most mappings that the mm table goes to: the kernel's own limit is not far above. */
export const MOST_MAPPINGS = 10_000;

/** A content of some size, and operations that about keep it. */
interface Load {
  readonly header: Header;
  readonly fill: readonly Operation[];
  operation(random: Random): Operation;
}

const STEP = 32;

/** Steps between two looks at the clock, which costs as much as a step or two. */
const BATCH = 200;

function treeOf(entries: number): Load {
  const header: TreeHeader = { format: FORMAT, domain: 'tree', ranges: true };
  const rows = Array.from({ length: entries }, (_, i) => [i * STEP, i * STEP + 15, i + 1] as const);
  const operation = (random: Random): Operation => {
    const first = random.below(entries * STEP);
    const last = first + random.below(64);
    const kind = random.below(10);
    if (kind < 4) return { op: 'store_range', first, last, value: random.between(1, 1e6) };
    if (kind < 5) return { op: 'erase', index: first };
    if (kind < 6) return { op: 'load', index: first };
    if (kind < 7) return { op: 'alloc_range', size: 5, min: first, max: entries * STEP + 1000, value: 7 };
    if (kind < 8) return { op: 'mas_set', index: first, r: 0 };
    if (kind < 9) return { op: 'mas_next', max: Number.MAX_SAFE_INTEGER, r: 0 };
    return { op: 'mas_prev', min: 0, r: 0 };
  };
  return { header, fill: [{ op: 'bulk', entries: rows }], operation };
}

/** Each mapping has 16 pages to itself, of which it takes 8: what is split there is mapped over again before long. */
const ROOM = 16 * PAGE;
const PROTS = ['r--', 'rw-', 'r-x'];

function mapAt(addr: number, prot: string): Operation {
  return { op: 'mmap', addr, len: ROOM / 2, prot, flags: ['private', 'fixed'], file: null, offset: 0 };
}

function windowOf(mappings: number): Load {
  const header: MmHeader = { format: FORMAT, domain: 'mm', pages: (mappings * ROOM) / PAGE };
  const fill = Array.from({ length: mappings }, (_, i) => mapAt(i * ROOM, PROTS[i % 2]));
  const operation = (random: Random): Operation => {
    const addr = random.below(mappings) * ROOM;
    const inside = addr + random.below(4) * PAGE;
    const kind = random.below(6);
    if (kind < 2) return mapAt(addr, PROTS[random.below(2)]);
    if (kind < 3) return { op: 'munmap', addr: inside, len: 2 * PAGE };
    if (kind < 4) return { op: 'mprotect', addr: inside, len: 3 * PAGE, prot: PROTS[random.below(3)] };
    if (kind < 5) return { op: 'touch', addr };
    return { op: 'madvise', addr, len: 4 * PAGE, advice: random.below(2) === 0 ? 'dontfork' : 'dofork' };
  };
  return { header, fill, operation };
}

function agreed(difference: Difference | null): void {
  if (difference !== null) throw new Error(`src and oracle differ: ${JSON.stringify(difference)}`);
}

/**
 * Fills a content of a size in lockstep. What comes back runs steps there for about `ms` of CPU and answers steps a
 * second.
 */
export function growthAt(domain: DomainName, size: number, seed: string): (ms: number) => number {
  const lockstep = createLockstep({ invariants: INVARIANTS });
  const random = new Random(`${seed}/growth/${size}`);
  const load = domain === 'tree' ? treeOf(size) : windowOf(size);
  agreed(lockstep.begin(load.header));
  for (const operation of load.fill) agreed(lockstep.step(operation));
  return (ms) => {
    const start = cpuNow();
    let steps = 0;
    do {
      for (let i = 0; i < BATCH; i++, steps++) agreed(lockstep.step(load.operation(random)));
    } while (cpuNow() - start < ms * 1e6);
    return (steps * 1e9) / (cpuNow() - start);
  };
}

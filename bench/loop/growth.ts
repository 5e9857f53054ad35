/**
 * Steps a second of the lockstep as the content grows: a tree of so many entries, then operations at random places that
 * keep its size. Above some size the lockstep compares and checks parts after each step and everything by turns (see
 * fuzz/lockstep/pace.ts), which is why the cost does not grow with the content alone.
 */
import { INVARIANTS } from '../../fuzz/invariants';
import { createTreeLockstep } from '../../fuzz/lockstep/create';
import { FORMAT, type Operation, type TreeHeader } from '../../fuzz/sequence/types';
import { cpuNow } from '../clock';
import { Random } from '../prng';

const HEADER: TreeHeader = { format: FORMAT, domain: 'tree', ranges: true };
const STEP = 32;

function content(entries: number): Operation {
  const rows = Array.from({ length: entries }, (_, i) => [i * STEP, i * STEP + 15, i + 1] as const);
  return { op: 'bulk', entries: rows };
}

function operation(random: Random, entries: number): Operation {
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
}

/** Fills a tree of a size in lockstep. What comes back runs steps there for about `ms` of CPU and answers steps a second. */
export function growthAt(entries: number, seed: string): (ms: number) => number {
  const lockstep = createTreeLockstep({ invariants: INVARIANTS });
  const random = new Random(`${seed}/growth/${entries}`);
  const note = (difference: unknown) => {
    if (difference !== null) throw new Error(`src and oracle differ: ${JSON.stringify(difference)}`);
  };
  note(lockstep.begin(HEADER));
  note(lockstep.step(content(entries)));
  return (ms) => {
    const start = cpuNow();
    let steps = 0;
    do {
      for (let i = 0; i < 20; i++, steps++) note(lockstep.step(operation(random, entries)));
    } while (cpuNow() - start < ms * 1e6);
    return (steps * 1e9) / (cpuNow() - start);
  };
}

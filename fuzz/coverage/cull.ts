/**
 * What saved sequences reach, and the smallest set of them that reaches the same.
 */

import type { Sequence } from '../format/types';
import type { Difference, Invariant } from '../lockstep/types';
import { Runner } from '../run/runner';
import { Observer } from './observer';

/** A saved sequence with what it reaches. */
export interface Reached {
  readonly file: string;
  readonly sequence: Sequence;
  readonly features: readonly number[];
  /** Null unless the sequence fails. */
  readonly difference: Difference | null;
}

/** Runs saved sequences and collects their features. */
export class ReachMeter {
  private readonly observer = new Observer();
  private readonly runner: Runner;

  constructor(invariants: readonly Invariant[]) {
    this.runner = new Runner(invariants);
  }

  measure(file: string, sequence: Sequence): Reached {
    const difference = this.runner.run(sequence, [this.observer]);
    return { file, sequence, features: [...this.observer.features.reached], difference };
  }
}

/**
 * Chooses sequences that together reach everything that all of them reach: again and again the one that adds most for
 * each operation it has. The smallest set is out of reach of any quick method; this one is close, and is the same on
 * every machine: ties go to the shorter one, then to the name.
 */
export function cull(all: readonly Reached[]): Reached[] {
  const left = new Set<number>(all.flatMap((one) => one.features));
  const candidates = [...all].sort(shorterFirst);
  const chosen: Reached[] = [];
  while (left.size > 0) {
    let best: Reached | null = null;
    let bestGain = 0;
    for (const one of candidates) {
      const added = one.features.reduce((sum, feature) => sum + (left.has(feature) ? 1 : 0), 0);
      const gain = added / (one.sequence.operations.length + 1);
      if (gain > bestGain) {
        best = one;
        bestGain = gain;
      }
    }
    chosen.push(best!);
    candidates.splice(candidates.indexOf(best!), 1);
    for (const feature of best!.features) left.delete(feature);
  }
  return withoutNeedless(chosen).sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** What was chosen early may have become needless by what came later. */
function withoutNeedless(chosen: readonly Reached[]): Reached[] {
  const counts = new Map<number, number>();
  for (const one of chosen) for (const f of one.features) counts.set(f, (counts.get(f) ?? 0) + 1);
  const kept: Reached[] = [];
  for (const one of [...chosen].sort((a, b) => shorterFirst(b, a))) {
    if (one.features.every((f) => counts.get(f)! > 1)) {
      for (const f of one.features) counts.set(f, counts.get(f)! - 1);
    } else kept.push(one);
  }
  return kept;
}

function shorterFirst(a: Reached, b: Reached): number {
  const difference = a.sequence.operations.length - b.sequence.operations.length;
  return difference !== 0 ? difference : a.file < b.file ? -1 : 1;
}

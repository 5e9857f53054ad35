/**
 * What mutation testing runs a mutant against: the fuzzer itself, as a fixed row of sequences of one seed.
 *
 * Each sequence is one test. Number n of a domain is the same sequence in every run, so a mutant that is killed stays
 * killed. All invariants are on. Nothing here looks at the clock.
 */

import { domainsNamed } from '../../fuzz/domains';
import { INVARIANTS } from '../../fuzz/domains/invariants';
import type { DomainName } from '../../fuzz/format/types';
import { SequenceSource } from '../../fuzz/generate/source';
import { createLockstep } from '../../fuzz/run/create';

export class SeededSequences {
  private readonly lockstep = createLockstep({ invariants: INVARIANTS });
  private readonly source: SequenceSource;

  constructor(seed: string, domain: DomainName) {
    this.source = new SequenceSource({ seed, domains: domainsNamed([domain]), engine: 'direct' });
  }

  /** Runs sequence n. Null if everything agreed, otherwise what differed, in a line. */
  run(n: number): string | null {
    const { difference } = this.source.run(n, this.lockstep);
    if (difference === null) return null;
    return `${difference.foundBy}, ${difference.rule}, step ${difference.step}: ${difference.detail}`;
  }
}

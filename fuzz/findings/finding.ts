/**
 * A finding: a sequence that fails, what it fails with, and all that is known of it.
 *
 *     seen in sequence n  --->  Finding, form "original"  --->  stored  --->  shortened: form "minimal"  --->  settled
 *
 * Every text about a finding is made from this value (texts.ts): README.txt, finding.json, rows of JSON.
 */
import { createHash } from 'node:crypto';
import { domainOf } from '../domains';
import type { Sequence } from '../format/types';
import type { Difference, FoundBy } from '../lockstep/types';
import { renamed } from '../minimize/rename';
import { spellDifference } from '../report/json';
import { DEFAULT_TARGETS } from '../report/target-flags';
import type { Suspect } from '../run/suspects';
import { canonical, printSequence } from '../sequence/print';

/** `finding.json`. */
export interface FindingFacts {
  readonly rule: string;
  /** The operation of the first wrong step; "header" if none was reached, "end" behind the last. */
  readonly operation: string;
  readonly foundBy: FoundBy;
  readonly detail: string;
  /** Seed and number of the sequence; null for one that came from elsewhere. */
  readonly seed: string | null;
  readonly n: number | null;
  /** "no", "partly" (a limit ended it, or it did not fail again, as the detail says; it can go on), or "yes". */
  readonly minimized: 'no' | 'partly' | 'yes';
  /** Of the minimal form; null before it is minimized. */
  readonly signature: string | null;
  readonly originalLength: number;
  readonly minimalLength: number | null;
  /** Milliseconds that minimizing has had so far. */
  readonly minimizeMs: number;
  /** Version of maple-fuzz that found it. */
  readonly version: string;
  /** Implementations that it was found with, if not src and oracle. */
  readonly targets?: string;
  /** The difference as the format spells it; findings of earlier versions have none. */
  readonly difference?: Readonly<Record<string, unknown>>;
  /** Where in src to look first, most suspected first; absent before it is minimized, and where src is not at fault. */
  readonly suspects?: readonly Suspect[];
}

export interface Finding {
  readonly facts: FindingFacts;
  /** As it was found, or the shortest so far. */
  readonly form: 'original' | 'minimal';
  readonly sequence: Sequence;
  readonly difference: Difference;
  /** What the sequence was made from, in words; null for a minimal form, which is the same whatever it came from. */
  readonly origin: string | null;
  /** Implementations, the subject first, as --target has them. */
  readonly targets: string;
}

/** Where a finding that was just seen came from. */
type Seen = Pick<FindingFacts, 'seed' | 'n' | 'version'> & Pick<Finding, 'origin' | 'targets'>;

/** The name of the operation at which a sequence broke. */
export function failingOperation({ operation, step }: Difference): string {
  return operation?.op ?? (step < 0 ? 'header' : 'end');
}

/** A sequence that was just seen to fail. */
export function newFinding(sequence: Sequence, difference: Difference, seen: Seen): Finding {
  const { seed, n, version, origin, targets } = seen;
  const facts: FindingFacts = {
    rule: difference.rule,
    operation: failingOperation(difference),
    foundBy: difference.foundBy,
    detail: difference.detail,
    seed,
    n,
    minimized: 'no',
    signature: null,
    originalLength: sequence.operations.length,
    minimalLength: null,
    minimizeMs: 0,
    version,
    ...(targets === DEFAULT_TARGETS ? {} : { targets }),
    difference: spellDifference(difference, sequence.header.domain),
  };
  return { facts, form: 'original', sequence, difference, origin, targets };
}

/** A form of a finding, and what it fails with. */
export type Form = Pick<Finding, 'sequence' | 'difference'>;

/** The finding in a shorter form, which is made canonical; how far minimizing came is not known yet. */
export function shorterFinding(facts: FindingFacts, form: Form, targets: string): Finding {
  const { difference } = form;
  const sequence = canonical(form.sequence);
  return {
    facts: {
      ...facts,
      rule: difference.rule,
      // The failing operation may have become a plainer one.
      operation: difference.operation?.op ?? facts.operation,
      detail: difference.detail,
      minimized: 'no',
      signature: null,
      minimalLength: sequence.operations.length,
      difference: spellDifference(difference, sequence.header.domain),
    },
    form: 'minimal',
    sequence,
    difference,
    origin: null,
    targets,
  };
}

/** What makes two findings the same case: they fail alike, and their minimal forms differ in names at most. */
export function signatureOf({ facts, sequence }: Finding): string {
  const { header, operations } = canonical(sequence);
  const text = printSequence({ header, operations: renamed(domainOf(header), operations) });
  return shortHash(`${facts.rule}\n${facts.operation}\n${text}`);
}

/** Eight hexadecimal digits that stand for a text. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Rule and operation as the start of a folder's name. */
export function slugOf({ operation, rule }: Pick<FindingFacts, 'operation' | 'rule'>): string {
  return `${operation}-${rule}`.toLowerCase().replace(/[^a-z0-9_]+/g, '-');
}

/** Whether a finding ends the process that runs it. */
export function takesProcessAlong({ rule }: FindingFacts): boolean {
  return rule === 'hang' || rule === 'died';
}

/** A note at the end of a detail: once, however often the same comes out. */
export function withNote(detail: string, note: string): string {
  return detail.endsWith(`(${note})`) ? detail : `${detail}\n(${note})`;
}

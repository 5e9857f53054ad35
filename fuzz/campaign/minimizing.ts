/**
 * Minimizes a stored finding, for as long as it may: the piece between the findings on disk and the minimizer.
 *
 * Rules that hold here:
 * - What was reached so far is on disk after each piece, so the next piece, tonight or another night, goes on from it.
 * - A finding has a limit in all; when it is used up, the shortest so far stands and the finding is "partly" minimized.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Difference, RunSequence } from '../lockstep/types';
import { minimize, type Progress } from '../minimize/minimize';
import { printFailure } from '../report/printout';
import { readSequences } from '../sequence/files';
import { canonical, printSequence } from '../sequence/print';
import type { Sequence } from '../sequence/types';
import { judgeFlagsOf } from '../verbs/judge';
import { type FindingFacts, type FindingsStore, newFacts, readFacts, type Settled, signatureOf } from './findings';
import { isolatedRun } from './isolated';

/** Time for one finding in all, milliseconds. */
export const FINDING_LIMIT_MS = 60_000;

/** A run that takes the process along is given this long before it counts as hanging. */
const ISOLATED_TIMEOUT_MS = 3000;

export interface Minimizing {
  /** Time for this piece of work. */
  readonly budgetMs: number;
  /** The targets, as --target has them. */
  readonly target: string;
  /** Time for the finding in all; without it, the usual limit. */
  readonly limitMs?: number;
  /** Called after each run, so that whoever waits knows that somebody is alive. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Minimizes a finding for `budgetMs` at most.
 * @returns where the finding is settled, or null if it is not and wants more time.
 */
export async function minimizeFinding(
  store: FindingsStore,
  name: string,
  runVariantsOf: (original: Sequence) => RunSequence,
  { budgetMs, target, onProgress, limitMs = FINDING_LIMIT_MS }: Minimizing,
): Promise<Settled | null> {
  const folder = path.join(store.folder, name);
  const facts = readFacts(folder);
  const minimalFile = path.join(folder, 'minimal.ndjson');
  const from = readSequences(fs.existsSync(minimalFile) ? minimalFile : path.join(folder, 'original.ndjson'))[0]!;
  const started = performance.now();
  const alone = takesProcessAlong(facts) ? isolatedRun(ISOLATED_TIMEOUT_MS) : null;
  const result = await minimize(from, alone ?? runVariantsOf(from), {
    stop: () => performance.now() - started > budgetMs,
    onOther: (sequence, difference) => saveOther(store, facts, target, sequence, difference),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(alone === null ? {} : { confirm: alone.confirm }),
  }).finally(() => alone?.close());
  const minimizeMs = facts.minimizeMs + performance.now() - started;
  if (result === null)
    // Other targets than these may have found it, or another machine: it is not done with.
    return store.settle(name, null, {
      ...facts,
      minimized: 'partly',
      minimizeMs,
      detail: withNote(facts.detail, 'not minimized: it did not fail again'),
    });
  const sequence = canonical(result.sequence);
  const done = result.complete ? 'yes' : minimizeMs >= limitMs ? 'partly' : 'no';
  const { rule } = result.difference;
  // The failing operation may have become a plainer one.
  const operation = result.difference.operation?.op ?? facts.operation;
  const settledFacts: FindingFacts = {
    ...facts,
    rule,
    operation,
    detail: result.difference.detail,
    minimized: done,
    minimizeMs,
    signature: done === 'no' ? null : signatureOf(rule, operation, printSequence(withoutNotes(sequence))),
    minimalLength: sequence.operations.length,
  };
  const texts = {
    minimal: printSequence(sequence),
    readme: (place: string) =>
      printFailure(sequence, result.difference, { file: `${place}/minimal.ndjson`, ...judgeFlagsOf(target) }),
  };
  const settled = store.settle(name, texts, settledFacts);
  return done === 'no' ? null : settled;
}

/** Whether a finding ends the process that runs it. */
export function takesProcessAlong(facts: FindingFacts): boolean {
  return facts.rule === 'hang' || facts.rule === 'died';
}

/** Another failure, met on the way, is a finding of its own. */
function saveOther(
  store: FindingsStore,
  met: FindingFacts,
  target: string,
  sequence: Sequence,
  difference: Difference,
): void {
  const facts = newFacts(sequence, difference, { seed: met.seed, n: null, version: met.version });
  store.save(facts, {
    original: printSequence(sequence),
    readme: (place) =>
      printFailure(sequence, difference, { file: path.join(place, 'original.ndjson'), ...judgeFlagsOf(target) }),
  });
}

/**
 * Gives up minimizing a finding: whoever tried died of it, or it cannot be done.
 * @returns where it is; null if it is gone, since it turned out to be one that is there already.
 */
export function giveUpMinimizing(store: FindingsStore, name: string, why: string): Settled | null {
  const now = store.whereIs(name);
  if (now === null) return null;
  const facts = readFacts(path.join(store.folder, now));
  // Whoever died had settled it before.
  if (facts.minimized !== 'no') return { name: now, duplicate: false };
  return store.settle(now, null, {
    ...facts,
    minimized: 'partly',
    detail: withNote(facts.detail, `not minimized: ${why}`),
  });
}

/** A note at the end of a finding's detail: once, however often the same comes out. */
function withNote(detail: string, note: string): string {
  return detail.endsWith(`(${note})`) ? detail : `${detail}\n(${note})`;
}

/** Notes and origins differ between findings of the same bug. */
function withoutNotes<S extends { header: object }>(sequence: S): S {
  const { note: _note, origin: _origin, ...header } = sequence.header as { note?: string; origin?: string };
  return { ...sequence, header };
}

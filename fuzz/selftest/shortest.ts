/**
 * The shortest sequence known for each planted bug: one file beside the mutants, sequences with the mutant's name as note.
 *
 * Rules that hold here:
 * - Each proves what it says: in the program with its bug planted it fails, in the program as it is it does not. `selftest
 *   --known` runs them.
 * - The file is written by `selftest --keep` alone, in the order of the names.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Sequence } from '../format/types';
import { readSequences } from '../sequence/files';
import { canonical, printSequence } from '../sequence/print';

const FILE = 'shortest.ndjson';

/** The sequences by their mutants' names; none if the folder has no such file. */
export function readShortest(folder: string): Map<string, Sequence> {
  const file = path.join(folder, FILE);
  if (!fs.existsSync(file)) return new Map();
  return new Map(readSequences(file).map((sequence) => [sequence.header.note ?? '', sequence]));
}

/** What came out of searches, of one mutant. */
export interface Candidate {
  readonly name: string;
  readonly minimal: Sequence;
}

/** Writes down what is shorter than what was known. Returns the names of those mutants. */
export function keepShortest(folder: string, candidates: readonly Candidate[]): string[] {
  const known = readShortest(folder);
  const kept = new Set<string>();
  for (const { name, minimal } of candidates) {
    const before = known.get(name)?.operations.length ?? Number.POSITIVE_INFINITY;
    if (minimal.operations.length >= before) continue;
    const { header, operations } = canonical(minimal);
    known.set(name, { header: { ...header, note: name }, operations } as Sequence);
    kept.add(name);
  }
  const sorted = [...known].sort(([a], [b]) => (a < b ? -1 : 1));
  fs.writeFileSync(path.join(folder, FILE), sorted.map(([, sequence]) => printSequence(sequence)).join(''));
  return [...kept];
}

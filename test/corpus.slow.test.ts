/**
 * Every case in corpus/tree and corpus/mm agrees: all of it compared after every step, all invariants, and the tree's
 * cases with several node sizes. So does the reference data, where a lockstep sees more than answers.
 */
import { join } from 'node:path';
import { INVARIANTS } from '../fuzz/domains/invariants';
import type { Sequence } from '../fuzz/format/types';
import { runOn } from '../fuzz/lockstep/run';
import { printFailure } from '../fuzz/report/printout';
import { createLockstep } from '../fuzz/run/create';
import { createThoroughRun } from '../fuzz/run/runner';
import { findSequenceFiles, readSequences } from '../fuzz/sequence/files';

const CORPUS = join(__dirname, '..', 'corpus');
const SIZES: readonly (readonly [leaf: number, internal: number])[] = [
  [4, 4],
  [7, 5],
  [16, 10],
];

const run = createThoroughRun(INVARIANTS);

function withSlots(sequence: Sequence, slots: readonly [number, number]): Sequence {
  return { ...sequence, header: { ...sequence.header, slots } };
}

/** The print-outs of all sequences that do not agree. */
function failures(file: string): string[] {
  const found: string[] = [];
  for (const saved of readSequences(file)) {
    const own = saved.header.slots === undefined ? [] : [saved];
    for (const sequence of [...own, ...SIZES.map((slots) => withSlots(saved, slots))]) {
      const difference = run(sequence);
      if (difference !== null) found.push(printFailure(sequence, difference, { file }));
    }
  }
  return found;
}

describe.each(['tree', 'mm'])('corpus/%s', (domain) => {
  const folder = join(CORPUS, domain);
  const files = findSequenceFiles([folder]);

  it('has cases', () => {
    expect(files.length).toBeGreaterThan(3);
  });

  it.each(files.map((file) => [file.slice(folder.length + 1), file]))('%s', (_name, file) => {
    expect(failures(file)).toEqual([]);
  });
});

describe('the reference data in lockstep', () => {
  const lockstep = createLockstep({ invariants: INVARIANTS });

  it.each(['tree', 'mm'])('%s', (domain) => {
    const found: string[] = [];
    for (const file of findSequenceFiles([join(CORPUS, 'golden', domain)]).filter((_file, i) => i % 10 === 0)) {
      for (const sequence of readSequences(file)) {
        const difference = runOn(lockstep, sequence);
        if (difference !== null) found.push(printFailure(sequence, difference, { file }));
      }
    }
    expect(found).toEqual([]);
  });
});

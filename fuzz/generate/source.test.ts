/**
 * The fast-check property as a test of its own, and sequences as a function of their seed.
 */
import fc from 'fast-check';
import { allDomains } from '../domains';
import { INVARIANTS } from '../domains/invariants';
import { mm } from '../domains/mm';
import { MM_WEIGHTS } from '../domains/mm/profile';
import { tree } from '../domains/tree';
import { TREE_WEIGHTS } from '../domains/tree/profile';
import type { Operation } from '../format/types';
import { type RunListener, SequenceRun } from '../lockstep/run';
import type { Lockstep } from '../lockstep/types';
import { createLockstep } from '../run/create';
import { parseOperation } from '../sequence/parse';
import { printHeader, printOperation } from '../sequence/print';
import { DrawnSource, OperationCommand, type RunModel, SequenceArbitrary } from './commands';
import { SequenceSource } from './source';
import { Stream } from './stream';

/** Told of each step. */
function stepListener(onStep: (operation: Operation) => void): RunListener {
  return { begin: () => {}, beforeStep: onStep, afterStep: () => {} };
}

describe.each(allDomains())('the property, domain $name', (domain) => {
  it('holds: src and oracle agree at every step of every generated sequence', () => {
    const lockstep = createLockstep({ invariants: INVARIANTS });
    const stream = new Stream();
    const drawer = domain.generation.createDrawer(stream);
    const run = new SequenceRun();
    const runAll = (real: Lockstep, commands: Iterable<fc.Command<RunModel, Lockstep>>): void => {
      fc.modelRun(() => ({ model: { stream, run }, real }), commands);
    };
    const property = fc.property(new SequenceArbitrary(domain, {}), ({ profile, commands }) => {
      expect(run.begin(new DrawnSource(profile, drawer), lockstep)).toBe(true);
      runAll(lockstep, commands);
      expect(run.end()).toBeNull();
      expect(run.operations).toHaveLength(profile.length);
    });
    fc.assert(property, { seed: 20_240_801, numRuns: 25, endOnFailure: true });
  });
});

it('commands of the generator can be composed by fast-check itself', () => {
  const lockstep = createLockstep({ invariants: INVARIANTS });
  const stream = new Stream();
  const drawer = tree.generation.createDrawer(stream);
  const run = new SequenceRun();
  let steps = 0;
  const property = fc.property(
    new SequenceArbitrary(tree, {}),
    fc.commands([fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => new OperationCommand(a, b))], { maxCommands: 40 }),
    ({ profile }, commands) => {
      run.begin(new DrawnSource(profile, drawer), lockstep);
      fc.modelRun(() => ({ model: { stream, run }, real: lockstep }), commands);
      steps += run.operations.length;
    },
  );
  fc.assert(property, { seed: 5, numRuns: 20, endOnFailure: true });
  expect(steps).toBeGreaterThan(50);
});

describe.each(['fast-check', 'direct'] as const)('sequences by %s', (engine) => {
  const texts = (seed: string, order: readonly number[]): Map<number, string> => {
    const source = new SequenceSource({ seed, domains: allDomains(), engine });
    const lockstep = createLockstep({ invariants: [] });
    const found = new Map<number, string>();
    for (const n of order) {
      const { header, operations } = source.run(n, lockstep);
      const lines = operations.map((operation) => printOperation(operation, header.domain));
      found.set(n, [printHeader(header), ...lines].join('\n'));
    }
    return found;
  };

  it('are a function of seed and number, in whatever order they are run', () => {
    const forward = texts('any text', [0, 1, 2, 3, 4, 5, 6, 7]);
    const backward = texts('any text', [7, 6, 5, 4, 3, 2, 1, 0]);
    for (const [n, text] of forward) expect(backward.get(n)).toBe(text);
    expect(texts('another', [0]).get(0)).not.toBe(forward.get(0));
  });

  it('consist of complete operations that the format can spell', () => {
    const source = new SequenceSource({ seed: 'complete', domains: allDomains(), engine });
    const wrong: string[] = [];
    const lockstep = createLockstep({ invariants: [] });
    for (let n = 0; n < 40; n++) {
      const { header, operations } = source.run(n, lockstep);
      for (const operation of operations) {
        const text = printOperation(operation, header.domain);
        const parsed = parseOperation(JSON.parse(text), header.domain);
        const same = typeof parsed !== 'string' && printOperation(parsed, header.domain) === text;
        if (!same) wrong.push(text);
        else if (Object.keys(parsed).length !== Object.keys(operation).length) wrong.push(JSON.stringify(operation));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('keep to --only and --without', () => {
    const seen = new Set<string>();
    const lockstep = createLockstep({ invariants: [] });
    const listener = stepListener((operation) => seen.add(operation.op));
    const only = ['store_range', 'erase', 'load'];
    const source = new SequenceSource({ seed: 'o', domains: [tree], engine, only, without: ['load'] });
    for (let n = 0; n < 10; n++) source.run(n, lockstep, [listener]);
    expect([...seen].sort()).toEqual(['erase', 'store_range']);
  });
});

it('every operation of the table has a weight, and every weight an operation', () => {
  expect([...TREE_WEIGHTS.keys()].sort()).toEqual(tree.operations.map(({ op }) => op).sort());
  expect([...MM_WEIGHTS.keys()].sort()).toEqual(mm.operations.map(({ op }) => op).sort());
});

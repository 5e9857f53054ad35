/**
 * The fast-check property as a test of its own, and sequences as a function of their seed.
 */

import fc from 'fast-check';
import { INVARIANTS } from '../domains/invariants';
import { mm } from '../domains/mm';
import { MM_WEIGHTS } from '../domains/mm/profile';
import { tree } from '../domains/tree';
import { TREE_WEIGHTS } from '../domains/tree/profile';
import { operationNames } from '../format/domain';
import type { DomainName, Header, Operation } from '../format/types';
import type { Lockstep } from '../lockstep/types';
import { createLockstep } from '../run/create';
import { parseOperation } from '../sequence/parse';
import { printHeader, printOperation } from '../sequence/print';
import { OperationCommand, RunModel, SequenceArbitrary } from './commands';
import { Drawer, headerOf } from './drawer';
import { SequenceSource, type ViewedLockstep, viewOf } from './source';
import { Stream } from './stream';

const DOMAINS: readonly DomainName[] = ['tree', 'mm'];

/** A lockstep that also tells somebody of each step. */
function watched(inner: ViewedLockstep, onStep: (operation: Operation) => void): ViewedLockstep {
  return {
    begin: (header: Header) => inner.begin(header),
    step(operation: Operation) {
      const difference = inner.step(operation);
      onStep(operation);
      return difference;
    },
    end: () => inner.end(),
    view: () => inner.view(),
  };
}

describe.each(DOMAINS)('the property, domain %s', (domain) => {
  it('holds: src and oracle agree at every step of every generated sequence', () => {
    const lockstep = createLockstep({ invariants: INVARIANTS });
    const stream = new Stream();
    const drawer = new Drawer(stream);
    const model = new RunModel(stream, drawer);
    const run = (real: Lockstep, commands: Iterable<fc.Command<RunModel, Lockstep>>): void => {
      fc.modelRun(() => ({ model, real }), commands);
    };
    const property = fc.property(new SequenceArbitrary(domain, {}), ({ profile, commands }) => {
      model.begin();
      expect(lockstep.begin(headerOf(profile))).toBeNull();
      drawer.begin(profile, viewOf(lockstep, headerOf(profile)));
      run(lockstep, commands);
      expect(lockstep.end()).toBeNull();
    });
    fc.assert(property, { seed: 20_240_801, numRuns: 25, endOnFailure: true });
  });
});

it('commands of the generator can be composed by fast-check itself', () => {
  const lockstep = createLockstep({ invariants: INVARIANTS });
  const stream = new Stream();
  const drawer = new Drawer(stream);
  const property = fc.property(
    new SequenceArbitrary('tree', {}),
    fc.commands([fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => new OperationCommand(a, b))], { maxCommands: 40 }),
    ({ profile }, commands) => {
      lockstep.begin(headerOf(profile));
      drawer.begin(profile, viewOf(lockstep, headerOf(profile)));
      fc.modelRun(() => ({ model: new RunModel(stream, drawer), real: lockstep }), commands);
    },
  );
  fc.assert(property, { seed: 5, numRuns: 20, endOnFailure: true });
});

describe.each(['fast-check', 'direct'] as const)('sequences by %s', (engine) => {
  const texts = (seed: string, order: readonly number[]): Map<number, string> => {
    const source = new SequenceSource({ seed, domains: DOMAINS, engine });
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
    const source = new SequenceSource({ seed: 'complete', domains: DOMAINS, engine });
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
    const lockstep = watched(createLockstep({ invariants: [] }), (operation) => seen.add(operation.op));
    const only = ['store_range', 'erase', 'load'];
    const source = new SequenceSource({ seed: 'o', domains: ['tree'], engine, only, without: ['load'] });
    for (let n = 0; n < 10; n++) source.run(n, lockstep);
    expect([...seen].sort()).toEqual(['erase', 'store_range']);
  });
});

it('every operation of the table has a weight, and every weight an operation', () => {
  expect([...TREE_WEIGHTS.keys()].sort()).toEqual(operationNames(tree).sort());
  expect([...MM_WEIGHTS.keys()].sort()).toEqual(operationNames(mm).sort());
});

describe('a strict source', () => {
  it('asks a tree nothing that the kernel answers by layout, and an address space nothing of our own', () => {
    const seen = new Set<string>();
    let corners = 0;
    const inner = createLockstep({ invariants: [] });
    const lockstep: ViewedLockstep = {
      ...watched(inner, (operation) => seen.add(operation.op)),
      step(operation) {
        const view = inner.view();
        if ('isCorner' in view && view.isCorner(operation)) corners++;
        seen.add(operation.op);
        return inner.step(operation);
      },
    };
    const source = new SequenceSource({ seed: 's', domains: DOMAINS, engine: 'direct', strict: true });
    for (let n = 0; n < 60; n++) {
      const { header } = source.run(n, lockstep);
      if (header.domain === 'mm') expect(header.pages).toBeLessThan(512);
    }
    expect(corners).toBe(0);
    for (const op of ['mbind', 'uffd_register', 'set_vma_name', 'bulk']) expect(seen).not.toContain(op);
  });
});

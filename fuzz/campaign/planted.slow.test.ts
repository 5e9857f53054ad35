/**
 * Tests of the tester: a mistake planted in src is found. One in each kind of write, in each cursor move, in each
 * family of system calls; and a failure whose shortest form is known shrinks to exactly that.
 *
 * A mistake is planted by wrapping a method of the adapter: what src did right is damaged afterwards, in the rare case
 * that the mistake is about.
 */
import { debug } from '../../src/debug';
import { treeEventName } from '../../src/maple-tree/events';
import { STORE_KINDS } from '../../src/maple-tree/wr-state';
import { domainOf, domainsNamed } from '../domains';
import { INVARIANTS } from '../domains/invariants';
import { SrcMm } from '../domains/mm/src-mm';
import { SrcTree } from '../domains/tree/src-tree';
import type { DomainName, Operation, Sequence } from '../format/types';
import { SequenceSource } from '../generate/source';
import type { Difference } from '../lockstep/types';
import { minimize } from '../minimize/minimize';
import { createLockstep } from '../run/create';
import { createRunSequence } from '../run/runner';

type Method = (...args: never[]) => unknown;
type Methods = Record<string, Method>;

/**
 * Replaces methods of a class while `body` runs: each calls the old one and then `damage`, which may change the answer.
 */
async function planted<T extends object, R>(
  target: { prototype: T },
  names: readonly (keyof T & string)[],
  damage: (self: T, answer: unknown, args: readonly unknown[]) => unknown,
  body: () => R | Promise<R>,
): Promise<R> {
  const methods = target.prototype as unknown as Methods;
  const old = names.map((name) => methods[name]);
  for (const [i, name] of names.entries()) {
    methods[name] = function wrapped(this: T, ...args: never[]): unknown {
      return damage(this, old[i].apply(this, args), args);
    };
  }
  try {
    return await body();
  } finally {
    for (const [i, name] of names.entries()) methods[name] = old[i];
  }
}

/** The first failing sequence of a search. */
function search(
  domain: DomainName,
  sequences: number,
  only?: readonly string[],
): { sequence: Sequence; found: Difference } | null {
  const source = new SequenceSource({ seed: 'planted', domains: domainsNamed([domain]), engine: 'direct', only });
  const lockstep = createLockstep({ invariants: INVARIANTS });
  for (let n = 0; n < sequences; n++) {
    const { header, operations, difference } = source.run(n, lockstep);
    if (difference !== null) return { sequence: { header, operations: [...operations] }, found: difference };
  }
  return null;
}

const TREE_WRITES = [
  'storeRange',
  'insertRange',
  'erase',
  'allocRange',
  'allocRrange',
  'masStore',
  'masErase',
] as const;

/** Whether the operation that just ran made a write of this kind. */
function wrote(kind: string): boolean {
  for (let i = 0; i < debug.eventCount; i++) {
    if (treeEventName(debug.events[i])?.startsWith(`${kind} `)) return true;
  }
  return false;
}

/** Makes one value of the tree wrong; whether there was one. */
function spoilValue(tree: SrcTree['tree']): void {
  if (tree.height === 0) {
    if (tree.rootEntry !== null) tree.rootEntry += 1000;
    return;
  }
  const { leafValues } = tree.pool;
  const at = leafValues.findIndex((value) => value !== null);
  if (at >= 0) leafValues[at] = (leafValues[at] ?? 0) + 1000;
}

describe('a mistake in one kind of write is found:', () => {
  // The first name stands for "no kind".
  it.each(STORE_KINDS.slice(1))('%s', async (kind) => {
    const damage = (self: SrcTree, answer: unknown): unknown => {
      if (wrote(kind)) spoilValue(self.tree);
      return answer;
    };
    const result = await planted(SrcTree, TREE_WRITES, damage, () => search('tree', 60));
    expect(result?.found.foundBy).toMatch(/answer|invariant|structure/);
  });
});

const MOVES = [
  'masWalk',
  'masNext',
  'masNextRange',
  'masPrev',
  'masPrevRange',
  'masFind',
  'masFindRange',
  'masFindRev',
  'masFindRangeRev',
  'masEmptyArea',
  'masEmptyAreaRev',
] as const;

describe('a mistake in one cursor move is found:', () => {
  it.each(MOVES)('%s, whose last is one too far in a tree of some entries', async (move) => {
    const damage = (self: SrcTree, answer: unknown, args: readonly unknown[]): unknown => {
      const state = self.states[args[0] as number];
      if (self.tree.height > 1 && state.status === 'active') state.last++;
      return answer;
    };
    const result = await planted(SrcTree, [move], damage, () => search('tree', 60));
    expect(result?.found.rule).toBe('cursor');
    const words = move.slice('mas'.length).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    expect(result?.found.operation?.op).toBe(`mas${words}`);
  });

  it.each(['load', 'find', 'next', 'prev'] as const)('%s, which forgets an entry at times', async (name) => {
    const damage = (_self: SrcTree, answer: unknown, args: readonly unknown[]): unknown => {
      return (args[0] as number) % 2 === 1 ? (name === 'find' ? [null, args[0]] : null) : answer;
    };
    const result = await planted(SrcTree, [name], damage, () => search('tree', 60));
    expect(result?.found).toMatchObject({ rule: 'answer', operation: { op: name } });
  });
});

describe('a mistake of accounting in one system call is found:', () => {
  const CALLS = [
    'mmap',
    'munmap',
    'mprotect',
    'mremap',
    'madvise',
    'mlock',
    'munlock',
    'mbind',
    'brk',
    'touch',
  ] as const;
  it.each(CALLS)('%s', async (call) => {
    const damage = (self: SrcMm, answer: unknown): unknown => {
      if (self.mm.mapCount > 3) self.mm.totalVm++;
      return answer;
    };
    const result = await planted(SrcMm, [call], damage, () => search('mm', 60));
    expect(result?.found).toMatchObject({ rule: 'counters', operation: { op: call } });
  });
});

describe('a known failure shrinks to exactly what it needs:', () => {
  const shrink = async (sequence: Sequence): Promise<readonly Operation[]> => {
    const minimized = await minimize(domainOf(sequence.header), sequence, createRunSequence(INVARIANTS));
    expect(minimized!.complete).toBe(true);
    return minimized!.sequence.operations;
  };

  it('an erase that answers wrongly where an entry touches the one above', async () => {
    const damage = (self: SrcTree, answer: unknown, args: readonly unknown[]): unknown => {
      const index = args[0] as number;
      return answer !== null && self.tree.load(index + 1) !== null ? 9999 : answer;
    };
    const only = ['store_range', 'insert_range', 'erase', 'mas_set_range', 'mas_store', 'mas_next', 'load'];
    const operations = await planted(SrcTree, ['erase'], damage, async () =>
      shrink(search('tree', 200, only)!.sequence),
    );
    const entries = [
      [0, 0, 1],
      [1, 1, 2],
    ];
    expect(operations).toEqual([
      { op: 'bulk', entries },
      { op: 'erase', index: 0 },
    ]);
  });

  it('a step that goes wrong only after the state was set and walked', async () => {
    const damage = (self: SrcTree, answer: unknown, args: readonly unknown[]): unknown => {
      const state = self.states[args[0] as number];
      if (state.status === 'active' && answer !== null && self.tree.height === 1) state.index = 0;
      return answer;
    };
    const operations = await planted(SrcTree, ['masPrev'], damage, async () => shrink(search('tree', 200)!.sequence));
    expect(operations).toEqual([
      { op: 'store_range', first: 1, last: 1, value: 1 },
      { op: 'mas_set', r: 0, index: 2 },
      { op: 'mas_prev', r: 0, min: 0 },
    ]);
  });

  it('a protection that is lost in a window of the smallest size', async () => {
    const damage = (self: SrcMm, answer: unknown): unknown => {
      if (answer === 0) for (const [, , vma] of self.mm.tree) vma.flags &= ~1;
      return answer;
    };
    const operations = await planted(SrcMm, ['munlock'], damage, async () => shrink(search('mm', 200)!.sequence));
    expect(operations.map((operation) => operation.op)).toEqual(['mmap', 'munlock']);
  });
});

/**
 * What the generator reaches within some hundred sequences, told by src's own events: kinds of store, heights,
 * statuses, cases of merging, every operation.
 */
import { debug } from '../../src/debug';
import { MUST_REACH, treeEventName } from '../../src/maple-tree/events';
import { mmEventName } from '../../src/mm/events';
import { MM_MUST_REACH } from '../../src/mm/must-reach';
import type { Domain } from '../domains/domain';
import { mm } from '../domains/mm';
import { tree } from '../domains/tree';
import { SequenceSource } from '../generate/source';
import type { RunListener } from '../lockstep/run';
import { createLockstep } from '../run/create';

describe('what the generator reaches', () => {
  /** Runs sequences and collects the names of events that src reported, and of operations. */
  const reach = (domain: Domain, sequences: number, nameOf: (event: number) => string | null) => {
    const events = new Set<string>();
    const operations = new Set<string>();
    const source = new SequenceSource({ seed: 'reach', domains: [domain], engine: 'direct' });
    const lockstep = createLockstep({ invariants: [] });
    const listener: RunListener = {
      begin: () => {},
      beforeStep: ({ op }) => operations.add(op),
      afterStep: () => {
        for (let i = 0; i < debug.eventCount; i++) {
          const name = nameOf(debug.events[i]);
          if (name !== null) events.add(name);
        }
      },
    };
    for (let n = 0; n < sequences; n++) source.run(n, lockstep, [listener]);
    return { events, operations };
  };

  it('in the tree: every operation, kind of store, height, and status', () => {
    // The rarest cell is met first by sequence 1051 of this seed.
    const { events, operations } = reach(tree, 1100, treeEventName);
    expect(tree.operations.filter(({ op }) => !operations.has(op))).toEqual([]);
    expect(MUST_REACH.filter((name) => !events.has(name))).toEqual([]);
    for (const kind of ['StoreRoot', 'NewRoot', 'ExactFit', 'Append', 'SlotStore', 'NodeStore']) {
      expect([...events].some((name) => name.startsWith(`wr${kind} `))).toBe(true);
    }
    for (const kind of ['wrSplitStore', 'wrRebalance', 'wrSpanningStore']) {
      expect([...events].some((name) => name.startsWith(kind) && name.includes('height 3'))).toBe(true);
    }
  });

  it('in the address space: every operation and every case of merging', () => {
    const { events, operations } = reach(mm, 450, mmEventName);
    expect(mm.operations.filter(({ op }) => !operations.has(op))).toEqual([]);
    expect(MM_MUST_REACH.filter((name) => !events.has(name))).toEqual([]);
  });
});

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
    const { events, operations } = reach(tree, 300, treeEventName);
    expect(tree.operations.filter(({ op }) => !operations.has(op))).toEqual([]);
    // A few cells are met once in several hundred sequences; the rest has to be there.
    const missing = MUST_REACH.filter((name) => !events.has(name));
    expect(missing.length).toBeLessThanOrEqual(5);
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
    const missing = MM_MUST_REACH.filter((name) => !events.has(name));
    expect(missing.filter((name) => name.startsWith('merge-') && !name.includes('must-stay'))).toEqual([]);
    expect(missing.length).toBeLessThanOrEqual(25);
  });
});

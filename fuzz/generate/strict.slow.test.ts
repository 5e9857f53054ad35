/**
 * A strict source draws nothing that a target lacks: for each operation, and for subsets of all sizes.
 */
import { allDomains } from '../domains';
import { mm } from '../domains/mm';
import { tree } from '../domains/tree';
import type { TreeView } from '../domains/tree/view';
import type { RunListener } from '../lockstep/run';
import { createLockstep } from '../run/create';
import type { GeneratedDomain } from './generation';
import { SequenceSource } from './source';
import { Stream } from './stream';
import type { GenerateOptions } from './weights';

describe('a strict source', () => {
  const lockstep = createLockstep({ invariants: [] });

  /** The names of the operations of some sequences, and how many of them come into a corner. */
  function drawn(options: GenerateOptions, domain: GeneratedDomain, count: number) {
    const seen = new Set<string>();
    let corners = 0;
    const listener: RunListener = {
      begin: () => {},
      beforeStep(operation) {
        const view = lockstep.view() as Partial<TreeView>;
        if (view.isCorner?.(operation)) corners++;
        seen.add(operation.op);
      },
      afterStep: () => {},
    };
    const source = new SequenceSource({ seed: 's', domains: [domain], engine: 'direct', strict: true, ...options });
    const headers = Array.from({ length: count }, (_, n) => source.run(n, lockstep, [listener]).header);
    return { seen, corners, headers };
  }

  it('asks a tree nothing that the kernel answers by layout, and an address space nothing of our own', () => {
    const seen = new Set<string>();
    for (const domain of allDomains()) {
      const all = drawn({}, domain, 30);
      expect(all.corners).toBe(0);
      for (const op of all.seen) seen.add(op);
      for (const { pages = 0 } of all.headers) expect(pages).toBeLessThan(512);
    }
    for (const op of ['mbind', 'uffd_register', 'set_vma_name', 'bulk']) expect(seen).not.toContain(op);
  });

  it('draws what all targets can do: extensions, limits, counters, files with hooks', () => {
    const headers = ['pages', 'max_map_count', 'memlock', 'counters'];
    const can = { headers, files: ['a', 'closer'] };
    const all = drawn({ can }, mm, 150);
    for (const op of ['mbind', 'uffd_register', 'set_vma_name']) expect(all.seen).toContain(op);
    for (const field of headers) expect(all.headers.filter((header) => header[field] !== undefined)).not.toEqual([]);
    expect(all.headers.filter((header) => 'bottom_up' in header || 'kernel' in header || 'brk' in header)).toEqual([]);
    expect(Math.max(...all.headers.map(({ pages }) => pages as number))).toBeGreaterThan(511);
    expect(drawn({ can: { headers: [], files: [] } }, tree, 30).headers.every(({ ranges }) => ranges !== true)).toBe(
      true,
    );
    expect(drawn({ can: { headers: [], files: [] } }, tree, 60).seen).toContain('bulk');
  });

  const can = { headers: ['ranges', 'brk', 'max_map_count', 'counters'], files: ['a', 'b', 'closer'] };

  it.each(allDomains().flatMap((domain) => domain.operations.map(({ op }) => ({ domain, op }))))(
    'draws nothing that a target lacks: $domain.name without $op',
    ({ domain, op }) => {
      const { seen, corners } = drawn({ without: [op], can }, domain, 12);
      expect([...seen]).not.toContain(op);
      expect(corners).toBe(0);
    },
  );

  it('draws nothing that a target lacks: subsets of all sizes', () => {
    const subsets = new Stream();
    for (const domain of allDomains()) {
      for (let i = 0; i < 60; i++) {
        subsets.startText(`subset ${i}`);
        const percent = subsets.between(5, 95);
        const names = domain.operations.map(({ op }) => op).filter((op) => op !== 'dump');
        const has = names.filter(() => subsets.chance(percent));
        if (has.length === 0) continue;
        const without = [...names.filter((op) => !has.includes(op)), 'dump'];
        const { seen, corners } = drawn({ without, can }, domain, 4);
        expect([...seen].filter((op) => !has.includes(op))).toEqual([]);
        expect([has, corners]).toEqual([has, 0]);
      }
    }
  });
});

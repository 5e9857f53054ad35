import { INVARIANTS } from '../domains/invariants';
import { FORMAT, type Sequence } from '../format/types';
import { cull, type Reached, ReachMeter } from './cull';

function reached(file: string, length: number, features: number[]): Reached {
  const operations = new Array(length).fill({ op: 'dump' });
  const sequence: Sequence = { header: { format: FORMAT, domain: 'tree', ranges: false }, operations };
  return { file, sequence, features, difference: null };
}

const names = (chosen: Reached[]) => chosen.map((one) => one.file);

describe('culling', () => {
  it('keeps what alone reaches something, and drops what adds nothing', () => {
    const all = [reached('a', 5, [1, 2]), reached('b', 5, [2, 3]), reached('c', 5, [2]), reached('d', 5, [])];
    expect(names(cull(all))).toEqual(['a', 'b']);
  });

  it('prefers short sequences, then names, whatever the order', () => {
    const all = [reached('long', 50, [1, 2]), reached('y', 3, [1, 2]), reached('x', 3, [1, 2])];
    expect(names(cull(all))).toEqual(['x']);
    expect(names(cull([...all].reverse()))).toEqual(['x']);
  });

  it('drops what later choices made needless', () => {
    const all = [reached('first', 2, [1, 2, 3]), reached('p', 3, [1, 2, 4, 5]), reached('q', 3, [3, 6, 7, 8])];
    expect(names(cull(all))).toEqual(['p', 'q']);
  });

  it('measures what a sequence does, not what it says', () => {
    const meter = new ReachMeter(INVARIANTS);
    const header = { format: FORMAT, domain: 'tree', ranges: false } as const;
    const store = { op: 'store_range', first: 5, last: 9, value: 1 };
    const one = meter.measure('one', { header, operations: [store] });
    const two = meter.measure('two', { header, operations: [store, { op: 'load', index: 7 }] });
    expect(one.difference).toBeNull();
    expect(two.features.length).toBeGreaterThan(one.features.length);
    expect(names(cull([one, two]))).toEqual(['two']);
  });
});

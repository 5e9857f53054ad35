/**
 * A minimal case's neighbours differ from it in one thing, and keep its failing operation.
 */
import { tree } from '../domains/tree';
import { FORMAT, type Header, type Operation } from '../format/types';
import { neighboursOf } from './neighbours';

const HEADER: Header = { format: FORMAT, domain: 'tree' };
const OPERATIONS: readonly Operation[] = [
  { op: 'store_range', first: 3, last: 5, value: 1 },
  { op: 'erase', index: 0 },
];

it('changes one argument or leaves one operation out, nearest to the failing operation first', () => {
  const neighbours = neighboursOf(tree, { header: HEADER, operations: OPERATIONS }, 100).map((one) => one.operations);
  expect(neighbours[0]).toEqual([OPERATIONS[0], { op: 'erase', index: 1 }]);
  expect(neighbours).toContainEqual([OPERATIONS[1]]);
  expect(neighbours).toContainEqual([{ ...OPERATIONS[0], last: 6 }, OPERATIONS[1]]);
  expect(neighbours).toContainEqual([{ ...OPERATIONS[0], value: null }, OPERATIONS[1]]);
  for (const operations of neighbours) {
    expect(operations.at(-1)?.op).toBe('erase');
    const changed = operations.filter((operation) => !OPERATIONS.some((one) => same(one, operation))).length;
    expect(changed + OPERATIONS.length - operations.length).toBe(1);
  }
});

it('has nothing that the format cannot spell, and no more than asked for', () => {
  const neighbours = neighboursOf(tree, { header: HEADER, operations: OPERATIONS }, 100);
  expect(neighbours.every(({ operations }) => operations.every(({ index }) => ((index as number) ?? 0) >= 0))).toBe(
    true,
  );
  expect(neighboursOf(tree, { header: HEADER, operations: OPERATIONS }, 3)).toHaveLength(3);
});

function same(a: Operation, b: Operation): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

import { FORMAT } from '../format/types';
import type { Difference } from '../lockstep/types';
import { parseOperation } from '../sequence/parse';
import { spellDifference } from './json';

const base = { step: 0, rule: 'answer', foundBy: 'answer', detail: 'x' } as const;

/** What a reader of the line gets. */
const printed = (difference: Difference, domain: 'tree' | 'mm') =>
  JSON.parse(JSON.stringify(spellDifference(difference, domain)));

it.each([
  { op: 'store_range', first: 5, last: Number.MAX_SAFE_INTEGER, value: 1 },
  { op: 'bulk', entries: [[1, Number.MAX_SAFE_INTEGER - 3, 7]], fail: 2 },
  { op: 'mas_next', r: 0, max: Number.MAX_SAFE_INTEGER },
] as const)('the operation of a difference can be pasted into a file: %j', (operation) => {
  const row = printed({ ...base, operation }, 'tree');
  expect(JSON.stringify(row)).not.toContain(String(Number.MAX_SAFE_INTEGER));
  expect(parseOperation(row.operation, 'tree')).toEqual(operation);
});

it('spells the indexes of the answers', () => {
  const expected = { ret: { entries: [[0, Number.MAX_SAFE_INTEGER, 3]] } } as const;
  const actual = { ret: 0, mas: [2 ** 52, Number.MAX_SAFE_INTEGER - 1, 'active'] } as const;
  expect(printed({ ...base, operation: { op: 'dump' }, expected, actual }, 'tree')).toMatchObject({
    expected: { ret: { entries: [[0, 'max', 3]] } },
    actual: { ret: 0, mas: [`max-${2 ** 52 - 1}`, 'max-1', 'active'] },
  });
});

it('leaves bytes, unknown operations, headers and what is absent as they are', () => {
  const operation = { op: 'munmap', addr: Number.MAX_SAFE_INTEGER, len: 4096 };
  expect(printed({ ...base, operation }, 'mm')).toEqual({ ...base, operation });
  expect(printed({ ...base, operation: { op: 'never', x: 1 } }, 'tree').operation).toEqual({ op: 'never', x: 1 });
  const ok = { ok: true, name: FORMAT, ops: [] } as const;
  expect(printed({ ...base, operation: null, expected: ok }, 'tree')).toEqual({
    ...base,
    operation: null,
    expected: ok,
  });
});

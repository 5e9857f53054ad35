import type { Operation, Ret } from '../format/types';
import { printStep } from './fingerprint';

/** All that must be told from one another. */
const STEPS: [Operation, Ret][] = [
  [{ op: 'load', index: 1 }, 0],
  [{ op: 'load', index: 2 }, 0],
  [{ op: 'load', index: 2 ** 32 + 1 }, 0],
  [{ op: 'load', index: 2 ** 33 + 1 }, 0],
  [{ op: 'load', index: -1 }, 0],
  [{ op: 'load', index: 2 ** 32 - 1 }, 0],
  [{ op: 'load' }, 0],
  [{ op: 'erase', index: 1 }, 0],
  ...['EINVAL', 'ENOMEM', 'EEXIST', 'EACCES', 'EAGAIN'].map((name): [Operation, Ret] => [{ op: 'x' }, name]),
  [{ op: 'x' }, null],
  [{ op: 'x' }, []],
  [{ op: 'x' }, [1, null]],
  [{ op: 'x' }, [null, 1]],
  [{ op: 'x' }, [1]],
  [{ op: 'x' }, 1],
  [{ op: 'x' }, 2 ** 31 - 1],
  [{ op: 'x', fixed: true }, 0],
  [{ op: 'x', fixed: false }, 0],
  [{ op: 'x', prot: ['r', 'w'] }, 0],
  [{ op: 'x', prot: ['rw'] }, 0],
  [{ op: 'x', entries: [[1, 2, 3]] }, 0],
  [{ op: 'x', entries: [[1, 2, 4]] }, 0],
];

describe('the fingerprint of what ran', () => {
  it('tells arguments and answers from others', () => {
    const prints = STEPS.map(([operation, ret]) => printStep(0, operation, ret));
    expect(new Set(prints).size).toBe(STEPS.length);
    expect(STEPS.map(([operation, ret]) => printStep(0, operation, ret))).toEqual(prints);
  });

  it('knows in which order they were', () => {
    const [[a, x], [b, y]] = [STEPS[0]!, STEPS[9]!];
    expect(printStep(printStep(0, a, x), b, y)).not.toBe(printStep(printStep(0, b, y), a, x));
  });
});

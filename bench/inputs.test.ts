/** Tests of what the workloads are fed with: shapes, order, and that files give back what was written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KINDS, LEAVE, LENGTH, MMAP, readOps, readPattern, STEP, WINDOW, writeInput } from './inputs';
import { workloads } from './workloads';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-inputs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const input = (workload: string, size = 500, base = 0) => {
  const paths = writeInput(folder, workload, size, base, 'test');
  return { fill: readOps(paths.fill), ops: readOps(paths.ops) };
};

describe('inputs', () => {
  it('exist for every workload, with rows that are whole numbers in order', () => {
    for (const { name } of workloads) {
      const { fill, ops } = input(name);
      expect(ops.a.length).toBeGreaterThanOrEqual(500);
      for (const { a, b } of [fill, ops]) {
        expect(a.every(Number.isSafeInteger)).toBe(true);
        expect(name === 'load' || name === 'erase' || a.every((first, i) => first <= b[i])).toBe(true);
      }
    }
  });

  it('append goes up, insert holds the same ranges in another order', () => {
    const append = input('append').ops;
    const insert = input('insert').ops;
    expect(append.a.every((first, i) => first === i * STEP && append.b[i] === first + LENGTH - 1)).toBe(true);
    expect(insert.a).not.toEqual(append.a);
    expect(Float64Array.from(insert.a).sort()).toEqual(append.a);
  });

  it('erase meets each entry exactly once', () => {
    const { ops } = input('erase');
    expect(new Set(Array.from(ops.a, (index) => Math.floor(index / STEP))).size).toBe(500);
    expect(ops.a.every((index) => index % STEP < LENGTH)).toBe(true);
  });

  it('a base shifts every index', () => {
    const base = 2 ** 40;
    expect(input('append', 500, base).ops.a[3]).toBe(base + 3 * STEP);
    expect(Math.min(...input('load', 500, base).ops.a)).toBeGreaterThanOrEqual(base);
    expect(Math.min(...input('vma-mix', 500, base).ops.a)).toBeGreaterThanOrEqual(base);
  });

  it('fills are shared by the workloads that only read', () => {
    const paths = ['load', 'forward', 'backward', 'duplicate', 'validate'].map(
      (workload) => writeInput(folder, workload, 500, 0, 'test').fill,
    );
    expect(new Set(paths).size).toBe(1);
  });

  it('the mix holds every kind of call, inside windows, and leaving clears a whole window', () => {
    const { ops } = input('vma-mix', 2000);
    expect(new Set(ops.c).size).toBe(KINDS.length);
    ops.a.forEach((first, i) => {
      expect(Math.floor(first / WINDOW)).toBe(Math.floor(ops.b[i] / WINDOW));
      if (ops.c[i] === LEAVE) expect([first % WINDOW, ops.b[i] % WINDOW]).toEqual([0, WINDOW - 1]);
    });
  });
});

describe('readPattern', () => {
  it('reads processes and ends each with leaving', () => {
    expect(readPattern('# note\nm 1 2\n-\nu 3 4\n-\n')).toEqual([
      [
        { kind: MMAP, first: 1, last: 2 },
        { kind: LEAVE, first: 0, last: WINDOW - 1 },
      ],
      [
        { kind: 2, first: 3, last: 4 },
        { kind: LEAVE, first: 0, last: WINDOW - 1 },
      ],
    ]);
  });
});

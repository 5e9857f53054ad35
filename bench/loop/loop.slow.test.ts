/** Tests of the loop's bench: what it counts, on tiny plans. No timing is asserted. */
import { runBare, runCommands, runDrawn } from './ceiling';
import { growthAt } from './growth';
import { measureLoop } from './loop';
import { runWritten } from './written';

describe('ceilings', () => {
  it('run commands that do nothing, about as many as asked for', () => {
    const lengths = new Array<number>(60).fill(20);
    expect(runBare(lengths)).toBe(1200);
    const written = (domain: 'tree' | 'mm') => (all: readonly number[]) => runWritten(domain, all);
    for (const run of [runCommands, runDrawn, written('tree'), written('mm')]) {
      const steps = run(lengths);
      expect(steps).toBeGreaterThan(800);
      expect(steps).toBeLessThan(1600);
      expect(run(lengths)).toBe(steps);
    }
  });
});

describe('growth', () => {
  it('keeps src and oracle in step at its sizes', () => {
    for (const domain of ['tree', 'mm'] as const) {
      for (const size of [10, 500]) expect(growthAt(domain, size, 'test')(1)).toBeGreaterThan(0);
    }
  });
});

describe('measureLoop', () => {
  it('has a number for every row and round, or says why not', () => {
    const plan = { seed: 'test', rounds: 2, steps: 200, sizes: [10], growthMs: 1, progress: () => undefined };
    const { rows, troubles } = measureLoop(plan);
    const names = rows.map((row) => row.name);
    expect(troubles).toEqual([]);
    for (const name of [
      'tree ceiling',
      'tree written',
      'tree loop',
      'tree replay',
      'mm ceiling',
      'mm loop',
      'mm replay',
      'tree at 10',
      'mm at 10',
    ])
      expect(names).toContain(name);
    for (const row of rows) {
      expect(row.rounds).toHaveLength(2);
      for (const rate of row.rounds) expect(rate).toBeGreaterThan(0);
    }
  });
});

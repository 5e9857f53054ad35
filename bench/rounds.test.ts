/** Tests of a whole tiny run: subjects as processes, rounds, agreement, saving and reading. No timing is asserted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FORMAT, gatherFacts, readResults } from './results';
import { measureAll, type Plan } from './rounds';
import { parseOrder } from './subject';
import { reportText } from './tables';
import { workloads } from './workloads';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-rounds-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const plan = (): Plan => ({
  sizes: [50],
  workloads: workloads.map((one) => one.name),
  subjects: ['maple', 'interval-tree', 'kernel-c'],
  rounds: 2,
  minimumMs: 1,
  capMs: 100,
  seed: 'test',
  base: 0,
  folder,
  kernel: undefined,
  progress: () => undefined,
});

describe('measureAll', () => {
  it('runs every workload on every subject that is there, and they agree', async () => {
    const { cells, disagreements } = await measureAll(plan());
    expect(disagreements).toEqual([]);
    expect(cells).toHaveLength(workloads.length * 2); // the kernel's C was not built
    for (const cell of cells) {
      if (cell.skipped !== undefined) expect(cell.skipped).toContain('reverse iteration');
      else expect(cell.rounds.filter((ns) => ns > 0)).toHaveLength(2);
    }
    const maple = cells.find((cell) => cell.workload === 'insert' && cell.subject === 'maple');
    expect(maple).toMatchObject({ entries: 50, size: 50 });
    expect(maple?.bytes).toBeGreaterThan(50 * 16);

    const facts = gatherFacts({ seed: 'test', rounds: 2, minimumMs: 1, base: 0, c: 'none', command: 'a test' });
    const path = join(folder, 'run.json');
    const file = { format: FORMAT, facts, cells, memory: [], loop: [], start: [], disagreements } as const;
    writeFileSync(path, JSON.stringify(file));
    expect(reportText(readResults(path))).toContain('50 entries');
  }, 30_000);
});

describe('readResults', () => {
  it('names the file and what is wrong with it', () => {
    const path = join(folder, 'broken.json');
    writeFileSync(path, '{"format":"something else"}');
    expect(() => readResults(path)).toThrow(`${path}: format is not ${FORMAT}`);
    writeFileSync(path, '{');
    expect(() => readResults(path)).toThrow(path);
    expect(() => readResults(join(folder, 'nowhere.json'))).toThrow(/nowhere.json/);
  });
});

describe('parseOrder', () => {
  it('reads what the parent sends and refuses the rest', () => {
    expect(parseOrder('run load fill ops 1000 2000 1')).toEqual({
      workload: 'load',
      fill: 'fill',
      ops: 'ops',
      minimum: 1000,
      cap: 2000,
      verify: true,
    });
    expect(() => parseOrder('walk load')).toThrow('not an order: walk load');
  });
});

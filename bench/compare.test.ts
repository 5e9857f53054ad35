/** Tests of comparing two runs, of the tables and of the chart, on runs made up here. */
import { chartSvg } from './chart';
import { changes, compareText } from './compare';
import type { BenchFile, Cell } from './results';
import { goalsOf, ratioOf, reportText } from './tables';

const cell = (subject: string, workload: string, size: number, rounds: number[]): Cell => ({
  workload,
  size,
  subject,
  rounds,
  main: rounds,
  wall: rounds,
  capped: false,
  bytes: null,
  entries: size,
});

const file = (cells: Cell[], more: Partial<BenchFile> = {}): BenchFile => ({
  format: 'maple-fuzz-bench/1',
  facts: {
    date: '2026-01-02T03:04:05.000Z',
    node: 'v20.0.0',
    v8: '11',
    machine: 'a <machine> & more',
    kernel: '6.12',
    load: [0, 0, 0],
    seed: 'maple',
    rounds: 3,
    minimumMs: 1,
    base: 0,
    c: 'made up',
    command: 'npm run bench',
  },
  cells,
  memory: [],
  loop: [],
  start: [],
  disagreements: [],
  ...more,
});

const calm = (ns: number) => [ns, ns * 1.01, ns * 0.99];
const loads = (maple: number, c: number) => [
  cell('maple', 'load', 100_000, calm(maple)),
  cell('kernel-c', 'load', 100_000, calm(c)),
];

describe('compare', () => {
  it('says what moved, and by how much', () => {
    const text = compareText(file(loads(100, 100)), file(loads(150, 100)));
    expect(text).toMatch(/maple: load at 100,000, ns +100 +150 +x1\.50 +±5% +slower/);
    expect(text).toContain('1 of 3 within noise');
  });

  it('tells a slower machine from slower code by the ratio to C', () => {
    const found = changes(file(loads(100, 100)), file(loads(150, 150)));
    const verdicts = found.map((one) => `${one.what}: ${one.move.verdict}`);
    expect(verdicts).toContain("maple: load at 100,000, over the kernel's C: within noise");
    expect(verdicts).toContain('maple: load at 100,000, ns: slower');
  });

  it('is silent about equal runs and names what is not alike', () => {
    const other = file(loads(100, 100));
    other.facts.seed = 'oak';
    const text = compareText(file(loads(100, 100)), other);
    expect(text).toContain('nothing moved beyond noise');
    expect(text).toContain('NOT ALIKE: seed was maple, is oak');
  });

  it('turns steps a second into time, so that more is faster', () => {
    const loop = (rate: number) => [{ name: 'tree loop', about: '', rounds: calm(rate) }];
    const [only] = changes(file([], { loop: loop(1000) }), file([], { loop: loop(2000) }));
    expect(only?.move.verdict).toBe('faster');
  });
});

describe('tables', () => {
  it('takes ratios round by round', () => {
    const cells = [cell('maple', 'load', 10, [10, 20, 40]), cell('kernel-c', 'load', 10, [5, 10, 20])];
    expect(ratioOf(cells, 'load', 10, 'maple', 'kernel-c')).toMatchObject({ median: 2, least: 2, most: 2 });
  });

  it('judges the goals on both sides of their limits', () => {
    const judged = (maple: number) => goalsOf(file(loads(maple, 100))).map((goal) => goal.reached);
    expect(judged(99)).toEqual([true]);
    expect(judged(110)).toEqual([false]);
    const loop = (rate: number) => [
      { name: 'tree loop', about: '', rounds: [rate] },
      { name: 'tree ceiling', about: '', rounds: [100] },
    ];
    expect(goalsOf(file([], { loop: loop(50) }))[0]?.reached).toBe(true);
    expect(goalsOf(file([], { loop: loop(49) }))[0]?.reached).toBe(false);
  });

  it('shouts when subjects disagree and names what was skipped', () => {
    const skipped = { ...cell('kernel-c', 'load', 10, []), skipped: 'no C compiler' };
    const text = reportText(file([skipped], { disagreements: ['load at 10: …'] }));
    expect(text).toContain('skipped, kernel-c: no C compiler (load at 10)');
    expect(text).toContain('DISAGREEMENT');
  });
});

describe('chart', () => {
  it('is well-formed, escapes texts, and has a dot for each measured cell', () => {
    const svg = chartSvg(file([...loads(100, 50), cell('sorted-btree', 'load', 100_000, [])]));
    expect(svg.match(/<circle cx="[\d.]+" cy="\d+" r="4.5"/g)).toHaveLength(2);
    expect(svg).toContain('a &lt;machine&gt; &amp; more');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg.match(/<g>/g)?.length).toBe(svg.match(/<\/g>/g)?.length);
  });
});

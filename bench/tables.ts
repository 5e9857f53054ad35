/**
 * The run as text: times, then how the others compare with MapleTree, then each goal with what was measured.
 */
import type { BenchFile, Cell, LoopRow } from './results';
import { KERNEL_C } from './rounds';
import { ratios, type Summary, spread, summarize } from './statistics';

export const OURS = 'maple';

const digits = (x: number): string =>
  !Number.isFinite(x) ? '-' : x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2);

/** Columns of text, the first to the left and the others to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((one) => (one[i] ?? '').length)));
  const line = (cells: readonly string[]) =>
    widths.map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width))).join('  ');
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

export const sizesOf = (cells: readonly Cell[]) => [...new Set(cells.map((cell) => cell.size))];
export const workloadsOf = (cells: readonly Cell[]) => [...new Set(cells.map((cell) => cell.workload))];
export const subjectsOf = (cells: readonly Cell[]) => [...new Set(cells.map((cell) => cell.subject))];

export function cellAt(cells: readonly Cell[], workload: string, size: number, subject: string): Cell | undefined {
  return cells.find((cell) => cell.workload === workload && cell.size === size && cell.subject === subject);
}

/** "123 ±4%": median and half the quartile distance. A star marks a run that was cut off. */
function timeText(cell: Cell | undefined): string {
  if (cell === undefined || cell.rounds.length === 0) return '-';
  const summary = summarize(cell.rounds);
  return `${digits(summary.median)} ±${Math.round(spread(summary) * 100)}%${cell.capped ? '*' : ''}`;
}

/** Round by round, the first subject's time over the second's. */
export function ratioOf(cells: readonly Cell[], workload: string, size: number, these: string, those: string): Summary {
  const a = cellAt(cells, workload, size, these)?.rounds ?? [];
  const b = cellAt(cells, workload, size, those)?.rounds ?? [];
  return summarize(ratios(a, b));
}

function ratioText(summary: Summary): string {
  if (Number.isNaN(summary.median)) return '-';
  return `${digits(summary.median)} (${digits(summary.low)}-${digits(summary.high)})`;
}

function timesTable(cells: readonly Cell[], size: number): string {
  const subjects = subjectsOf(cells);
  const rows = workloadsOf(cells).map((workload) => [
    workload,
    ...subjects.map((subject) => timeText(cellAt(cells, workload, size, subject))),
  ]);
  const what = 'ns of CPU an operation, median ± half the quartile distance (* cut off)';
  return `${size.toLocaleString('en')} entries: ${what}\n${textTable(['', ...subjects], rows)}`;
}

function ratiosTable(cells: readonly Cell[], size: number): string {
  const others = subjectsOf(cells).filter((subject) => subject !== OURS);
  const rows = workloadsOf(cells).map((workload) => [
    workload,
    ...others.map((other) => ratioText(ratioOf(cells, workload, size, other, OURS))),
  ]);
  const what = "time of the others over MapleTree's (above 1: MapleTree is faster), median (quartiles) of the rounds";
  return `${size.toLocaleString('en')} entries: ${what}\n${textTable(['', ...others], rows)}`;
}

export interface Goal {
  what: string;
  measured: string;
  reached: boolean;
}

const FASTER_BY_FAR = ['append', 'overwrite', 'erase'];
/** At and above this many entries the goals against C and sorted-btree hold. */
const GOAL_SIZE = 100_000;

function treeGoals(cells: readonly Cell[]): Goal[] {
  const goals: Goal[] = [];
  const add = (what: string, ratio: Summary, reached: boolean) => {
    if (!Number.isNaN(ratio.median)) goals.push({ what, measured: ratioText(ratio), reached });
  };
  for (const size of sizesOf(cells).filter((one) => one >= GOAL_SIZE)) {
    const at = `at ${size.toLocaleString('en')}`;
    for (const workload of workloadsOf(cells)) {
      const limit = FASTER_BY_FAR.includes(workload) ? 0.6 : 1;
      const toC = ratioOf(cells, workload, size, OURS, KERNEL_C);
      add(`${workload} ${at}: at most ${limit} of the kernel's C`, toC, toC.median <= limit);
    }
    for (const workload of ['load', 'overwrite']) {
      const toBTree = ratioOf(cells, workload, size, 'sorted-btree', OURS);
      add(`${workload} ${at}: 5 times faster than sorted-btree`, toBTree, toBTree.median >= 5);
    }
  }
  return goals;
}

function countText(count: number): string {
  return Math.round(count).toLocaleString('en');
}

/** Checked mm steps a second: up to 100 mappings, and at 10,000 a tenth of that. */
function mmGoals(rows: readonly LoopRow[]): Goal[] {
  const least: [name: string, rate: number][] = [
    ['mm loop', 100_000],
    ['mm at 100', 100_000],
    ['mm at 10000', 10_000],
  ];
  return least.flatMap(([name, rate]) => {
    const row = rows.find((one) => one.name === name);
    if (row === undefined) return [];
    const summary = summarize(row.rounds);
    const what = `${name}: ${countText(rate)} checked steps a second`;
    return [{ what, measured: countText(summary.median), reached: summary.median >= rate }];
  });
}

function otherGoals(file: BenchFile): Goal[] {
  const goals: Goal[] = [];
  for (const row of file.memory)
    if (row.subject === OURS && row.entries >= 1_000_000)
      goals.push({
        what: `at most 32 bytes of nodes an entry: ${row.content}`,
        measured: row.bytesPerEntry.toFixed(1),
        reached: row.bytesPerEntry <= 32,
      });
  const rate = (name: string) => file.loop.find((row) => row.name === name)?.rounds ?? [];
  const share = (what: string, name: string, ceiling: string, least: number) => {
    const summary = summarize(ratios(rate(name), rate(ceiling)));
    if (!Number.isNaN(summary.median))
      goals.push({ what, measured: ratioText(summary), reached: summary.median >= least });
  };
  share("tree loop: at least half of fast-check's ceiling", 'tree loop', 'tree ceiling', 0.5);
  share('the same, everything after every step', 'tree thorough', 'tree ceiling', 0.5);
  share('tree loop: at least half of fast-check drawing the same operations', 'tree loop', 'tree written', 0.5);
  share("mm loop: at least a quarter of fast-check's ceiling", 'mm loop', 'mm ceiling', 0.25);
  share('mm loop: at least a quarter of fast-check drawing the same operations', 'mm loop', 'mm written', 0.25);
  share("tree replay: at least 3 times fast-check's ceiling", 'tree replay', 'tree ceiling', 3);
  share('two workers: 1.8 times the steps of one', 'two workers', 'one worker', 1.8);
  goals.push(...mmGoals(file.loop));
  for (const [name, limit] of [
    ['--help', 300],
    ['first fuzz step', 1000],
  ] as const) {
    const summary = summarize(file.start.find((row) => row.name === name)?.rounds ?? []);
    if (!Number.isNaN(summary.median))
      goals.push({
        what: `${name} within ${limit} ms`,
        measured: `${Math.round(summary.median)} ms`,
        reached: summary.median <= limit,
      });
  }
  return goals;
}

export function goalsOf(file: BenchFile): Goal[] {
  return [...treeGoals(file.cells), ...otherGoals(file)];
}

function skippedText(cells: readonly Cell[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const cell of cells)
    if (cell.skipped !== undefined) {
      const key = `${cell.subject}: ${cell.skipped}`;
      reasons.set(key, [...(reasons.get(key) ?? []), `${cell.workload} at ${cell.size}`]);
    }
  return [...reasons].map(([key, where]) => `skipped, ${key} (${where.join(', ')})`);
}

function factsText(file: BenchFile): string {
  const { facts } = file;
  const machine = `${facts.machine}, Linux ${facts.kernel}, load ${facts.load.join(' ')}`;
  const rounds = `${facts.rounds} rounds of at least ${facts.minimumMs} ms each`;
  return [
    `${facts.date}  Node ${facts.node} (V8 ${facts.v8})  ${machine}`,
    `seed ${JSON.stringify(facts.seed)}, ${rounds}, indexes from ${facts.base}`,
    `kernel-c: ${facts.c}`,
    `command: ${facts.command}`,
  ].join('\n');
}

/** Everything that a run found, as text. */
export function reportText(file: BenchFile): string {
  const parts = [factsText(file)];
  for (const size of sizesOf(file.cells)) {
    parts.push(timesTable(file.cells, size));
    if (subjectsOf(file.cells).includes(OURS)) parts.push(ratiosTable(file.cells, size));
  }
  if (file.memory.length > 0)
    parts.push(
      textTable(
        ['node memory', 'subject', 'entries', 'bytes an entry'],
        file.memory.map((row) => [row.content, row.subject, `${row.entries}`, row.bytesPerEntry.toFixed(1)]),
      ),
    );
  if (file.loop.length > 0)
    parts.push(
      textTable(
        ['loop', 'steps/s', 'spread', 'what'],
        file.loop.map((row) => {
          const summary = summarize(row.rounds);
          return [row.name, countText(summary.median), `±${Math.round(spread(summary) * 100)}%`, row.about];
        }),
      ),
    );
  if (file.start.length > 0)
    parts.push(
      textTable(
        ['start-up', 'ms'],
        file.start.map((row) => [row.name, `${Math.round(summarize(row.rounds).median)}`]),
      ),
    );
  const goals = goalsOf(file);
  if (goals.length > 0)
    parts.push(
      textTable(
        ['goal', 'measured', ''],
        goals.map((goal) => [goal.what, goal.measured, goal.reached ? 'reached' : 'NOT REACHED']),
      ),
    );
  parts.push(...skippedText(file.cells));
  parts.push(...file.disagreements.map((text) => `DISAGREEMENT, the figures are worth nothing: ${text}`));
  return parts.join('\n\n');
}

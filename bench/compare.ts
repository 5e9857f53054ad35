/**
 * Two saved runs side by side: what moved beyond noise. Times of two runs are hard to compare when the machine was not
 * the same, or not as quiet, in both; so where both runs have the kernel's C, MapleTree is also compared by its ratio
 * to it, which the machine's mood hits less.
 */
import type { BenchFile, Cell } from './results';
import { KERNEL_C } from './rounds';
import { type Move, moved, ratios, summarize } from './statistics';
import { cellAt, OURS, textTable } from './tables';

export interface Change {
  what: string;
  before: number;
  after: number;
  move: Move;
}

/** Rates (steps a second) are turned into times, so that "faster" is the same for all. */
const times = (rates: readonly number[]) => rates.map((rate) => 1e9 / rate);

function change(what: string, before: readonly number[], after: readonly number[]): Change[] {
  if (before.length === 0 || after.length === 0) return [];
  return [{ what, before: summarize(before).median, after: summarize(after).median, move: moved(before, after) }];
}

function ofCell(cell: Cell, before: BenchFile, after: BenchFile): Change[] {
  const { workload, size, subject } = cell;
  const other = cellAt(after.cells, workload, size, subject);
  const where = `${workload} at ${size.toLocaleString('en')}`;
  const found = change(`${subject}: ${where}, ns`, cell.rounds, other?.rounds ?? []);
  if (subject !== OURS) return found;
  const toC = (file: BenchFile) => {
    const ours = cellAt(file.cells, workload, size, OURS)?.rounds ?? [];
    return ratios(ours, cellAt(file.cells, workload, size, KERNEL_C)?.rounds ?? []);
  };
  return [...found, ...change(`${subject}: ${where}, over the kernel's C`, toC(before), toC(after))];
}

/** Everything that both runs measured. */
export function changes(before: BenchFile, after: BenchFile): Change[] {
  const loop = before.loop.flatMap((row) => {
    const other = after.loop.find((one) => one.name === row.name);
    return change(`loop: ${row.name}, ns a step`, times(row.rounds), times(other?.rounds ?? []));
  });
  const start = before.start.flatMap((row) => {
    const other = after.start.find((one) => one.name === row.name);
    return change(`start-up: ${row.name}, ms`, row.rounds, other?.rounds ?? []);
  });
  return [...before.cells.flatMap((cell) => ofCell(cell, before, after)), ...loop, ...start];
}

/** The comparison as text: what moved first, then how many did not. */
export function compareText(before: BenchFile, after: BenchFile): string {
  const all = changes(before, after);
  const beyond = all.filter((one) => one.move.verdict !== 'within noise');
  const differs = (['machine', 'node', 'seed', 'base', 'minimumMs'] as const).filter(
    (key) => before.facts[key] !== after.facts[key],
  );
  const rows = beyond.map((one) => [
    one.what,
    one.before.toPrecision(3),
    one.after.toPrecision(3),
    `x${one.move.factor.toFixed(2)}`,
    `±${Math.round(one.move.noise * 100)}%`,
    one.move.verdict,
  ]);
  return [
    `before: ${before.facts.date}, after: ${after.facts.date}`,
    ...differs.map((key) => `NOT ALIKE: ${key} was ${before.facts[key]}, is ${after.facts[key]}`),
    rows.length > 0
      ? textTable(['moved beyond noise', 'before', 'after', 'change', 'noise', ''], rows)
      : 'nothing moved beyond noise',
    `${all.length - beyond.length} of ${all.length} within noise`,
  ].join('\n\n');
}

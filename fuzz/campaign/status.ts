/**
 * The status of a running campaign as text: a screen of 80 columns for a terminal, a line for a log, a row for
 * machines.
 *
 * Pure functions of what the coordinator knows; who draws them, and how often, is `screen.ts`.
 * Colour is for state only and never alone: a finding also says "new".
 */
import pc from 'picocolors';
import { formatDuration } from '../base/duration';
import { columns } from '../report/columns';

/** What happened with one kind of operation. */
export interface OperationRow {
  readonly name: string;
  readonly tried: number;
  /** Answered without an error and not a mere look. */
  readonly changed: number;
  /** Answered with an errno name. */
  readonly refused: number;
  /** New features that it was the first to reach. */
  readonly yield: number;
}

/** Shares of the time of a step; they sum to 1, or are all 0 before anything was measured. */
export interface TimeSlices {
  readonly generate: number;
  readonly src: number;
  readonly oracle: number;
  readonly invariants: number;
}

/** A finding that was seen lately. */
export interface LatestFinding {
  readonly sentence: string;
  readonly ageMs: number;
}

export interface StatusView {
  readonly seed: string;
  readonly ranMs: number;
  readonly limit: string;
  /** The limit of time, if there is one. */
  readonly limitMs: number | null;
  /** No more sequences; what waits is minimized. */
  readonly isEnding: boolean;
  readonly workers: number;
  readonly findingsNew: number;
  readonly findingsKnown: number;
  readonly findingsWaiting: number;
  /** How many turned out to be the same as others when they were minimized. */
  readonly findingsFolded: number;
  readonly latest: readonly LatestFinding[];
  /** Sequences that failed. */
  readonly failing: number;
  readonly steps: number;
  readonly sequences: number;
  readonly stepsPerSecond: number;
  readonly sequencesPerSecond: number;
  readonly split: TimeSlices;
  readonly features: number;
  readonly sinceNewMs: number;
  readonly mustReach: { readonly reached: number; readonly total: number };
  /** Operations that were drawn and not run, since the format itself refuses them. */
  readonly rejects: number;
  /**
   * Sequences in the campaign's corpus; and those of them whose epoch is complete, so that others are bred from them.
   */
  readonly kept: number;
  readonly parents: number;
  readonly deaths: number;
  readonly memoryMb: number;
  readonly operations: readonly OperationRow[];
}

/** Widths of the table of operations: steady while its numbers grow, and within 80 columns with an indent. */
const WIDTH = 80;
const NAME_WIDTH = 24;
const NUMBER_WIDTHS: readonly number[] = [10, 10, 10, 10];

/** 1234567 as "1.23M", to fit a column. */
export function short(n: number): string {
  if (!Number.isFinite(n)) return '-';
  if (n < 10_000) return String(Math.round(n));
  if (n < 1e6) return `${(n / 1e3).toFixed(n < 1e5 ? 1 : 0)}k`;
  if (n < 1e9) return `${(n / 1e6).toFixed(n < 1e8 ? 2 : 0)}M`;
  return `${(n / 1e9).toFixed(2)}G`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Minimizing shows that some are the same: the number goes down, and this says why. */
function newText(v: StatusView): string {
  return `${v.findingsNew} new${v.findingsFolded > 0 ? ` (${v.findingsFolded} folded)` : ''}`;
}

/** Never more time than there is: what follows the limit is no fuzzing. */
function timeText(v: StatusView): string {
  const ranMs = v.limitMs === null ? v.ranMs : Math.min(v.ranMs, v.limitMs);
  const rest = v.findingsWaiting > 0 ? `, ending: minimizing ${v.findingsWaiting}` : ', ending';
  return `${formatDuration(ranMs)} of ${v.limit}${v.isEnding ? rest : ''}`;
}

function latestRows({ latest }: StatusView): [string, string][] {
  return latest.map(({ sentence, ageMs }, i) => {
    const age = `${formatDuration(ageMs)} ago: `;
    const room = WIDTH - 16 - age.length;
    return [i === 0 ? 'last found' : '', age + (sentence.length > room ? `${sentence.slice(0, room - 1)}…` : sentence)];
  });
}

function findingsText(v: StatusView): string {
  const text = `${newText(v)}, ${v.findingsKnown} known`;
  const waiting = v.findingsWaiting > 0 ? `, ${v.findingsWaiting} to minimize` : '';
  return (v.findingsNew > 0 ? pc.red(text) : pc.green(text)) + waiting;
}

function head(v: StatusView): [string, string][] {
  const s = v.split;
  const dead = v.deaths > 0 ? `, ${pc.yellow(`${v.deaths} died`)}` : '';
  return [
    ['time', timeText(v)],
    ['seed', v.seed.length > 50 ? `${v.seed.slice(0, 47)}...` : v.seed],
    ['workers', `${v.workers}${dead}, ${Math.round(v.memoryMb)} MB`],
    ['findings', findingsText(v)],
    ...latestRows(v),
    ['speed', `${short(v.stepsPerSecond)} steps/s, ${short(v.sequencesPerSecond)} sequences/s`],
    ['done', `${short(v.steps)} steps, ${short(v.sequences)} sequences, ${short(v.rejects)} rejects`],
    [
      'time goes to',
      `generating ${percent(s.generate)}, src ${percent(s.src)}, oracle ${percent(s.oracle)}, ` +
        `invariants ${percent(s.invariants)}`,
    ],
    ['features', `${short(v.features)}, last new ${formatDuration(v.sinceNewMs)} ago`],
    ['corpus', `${short(v.kept)} sequences kept, ${short(v.parents)} of them to breed from`],
    ['must reach', mustReachText(v)],
  ];
}

function mustReachText(v: StatusView): string {
  const { reached, total } = v.mustReach;
  const text = `${reached} of ${total}`;
  return reached < total ? pc.yellow(`${text}, ${total - reached} missing`) : `${text}, all`;
}

/** The screen, as lines of at most 80 columns; `rows` is how many lines the terminal has. */
export function renderScreen(v: StatusView, rows: number): string[] {
  const lines = [pc.bold('maple-fuzz'), ''];
  for (const [name, text] of head(v)) lines.push(`  ${name.padEnd(13)} ${text}`);
  lines.push('');
  const room = Math.max(3, rows - lines.length - 3);
  const shown = [...v.operations].sort((a, b) => b.tried - a.tried || (a.name < b.name ? -1 : 1));
  for (const line of operationStatistics(shown.slice(0, room)).split('\n')) lines.push(`  ${line}`);
  if (shown.length > room) lines.push(`  … and ${shown.length - room} more operations in stats.ndjson`);
  return lines;
}

/** The table of operations; also part of the summary. */
export function operationStatistics(operations: readonly OperationRow[]): string {
  const head = ['operation', 'tried', 'changed', 'refused', 'yield'];
  const rows = operations.map(({ name, tried, changed, refused, yield: first }) => [
    name,
    ...[tried, changed, refused, first].map(short),
  ]);
  return columns([head, ...rows], { widths: [NAME_WIDTH, ...NUMBER_WIDTHS] });
}

/** One line for a log that is no terminal. */
export function renderLine(v: StatusView): string {
  const ranMs = v.limitMs === null ? v.ranMs : Math.min(v.ranMs, v.limitMs);
  const ending = v.isEnding ? `, ending: minimizing ${v.findingsWaiting}` : '';
  return (
    `${formatDuration(ranMs)}: ${short(v.sequences)} sequences, ${short(v.steps)} steps ` +
    `(${short(v.stepsPerSecond)}/s), ` +
    `${newText(v)} and ${v.findingsKnown} known findings, ${short(v.features)} features${ending}`
  );
}

/**
 * How much was compared with each target, and why the rest was not: for the end of a run, which must not say "all
 * agree" of a target that sat everything out.
 *
 * A step is compared with a target if another target's answer to the same line was held against its own. Plain data:
 * workers report it, and reports of several are merged.
 */
import { printable } from '../base/printable';

export interface ComparedWith {
  /** Sequences that ran while the target was named, and their steps. */
  readonly sequences: number;
  readonly steps: number;
  /** Those of them that were compared with it, be it up to some step. */
  readonly comparedSequences: number;
  readonly comparedSteps: number;
  /** Why it sat a sequence out, or the rest of one: how many sequences for each reason. */
  readonly satOut: Readonly<Record<string, number>>;
  /** Sequences that it was asked twice, and those in which its answers were not the same. */
  readonly repeated: number;
  readonly unstable: number;
}

/** By the name of the target. */
export type Compared = Readonly<Record<string, ComparedWith>>;

/** What one sequence adds. */
export interface SequenceCompared {
  readonly steps: number;
  readonly comparedSteps: number;
  /** Null if it was compared up to its end, or to the first difference. */
  readonly satOut: string | null;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Figures = Writable<Omit<ComparedWith, 'satOut'>> & { satOut: Record<string, number> };

function noFigures(): Figures {
  return { sequences: 0, steps: 0, comparedSequences: 0, comparedSteps: 0, satOut: {}, repeated: 0, unstable: 0 };
}

function addTo(sum: Figures, more: ComparedWith): void {
  sum.sequences += more.sequences;
  sum.steps += more.steps;
  sum.comparedSequences += more.comparedSequences;
  sum.comparedSteps += more.comparedSteps;
  sum.repeated += more.repeated;
  sum.unstable += more.unstable;
  for (const [reason, times] of Object.entries(more.satOut)) sum.satOut[reason] = (sum.satOut[reason] ?? 0) + times;
}

/** The figures of several runs together. */
export function mergeCompared(parts: Iterable<Compared>): Compared {
  const merged: Record<string, Figures> = {};
  for (const part of parts) {
    for (const [name, figures] of Object.entries(part)) {
      merged[name] ??= noFigures();
      addTo(merged[name], figures);
    }
  }
  return merged;
}

/** Counts what is compared with the targets of a run. */
export class ComparedTally {
  private figures: Record<string, Figures> = {};

  constructor(private readonly names: readonly string[]) {
    this.take();
  }

  add(name: string, { steps, comparedSteps, satOut }: SequenceCompared): void {
    const figures = this.figures[name];
    figures.sequences++;
    figures.steps += steps;
    figures.comparedSteps += comparedSteps;
    if (satOut !== null) figures.satOut[satOut] = (figures.satOut[satOut] ?? 0) + 1;
    if (comparedSteps > 0 || satOut === null) figures.comparedSequences++;
  }

  addRepeat(name: string, isStable: boolean): void {
    this.figures[name].repeated++;
    if (!isStable) this.figures[name].unstable++;
  }

  /** What was counted since the last call. */
  take(): Compared {
    const { figures } = this;
    this.figures = Object.fromEntries(this.names.map((name) => [name, noFigures()]));
    return figures;
  }
}

/** Targets of which nothing was compared: a run is not green with one of them. */
export function neverCompared(compared: Compared): string[] {
  return Object.keys(compared).filter((name) => compared[name].comparedSequences === 0);
}

/** The share of the steps that was compared with a target, from 0 to 1; 0 without any step. */
export function comparedShare({ steps, comparedSteps }: ComparedWith): number {
  return steps === 0 ? 0 : comparedSteps / steps;
}

/** What must have been compared, beside something with each target. */
export interface Required {
  /** Sequences that the run is made of. */
  readonly sequences: number;
  /** The least share of the steps that must be compared with each target, from 0 to 1; null: any share will do. */
  readonly share: number | null;
}

/** Why a run that found nothing is not green, in a line; null if it is. */
export function notGreen(compared: Compared, { sequences, share }: Required): string | null {
  if (sequences === 0) return 'no sequence was run, so nothing was compared';
  const never = neverCompared(compared);
  if (never.length > 0) return `nothing was compared with ${never.join(', ')}`;
  if (share === null) return null;
  const short = Object.entries(compared).filter(([, of]) => comparedShare(of) < share);
  if (short.length === 0) return null;
  const shares = short.map(([name, of]) => `${percentText(comparedShare(of))} of the steps with ${name}`);
  return `--require-compared ${percentText(share)}: compared were ${shares.join(', ')}`;
}

/** Rounded down, so that what is not enough never looks like it. */
function percentText(share: number): string {
  return `${Math.floor(share * 1000 + 1e-9) / 10}%`;
}

const SHOWN_REASONS = 5;

function satOutText(satOut: ComparedWith['satOut']): string {
  const reasons = Object.entries(satOut).sort(([, a], [, b]) => b - a);
  const shown = reasons.slice(0, SHOWN_REASONS).map(([reason, times]) => `${times} for ${printable(reason)}`);
  const more = reasons.length - SHOWN_REASONS;
  return [...shown, ...(more > 0 ? [`${more} more reasons`] : [])].join('; ');
}

/** A line for each target. */
export function comparedLines(compared: Compared): string[] {
  return Object.entries(compared).map(([name, of]) => {
    const counted = `${of.comparedSequences} of ${of.sequences} sequences, ${of.comparedSteps} of ${of.steps} steps`;
    const rest = Object.keys(of.satOut).length === 0 ? '' : `; not compared further: ${satOutText(of.satOut)}`;
    const stable = of.unstable === 0 ? '' : `; asked twice, answered otherwise in ${of.unstable} of ${of.repeated}`;
    return `compared with ${name}: ${counted}${rest}${stable}`;
  });
}

/**
 * The figures of a campaign: what the workers report, summed up, and the rates over the last seconds.
 *
 * They are for people and lose little when everything is killed; nothing is decided by them but the share of time that
 * minimizing gets.
 */
import fs from 'node:fs';
import { Damaged, readObject, writeWhole } from '../base/files';
import type { Figures } from './protocol';
import type { OperationRow, TimeSplit } from './status';

/** Rates are over this long. */
const RATE_MS = 10_000;

const isNumber = (n: unknown): boolean => typeof n === 'number';
const arePairs = (list: unknown): boolean =>
  Array.isArray(list) && list.every((p) => Array.isArray(p) && isNumber(p[1]));

/** What `save` writes; an early version left some of it out. */
function areCounts(saved: Record<string, unknown>): boolean {
  const { operations = {}, features = [], notes = [] } = saved;
  const { sequences = 0, steps = 0, rejects = 0, minimizeMs = 0 } = saved;
  if (typeof operations !== 'object' || operations === null || !arePairs(features) || !arePairs(notes)) return false;
  const rows = Object.values(operations);
  const areNumbers = [sequences, steps, rejects, minimizeMs].every(isNumber);
  return areNumbers && rows.every((row) => Array.isArray(row) && row.every(isNumber));
}

export class Totals {
  sequences = 0;
  steps = 0;
  rejects = 0;
  minimizeMs = 0;
  /** In how many sequences each feature was reached, since the counts were begun. */
  readonly features = new Map<number, number>();
  /** About targets outside: lines and how often. */
  readonly notes = new Map<string, number>();
  private readonly split = { generate: 0, src: 0, oracle: 0, invariants: 0 };
  private readonly operations = new Map<string, [number, number, number, number]>();
  private readonly history: { ms: number; steps: number; sequences: number }[] = [];

  add(figures: Figures): void {
    this.sequences += figures.sequences;
    this.steps += figures.steps;
    this.rejects += figures.rejects;
    this.minimizeMs += figures.minimizeMs;
    for (const part of Object.keys(this.split) as (keyof TimeSplit)[]) this.split[part] += figures.split[part];
    for (const [name, counts] of Object.entries(figures.operations)) {
      const sums = this.operations.get(name) ?? [0, 0, 0, 0];
      this.operations.set(name, sums.map((sum, i) => sum + counts[i]!) as [number, number, number, number]);
    }
    for (const [text, count] of figures.notes) this.notes.set(text, (this.notes.get(text) ?? 0) + count);
    for (const [feature, count] of figures.features) {
      this.features.set(feature, (this.features.get(feature) ?? 0) + count);
    }
  }

  /** Steps and sequences a second lately; call about once a second. */
  rates(nowMs: number): { steps: number; sequences: number } {
    this.history.push({ ms: nowMs, steps: this.steps, sequences: this.sequences });
    while (this.history.length > 2 && nowMs - this.history[0]!.ms > RATE_MS) this.history.shift();
    const oldest = this.history[0]!;
    const seconds = (nowMs - oldest.ms) / 1000;
    if (seconds === 0) return { steps: 0, sequences: 0 };
    return { steps: (this.steps - oldest.steps) / seconds, sequences: (this.sequences - oldest.sequences) / seconds };
  }

  /** Shares of the measured time. */
  shares(): TimeSplit {
    const { generate, src, oracle, invariants } = this.split;
    const sum = generate + src + oracle + invariants;
    if (sum === 0) return { generate: 0, src: 0, oracle: 0, invariants: 0 };
    return { generate: generate / sum, src: src / sum, oracle: oracle / sum, invariants: invariants / sum };
  }

  operationRows(): OperationRow[] {
    return [...this.operations].map(([name, [tried, changed, refused, found]]) => ({
      name,
      tried,
      changed,
      refused,
      yield: found,
    }));
  }

  /** Features reached in exactly one and in exactly two sequences. */
  onceAndTwice(): [once: number, twice: number] {
    let once = 0;
    let twice = 0;
    for (const count of this.features.values()) {
      if (count === 1) once++;
      if (count === 2) twice++;
    }
    return [once, twice];
  }

  /** Keeps the counts for a resumed campaign. */
  save(file: string): void {
    const { sequences, steps, rejects, minimizeMs } = this;
    const operations = Object.fromEntries(this.operations);
    const notes = [...this.notes];
    writeWhole(
      file,
      JSON.stringify({ sequences, steps, rejects, minimizeMs, operations, features: [...this.features], notes }),
    );
  }

  /** Takes up the counts of an earlier run. They are for people only, so damaged ones begin anew; says so in a line, or null. */
  restore(file: string): string | null {
    if (!fs.existsSync(file)) return null;
    try {
      this.addSaved(readObject(file, areCounts));
      return null;
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      return `${error.message}; the counts begin anew`;
    }
  }

  private addSaved(saved: Partial<Figures>): void {
    const none = { generate: 0, src: 0, oracle: 0, invariants: 0 };
    this.add({
      sequences: saved.sequences ?? 0,
      steps: saved.steps ?? 0,
      rejects: saved.rejects ?? 0,
      minimizeMs: saved.minimizeMs ?? 0,
      split: none,
      operations: saved.operations ?? {},
      features: saved.features ?? [],
      notes: saved.notes ?? [],
      memoryMb: 0,
    });
  }
}

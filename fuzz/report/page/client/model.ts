/**
 * A trace for reading: for each name, the steps that changed it.
 *
 *     pivot@L0.1     step   1    4    9        value at step 6: that of step 4, which also wrote it last
 *                    text  max   9    -
 *
 * Rules that hold here:
 * - A value at any step, and who wrote it, is one binary search; no state is kept for a step.
 * - Nothing of the browser is used, so that this can be tested without one.
 */
import type { Trace } from '../../trace/trace';

export type Side = 'src' | 'oracle';

/** A name's life on one side; a text of -1 says that it is gone. */
interface Life {
  readonly steps: number[];
  readonly texts: number[];
}

export interface Span {
  readonly first: number;
  readonly last: number;
  readonly label: string;
  readonly text: string;
}

export interface Row {
  readonly row: string;
  /** The name of each column's value. */
  readonly names: ReadonlyMap<string, number>;
}

/** The last position in a sorted list whose value is at most `step`; -1 if there is none. */
function lastUpTo(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class Model {
  readonly last: number;
  private readonly lives: Readonly<Record<Side, (Life | undefined)[]>> = { src: [], oracle: [] };
  private readonly numbers = new Map<string, number>();
  private readonly spanNames: number[] = [];
  private readonly parts = new Map<string, Map<string, Map<string, number>>>();

  constructor(readonly trace: Trace) {
    this.last = trace.steps.length - 1;
    for (const [number, name] of trace.names.entries()) this.addName(name, number);
    for (const [step, { src, oracle }] of trace.steps.entries()) {
      this.follow('src', step, src);
      this.follow('oracle', step, oracle);
    }
  }

  private addName(name: string, number: number): void {
    this.numbers.set(name, number);
    if (name.startsWith('=')) this.spanNames.push(number);
    const found = /^(\w+)\((.*)\)\.(\w+)$/.exec(name);
    if (found === null) return;
    const [, part, row, column] = found;
    let rows = this.parts.get(part);
    if (rows === undefined) this.parts.set(part, (rows = new Map()));
    let columns = rows.get(row);
    if (columns === undefined) rows.set(row, (columns = new Map()));
    columns.set(column, number);
  }

  private follow(side: Side, step: number, changes: readonly number[]): void {
    const lives = this.lives[side];
    for (let i = 0; i < changes.length; i += 2) {
      let life = lives[changes[i]];
      if (life === undefined) lives[changes[i]] = life = { steps: [], texts: [] };
      // A state may be read twice in the step that differs: the later reading counts.
      if (life.steps.at(-1) === step) life.texts[life.texts.length - 1] = changes[i + 1];
      else {
        life.steps.push(step);
        life.texts.push(changes[i + 1]);
      }
    }
  }

  numberOf(name: string): number | undefined {
    return this.numbers.get(name);
  }

  text(number: number): string {
    return this.trace.texts[number] ?? '';
  }

  /** Whether a side ever had a value of this name. */
  has(side: Side, name: number | undefined): boolean {
    return name !== undefined && this.lives[side][name] !== undefined;
  }

  /** The number of a text, -1 where there is no value. */
  private at(side: Side, name: number, step: number): number {
    const life = this.lives[side][name];
    if (life === undefined) return -1;
    const i = lastUpTo(life.steps, step);
    return i < 0 ? -1 : life.texts[i];
  }

  value(side: Side, name: number | undefined, step: number): string | null {
    if (name === undefined || step < 0) return null;
    const text = this.at(side, name, step);
    return text < 0 ? null : this.trace.texts[text];
  }

  valueOf(side: Side, name: string, step: number): string | null {
    return this.value(side, this.numbers.get(name), step);
  }

  /** The step that wrote last what a name is at `step`; -1 if none did. */
  writer(side: Side, name: number, step: number): number {
    const life = this.lives[side][name];
    if (life === undefined) return -1;
    const i = lastUpTo(life.steps, step);
    return i < 0 ? -1 : life.steps[i];
  }

  isChanged(side: Side, name: number, step: number): boolean {
    return step > 0 && this.writer(side, name, step) === step;
  }

  /** All that src's name was: steps, and texts (null: gone). */
  history(name: number): { readonly step: number; readonly text: string | null }[] {
    const life = this.lives.src[name] ?? this.lives.oracle[name];
    if (life === undefined) return [];
    return life.steps.map((step, i) => ({ step, text: life.texts[i] < 0 ? null : this.trace.texts[life.texts[i]] }));
  }

  /** A side's content at a step. */
  spans(side: Side, step: number): Span[] {
    const spans: Span[] = [];
    for (const name of this.spanNames) {
      const value = this.value(side, name, step);
      if (value === null) continue;
      const [last, label, text] = JSON.parse(value) as [number, string, string];
      spans.push({ first: Number(this.trace.names[name].slice(1)), last, label, text });
    }
    return spans.sort((a, b) => a.first - b.first);
  }

  /** The rows of a part that either side has at a step. */
  rows(part: string, step: number): Row[] {
    const rows: Row[] = [];
    for (const [row, names] of this.parts.get(part) ?? []) {
      const [some] = names.values();
      const isThere = this.value('src', some, step) !== null || this.value('oracle', some, step) !== null;
      if (isThere) rows.push({ row, names });
    }
    return rows.sort((a, b) => Number(a.row) - Number(b.row));
  }

  /** Names that a reader may watch, without those of contents. */
  watchable(): string[] {
    return this.trace.names.filter((name) => !name.startsWith('='));
  }

  /** The next step in which something differs, from the beginning again after the last; -1 if none does. */
  nextWrong(step: number): number {
    const { difference } = this.trace;
    if (difference === null) return -1;
    const { steps } = this.trace;
    for (let i = 1; i <= steps.length; i++) {
      const at = (step + i) % steps.length;
      if (steps[at].tick === 'wrong' || at === difference.state) return at;
    }
    return difference.state;
  }
}

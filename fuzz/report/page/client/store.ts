/**
 * What the reader has chosen: the present step, what is watched, how the picture is scaled. Each change draws anew.
 */
import type { TraceView } from '../../../domains/domain';
import type { Model } from './model';

const MOST_NAMES = 300;

interface Jump {
  readonly from: number;
  /** What was asked for: "who wrote this?" */
  readonly name: string;
}

export class Store {
  step: number;
  query = '';
  zoom = 1;
  even = true;
  hover = '';
  watches: string[] = [];
  /** Jumps to last writers, to go back. */
  readonly jumps: Jump[] = [];
  /** Views that are folded or not, by title, where that is not as it was at first. */
  readonly folds = new Map<string, boolean>();
  listTop = 0;
  /** What can be watched; of many names as many as a list of suggestions bears. */
  readonly names: readonly string[];
  private drawing = 0;

  constructor(
    readonly model: Model,
    private readonly draw: () => void,
  ) {
    this.names = model.watchable().slice(0, MOST_NAMES);
    const { difference } = model.trace;
    this.step = difference?.state ?? Math.min(1, model.last);
  }

  isOpen(view: TraceView): boolean {
    return this.folds.get(view.title) ?? !(view.kind === 'nodes' && view.folded === true);
  }

  fold(view: TraceView, open: boolean): void {
    if (this.isOpen(view) === open) return;
    this.folds.set(view.title, open);
    this.changed();
  }

  toggleTree(): void {
    for (const view of this.model.trace.views) if (view.kind === 'nodes') this.fold(view, !this.isOpen(view));
  }

  /** Draws at most once a frame. */
  changed(): void {
    if (this.drawing !== 0) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      this.draw();
    });
  }

  go(step: number): void {
    this.step = Math.max(0, Math.min(this.model.last, step));
    this.hover = '';
    this.changed();
  }

  /** The step that wrote a value last. */
  askWriter(name: string): void {
    const number = this.model.numberOf(name);
    if (number === undefined) return;
    const writer = this.model.writer('src', number, this.step);
    if (writer < 0) return;
    this.jumps.push({ from: this.step, name });
    this.go(writer);
  }

  back(): void {
    const jump = this.jumps.pop();
    if (jump !== undefined) this.go(jump.from);
  }

  watch(name: string): void {
    if (this.model.numberOf(name) === undefined || this.watches.includes(name)) return;
    this.watches = [...this.watches, name];
    this.changed();
  }

  unwatch(name: string): void {
    this.watches = this.watches.filter((other) => other !== name);
    this.changed();
  }

  set(change: Partial<Pick<Store, 'query' | 'zoom' | 'even' | 'hover' | 'listTop'>>): void {
    Object.assign(this, change);
    this.changed();
  }
}

/** How step 0, and the others, are called. */
export function stepName(step: number): string {
  return step === 0 ? 'the beginning' : `step ${step}`;
}

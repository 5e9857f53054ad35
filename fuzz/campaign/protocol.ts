/**
 * What the coordinator and a worker process say to each other. Facts go through the journal; this is orders and
 * figures.
 */
import type { Compared } from '../referee/compared';
import type { SequenceRange } from './ledger';
import type { TimeSlices } from './status';

/** How a worker is to run; the same for all workers of a campaign, given once. */
export interface WorkerSetup {
  readonly worker: number;
  /** The campaign's folder. */
  readonly folder: string;
}

export type Order =
  /** Run these sequences; those of `usable` may serve as parents (only what is new since the last order is listed). */
  | { readonly order: 'run'; readonly range: SequenceRange; readonly addUsable: readonly number[] }
  /** Run one sequence, writing each operation to a file before it is applied: its worker died in it (`how`). */
  | { readonly order: 'careful'; readonly n: number; readonly how: string; readonly addUsable: readonly number[] }
  /** Minimize a finding for a while; one whose search is paused in a worker is that worker's. */
  | { readonly order: 'minimize'; readonly name: string; readonly budgetMs: number }
  /**
   * At once, out of turn: no more sequences after the present one; ranges that are not begun are finished with nothing
   * run.
   */
  | { readonly order: 'halt' }
  /** End. */
  | { readonly order: 'stop' };

export type Report =
  | { readonly report: 'ready' }
  /** An order was carried out. `paused`: the worker holds a search for the shortest form of a finding. */
  | { readonly report: 'finished'; readonly order: Order['order']; readonly paused: boolean }
  /** What happened since the last figures. */
  | ({ readonly report: 'figures' } & Figures)
  /** The worker cannot go on; the campaign ends. */
  | { readonly report: 'failed'; readonly message: string };

export interface Figures {
  readonly sequences: number;
  readonly steps: number;
  readonly rejects: number;
  /** Milliseconds spent minimizing. */
  readonly minimizeMs: number;
  readonly split: TimeSlices;
  /** By operation: tried, changed something, refused, first to reach features. */
  readonly operations: Readonly<Record<string, readonly [number, number, number, number]>>;
  /** Features and in how many more sequences each was reached: pairs. */
  readonly features: readonly (readonly [feature: number, sequences: number])[];
  /** About targets outside: lines and how often more. */
  readonly notes: readonly (readonly [text: string, count: number])[];
  /** How much was compared with each target. */
  readonly compared: Compared;
  readonly memoryMb: number;
}

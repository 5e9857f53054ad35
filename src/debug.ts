/**
 * The one hook through which debug assertions and counters leave this library.
 *
 * What the kernel writes as VM_WARN_ON or MAS_WARN_ON is written here as
 *
 *     if (debug.on && node === NONE) warn('walk-ends-at-node', `slot ${slot}: no child below depth ${depth}`);
 *
 * and what a fuzzer wants to know about the path that an operation took as
 *
 *     if (debug.on) hit(event);
 *
 * Rules that hold here:
 * - Off (the default), a check costs one test of a boolean; nothing else may run, and no text is built.
 * - A warning never changes what an operation does: it is reported, and the operation goes on.
 * - Events are small numbers. Each part of the library owns a range of them and exports how to name them
 *   (`maple-tree/events.ts` from 0 on, `mm/events.ts` from 0x10000 on).
 */

/** Called for each broken assertion: a short stable name of the rule, and a text with the place and the numbers. */
export type WarnHandler = (rule: string, detail: string) => void;

const EVENT_CAPACITY = 4096;

/** Switches and buffers; one for the process, as the kernel has it. */
export const debug = {
  /** Whether assertions are checked and events recorded. */
  on: false,
  /**
   * Told of a broken assertion; without a handler it is thrown as an Error. A handler notes it, and calls nothing of
   * this library: an operation is under way.
   */
  onWarn: null as WarnHandler | null,
  /** The events since `eventCount` was set to 0 last; further ones are dropped when the buffer is full. */
  events: new Int32Array(EVENT_CAPACITY),
  eventCount: 0,
};

/** Reports a broken assertion. Call only under `debug.on`. */
export function warn(rule: string, detail: string): void {
  if (debug.onWarn === null) throw new Error(`assertion ${rule}: ${detail}`);
  debug.onWarn(rule, detail);
}

/** Records an event. Call only under `debug.on`. */
export function hit(event: number): void {
  if (debug.eventCount < EVENT_CAPACITY) debug.events[debug.eventCount++] = event;
}

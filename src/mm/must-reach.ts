/**
 * What a search that is any good reaches in the VMA code: each event is a cell, and nearly all must be hit.
 *
 * A new event is in the list by itself; what is left out stands below, with the reason.
 */
import { MM_EVENT_BASE, MM_EVENT_COUNT, mmEventName } from './events';

/** All cells. */
export const MM_CELLS: readonly string[] = Array.from(
  { length: MM_EVENT_COUNT },
  (_, i) => mmEventName(MM_EVENT_BASE + i)!,
);

/** Rare by nature: an allocation has to fail at just that place, or an upward stack has to exist. */
const RARE = [/nomem/, /aborted/, /^undo-/, /^grow-up/];

/** What a campaign of some minutes must reach. */
export const MM_MUST_REACH: readonly string[] = MM_CELLS.filter((name) => !RARE.some((rare) => rare.test(name)));

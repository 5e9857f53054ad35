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

/** Rare by nature: an allocation has to fail at just that place. */
const RARE = [/nomem/, /aborted/, /^undo-/];

/**
 * Only a user of the library gets there: stacks that grow up and placement from the bottom, a driver whose mremap hook
 * fails or whose mmap hook sets a flag that still merges, a file of which some mappings have a close hook and some not,
 * limits that refuse a mapping between gathering and closing what is in its way.
 */
const LIBRARY_ONLY = [
  /^grow-up$/,
  /^place-bottom-up$/,
  /^place-guard-retry-prev$/,
  /^mremap-hook-failed$/,
  /^mmap-retry-merged$/,
  /^merge-existing-next-must-stay$/,
  /^abort-reattached$/,
];

/** What a campaign of some minutes must reach. */
export const MM_MUST_REACH: readonly string[] = MM_CELLS.filter(
  (name) => ![...RARE, ...LIBRARY_ONLY].some((left) => left.test(name)),
);

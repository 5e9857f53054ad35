/**
 * The steps of a maple state: next, prev, find and their kin.
 *
 * Each has a set-up, which looks at the status and says whether the answer is there already or a step is to be taken,
 * and then takes one step of cursor.ts. The set-ups hold all that the statuses mean:
 *
 *      START      not walked yet: next and prev walk to index first, and go on from there; find* answers what is there
 *      PAUSE      the caller let go of the tree: find* goes on behind last (find*_rev before index), next and prev walk
 *      OVERFLOW   stands on the last slot before the limit: going back answers that slot's entry, going on passes it
 *      UNDERFLOW  the mirror
 *      NONE       nothing here: no node, or beside the one entry of the root
 *      ROOT       on the one entry of the root
 *      ERROR      a search failed: no step answers anything
 *
 * Rules that hold here:
 * - A limit bounds where a range starts (forward) or ends (back); an answer may reach beyond it.
 * - The limit is looked at before anything else, so a state may overflow before it ever walked; a step on from there
 *   goes on as if it had walked to index.
 */
import type { TreeCore } from './core';
import { type Cursor, childAt, masNextSlot, masPrevSlot, masWalk, slotAt, walkRange } from './cursor';
import { ACTIVE, ERROR, MAX_INDEX, NO_NODE, NONE, OVERFLOW, PAUSE, ROOT, START, UNDERFLOW } from './layout';

/** What a set-up answers when a step is to be taken. */
const STEP: unique symbol = Symbol('step');
type Found<T> = T | null | typeof STEP;

/**
 * On from a limit, from the slot that the state stands on; or as START, which is the answer, if the tree has no node.
 */
function resume<T>(c: Cursor<T>): boolean {
  const mustWalk = c.core.height === 0;
  // One that never walked has no slot yet: it takes that of its index.
  if (!mustWalk && c.leaf === NO_NODE) walkRange(c);
  c.state = mustWalk ? START : ACTIVE;
  return mustWalk;
}

function setRange<T>(c: Cursor<T>, index: number, last: number): void {
  c.index = index;
  c.last = last;
}

function nextSetup<T>(c: Cursor<T>, max: number): Found<T> {
  const wasNone = c.state === NONE;
  if (c.last >= max) {
    c.state = OVERFLOW;
    return null;
  }
  switch (c.state) {
    case ACTIVE:
      return STEP;
    case NONE:
    case PAUSE:
    case START:
      masWalk(c);
      break;
    case OVERFLOW:
      // It overflowed, but now the limit is another.
      if (resume(c)) masWalk(c);
      break;
    case UNDERFLOW: {
      // To the caller the state stands one before where it is.
      const entry = masWalk(c);
      if (entry !== null) return entry;
      break;
    }
    case ERROR:
      return null;
  }
  if (c.state === ACTIVE) return STEP;
  if (c.state === ROOT) {
    if (wasNone && c.index === 0) {
      setRange(c, 0, 0);
      return null;
    }
    setRange(c, 1, MAX_INDEX);
    c.state = NONE;
  }
  return null;
}

function prevSetup<T>(c: Cursor<T>, min: number): Found<T> {
  if (c.index <= min) {
    c.state = UNDERFLOW;
    return null;
  }
  switch (c.state) {
    case ACTIVE:
      return STEP;
    case NONE:
    case PAUSE:
    case START:
      masWalk(c);
      break;
    case UNDERFLOW:
      if (resume(c)) masWalk(c);
      break;
    case OVERFLOW: {
      // To the caller the state stands one behind where it is.
      const entry = masWalk(c);
      if (entry !== null) return entry;
      break;
    }
    case ERROR:
      return null;
  }
  if (c.state === ACTIVE) return STEP;
  if (c.state === ROOT) {
    if (c.index === 0) {
      c.state = NONE;
      return null;
    }
    setRange(c, 0, 0);
    return c.core.rootEntry;
  }
  if (c.index !== 0) {
    // Walked beside the one entry of the root.
    setRange(c, 0, 0);
    c.state = ROOT;
    return c.core.rootEntry;
  }
  return null;
}

/** What findSetup does by status before it may walk from START. STEP: go on. */
function findByStatus<T>(c: Cursor<T>, max: number): Found<T> {
  switch (c.state) {
    case PAUSE:
      if (c.last >= max) return null;
      c.last++;
      c.index = c.last;
      c.state = START;
      return STEP;
    case NONE:
      if (c.last >= max) return null;
      c.index = c.last;
      c.state = START;
      return STEP;
    case UNDERFLOW:
    case OVERFLOW: {
      // Behind the slot before which it stands, or on the slot that it could not leave: that slot's entry counts.
      if (c.state === UNDERFLOW && c.index >= max) {
        c.state = OVERFLOW;
        return null;
      }
      if (c.state === OVERFLOW && c.last >= max) return null;
      const entry = masWalk(c);
      return entry !== null ? entry : STEP;
    }
    case ERROR:
      return null;
    default:
      return STEP;
  }
}

function findSetup<T>(c: Cursor<T>, max: number): Found<T> {
  if (c.state === ACTIVE) return c.last < max ? STEP : null;
  const found = findByStatus(c, max);
  if (found !== STEP) return found;
  if (c.state === START) {
    if (c.index > max) return null;
    const entry = masWalk(c);
    if (entry !== null) return entry;
  }
  if (c.state === ROOT) {
    c.state = NONE;
    setRange(c, 1, MAX_INDEX);
    return null;
  }
  if (c.state === NONE) return null;
  return c.index === max ? null : STEP;
}

/** What findRevSetup does by status before it may walk from START. STEP: go on. */
function findRevByStatus<T>(c: Cursor<T>, min: number): Found<T> {
  switch (c.state) {
    case PAUSE:
      if (c.index <= min) {
        c.state = UNDERFLOW;
        return null;
      }
      c.index--;
      c.last = c.index;
      c.state = START;
      return STEP;
    case NONE:
      if (c.index <= min) return null;
      c.last = c.index;
      c.state = START;
      return STEP;
    case OVERFLOW:
    case UNDERFLOW:
      if (c.index <= min) {
        c.state = UNDERFLOW;
        return null;
      }
      resume(c);
      return STEP;
    case ERROR:
      return null;
    default:
      return STEP;
  }
}

function findRevSetup<T>(c: Cursor<T>, min: number): Found<T> {
  if (c.state !== ACTIVE) {
    const found = findRevByStatus(c, min);
    if (found !== STEP) return found;
    if (c.state === START) {
      if (c.index < min) return null;
      const entry = masWalk(c);
      if (entry !== null) return entry;
    }
    if (c.state === ROOT) {
      c.state = NONE;
      return null;
    }
    if (c.state === NONE) {
      // Nothing at index, so what is before is the entry of the root, if there is one.
      setRange(c, 0, 0);
      c.state = ROOT;
      return c.core.rootEntry;
    }
  }
  return c.index < min ? null : STEP;
}

// V8 inlines a whole step only if it is small: the rarer cases are in functions of their own, here and below.

function nextSlow<T>(c: Cursor<T>, max: number, empty: boolean): T | null {
  const found = nextSetup(c, max);
  return found === STEP ? masNextSlot(c, max, empty) : found;
}

function prevSlow<T>(c: Cursor<T>, min: number, empty: boolean): T | null {
  const found = prevSetup(c, min);
  return found === STEP ? masPrevSlot(c, min, empty) : found;
}

/** The first entry behind the state's slot that starts at or below `max`. */
export function masNext<T>(c: Cursor<T>, max: number): T | null {
  return c.state === ACTIVE && c.last < max ? masNextSlot(c, max, false) : nextSlow(c, max, false);
}

/** As masNext, but a gap counts as an answer (null). */
export function masNextRange<T>(c: Cursor<T>, max: number): T | null {
  return c.state === ACTIVE && c.last < max ? masNextSlot(c, max, true) : nextSlow(c, max, true);
}

/** The first entry before the state's slot that ends at or above `min`. */
export function masPrev<T>(c: Cursor<T>, min: number): T | null {
  return c.state === ACTIVE && c.index > min ? masPrevSlot(c, min, false) : prevSlow(c, min, false);
}

/** As masPrev, but a gap counts as an answer (null). */
export function masPrevRange<T>(c: Cursor<T>, min: number): T | null {
  return c.state === ACTIVE && c.index > min ? masPrevSlot(c, min, true) : prevSlow(c, min, true);
}

/** At first the entry at index or the next behind; then as masNext, but the status stays ACTIVE at the limit. */
export function masFind<T>(c: Cursor<T>, max: number): T | null {
  if (c.state === ACTIVE) {
    if (c.last >= max) return null;
    const next = masNextSlot(c, max, false);
    c.state = ACTIVE;
    return next;
  }
  const found = findSetup(c, max);
  if (found !== STEP) return found;
  const entry = masNextSlot(c, max, false);
  c.state = ACTIVE;
  return entry;
}

/** As masFind, slot by slot; the status shows the limit. */
export function masFindRange<T>(c: Cursor<T>, max: number): T | null {
  if (c.state === ACTIVE && c.last < max) return masNextSlot(c, max, true);
  const found = findSetup(c, max);
  return found === STEP ? masNextSlot(c, max, true) : found;
}

/** At first the entry at index or the next before; then as masPrev. */
export function masFindRev<T>(c: Cursor<T>, min: number): T | null {
  if (c.state === ACTIVE && c.index >= min) return masPrevSlot(c, min, false);
  const found = findRevSetup(c, min);
  return found === STEP ? masPrevSlot(c, min, false) : found;
}

/** As masFindRev, slot by slot. */
export function masFindRangeRev<T>(c: Cursor<T>, min: number): T | null {
  if (c.state === ACTIVE && c.index >= min) return masPrevSlot(c, min, true);
  const found = findRevSetup(c, min);
  return found === STEP ? masPrevSlot(c, min, true) : found;
}

/**
 * The kernel's mt_find: the first entry at or above `index` that starts at or below `max`, and the index behind it, 0
 * when there is none. Or null.
 */
export function mtFind<T>(c: Cursor<T>, index: number, max: number): [value: T, next: number] | null {
  if (index > max) return null;
  c.index = index;
  c.state = START;
  c.leaf = NO_NODE;
  let entry = masWalk(c);
  // Beside the one entry of the root there is nothing behind.
  if (entry === null && c.state === ACTIVE && c.last < max) entry = masNextSlot(c, max, false);
  if (entry === null) return null;
  return [entry, c.last === MAX_INDEX ? 0 : c.last + 1];
}

/** The entry at `index` of the tree, or null. */
export function mtLoad<T>(core: TreeCore<T>, index: number): T | null {
  let levels = core.height;
  if (levels === 0) return index === 0 ? core.rootEntry : null;
  const pool = core.pool;
  let node = core.root;
  if (levels > 1) {
    const pivots = pool.innerPivots;
    const children = pool.innerChildren;
    const slots = pool.innerSlots;
    do {
      const base = node * slots;
      // Prefetch, as in descend: the condition never holds.
      if (children[base + 3] < NO_NODE) return null;
      node = children[childAt(pivots, base, slots, index)];
    } while (--levels > 1);
  }
  const values = pool.leafValues;
  const base = node * pool.leafSlots;
  const quarter = pool.leafSlots >> 2;
  if (values[base + quarter] === undefined || values[base + 3 * quarter] === undefined) return null;
  return values[slotAt(pool.leafPivots, base, index)];
}

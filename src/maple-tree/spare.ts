/**
 * The arrays of the leaves of a large tree that was destroyed, for the next tree that needs so many.
 *
 *      destroy  -- keepSpare -->  one set of arrays  -- takeSpare -->  a pool that grows, or that becomes a copy
 *
 * Fresh pages cost more than what is written into them: making an array of 2 MB takes longer than copying one into
 * memory that is there already. A program that makes large trees and destroys them again, as fork and exit do, gets
 * that memory back.
 *
 * Rules that hold here:
 * - There is one set for the process, the last one given. It is held weakly, so memory that is short goes elsewhere.
 * - All values in it are null; its pivots and ends are whatever they were.
 */

/** Fewer leaves are not worth it. */
export const LEAST_SPARE = 1024;

/** A set may be so many times as large as what is asked for. */
const TOO_LARGE = 4;

/** The arrays of `capacity` leaves with `slots` slots each. */
export interface LeafArrays {
  readonly slots: number;
  readonly capacity: number;
  readonly pivots: Float64Array;
  readonly values: unknown[];
  readonly ends: Uint8Array;
}

let spare: WeakRef<LeafArrays> | undefined;

/** Keeps arrays that no tree uses any more, instead of those kept before. */
export function keepSpare(arrays: LeafArrays): void {
  spare = new WeakRef(arrays);
}

/** Gives away the arrays, if they have room for `capacity` leaves of `slots` slots, and not far too much. */
export function takeSpare(slots: number, capacity: number): LeafArrays | undefined {
  if (capacity < LEAST_SPARE || spare === undefined) return undefined;
  const arrays = spare.deref();
  if (arrays !== undefined) {
    const fits = arrays.slots === slots && arrays.capacity >= capacity && arrays.capacity <= capacity * TOO_LARGE;
    if (!fits) return undefined;
  }
  spare = undefined;
  return arrays;
}

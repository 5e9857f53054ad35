/**
 * What a subject of the bench must do: a map from ranges of integers, both ends inclusive, to values. Each peer does it
 * as its own users would write it. Values are numbers from 1; a peer may hold objects for them (`prepare` makes them,
 * outside the timed part).
 */
export interface RangeMap {
  /** Makes the values 1..highest, if the peer needs to. */
  prepare?(highest: number): void;
  /** Makes first..last hold `value`, whatever was there; 0 makes it empty. */
  store(first: number, last: number, value: number): void;
  /** Whether something is stored at the index. */
  load(index: number): boolean;
  /** Empties the whole range that holds the index; whether there was one. */
  erase(index: number): boolean;
  /** Visits all entries from the lowest with the peer's cursor; the sum of their lengths. */
  forward(): number;
  /** The same from the highest. */
  backward(): number;
  /** Lowest start of `size` free indexes within low..high, or -1. */
  lowestGap(low: number, high: number, size: number): number;
  /** Highest last index of `size` free indexes within low..high, or -1. */
  highestGap(low: number, high: number, size: number): number;
  /** A copy that can be changed on its own. */
  duplicate(): RangeMap;
  /** Gives back what the map holds, where its users would: it is not used again. */
  destroy?(): void;
  /** Checks the structure; false or a throw if it is broken. */
  validate(): boolean;
  /** Visits the content in order. */
  each(visit: (first: number, last: number, value: number) => void): void;
  /** Bytes of node memory, if the peer can tell. */
  bytes?(): number;
}

/** Names of workloads that a peer cannot do, with the reason. */
export type CannotDo = Readonly<Record<string, string>>;

export interface Peer {
  /** In tables and flags. */
  name: string;
  about: string;
  cannot?: CannotDo;
  create(ranges: boolean): RangeMap;
  /** A quicker way to fill an empty map, for what would take a square number of steps otherwise. */
  fromEntries?(entries: { first: number; last: number; value: number }[]): RangeMap;
}

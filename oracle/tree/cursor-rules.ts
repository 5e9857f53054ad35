/**
 * The rules of a maple state (the tree's cursor) as two tables.
 *
 * A move goes like this:
 *
 *     1. the limit: if the state is already there, null at once, and the status that the table says
 *     2. the beginning: where the move starts from, by the status before; an entry may be found right there
 *     3. the step: in a tree with nodes, slot by slot to the answer or to the limit (see tree.ts);
 *        in a tree without, what WITHOUT_NODES says
 *
 * A slot is a stored range or a whole gap. `mas_next`, `mas_next_range` are one family here, as their beginnings are
 * the same, and so are the pairs of `prev`, `find` and `find_rev`.
 *
 * Source: the kernel's lib/maple_tree.c (6.12), by experiment; where its answer hangs on how nodes lie, the sequence
 * format defines one.
 */

export type Status = 'start' | 'active' | 'root' | 'none' | 'pause' | 'overflow' | 'underflow' | 'error';

export type Move = 'next' | 'prev' | 'find' | 'findRev';

/** When a state is at its limit before it has moved; the limit is max going up, min going down. */
export type Limit = 'last >= limit' | 'index > limit' | 'index >= limit' | 'index <= limit' | 'index < limit' | 'never';

/** Where a move begins. */
export type Beginning =
  /** Stay on the slot where the state stands. A state that never walked walks to index, as if it stood there. */
  | 'from its slot'
  /** Walk to index; what is there is passed over. */
  | 'walk, pass'
  /** Walk to index; an entry there is the answer. */
  | 'walk, take'
  /** index and last become last + 1, then as 'walk, take'. */
  | 'above last, take'
  /** index becomes last, then as 'walk, take'. */
  | 'at last, take'
  /** index and last become index - 1, then as 'walk, take'. */
  | 'below index, take'
  /** last becomes index, then as 'walk, take'. */
  | 'at index, take'
  /** The answer is null, and nothing changes. */
  | 'give up';

/**
 * One cell: when the state is at its limit, what its status is then ('same': as before), and where it begins if not.
 */
export type Cell = readonly [limit: Limit, atLimit: Status | 'same', beginning: Beginning];

/** What a move does first, by the status before. */
export const BEGINNINGS: Readonly<Record<Move, Readonly<Record<Status, Cell>>>> = {
  next: {
    start: ['last >= limit', 'overflow', 'walk, pass'],
    active: ['last >= limit', 'overflow', 'from its slot'],
    root: ['last >= limit', 'overflow', 'from its slot'],
    none: ['last >= limit', 'overflow', 'walk, pass'],
    pause: ['last >= limit', 'overflow', 'walk, pass'],
    overflow: ['last >= limit', 'overflow', 'from its slot'],
    underflow: ['last >= limit', 'overflow', 'walk, take'],
    error: ['last >= limit', 'overflow', 'give up'],
  },
  prev: {
    start: ['index <= limit', 'underflow', 'walk, pass'],
    active: ['index <= limit', 'underflow', 'from its slot'],
    root: ['index <= limit', 'underflow', 'from its slot'],
    none: ['index <= limit', 'underflow', 'walk, pass'],
    pause: ['index <= limit', 'underflow', 'walk, pass'],
    overflow: ['index <= limit', 'underflow', 'walk, take'],
    underflow: ['index <= limit', 'underflow', 'from its slot'],
    error: ['index <= limit', 'underflow', 'give up'],
  },
  find: {
    start: ['index > limit', 'same', 'walk, take'],
    active: ['last >= limit', 'same', 'from its slot'],
    root: ['never', 'same', 'from its slot'],
    none: ['last >= limit', 'same', 'at last, take'],
    pause: ['last >= limit', 'same', 'above last, take'],
    overflow: ['last >= limit', 'same', 'walk, take'],
    underflow: ['index >= limit', 'overflow', 'walk, take'],
    error: ['never', 'same', 'give up'],
  },
  findRev: {
    start: ['index < limit', 'same', 'walk, take'],
    active: ['index < limit', 'same', 'from its slot'],
    root: ['never', 'same', 'from its slot'],
    none: ['index <= limit', 'same', 'at index, take'],
    pause: ['index <= limit', 'underflow', 'below index, take'],
    overflow: ['index <= limit', 'underflow', 'from its slot'],
    underflow: ['index <= limit', 'same', 'from its slot'],
    error: ['never', 'same', 'give up'],
  },
};

/** How a move ends in a tree without nodes. */
export type Ending =
  /** null, and nothing changes. */
  | 'stay'
  /** null; the state is `none`, index and last stay. */
  | 'nowhere'
  /** null; all that is above index 0: 1 to max, `none`. */
  | 'above the root'
  /** The root's entry (null in an empty tree): 0 to 0, `root`. */
  | 'the root'
  /** 'stay' for a state that was `none` before and is at index 0, otherwise 'above the root'. */
  | 'above the root, or stay'
  /** 'the root' from an index above 0, otherwise 'nowhere'. */
  | 'the root from above';

/** The end of a move in a tree without nodes, by the status after the beginning. */
export const WITHOUT_NODES: Readonly<Record<Move, Readonly<Record<'root' | 'none', Ending>>>> = {
  next: { root: 'above the root, or stay', none: 'stay' },
  prev: { root: 'the root from above', none: 'the root from above' },
  find: { root: 'above the root', none: 'stay' },
  findRev: { root: 'nowhere', none: 'the root' },
};

/** Whether a state with this index and last is at its limit. */
export function atLimit(rule: Limit, index: number, last: number, limit: number): boolean {
  switch (rule) {
    case 'last >= limit':
      return last >= limit;
    case 'index > limit':
      return index > limit;
    case 'index >= limit':
      return index >= limit;
    case 'index <= limit':
      return index <= limit;
    case 'index < limit':
      return index < limit;
    case 'never':
      return false;
  }
}

/**
 * Makes the header of a failing sequence plainer: without what the failure does not need, with low limits, a narrow window.
 *
 * Node sizes go both ways. A tree of small nodes is high with few entries, so they are tried first: most of what needs full
 * nodes then needs few operations. At the end they are left out again if the sequence that came out does without them.
 */
import type { MmHeader } from '../domains/mm/header';
import type { Header } from '../format/types';
import { smaller } from './simplify';
import type { Trial } from './trial';

/** Tries a header without notes and extras, with lower limits, and with a narrower window. Whether anything was simpler. */
export async function simplifyHeader(trial: Trial): Promise<boolean> {
  let simpler = false;
  for (const name of ['note', 'origin', 'kernel', 'memlock', 'max_map_count', 'counters', 'brk', 'bottom_up'])
    simpler = (await dropField(trial, name)) || simpler;
  if (trial.header.domain === 'tree') {
    if (trial.header.ranges) simpler = (await trial.tryHeader({ ...trial.header, ranges: false })) || simpler;
    return simpler;
  }
  for (const name of ['max_map_count', 'memlock', 'brk'] as const) simpler = (await lowerLimit(trial, name)) || simpler;
  return (await narrowWindow(trial)) || simpler;
}

async function dropField(trial: Trial, name: string): Promise<boolean> {
  if (!(name in trial.header)) return false;
  const { [name as 'note']: _dropped, ...rest } = trial.header;
  return await trial.tryHeader(rest as Header);
}

/** Lower limits are met by fewer operations. */
async function lowerLimit(trial: Trial, name: 'max_map_count' | 'memlock' | 'brk'): Promise<boolean> {
  const present = (trial.header as MmHeader)[name];
  if (present === undefined) return false;
  for (const lower of smaller(present, 0)) {
    if (await trial.tryHeader({ ...trial.header, [name]: lower } as Header)) return true;
  }
  return false;
}

async function narrowWindow(trial: Trial): Promise<boolean> {
  let simpler = false;
  for (let step = (trial.header as MmHeader).pages >> 1; step > 0 && !trial.over; ) {
    const header = trial.header as MmHeader;
    const pages = header.pages - step;
    if (pages > (header.brk ?? 0) && pages > 0 && (await trial.tryHeader({ ...header, pages }))) simpler = true;
    else step >>= 1;
  }
  return simpler;
}

/** Slots of a leaf and of an internal node, smallest first. */
export const SMALL_NODES: readonly (readonly [leaf: number, internal: number])[] = [
  [4, 4],
  [5, 4],
  [4, 5],
  [5, 5],
  [6, 4],
  [4, 6],
  [6, 6],
  [8, 4],
  [4, 8],
  [8, 8],
];

/** Tries small nodes, the smallest first. */
export async function shrinkNodes(trial: Trial): Promise<void> {
  for (const slots of smallerNodes(trial.header)) {
    if (await trial.tryHeader({ ...trial.header, slots })) return;
  }
}

/** Sizes of nodes that are smaller than those of a header. */
export function smallerNodes(header: Header): (readonly [leaf: number, internal: number])[] {
  const [leaf, internal] = header.slots ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  return SMALL_NODES.filter((slots) => slots[0] + slots[1] < leaf + internal);
}

/** Tries nodes of the usual size. */
export function plainNodes(trial: Trial): Promise<boolean> {
  return dropField(trial, 'slots');
}

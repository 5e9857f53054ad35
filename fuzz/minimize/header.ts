/**
 * Makes the header of a failing sequence plainer: without what the failure does not need, with low limits, a narrow
 * window.
 *
 * What there is to try is the domain's. Headers under which less is needed (small nodes: a tree of them is high with
 * few entries) go both ways. They are tried first: most of what needs full nodes then needs few operations. At the end
 * they are left out again if the sequence that came out does without them.
 */
import type { Header } from '../format/types';
import type { HeaderSimplification } from './minimizing';
import { smaller as smallerNumbers } from './simplify';
import type { Trial } from './trial';

/** Every sequence may have these, and no failure needs them. */
const REMARKS = ['note', 'origin'];

/**
 * Tries a header without notes and extras, with lower limits, and with a narrower window. Whether anything was simpler.
 */
export async function simplifyHeader(trial: Trial, how: HeaderSimplification): Promise<boolean> {
  const { drops = [], lowers = [], plainer } = how;
  let simpler = await dropFields(trial, [...REMARKS, ...drops]);
  for (const header of plainer?.(trial.header) ?? []) simpler = (await trial.tryHeader(header)) || simpler;
  for (const name of lowers) simpler = (await lowerNumber(trial, name)) || simpler;
  return (await narrowSpace(trial, how)) || simpler;
}

/** A number in a header; undefined if there is none of this name. */
export function numberIn(header: Header, name: string): number | undefined {
  const value = (header as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'number' ? value : undefined;
}

async function dropFields(trial: Trial, names: readonly string[]): Promise<boolean> {
  let any = false;
  for (const name of names) {
    if (!(name in trial.header)) continue;
    const { [name as 'note']: _dropped, ...rest } = trial.header;
    any = (await trial.tryHeader(rest as Header)) || any;
  }
  return any;
}

/** Lower limits are met by fewer operations. */
async function lowerNumber(trial: Trial, name: string): Promise<boolean> {
  const present = numberIn(trial.header, name);
  if (present === undefined) return false;
  for (const lower of smallerNumbers(present, 0)) {
    if (await trial.tryHeader({ ...trial.header, [name]: lower })) return true;
  }
  return false;
}

async function narrowSpace(trial: Trial, { width, narrower }: HeaderSimplification): Promise<boolean> {
  let simpler = false;
  for (let step = (width?.(trial.header) ?? 0) >> 1; step > 0 && !trial.over; ) {
    const header = narrower?.(trial.header, step) ?? null;
    if (header !== null && (await trial.tryHeader(header))) simpler = true;
    else step >>= 1;
  }
  return simpler;
}

/** Tries headers under which less is needed, smallest first. */
export async function shrinkHeader(trial: Trial, { smaller }: HeaderSimplification): Promise<void> {
  for (const header of smaller?.(trial.header) ?? []) if (await trial.tryHeader(header)) return;
}

/** Tries to do without what made less needed. */
export function plainHeader(trial: Trial, { dropsLast = [] }: HeaderSimplification): Promise<boolean> {
  return dropFields(trial, dropsLast);
}

/**
 * Gives mappings that came to lie, or were moved, where there was room the places that they got: then they no longer
 * depend on the window's end and on one another, and all can be moved close together.
 *
 *     mmap 7 pages, mmap 1 page            ->      mmap 7 pages at 0, mmap 1 page at 255
 *
 * The places are asked of the oracle. It is done once, before all else: what is simpler, a place or none, is decided
 * with the other arguments.
 */

import type { Operation } from '../../format/types';
import type { Trial } from '../../minimize/trial';
import type { MmHeader } from './header';
import { isAnsweredByFormat, mmSpec } from './operations';
import { makeOracleMm } from './oracle-mm';

/** Tries places for all mappings at once, then for one after the other. Whether any got one. */
export async function givePlaces(trial: Trial): Promise<boolean> {
  const placed = withPlaces(trial);
  const missing = placed.flatMap((operation, i) => (operation === trial.operations[i] ? [] : [i]));
  if (missing.length === 0) return false;
  if (await trial.tryOperations(placed)) return true;
  let any = false;
  for (const at of missing) {
    if (await trial.tryOperations(trial.operations.map((old, i) => (i === at ? placed[i] : old)))) any = true;
  }
  return any;
}

function withPlaces({ header: wanted, operations }: Trial): Operation[] {
  const header = wanted as MmHeader;
  const space = makeOracleMm(header);
  return operations.map((operation) => {
    const spec = mmSpec(operation.op);
    if (spec === undefined || isAnsweredByFormat(spec, operation, header, space)) return operation;
    // What an allocation that fails leaves behind is not known here: it is taken for one that does not.
    const ret = spec.apply(space, operation);
    const place = typeof ret === 'number' ? PLACED[operation.op]?.(operation, ret) : undefined;
    const flags = operation.flags as readonly string[];
    if (place === undefined || flags.some((flag) => flag.startsWith('fixed'))) return operation;
    return { ...operation, ...place, flags: [...flags, 'fixed'] };
  });
}

/** What asks for the place that an operation got; nothing for memory that stayed where it was. */
const PLACED: Readonly<Record<string, (operation: Operation, ret: number) => Partial<Operation> | undefined>> = {
  mmap: (_operation, ret) => ({ addr: ret }),
  mremap: ({ addr }, ret) => (ret === addr ? undefined : { new_addr: ret }),
};

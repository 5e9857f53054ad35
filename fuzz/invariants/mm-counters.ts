/**
 * Every counter equals a recount over the mappings: map_count, the four page counters, locked and committed pages, names.
 */

import type { Mm } from '../../src/mm/mm';
import { isDataMapping, isExecMapping, isStackMapping, VM_ACCOUNT, VM_LOCKED } from '../../src/mm/vm-flags';
import type { MmInvariant } from '../lockstep/types';
import { beginLists, listAfter, mmOf, type VmaList } from './mm-lists';

interface Sums {
  totalVm: number;
  dataVm: number;
  execVm: number;
  stackVm: number;
  lockedVm: number;
  committed: number;
  nameReferences: number;
}

const sums: Sums = { totalVm: 0, dataVm: 0, execVm: 0, stackVm: 0, lockedVm: 0, committed: 0, nameReferences: 0 };
const NAMES = Object.keys(sums) as (keyof Sums)[];

function recount(list: VmaList): void {
  sums.totalVm = sums.dataVm = sums.execVm = sums.stackVm = 0;
  sums.lockedVm = sums.committed = sums.nameReferences = 0;
  for (let i = 0; i < list.count; i++) {
    const pages = list.end[i] - list.start[i];
    const flags = list.flags[i];
    sums.totalVm += pages;
    if (isExecMapping(flags)) sums.execVm += pages;
    else if (isStackMapping(flags)) sums.stackVm += pages;
    else if (isDataMapping(flags)) sums.dataVm += pages;
    if ((flags & VM_LOCKED) !== 0) sums.lockedVm += pages;
    if ((flags & VM_ACCOUNT) !== 0) sums.committed += pages;
    if (list.name[i] !== null) sums.nameReferences++;
  }
}

export const mmCounters: MmInvariant = {
  name: 'counters',
  domain: 'mm',
  about: 'map_count and every page counter equal a recount over the mappings.',
  moment: 'write',
  begin: beginLists,
  check(context) {
    const list = listAfter(context);
    const mm = mmOf(context);
    if (mm.mapCount !== list.count) return `mapCount: ${mm.mapCount}, recounted ${list.count}`;
    recount(list);
    return allAgree(mm) ? null : firstWrong(mm);
  },
};

/** Spelled out, for this runs after every write: a loop over names costs several times as much. */
function allAgree(mm: Mm): boolean {
  return (
    mm.totalVm === sums.totalVm &&
    mm.dataVm === sums.dataVm &&
    mm.execVm === sums.execVm &&
    mm.stackVm === sums.stackVm &&
    mm.lockedVm === sums.lockedVm &&
    mm.committed === sums.committed &&
    mm.nameReferences === sums.nameReferences
  );
}

function firstWrong(mm: Mm): string | null {
  for (const name of NAMES) {
    if (mm[name] !== sums[name]) return `${name}: ${mm[name]}, recounted ${sums[name]}`;
  }
  return null;
}

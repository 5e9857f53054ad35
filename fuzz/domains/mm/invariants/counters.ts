/**
 * Every counter equals a recount over the mappings: map_count, the four page counters, locked and committed pages,
 * names.
 *
 *      whole     counter = sum over all mappings
 *      window    counter now - counter before the operation = sum over the window now - sum over it before
 */

import type { Mm } from '../../../../src/mm/mm';
import { isDataMapping, isExecMapping, isStackMapping, VM_ACCOUNT, VM_LOCKED } from '../../../../src/mm/vm-flags';
import type { MmInvariant } from '../context';
import { beginLists, knowsBefore, listAfter, listBefore, mmOf, noteBefore, type VmaList } from '../lists';

/** What is counted, by the names that src has for it. */
class Counts {
  mapCount = 0;
  totalVm = 0;
  dataVm = 0;
  execVm = 0;
  stackVm = 0;
  lockedVm = 0;
  committed = 0;
  nameReferences = 0;

  clear(): void {
    this.mapCount = this.totalVm = this.dataVm = this.execVm = this.stackVm = 0;
    this.lockedVm = this.committed = this.nameReferences = 0;
  }

  /** Adds the mappings of a list `sign` times. */
  add(list: VmaList, sign: 1 | -1): void {
    const { count, start, end, name } = list;
    this.mapCount += sign * count;
    for (let i = 0; i < count; i++) {
      const pages = sign * (end[i] - start[i]);
      const flags = list.flags[i];
      this.totalVm += pages;
      if (isExecMapping(flags)) this.execVm += pages;
      else if (isStackMapping(flags)) this.stackVm += pages;
      else if (isDataMapping(flags)) this.dataVm += pages;
      if ((flags & VM_LOCKED) !== 0) this.lockedVm += pages;
      if ((flags & VM_ACCOUNT) !== 0) this.committed += pages;
      if (name[i] !== null) this.nameReferences += sign;
    }
  }

  /** Adds what src had counted. */
  addMm(mm: Mm): void {
    this.mapCount += mm.mapCount;
    this.totalVm += mm.totalVm;
    this.dataVm += mm.dataVm;
    this.execVm += mm.execVm;
    this.stackVm += mm.stackVm;
    this.lockedVm += mm.lockedVm;
    this.committed += mm.committed;
    this.nameReferences += mm.nameReferences;
  }

  /** Spelled out, for this runs after every write: a loop over names costs several times as much. */
  agrees(mm: Mm): boolean {
    return (
      mm.mapCount === this.mapCount &&
      mm.totalVm === this.totalVm &&
      mm.dataVm === this.dataVm &&
      mm.execVm === this.execVm &&
      mm.stackVm === this.stackVm &&
      mm.lockedVm === this.lockedVm &&
      mm.committed === this.committed &&
      mm.nameReferences === this.nameReferences
    );
  }
}

const expected = new Counts();
const NAMES = Object.keys(expected) as Exclude<keyof Counts, 'clear' | 'add' | 'addMm' | 'agrees'>[];

export const mmCounters: MmInvariant = {
  name: 'counters',
  domain: 'mm',
  about: 'map_count and every page counter equal a recount over the mappings.',
  moment: 'write',
  local: true,
  begin: beginLists,
  before(context) {
    noteBefore(context);
    expected.clear();
    if (context.whole || !knowsBefore(context)) return null;
    expected.addMm(mmOf(context));
    expected.add(listBefore(), -1);
    return null;
  },
  check(context) {
    const list = listAfter(context);
    const mm = mmOf(context);
    if (list.whole) expected.clear();
    else if (!knowsBefore(context)) return null;
    expected.add(list, 1);
    return expected.agrees(mm) ? null : firstWrong(mm);
  },
};

function firstWrong(mm: Mm): string | null {
  for (const name of NAMES) {
    if (mm[name] !== expected[name]) return `${name}: ${mm[name]}, recounted ${expected[name]}`;
  }
  return null;
}

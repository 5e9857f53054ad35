/**
 * brk: the heap, from its start up to the break, in full pages. No errors: the answer is the break afterwards.
 *
 *      heap start                break          one page stays free
 *      |[ heap            ]|-----grow----->|    |[ next mapping ]
 *
 * What grows joins the mapping that ends where it starts, whatever call made it, but never the one above; that mapping
 * must reach above the start of the heap. Sources: FACTS.md "brk" [brk, brk-seal, brk-gap, brk-occupied, brk-merge,
 * brk-fork]; sys_brk, do_brk_flags.
 */
import { populate } from './fault';
import { ACCOUNT, LOCKED, MAY_EXEC, MAY_READ, MAY_WRITE, READ, WRITE } from './flags';
import { joinNew } from './join';
import { lockFits } from './limits';
import { guardedStart } from './place';
import type { Outcome, Space } from './space';
import { unmapRange } from './unmap';
import { PAGE, pageUp, Vma } from './vma';

const HEAP_FLAGS = READ | WRITE | MAY_READ | MAY_WRITE | MAY_EXEC | ACCOUNT;

/** Moves the break to addr if that is allowed; answers where it is then. */
export function brk(space: Space, addr: number): number {
  if (space.heapStart === null || addr < space.heapStart) return space.brk;
  const oldEnd = pageUp(space.brk);
  const newEnd = pageUp(addr);
  if (newEnd === oldEnd || moveEnd(space, space.heapStart, oldEnd, newEnd) === 0) space.brk = addr;
  return space.brk;
}

function moveEnd(space: Space, heapStart: number, oldEnd: number, newEnd: number): Outcome {
  if (newEnd < oldEnd) return space.occupied(newEnd, oldEnd) ? unmapRange(space, newEnd, oldEnd) : 'EINVAL';
  if (!lockFits(space, space.defaultFlags, newEnd - oldEnd)) return 'EAGAIN';
  const next = space.vmas.at(space.indexAt(oldEnd));
  if (newEnd + PAGE > (next === undefined ? space.end : Math.min(guardedStart(next), space.end))) return 'ENOMEM';
  if (space.count > space.maxMapCount) return 'ENOMEM';

  const added = new Vma(oldEnd, newEnd, HEAP_FLAGS | space.defaultFlags, null, oldEnd / PAGE);
  const below = space.vmas.at(space.indexAt(oldEnd) - 1);
  const joined =
    below !== undefined && below.end > heapStart ? joinNew(space, added, 'new', { onlyBelow: true }) : null;
  if (joined === 'ENOMEM') return joined;
  if (joined === null) {
    if (!space.allocate()) return 'ENOMEM';
    space.insert(added);
  }
  if ((space.defaultFlags & LOCKED) !== 0) populate(space, oldEnd, newEnd, true);
  return 0;
}

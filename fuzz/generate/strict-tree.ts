/**
 * Keeps a tree sequence to what the kernel's own code answers by content alone, for targets that are that code.
 *
 * In six corners the kernel's answer depends on how nodes lie, or is a crash; the format defines an answer there, and src
 * and oracle are held to it, but another target need not be asked. This file knows how a maple state comes into such a
 * corner, errs on the careful side, and puts a reset in place of the operation that would show it.
 */
import { MAX_INDEX, type Operation } from '../sequence/types';
import type { TreeView } from './view';

const FORWARD = new Set(['mas_next', 'mas_next_range', 'mas_find', 'mas_find_range']);
const BACKWARD = new Set(['mas_prev', 'mas_prev_range', 'mas_find_rev', 'mas_find_range_rev']);

const STATES = 4;

/** What is known of one maple state. */
interface Known {
  /** Its index may not be the start of its slot. */
  offStart: boolean;
  /** Its own store may just have made the first node. */
  freshNode: boolean;
  /** It stood in the tree at least once since it was set or reset. */
  walked: boolean;
}

export class StrictTree {
  private readonly known: Known[] = [];

  begin(): void {
    for (let r = 0; r < STATES; r++) this.known[r] = { offStart: false, freshNode: false, walked: false };
  }

  /** The operation itself, or a harmless one where the kernel's answer is not determined. Remembers what it does. */
  legal(operation: Operation, view: TreeView): Operation {
    if (operation.op === 'insert_range' && operation.first === 0 && operation.last === MAX_INDEX) return { op: 'dump' };
    if (!operation.op.startsWith('mas_')) return operation;
    const r = operation.r as number;
    const answer = this.inCorner(operation.op, r, view) ? { op: 'mas_reset', r } : operation;
    this.note(answer.op, r, view);
    return answer;
  }

  private inCorner(op: string, r: number, view: TreeView): boolean {
    const known = this.known[r];
    const status = view.masStatus(r);
    // Where a state stood is seen before its next operation; a step that went straight to its limit counts as no walk.
    if (status === 'start') known.walked = known.offStart = known.freshNode = false;
    else if (status === 'active' || status === 'root') known.walked = true;
    const forward = FORWARD.has(op);
    const backward = BACKWARD.has(op);
    if (status === 'error') return forward || backward || op === 'mas_store';
    if ((status === 'overflow' || status === 'underflow') && !known.walked) return forward || backward;
    return (backward && known.offStart) || (forward && known.freshNode);
  }

  private note(op: string, r: number, view: TreeView): void {
    const known = this.known[r];
    if (op === 'mas_config' || op.startsWith('mas_empty_area')) known.offStart = true;
    else if (op === 'mas_store') {
      known.offStart = false;
      known.freshNode = view.count() <= 1;
    } else if (op === 'mas_walk' || op === 'mas_erase') known.offStart = known.freshNode = false;
    else if (FORWARD.has(op)) known.offStart = false;
  }
}

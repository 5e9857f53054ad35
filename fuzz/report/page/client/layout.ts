/**
 * Where the nodes of a maple tree are drawn: slots are of one width, so it is arithmetic.
 *
 *            [ 1 | 2 ]                 a node stands over the middle of what is below it,
 *        [ a | b ]  [ c ]              which has the width of its nodes together
 *
 * Of a large tree those nodes are shown that the step changed or a cursor is in, with the way to them; where others
 * are left out stands how many.
 */
import type { Model } from './model';

export const SLOT = 66;
export const LINE = 19;
const BETWEEN = 18;
const UNFOLDED = 14;

export interface TreeNode {
  readonly name: string;
  readonly levels: number;
  readonly slots: number;
  readonly children: readonly TreeNode[];
  /** The slots that the children belong to. */
  readonly at: readonly number[];
  readonly leftOut: number;
  readonly first: number;
  x: number;
  y: number;
  width: number;
}

const TOP = Number.MAX_SAFE_INTEGER;

/** An index as it is written, as a number. */
export function indexOf(text: string | null): number {
  if (text === null) return Number.NaN;
  if (text === 'max') return TOP;
  return text.startsWith('max-') ? TOP - Number(text.slice(4)) : Number(text);
}

export class Layout {
  readonly nodes: TreeNode[] = [];
  width = 0;
  height = 0;
  private readonly hot = new Set<string>();
  private budget = UNFOLDED;

  constructor(
    private readonly model: Model,
    private readonly step: number,
    positions: readonly number[],
  ) {
    const height = Number(model.valueOf('src', 'height', step) ?? 0);
    const root = model.valueOf('src', 'root', step);
    if (height === 0 || root === null) return;
    this.findHot(root, height, positions);
    const top = this.build(root, height, 0);
    this.place(top, 0, 0);
    this.width = top.width;
  }

  private slotsOf(name: string): number {
    return Number(this.model.valueOf('src', `end@${name}`, this.step) ?? -1) + 1;
  }

  /** Marks nodes that changed, or hold a position, and all above them. */
  private findHot(name: string, levels: number, positions: readonly number[], first = 0): boolean {
    const { model, step } = this;
    let isHot = false;
    let from = first;
    for (let slot = 0; slot < this.slotsOf(name); slot++) {
      const pivot = indexOf(model.valueOf('src', `pivot@${name}.${slot}`, step));
      for (const kind of levels === 1 ? ['pivot', 'slot'] : ['pivot', 'child']) {
        const number = model.numberOf(`${kind}@${name}.${slot}`);
        if (number !== undefined && model.isChanged('src', number, step)) isHot = true;
      }
      if (levels === 1) isHot ||= positions.some((at) => at >= from && at <= pivot);
      else {
        const child = model.valueOf('src', `child@${name}.${slot}`, step);
        if (child !== null && this.findHot(child, levels - 1, positions, from)) isHot = true;
      }
      from = pivot + 1;
    }
    if (isHot) this.hot.add(name);
    return isHot;
  }

  private build(name: string, levels: number, first: number): TreeNode {
    const { model, step } = this;
    const slots = this.slotsOf(name);
    const children: TreeNode[] = [];
    const at: number[] = [];
    let from = first;
    const isSmall = slots <= 8 && levels <= 2;
    for (let slot = 0; levels > 1 && slot < slots; slot++) {
      const child = model.valueOf('src', `child@${name}.${slot}`, step);
      const shown = child !== null && (this.hot.has(child) || isSmall || slot === 0) && this.budget > 0;
      if (shown) {
        if (levels === 2) this.budget--;
        children.push(this.build(child, levels - 1, from));
        at.push(slot);
      }
      from = indexOf(model.valueOf('src', `pivot@${name}.${slot}`, step)) + 1;
    }
    const leftOut = levels > 1 ? slots - children.length : 0;
    const node = { name, levels, slots, children, at, leftOut, first, x: 0, y: 0, width: 0 };
    this.nodes.push(node);
    return node;
  }

  private place(node: TreeNode, x: number, depth: number): void {
    const tall = (node.levels === 1 ? 2 : 3) * LINE;
    node.y = depth * (3 * LINE + 62) + 22;
    this.height = Math.max(this.height, node.y + tall + 24);
    let at = x;
    for (const child of node.children) {
      this.place(child, at, depth + 1);
      at += child.width + BETWEEN;
    }
    const below = Math.max(0, at - x - BETWEEN);
    const own = Math.max(1, node.slots) * SLOT;
    node.width = Math.max(own, below);
    const shift = (node.width - below) / 2;
    if (shift > 0) for (const child of node.children) move(child, shift);
    node.x = x + (node.width - own) / 2;
  }
}

function move(node: TreeNode, by: number): void {
  node.x += by;
  for (const child of node.children) move(child, by);
}

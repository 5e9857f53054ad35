/**
 * The maple tree of src, drawn: each pivot, gap, child and slot can be asked who wrote it. What the step changed is
 * lit, and cursors stand over the slot that they are in.
 */
import type { TraceView } from '../../../domains/domain';
import { html } from './html';
import { indexOf, Layout, LINE, SLOT, type TreeNode } from './layout';
import { type Store, stepName } from './store';
import { describeValue, pressed } from './values';

type NodesFacts = Extract<TraceView, { kind: 'nodes' }>;

interface Cursor {
  readonly name: string;
  readonly at: number;
}

/** The cursors that have a place. */
function cursorsOf({ model, step }: Store, part: string | undefined): Cursor[] {
  if (part === undefined) return [];
  return model
    .rows(part, step)
    .filter(({ row }) => model.valueOf('src', `${part}(${row}).status`, step) === 'active')
    .map(({ row }) => ({ name: `${part}(${row})`, at: indexOf(model.valueOf('src', `${part}(${row}).index`, step)) }));
}

function shorten(text: string): string {
  return text.length <= 8 ? text : `${text.slice(0, 3)}…${text.slice(-4)}`;
}

function drawValue(store: Store, name: string, x: number, y: number) {
  const { model, step } = store;
  const number = model.numberOf(name);
  const value = model.value('src', number, step);
  if (value === null || number === undefined) return null;
  const changed = model.isChanged('src', number, step);
  const about = describeValue(store, name);
  const press = pressed(store, name);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      press(event);
    }
  };
  return html`<g class=${changed ? 'cell changed' : 'cell'} role="button" tabindex="0" data-name=${name}
      aria-label=${`${about}. Who wrote this?`} onClick=${press} onKeyDown=${onKey}
      onMouseEnter=${() => store.set({ hover: about })}>
    <title>${about}</title>
    <rect x=${x + 1} y=${y + 1} width=${SLOT - 2} height=${LINE - 2} rx="2" />
    <text x=${x + SLOT / 2} y=${y + LINE - 5}>${shorten(value)}${changed ? ' •' : ''}</text>
  </g>`;
}

function drawNode(store: Store, node: TreeNode, cursors: readonly Cursor[]) {
  const { model, step } = store;
  const { name, levels, slots, x, y } = node;
  const kinds = levels === 1 ? ['pivot', 'slot'] : ['pivot', 'child', 'gap'];
  const lines = kinds.filter((kind) => kind !== 'gap' || model.numberOf(`gap@${name}.0`) !== undefined);
  const isNew = step > 0 && model.valueOf('src', `end@${name}`, step - 1) === null;
  let from = node.first;
  const flags = [];
  for (let slot = 0; slot < slots && levels === 1; slot++) {
    const pivot = indexOf(model.valueOf('src', `pivot@${name}.${slot}`, step));
    const here = cursors.filter(({ at }) => at >= from && at <= pivot).map((cursor) => cursor.name);
    if (here.length > 0)
      flags.push(
        html`<text class="cursor" x=${x + slot * SLOT + SLOT / 2} y=${y + LINE * 2 + 20}>▲ ${here.join(' ')}</text>`,
      );
    from = pivot + 1;
  }
  return html`<g>
    <text class="node-name" x=${x + 2} y=${y - 5}>${levels === 1 ? 'leaf' : 'node'} ${name}${isNew ? ' (new)' : ''}</text>
    <rect class=${isNew ? 'node fresh' : 'node'} x=${x} y=${y} width=${slots * SLOT} height=${lines.length * LINE} rx="4" />
    ${Array.from({ length: slots }, (_, slot) =>
      lines.map((kind, line) => drawValue(store, `${kind}@${name}.${slot}`, x + slot * SLOT, y + line * LINE)),
    )}
    ${node.leftOut > 0 && html`<text class="left-out" x=${x + slots * SLOT + 6} y=${y + LINE + 4}>${node.leftOut} below not drawn</text>`}
    ${flags}
  </g>`;
}

function drawEdges(node: TreeNode, tall: number) {
  return node.children.map((child, i) => {
    const x1 = node.x + (node.at[i] + 0.5) * SLOT;
    const y1 = node.y + tall;
    const x2 = child.x + (child.slots * SLOT) / 2;
    const y2 = child.y - 16;
    return html`<path class="edge" d=${`M${x1} ${y1} C${x1} ${y1 + 18} ${x2} ${y2 - 18} ${x2} ${y2}`} />`;
  });
}

export function NodesView({ store, view }: { store: Store; view: NodesFacts }) {
  const { model, step } = store;
  const root = model.numberOf('root');
  const cursors = cursorsOf(store, view.cursors);
  const layout = new Layout(
    model,
    step,
    cursors.map(({ at }) => at),
  );
  if (layout.nodes.length === 0) {
    const value = model.value('src', root, step) ?? '-';
    return html`<p>No node: the tree is ${value === '-' ? 'empty' : `one entry at index 0, ${value}`}, since
      ${' '}${stepName(root === undefined ? 0 : model.writer('src', root, step))}.</p>`;
  }
  const gaps = layout.nodes.some(({ name, levels }) => levels > 1 && model.numberOf(`gap@${name}.0`) !== undefined);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${view.title}>
      <svg class="nodes" role="group" aria-label="Nodes; each value can be asked who wrote it"
        width=${layout.width + 120} height=${layout.height}>
        ${layout.nodes.map((node) => drawEdges(node, (gaps ? 3 : 2) * LINE))}
        ${layout.nodes.map((node) => drawNode(store, node, cursors))}
      </svg></div>
    <p class="key">rows of a node: pivot (last index of the slot), child or entry${gaps ? ', longest gap below' : ''}.
      ${' '}• lit: written by this step. ▲ a maple state stands here.</p>`;
}

/**
 * One value that can be asked who wrote it, and the tables made of such values.
 */
import type { TraceView } from '../../../domains/domain';
import { html } from './html';
import { type Store, stepName } from './store';

/** What a value is, for those who hear it. */
export function describeValue(store: Store, name: string): string {
  const { model, step } = store;
  const number = model.numberOf(name);
  if (number === undefined) return `${name} is not there`;
  const value = model.value('src', number, step);
  const writer = model.writer('src', number, step);
  return `${name} is ${value ?? 'not there'}, written by ${stepName(writer)}`;
}

/** What the oracle has of a name, where it has such names and something else; null where all is well. */
function expectedOf(store: Store, name: string): string | null {
  const { model, step } = store;
  const number = model.numberOf(name);
  if (number === undefined || !model.has('oracle', number)) return null;
  const [actual, expected] = [model.value('src', number, step), model.value('oracle', number, step)];
  return actual === expected ? null : (expected ?? 'nothing');
}

/** A click asks who wrote it; with the shift key it is watched. */
export function pressed(store: Store, name: string): (event: MouseEvent | KeyboardEvent) => void {
  return (event) => {
    event.stopPropagation();
    if (event.shiftKey) store.watch(name);
    else store.askWriter(name);
  };
}

function Value({ store, name }: { store: Store; name: string }) {
  const { model, step } = store;
  const number = model.numberOf(name);
  const value = model.value('src', number, step);
  const expected = expectedOf(store, name);
  const changed = number !== undefined && model.isChanged('src', number, step);
  const old = changed ? model.value('src', number, step - 1) : null;
  if (value === null && expected === null) return html`<span class="faint">·</span>`;
  const label = `${describeValue(store, name)}${expected === null ? '' : `, expected ${expected}`}. Who wrote this?`;
  return html`<button type="button" class=${`value${changed ? ' changed' : ''}${expected === null ? '' : ' wrong-value'}`}
      data-name=${name} aria-label=${label} title=${label} onClick=${pressed(store, name)}>
      ${changed && old !== null && old !== value && html`<s>${old}</s> `}${value ?? 'missing'}
      ${expected !== null && html`<em> ≠ ${expected}</em>`}
    </button>`;
}

type TableFacts = Extract<TraceView, { kind: 'table' }>;

export function TableView({ store, view }: { store: Store; view: TableFacts }) {
  const { model, step } = store;
  const rows = model.rows(view.part, step);
  const gone = model.rows(view.part, step - 1).filter(({ row }) => !rows.some((other) => other.row === row));
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${view.title}><table>
    <thead><tr><th scope="col">${view.part}</th>${view.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
    <tbody>
      ${rows.map(({ row, names }) => {
        const [some] = names.values();
        const isNew = step > 0 && model.value('src', some, step - 1) === null;
        const missing = model.value('src', some, step) === null;
        const extra = model.has('oracle', some) || hasOracle(store, view.part);
        const tooMany = extra && model.value('oracle', some, step) === null;
        const note = missing ? 'missing in src' : tooMany ? 'not in the oracle' : isNew ? 'new' : '';
        return html`<tr class=${missing || tooMany ? 'bad' : isNew ? 'new' : ''}>
          <th scope="row">${row}${note !== '' && html` <small>${note}</small>`}</th>
          ${view.columns.map((column) => html`<td><${Value} store=${store} name=${`${view.part}(${row}).${column}`} /></td>`)}
        </tr>`;
      })}
      ${gone.map(
        ({ row }) => html`<tr class="gone"><th scope="row"><s>${row}</s> <small>gone</small></th>
        <td colspan=${view.columns.length}>removed by this step</td></tr>`,
      )}
    </tbody></table>
    ${rows.length === 0 && html`<p class="faint">none</p>`}</div>`;
}

/** Whether the oracle has rows of a part at all. */
function hasOracle({ model, step }: Store, part: string): boolean {
  return model.rows(part, step).some(({ names }) => [...names.values()].some((name) => model.has('oracle', name)));
}

type ValuesFacts = Extract<TraceView, { kind: 'values' }>;

export function ValuesView({ store, view }: { store: Store; view: ValuesFacts }) {
  const there = view.keys.filter((key) => store.model.numberOf(key) !== undefined);
  return html`<dl class="values">${there.map(
    (key) => html`<div><dt>${key}</dt><dd><${Value} store=${store} name=${key} /></dd></div>`,
  )}</dl>`;
}

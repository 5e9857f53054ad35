/** The page as a whole. */
import type { TraceView } from '../../../domains/domain';
import { Events, Invariants, StepPanel, Verdict } from './details';
import { html } from './html';
import { KEYS, toggleHelp } from './keys';
import { StepList } from './list';
import { NodesView } from './nodes';
import { type Store, stepName } from './store';
import { Strips } from './strips';
import { type TickPaths, Timeline } from './timeline';
import { TableView, ValuesView } from './values';

function Head({ store }: { store: Store }) {
  const { title, facts } = store.model.trace;
  return html`<header class="head"><h1>${title}</h1>
    <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}</dl>
    <p>${store.model.trace.about}. The optimized implementation (<b>src</b>) and the naive one (<b>oracle</b>) do each step;
      ${' '}they must answer and hold the same. Click any value: <b>who wrote this?</b>
      ${' '}<button type="button" onClick=${() => toggleHelp(true)}>keys (?)</button></p></header>`;
}

function Help() {
  return html`<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2>
    <dl class="keys">${KEYS.map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
    <button type="button" onClick=${() => toggleHelp(false)}>close</button></dialog>`;
}

function View({ store, view, i }: { store: Store; view: TraceView; i: number }) {
  const open = store.isOpen(view);
  const toggle = (event: Event): void => store.fold(view, (event.currentTarget as HTMLDetailsElement).open);
  const body = (): unknown => {
    if (view.kind === 'nodes') return html`<${NodesView} store=${store} view=${view} />`;
    if (view.kind === 'table') return html`<${TableView} store=${store} view=${view} />`;
    return html`<${ValuesView} store=${store} view=${view} />`;
  };
  return html`<section class="panel" aria-labelledby=${`view-${i}`}><details open=${open} onToggle=${toggle}>
    <summary><h2 id=${`view-${i}`}>${view.title}</h2></summary>${open && body()}</details></section>`;
}

export interface Sizes {
  readonly main: number;
  readonly list: number;
}

export function App({ store, ticks, sizes }: { store: Store; ticks: TickPaths; sizes: Sizes }) {
  const { model, step } = store;
  const { op } = model.trace.steps[step];
  return html`<div class="page">
    <${Head} store=${store} />
    <${Verdict} store=${store} />
    <p class="sr" aria-live="polite">${stepName(step)} of ${model.last}: ${op}</p>
    <div class="body">
      <main>
        <${Timeline} store=${store} ticks=${ticks} />
        <${StepPanel} store=${store} />
        <${Strips} store=${store} width=${sizes.main} />
        ${model.trace.views.map((view, i) => html`<${View} key=${view.title} store=${store} view=${view} i=${i} />`)}
        <div class="pair"><${Events} store=${store} /><${Invariants} store=${store} /></div>
      </main>
      <${StepList} store=${store} height=${sizes.list} />
    </div>
    <${Help} />
    <datalist id="names">${store.names.map((name) => html`<option value=${name} />`)}</datalist>
  </div>`;
}

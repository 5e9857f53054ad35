/** The operations, as a list of which only what is in sight is drawn. */
import type { TraceStep } from '../../trace/trace';
import { html } from './html';
import type { Store } from './store';

const ROW = 26;
const BEYOND = 6;

function operationText({ op, fields }: TraceStep): string {
  return op === ''
    ? '(the beginning)'
    : `${op} ${fields.map(([name, value]) => `${name}=${value.replace(/ \(.*\)$/, '')}`).join(' ')}`;
}

/** The steps whose operation has the words that are searched for. */
function foundSteps(store: Store): readonly number[] {
  const { model, query } = store;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...model.trace.steps.keys()];
  if (words.length === 0) return all;
  const texts = all.map((i) => operationText(model.trace.steps[i]).toLowerCase());
  return all.filter((i) => words.every((word) => texts[i].includes(word)));
}

const MARKS = { read: '·', write: '●', refused: '○', split: '⋔', merge: '⋎', wrong: '✗' } as const;

export function StepList({ store, height }: { store: Store; height: number }) {
  const { model, step, listTop } = store;
  const found = foundSteps(store);
  const from = Math.max(0, Math.floor(listTop / ROW) - BEYOND);
  const shown = found.slice(from, from + Math.ceil(height / ROW) + 2 * BEYOND);
  const next = (event: Event): void => {
    event.preventDefault();
    const to = found.find((i) => i > step) ?? found[0];
    if (to !== undefined) store.go(to);
  };
  return html`<nav class="steps" aria-label="Operations">
    <form onSubmit=${next} role="search"><label>Search (/)
      <input id="search" type="search" value=${store.query} autocomplete="off"
        onInput=${(event: Event) => store.set({ query: (event.target as HTMLInputElement).value, listTop: 0 })} />
      </label> <small>${found.length} of ${model.trace.steps.length}</small></form>
    <div id="list" class="list" tabindex="0" style=${`height:${height}px`}
      onScroll=${(event: Event) => store.set({ listTop: (event.target as HTMLElement).scrollTop })}>
      <div style=${`height:${found.length * ROW}px;padding-top:${from * ROW}px`}>
        ${shown.map((i) => {
          const one = model.trace.steps[i];
          return html`<button type="button" key=${i} class=${`step ${one.tick}`} tabindex="-1"
            aria-current=${i === step ? 'step' : undefined} onClick=${() => store.go(i)}>
            <span class="number">${i}</span> <span class=${`mark ${one.tick}`}>${MARKS[one.tick]}</span>
            ${' '}${operationText(one)}</button>`;
        })}
      </div></div></nav>`;
}

/** Scrolls the list so that the present step is in sight. */
export function keepInSight(store: Store): void {
  const list = document.getElementById('list');
  if (list === null) return;
  const at = foundSteps(store).indexOf(store.step) * ROW;
  if (at < 0) return;
  if (at < list.scrollTop) list.scrollTop = at;
  else if (at + ROW > list.scrollTop + list.clientHeight) list.scrollTop = at + ROW - list.clientHeight;
}

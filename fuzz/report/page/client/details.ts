/** What is known of one step beside pictures: the operation, the answers, the events, the invariants. */
import { html } from './html';
import { type Store, stepName } from './store';

function Answers({ store }: { store: Store }) {
  const { model, step } = store;
  const [src, oracle] = model.trace.steps[step].answers;
  if (src < 0 && oracle < 0) return null;
  const differ = src !== oracle && src >= 0 && oracle >= 0;
  const text = (answer: number): string => (answer < 0 ? 'not asked' : model.text(answer));
  return html`<table class="answers"><tbody>
    <tr><th scope="row">expected (oracle)</th><td><code>${text(oracle)}</code></td></tr>
    <tr class=${differ ? 'bad' : ''}><th scope="row">answered (src)</th>
      <td><code>${text(src)}</code>${differ ? html` <em>≠ differs</em>` : html` <span class="faint">as expected</span>`}</td></tr>
  </tbody></table>`;
}

/** What is wrong, in words, above all else. */
export function Verdict({ store }: { store: Store }) {
  const { difference, steps } = store.model.trace;
  if (difference === null)
    return html`<p class="verdict good">✓ src and oracle agree in all ${steps.length - 1} steps.</p>`;
  const { state, rule, foundBy, detail, places, alone } = difference;
  const { op } = steps[state];
  const kinds: Record<string, string> = {
    answer: 'src differs from the oracle',
    assertion: 'an assertion in src broke',
    invariant: 'an invariant does not hold',
    structure: 'the structure of src is wrong',
    crash: 'src threw an exception',
    hang: 'the step does not end',
  };
  return html`<div class="verdict bad-verdict" role="note" aria-label="What is wrong">
    <p><strong>✗ ${kinds[foundBy] ?? foundBy}: ${rule}</strong>, at ${stepName(state)} of ${steps.length - 1}, <code>${op}</code>
      ${store.step !== state && html` <button type="button" onClick=${() => store.go(state)}>go there (n)</button>`}</p>
    <p>${detail}</p>
    ${places.length > 0 && html`<p>in ${places.map((place, i) => html`${i > 0 && ', called from '}<code>${place}</code>`)}</p>`}${alone !== '' && html`<p>Alone: ${alone}</p>`}</div>`;
}

export function StepPanel({ store }: { store: Store }) {
  const { model, step } = store;
  const { op, fields, tick } = model.trace.steps[step];
  const jump = store.jumps.at(-1);
  const kind = tick === 'refused' ? 'refused: nothing may change' : tick === 'wrong' ? 'the first wrong step' : tick;
  return html`<section class=${tick === 'wrong' ? 'panel bad' : 'panel'} aria-labelledby="operation">
    <header><h2 id="operation">${step === 0 ? 'The beginning' : `Step ${step}`}
      ${' '}<code>${op}</code> <small>${step === 0 ? 'nothing was done yet' : kind}</small></h2>
      <span class="controls">
        <button type="button" disabled=${step === 0} onClick=${() => store.go(step - 1)}>◀ back (k)</button>
        <button type="button" disabled=${step === model.last} onClick=${() => store.go(step + 1)}>next (j) ▶</button>
      </span></header>
    ${
      jump !== undefined &&
      html`<p class="jump"><b>${jump.name}</b> was written here, as ${stepName(jump.from)} has it.
      ${' '}<button type="button" onClick=${() => store.back()}>back to ${stepName(jump.from)} (b)</button></p>`
    }
    ${fields.length > 0 && html`<dl class="fields">${fields.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`}
    <${Answers} store=${store} /></section>`;
}

export function Events({ store }: { store: Store }) {
  const { trace } = store.model;
  const { events } = trace.steps[store.step];
  return html`<section class="panel" aria-labelledby="events"><h2 id="events">Events of this step</h2>
    ${events.length === 0 && html`<p class="faint">none recorded</p>`}
    <ol class="events">${events.map((number) => {
      const [name, place] = trace.events[number];
      return html`<li>${name} <code>${place}</code></li>`;
    })}</ol></section>`;
}

const STATES: Readonly<Record<string, string>> = { h: '✓ holds', b: '✗ broken', '.': '– not asked' };

export function Invariants({ store }: { store: Store }) {
  const { model, step } = store;
  const marks = model.text(model.trace.steps[step].invariants);
  return html`<section class="panel" aria-labelledby="invariants"><h2 id="invariants">Invariants after this step</h2>
    <ul class="invariants">${model.trace.invariants.map(([name, about], i) => {
      const mark = marks[i] ?? '.';
      return html`<li class=${mark === 'b' ? 'bad' : ''} title=${about}>
        <span class=${mark === 'h' ? 'state held' : 'state'}>${STATES[mark]}</span> ${name}
        ${mark === 'b' && html` <small>${about}</small>`}</li>`;
    })}</ul>
    <details><summary>What each says</summary><dl class="keys">${model.trace.invariants.map(
      ([name, about]) => html`<div><dt>${name}</dt><dd>${about}</dd></div>`,
    )}</dl></details></section>`;
}

/**
 * The strip over all steps, one tick each, and under it what is watched. The ticks differ in height as in colour:
 *
 *     read short   write middle   refused low and hollow   split, merge tall, with a notch   wrong: the whole height
 */
import type { Tick } from '../../trace/trace';
import { html } from './html';
import type { Model } from './model';
import { type Store, stepName } from './store';

const HEIGHT = 34;
const WATCH = 46;
const SHAPES: Readonly<Record<Tick, readonly [top: number, bottom: number]>> = {
  read: [22, 30],
  write: [14, 30],
  refused: [26, 34],
  split: [4, 30],
  merge: [8, 34],
  wrong: [0, 34],
};
const KINDS = Object.keys(SHAPES) as Tick[];

/** One path for each kind of tick, made once: thousands of shapes would have to be compared at every step. */
export class TickPaths {
  readonly paths: ReadonlyMap<Tick, string>;

  constructor(
    model: Model,
    readonly width: number,
  ) {
    const parts = new Map<Tick, string[]>();
    const { steps } = model.trace;
    for (const [i, { tick }] of steps.entries()) {
      const [top, bottom] = SHAPES[tick];
      const x = (((i + 0.5) / steps.length) * width).toFixed(1);
      const part = `M${x} ${top}V${bottom}`;
      const list = parts.get(tick);
      if (list === undefined) parts.set(tick, [part]);
      else list.push(part);
    }
    this.paths = new Map([...parts].map(([tick, list]) => [tick, list.join('')]));
  }
}

function placeOf(step: number, count: number, width: number): number {
  return ((step + 0.5) / count) * width;
}

function numberOf(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  return /^0x[0-9a-f]+$/.test(text) ? Number.parseInt(text, 16) : Number.NaN;
}

/** A value over all steps: a line where all are numbers, else a level for each text. */
function watchPath(model: Model, name: string, width: number): string {
  const number = model.numberOf(name);
  if (number === undefined) return '';
  const history = model.history(number);
  const texts = [...new Set(history.flatMap(({ text }) => (text === null ? [] : [text])))];
  const numeric = texts.every((text) => !Number.isNaN(numberOf(text)));
  const levelOf = (text: string): number => (numeric ? numberOf(text) : texts.indexOf(text));
  const levels = texts.map(levelOf);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const y = (text: string): number => WATCH - 8 - ((levelOf(text) - low) / Math.max(1, high - low)) * (WATCH - 18);
  const count = model.trace.steps.length;
  let path = '';
  let isDown = false;
  for (const { step, text } of history) {
    const x = (step / count) * width;
    if (isDown) path += `H${x}`;
    if (text !== null) path += `${isDown ? 'V' : `M${x} `}${y(text)}`;
    isDown = text !== null;
  }
  return isDown ? `${path}H${width}` : path;
}

function Watch({ store, name, width }: { store: Store; name: string; width: number }) {
  const { model, step } = store;
  const x = placeOf(step, model.trace.steps.length, width);
  const value = model.valueOf('src', name, step) ?? model.valueOf('oracle', name, step) ?? 'not there';
  return html`<div class="watch">
    <span><b>${name}</b> = ${value}
      ${' '}<button type="button" onClick=${() => store.unwatch(name)} aria-label=${`stop watching ${name}`}>✕</button></span>
    <svg width=${width} height=${WATCH} role="img" aria-label=${`${name} over all steps; now ${value}`}>
      <path class="watch-line" d=${watchPath(model, name, width)} />
      <path class="now" d=${`M${x} 0V${WATCH}`} />
    </svg></div>`;
}

function legend() {
  return html`<ul class="legend">${KINDS.map(
    (kind) => html`<li><svg width="8" height=${HEIGHT} aria-hidden="true">
      <path class=${`tick ${kind}`} d=${`M4 ${SHAPES[kind][0]}V${SHAPES[kind][1]}`} /></svg> ${kind}</li>`,
  )}</ul>`;
}

function watchForm(store: Store) {
  const add = (event: Event): void => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem('name') as HTMLInputElement;
    store.watch(input.value.trim());
    input.value = '';
  };
  return html`<form onSubmit=${add}><label>Watch <input name="name" list="names" autocomplete="off"
    placeholder="height, gap@2.3, vma(0x3000).flags" /></label> <button type="submit">add</button></form>`;
}

export function Timeline({ store, ticks }: { store: Store; ticks: TickPaths }) {
  const { model, step } = store;
  const count = model.trace.steps.length;
  const { width } = ticks;
  const x = placeOf(step, count, width);
  const press = (event: MouseEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    store.go(Math.floor(((event.clientX - box.left) / box.width) * count));
  };
  return html`<section class="panel" aria-label="All steps">
    <svg class="ticks" width=${width} height=${HEIGHT} onClick=${press} aria-hidden="true">
      ${[...ticks.paths].map(
        ([tick, path]) => html`<path class=${`tick ${tick}`} d=${path}
        style=${`stroke-width:${Math.max(0.6, Math.min(7, (width / count) * 0.6))}`} />`,
      )}
      <path class="now" d=${`M${x} 0V${HEIGHT}`} />
    </svg>
    <input type="range" min="0" max=${model.last} value=${step} aria-label="Step"
      aria-valuetext=${stepName(step)} style=${`width:${width}px`}
      onInput=${(event: Event) => store.go(Number((event.target as HTMLInputElement).value))} />
    ${legend()}
    ${store.watches.map((name) => html`<${Watch} key=${name} store=${store} name=${name} width=${width} />`)}
    ${watchForm(store)}
  </section>`;
}

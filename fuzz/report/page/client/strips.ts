/**
 * Contents as strips at one scale: src before the step, src after it, and what the oracle has.
 *
 *     before    |  a  |     |  b  |
 *     actual    |  a     ····  b  |      what the step changed has a bar above it
 *     expected  |  a  | ≠ |   b   |      what differs is hatched, in both, and has the sign between them
 *
 * All ends of all strips cut the space into pieces. Even scale: a piece is the wider the more is in it, by its
 * logarithm, so that one index and 2^50 of them stand side by side. True scale: in proportion.
 */
import { html } from './html';
import type { Span } from './model';
import type { Store } from './store';

const ROW = 40;
const GAP = 20;
const TOP = 34;
const CHAR = 7.2;

/** What the operation is about. */
type Place = readonly [first: number, last: number] | null;

interface Strip {
  readonly name: string;
  readonly spans: readonly Span[];
}

/** Where each end lies, in pixels. */
class Scale {
  readonly ends: number[];
  private readonly places: number[] = [0];

  constructor(strips: readonly Strip[], place: Place, width: number, even: boolean) {
    const ends = new Set<number>();
    for (const { spans } of strips) {
      for (const { first, last } of spans) ends.add(first).add(last + 1);
    }
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    if (place !== null) for (const end of [place[0], place[1] + 1]) if (end > low && end < high) ends.add(end);
    this.ends = [...ends].sort((a, b) => a - b);
    const sizes = this.ends.slice(1).map((end, i) => end - this.ends[i]);
    const least = Math.min(...sizes);
    const weights = sizes.map((size) => (even ? 1 + Math.min(4, Math.log2(size / least) / 2) : size));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let at = 0;
    for (const weight of weights) this.places.push((at += (weight / total) * width));
  }

  /** Of an end that is not in sight, that of the nearest that is. */
  at(end: number): number {
    const i = this.ends.findIndex((other) => other >= end);
    return i < 0 ? this.places[this.places.length - 1] : this.places[i];
  }
}

function keyOf({ first, last, text }: Span): string {
  return `${first} ${last} ${text}`;
}

function hue(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) % 360;
  return sum;
}

function isFree(text: string): boolean {
  return text.trim() === '' || text === '-';
}

function cutTo(text: string, width: number): string {
  const fits = Math.floor((width - 8) / CHAR);
  if (text.length <= fits) return text;
  return fits < 2 ? '' : `${text.slice(0, fits - 1)}…`;
}

interface Marks {
  readonly changed: ReadonlySet<string>;
  readonly wrong: ReadonlySet<string>;
}

function drawSpan(span: Span, y: number, scale: Scale, store: Store, marks: Marks) {
  const x = scale.at(span.first);
  const width = Math.max(1, scale.at(span.last + 1) - x);
  const free = isFree(span.text);
  const wrong = marks.wrong.has(keyOf(span));
  const changed = marks.changed.has(keyOf(span));
  const text = cutTo(free ? 'free' : span.text, width);
  const about = `from ${span.label}: ${free ? 'free' : span.text}${changed ? ', changed' : ''}${wrong ? ', differs' : ''}`;
  return html`<g onMouseEnter=${() => store.set({ hover: about })}>
    <title>${about}</title>
    <rect class=${free ? 'span free' : 'span'} style=${free ? '' : `--hue:${hue(span.text)}`}
      x=${x + 0.5} y=${y} width=${Math.max(0, width - 1)} height=${ROW} rx="3" />
    ${wrong && html`<rect class="wrong" x=${x + 0.5} y=${y} width=${width - 1} height=${ROW} rx="3" />`}
    ${changed && html`<rect class="lit" x=${x + 1} y=${y} width=${Math.max(0, width - 2)} height="4" />`}
    <text class=${free ? 'faint' : ''} x=${x + width / 2} y=${y + ROW / 2 + 5}>${text}</text>
  </g>`;
}

/** A bracket over what the operation is about, and a band through all strips. */
function drawPlace(place: Place, op: string, scale: Scale, room: number, height: number) {
  if (place === null) return null;
  const x = scale.at(place[0]);
  const width = Math.max(3, scale.at(place[1] + 1) - x);
  const half = (op.length * CHAR) / 2;
  const middle = Math.min(room - half, Math.max(half, x + width / 2));
  return html`<g class="place"><rect class="band" x=${x} y="14" width=${width} height=${height - 30} />
    <path d=${`M${x} 20V14H${x + width}V20`} /><text x=${middle} y="11">${op}</text></g>`;
}

/** Numbers under the strips, as far as they do not touch. */
function drawAxis(strips: readonly Strip[], scale: Scale, y: number) {
  const labels = new Map<number, string>();
  for (const { spans } of strips) for (const { first, label } of spans) labels.set(first, label);
  let free = -4;
  return [...labels]
    .sort(([a], [b]) => a - b)
    .map(([first, label]) => {
      const x = scale.at(first);
      if (x < free) return null;
      free = x + label.length * CHAR + 8;
      return html`<text class="axis" x=${x + 1} y=${y}>${label}</text>`;
    });
}

function setOf(spans: readonly Span[], others: readonly Span[]): Set<string> {
  const known = new Set(others.map(keyOf));
  return new Set(spans.map(keyOf).filter((key) => !known.has(key)));
}

/** At most so many spans are drawn; of more, those around what changed or differs. */
const MOST = 80;

function around(spans: readonly Span[], from: number, to: number): Span[] {
  return spans.filter(({ first, last }) => last >= from && first <= to);
}

/** The piece of the space that is drawn. */
function pieceOf(strips: readonly Strip[], marks: readonly Marks[]): readonly [from: number, to: number] {
  const [, after] = strips;
  if (strips.every(({ spans }) => spans.length <= MOST)) return [0, Number.POSITIVE_INFINITY];
  const hot = after.spans.findIndex((span) => marks[1].wrong.has(keyOf(span)) || marks[1].changed.has(keyOf(span)));
  const at = Math.max(0, (hot < 0 ? 0 : hot) - MOST / 2);
  const end = after.spans[Math.min(after.spans.length - 1, at + MOST)];
  return [after.spans[at]?.first ?? 0, end?.last ?? Number.POSITIVE_INFINITY];
}

function table(strips: readonly Strip[]) {
  return html`<details class="as-table"><summary>The same as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Contents as a table"><table>
      <thead><tr><th scope="col">strip</th><th scope="col">from</th><th scope="col">content</th></tr></thead>
      <tbody>${strips.map(({ name, spans }) =>
        spans.map(
          ({ label, text }) =>
            html`<tr><th scope="row">${name}</th><td>${label}</td><td>${isFree(text) ? 'free' : text}</td></tr>`,
        ),
      )}</tbody></table></div></details>`;
}

function controls(store: Store) {
  return html`<span class="controls">
    <button type="button" onClick=${() => store.set({ zoom: Math.min(32, store.zoom * 2) })}>zoom in (+)</button>
    <button type="button" onClick=${() => store.set({ zoom: Math.max(1, store.zoom / 2) })}>zoom out (-)</button>
    <button type="button" aria-pressed=${String(store.even)} onClick=${() => store.set({ even: !store.even })}>
      even scale</button>
  </span>`;
}

export function Strips({ store, width }: { store: Store; width: number }) {
  const { model, step } = store;
  const before = model.spans('src', step - 1);
  const after = model.spans('src', step);
  const expected = model.spans('oracle', step);
  const all: Strip[] = [
    { name: 'before', spans: before },
    { name: 'after (src)', spans: after },
    { name: 'expected (oracle)', spans: expected },
  ];
  const none = new Set<string>();
  const changed = step === 0 ? none : setOf(after, before);
  const marks: Marks[] = [
    { changed: none, wrong: none },
    { changed, wrong: setOf(after, expected) },
    { changed: none, wrong: setOf(expected, after) },
  ];
  const [from, to] = pieceOf(all, marks);
  const strips = all.map(({ name, spans }) => ({ name, spans: around(spans, from, to) }));
  const room = Math.max(320, width) * store.zoom;
  const { op, place } = model.trace.steps[step];
  const scale = new Scale(strips, place, room, store.even);
  const differs = marks[1].wrong.size + marks[2].wrong.size > 0;
  const height = 3 * (ROW + GAP) + TOP;
  return html`<section class=${differs ? 'panel bad' : 'panel'} aria-labelledby="contents">
    <header><h2 id="contents">Contents</h2>${controls(store)}</header>
    <div class="scroll" tabindex="0" role="region" aria-label="Contents as strips, a table of the same follows">
      <svg class="strips" role="img" width=${room} height=${height}
        aria-label=${differs ? 'src and oracle differ, see the table below' : 'src and oracle agree'}>
        ${strips.map(({ name, spans }, i) => {
          const y = i * (ROW + GAP) + TOP;
          return html`<g><text class="row-name" x="0" y=${y - 5}>${name}</text>
            ${spans.map((span) => drawSpan(span, y, scale, store, marks[i]))}</g>`;
        })}
        ${drawPlace(place, op, scale, room, height)}
        ${drawAxis(strips, scale, height - 4)}
      </svg></div>
    <p class="hover">${store.hover === '' ? (differs ? '▨ hatched: src and oracle differ here.' : 'src and oracle hold the same.') : store.hover}
      ${' '}<span class="key">▔ bar: changed by this step</span></p>
    ${table(strips)}
  </section>`;
}

/**
 * The page's script: reads the trace that stands in the page, and draws it. Large traces are deflated and in base64.
 */
import { render } from 'preact';
import type { Trace } from '../../trace/trace';
import { App } from './app';
import { html } from './html';
import { listenToKeys } from './keys';
import { keepInSight } from './list';
import { Model } from './model';
import { Store } from './store';
import { TickPaths } from './timeline';

async function readTrace(): Promise<Trace> {
  const place = document.getElementById('trace')!;
  const text = place.textContent ?? '';
  if (place.dataset.packed === undefined) return JSON.parse(text) as Trace;
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(await new Response(stream).text()) as Trace;
}

const PADDING = 26;

function sizesOf(): { main: number; list: number } {
  const main = document.querySelector('main');
  const isNarrow = window.innerWidth < 900;
  const width = main?.clientWidth ?? (isNarrow ? window.innerWidth - 24 : window.innerWidth - 384);
  return { main: Math.max(280, width - PADDING), list: isNarrow ? 240 : Math.max(240, window.innerHeight - 96) };
}

async function start(): Promise<void> {
  const root = document.getElementById('root')!;
  const model = new Model(await readTrace());
  let ticks: TickPaths | null = null;
  let shown = -1;
  const draw = (): void => {
    const sizes = sizesOf();
    if (ticks === null || ticks.width !== sizes.main) ticks = new TickPaths(model, sizes.main);
    render(html`<${App} store=${store} ticks=${ticks} sizes=${sizes} />`, root);
    if (shown === store.step) return;
    shown = store.step;
    keepInSight(store);
    document.documentElement.dataset.step = String(shown);
  };
  const store = new Store(model, draw);
  draw();
  listenToKeys(store);
  new ResizeObserver(() => store.changed()).observe(document.documentElement);
}

void start();

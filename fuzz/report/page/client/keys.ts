/** The keys. While something is typed only Escape counts. */
import type { Store } from './store';

export const KEYS: readonly (readonly [key: string, what: string])[] = [
  ['j  → ↓', 'next step'],
  ['k  ← ↑', 'step before'],
  ['Home g', 'the beginning'],
  ['End G', 'the last step'],
  ['n', 'next difference'],
  ['/', 'search operations; Enter goes to the next one found'],
  ['Enter', 'on a value: who wrote this? With the shift key: watch it'],
  ['b', 'back from who wrote this'],
  ['+ -', 'zoom'],
  ['t', 'fold or unfold the maple tree'],
  ['?', 'this help'],
  ['Esc', 'close the help, leave the search'],
];

export function toggleHelp(open?: boolean): void {
  const help = document.getElementById('help') as HTMLDialogElement | null;
  if (help === null) return;
  if (open ?? !help.open) help.showModal();
  else help.close();
}

function act(store: Store, key: string): boolean {
  const { model, step } = store;
  const actions: Readonly<Record<string, () => void>> = {
    j: () => store.go(step + 1),
    k: () => store.go(step - 1),
    Home: () => store.go(0),
    End: () => store.go(model.last),
    n: () => {
      const wrong = model.nextWrong(step);
      if (wrong >= 0) store.go(wrong);
    },
    b: () => store.back(),
    '+': () => store.set({ zoom: Math.min(32, store.zoom * 2) }),
    '-': () => store.set({ zoom: Math.max(1, store.zoom / 2) }),
    '/': () => document.getElementById('search')?.focus(),
    '?': () => toggleHelp(),
    t: () => store.toggleTree(),
  };
  const same: Readonly<Record<string, string>> = {
    ArrowRight: 'j',
    ArrowDown: 'j',
    ArrowLeft: 'k',
    ArrowUp: 'k',
    g: 'Home',
    G: 'End',
    '=': '+',
  };
  const action = actions[same[key] ?? key];
  action?.();
  return action !== undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type !== 'range';
}

export function listenToKeys(store: Store): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur();
      return;
    }
    const help = document.getElementById('help') as HTMLDialogElement | null;
    if (help?.open === true && event.key !== '?') return;
    if (act(store, event.key)) event.preventDefault();
  });
}

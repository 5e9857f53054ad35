/** Every example of docs/library.md runs, and prints what stands under it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as face from '../src';

const TEXT = readFileSync(join(__dirname, '..', 'docs', 'library.md'), 'utf8');
const EXAMPLES = [...TEXT.matchAll(/```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)];

it('all examples have their output', () => {
  expect(EXAMPLES.length).toBeGreaterThan(3);
  expect(TEXT.match(/```js/g)).toHaveLength(EXAMPLES.length);
});

it.each(EXAMPLES.map(([, code, output], i) => [i + 1, code, output] as const))('example %i', (_i, code, output) => {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((...words: unknown[]) => {
    lines.push(words.map((word) => (Array.isArray(word) ? `[${word.join()}]` : String(word))).join(' '));
  });
  try {
    new Function('require', code)((name: string) => (name === 'maple-fuzz' ? face : null));
  } finally {
    log.mockRestore();
  }
  expect(`${lines.join('\n')}\n`).toBe(output);
});

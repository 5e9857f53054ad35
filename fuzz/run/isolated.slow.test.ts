/**
 * Runs in a process of their own: what hangs and what dies is told with its step, and the next run goes on as if
 * nothing had been; a sequence that hangs is minimized.
 */
import path from 'node:path';
import { tree } from '../domains/tree';
import type { Sequence } from '../format/types';
import { minimize } from '../minimize/minimize';
import { isolatedRun } from './isolated';

const PLANT = path.join(__dirname, '..', 'campaign', 'testing', 'plant.cjs');
const header = { format: 'maple-fuzz/1', domain: 'tree', ranges: false } as const;
const store = (first: number): Sequence['operations'][number] => ({ op: 'store_range', first, last: first, value: 1 });
const harmless: Sequence = { header, operations: [store(1), store(2)] };
const deadly: Sequence = { header, operations: [store(1), store(2), { op: 'dup' }, store(3)] };

/** The processes inherit the environment. */
function planted(mistake: string): void {
  process.env.NODE_OPTIONS = `--require ${PLANT}`;
  process.env.PLANT = mistake;
}

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

it('an endless step is a hang at its operation, and shrinks to that', async () => {
  planted('hang');
  const run = isolatedRun(500);
  expect(await run(harmless)).toBeNull();
  expect(await run(deadly)).toMatchObject({ rule: 'hang', step: 2, operation: { op: 'dup' } });
  expect(await run(harmless)).toBeNull();
  const minimal = await minimize(tree, deadly, run, { confirm: run.confirm });
  expect(minimal).toMatchObject({ complete: true, difference: { rule: 'hang', step: 0 } });
  expect(minimal!.sequence.operations).toEqual([{ op: 'dup' }]);
}, 120_000);

it('a step that ends the process is a death at its operation, and the next run gets a new process', async () => {
  planted('die');
  const run = isolatedRun(500);
  expect(await run(deadly)).toMatchObject({ rule: 'died', step: 2, operation: { op: 'dup' } });
  expect(await run(harmless)).toBeNull();
}, 120_000);

it('what does not hang when it has its time is not made shorter', async () => {
  const hang = { step: 0, operation: deadly.operations[2]!, rule: 'hang', foundBy: 'hang', detail: '' } as const;
  const minimal = await minimize(tree, deadly, () => hang, { confirm: () => null });
  expect(minimal).toMatchObject({ complete: false, sequence: deadly });
});

/**
 * Which worker minimizes: what is paused goes on in the worker that holds it, and no other begins meanwhile.
 */
import type { FindingsStore } from '../findings/store';
import { MinimizingTurns } from './minimizing-turns';
import { FakeWorker } from './testing/fakes';

const events = { onReport: () => {}, onDeath: () => {}, onFailure: () => {} };
const [one, two] = [0, 1].map((index) => new FakeWorker(index, events));

let waiting: string | null;
let turns: MinimizingTurns;
beforeEach(() => {
  waiting = 'first';
  turns = new MinimizingTurns({ nextToMinimize: () => waiting } as Pick<
    FindingsStore,
    'nextToMinimize'
  > as FindingsStore);
});

it('one at a time', () => {
  expect([turns.begin(one), turns.begin(two), turns.begin(one)]).toEqual(['first', null, null]);
  turns.finished(false);
  waiting = 'second';
  expect(turns.begin(two)).toBe('second');
});

it('what is paused goes on where it is, whatever else waits by now', () => {
  turns.begin(one);
  turns.finished(true);
  waiting = 'earlier';
  expect([turns.begin(two), turns.begin(one)]).toEqual([null, 'first']);
  turns.finished(false);
  expect(turns.begin(two)).toBe('earlier');
});

it('another begins when the worker that held it is gone, not when any other is', () => {
  turns.begin(one);
  turns.finished(true);
  turns.gone(two);
  expect(turns.begin(two)).toBeNull();
  turns.gone(one);
  expect(turns.begin(two)).toBe('first');
});

it('nothing begins where nothing waits', () => {
  waiting = null;
  expect(turns.begin(one)).toBeNull();
  waiting = 'first';
  expect(turns.begin(two)).toBe('first');
});

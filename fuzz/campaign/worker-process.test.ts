/**
 * The orders of a worker as the coordinator sees them: what a worker reports takes out the order that it was, and no other.
 */
import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Order, Report } from './protocol';
import { WorkerProcess } from './worker-process';

const run = (from: number): Order => ({ order: 'run', range: { from, to: from + 32 }, addUsable: [] });
const minimize: Order = { order: 'minimize', name: 'x', budgetMs: 1 };

it('a forgotten range that had been begun does not end the order after it', () => {
  const child = Object.assign(new EventEmitter(), { stderr: new PassThrough(), connected: false });
  jest.spyOn(childProcess, 'fork').mockReturnValue(child as unknown as childProcess.ChildProcess);
  const worker = new WorkerProcess({ worker: 0, folder: '' }, { onReport: () => {}, onDeath: () => {} });
  const hear = (order: Order['order']): boolean => {
    const report: Report = { report: 'finished', order, paused: false };
    return child.emit('message', report);
  };
  for (const order of [run(0), run(32), run(64)]) worker.give(order);
  // The worker is at the second range already.
  worker.forgetRuns();
  hear('run');
  expect(worker.orders).toEqual([]);
  worker.give(minimize);
  hear('run');
  expect(worker.orders).toEqual([minimize]);
  hear('minimize');
  expect(worker.orders).toEqual([]);
  jest.restoreAllMocks();
});

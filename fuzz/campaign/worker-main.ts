/**
 * Entry of a worker process: connects a worker to the coordinator, and ends with it.
 */
import { Worker as Thread } from 'node:worker_threads';
import { Damaged, DiskFull } from '../base/files';
import { SequenceError } from '../sequence/parse';
import type { Order, Report, WorkerSetup } from './protocol';
import { CampaignWorker } from './worker';

/**
 * A thread of its own that ends the process when the coordinator is gone: a worker in an endless loop would otherwise
 * go on for ever, for it never looks at its channel.
 */
const LIFELINE = `
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, 1000);
`;

function main(setup: WorkerSetup): void {
  new Thread(LIFELINE, { eval: true }).unref();
  // Ctrl-C goes to the whole group of processes; the coordinator decides what it means.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  const report = (message: Report): void => {
    if (process.connected) process.send!(message, () => {});
  };
  const fail = (error: unknown): void => {
    const message = isUsersToMend(error) ? error.message : String((error as Error).stack ?? error);
    process.send!({ report: 'failed', message } satisfies Report, () => process.exit(1));
  };
  const worker = makeWorker(setup, report, fail);
  if (worker === null) return;
  process.on('message', (order) => worker.take(order as Order));
  report({ report: 'ready' });
  worker.work().then(() => process.exit(0), fail);
}

/** No bug, and so no stack: a full disk, or a file of the campaign that is not what it should be. */
function isUsersToMend(error: unknown): error is Error {
  return [DiskFull, Damaged, SequenceError].some((kind) => error instanceof kind);
}

/** What the user must mend ends the campaign at once; whatever else keeps a worker from starting may be gone the next time. */
function makeWorker(
  setup: WorkerSetup,
  report: (message: Report) => void,
  onUsersToMend: (error: Error) => void,
): CampaignWorker | null {
  try {
    return new CampaignWorker(setup, report);
  } catch (error) {
    if (!isUsersToMend(error)) throw error;
    onUsersToMend(error);
    return null;
  }
}

main(JSON.parse(process.argv[2]!) as WorkerSetup);

/**
 * What becomes of a worker's orders when it died, and of the sequence in which it did.
 *
 *     died in sequence n --> suspect --> runs again, carefully --> passed        n is done
 *                              ^                    |
 *                              +-- doubtful: the ---+--> died again --> a finding; n is done
 *                                  death may not be its own
 *
 * Rules that hold here:
 * - A sequence in which a worker died runs once more, alone and with each operation written down before it is applied.
 *   Nothing is said about it before.
 * - A death that the sequence may have no part in (a kill from outside, or before any operation) is no answer: it runs
 *   again.
 */
import fs from 'node:fs';
import { type Finding, newFinding, slugOf } from '../findings/finding';
import { giveUpMinimizing } from '../findings/minimizing';
import type { FindingsStore } from '../findings/store';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { smallestHeader } from '../sequence/header';
import { parseSequences } from '../sequence/parse';
import type { Order } from './protocol';
import type { Records } from './records';
import { domainsOf, originOf } from './sequences';
import type { CampaignFolder, CampaignSettings } from './settings';
import { readSlot } from './slot';
import type { Death, WorkerHandle } from './worker-handle';

/** So often a sequence is run carefully and dies for a reason that may not be its own, before that is a finding. */
const CAREFUL_FAILURES = 10;

/** A sequence to run carefully, and how its worker died. */
interface Suspect {
  readonly n: number;
  readonly death: Death;
}

export class Deaths {
  /** The first is the one that runs, while one does. */
  private readonly suspects: Suspect[] = [];
  private runsIn: WorkerHandle | null = null;
  private doubtfulDeaths = 0;

  constructor(
    private readonly folder: CampaignFolder,
    private readonly settings: CampaignSettings,
    private readonly records: Records,
    private readonly store: FindingsStore,
  ) {}

  /** Whether a sequence is to be run carefully, and none is being run so. */
  get isWaiting(): boolean {
    return this.suspects.length > 0 && this.runsIn === null;
  }

  /** The next sequence to run carefully is this worker's; only while one is waiting. */
  begin(worker: WorkerHandle): Suspect {
    // What another sequence left there must not be taken for this one's.
    fs.rmSync(this.folder.carefulFile(worker.index), { force: true });
    this.runsIn = worker;
    return this.suspects[0];
  }

  /** The one that ran carefully came to its end. */
  passed(): void {
    this.close();
  }

  private close(): void {
    this.suspects.shift();
    this.runsIn = null;
    this.doubtfulDeaths = 0;
  }

  /** Takes back all orders of a worker that died. */
  takeBack(worker: WorkerHandle, death: Death): void {
    const [present, ...later] = worker.orders;
    if (present !== undefined) this.takeBackPresent(worker, present, death);
    for (const order of later) if (order.order === 'run') this.records.ledger.putBack(order.range);
  }

  /** The order under way: what of it is done stays done. */
  private takeBackPresent(worker: WorkerHandle, order: Order, death: Death): void {
    if (order.order === 'minimize') this.giveUp(order.name, death);
    else if (order.order === 'careful') this.diedCarefully(worker, order.n, order.how, death);
    else if (order.order === 'run') this.diedInRange(worker, order, death);
  }

  private giveUp(name: string, death: Death): void {
    const settled = giveUpMinimizing(this.store, name, `the worker ended with ${death}`);
    if (settled === null) return;
    this.records.journal.write({ settled: name, as: settled.name, duplicate: settled.duplicate });
  }

  private diedCarefully(worker: WorkerHandle, n: number, first: Death, death: Death): void {
    this.runsIn = null;
    const sequence = readCareful(this.folder.carefulFile(worker.index));
    const isDoubtful = death === 'SIGKILL' || (sequence?.operations.length ?? 0) === 0;
    if (isDoubtful && ++this.doubtfulDeaths < CAREFUL_FAILURES) return;
    this.close();
    const difference = this.describe(sequence, death, worker.stderr);
    const finding = this.findingOf(n, sequence, difference);
    const { journal } = this.records;
    journal.write({ died: n, how: first, again: `it ended with ${death}` });
    // Without a word there is no sequence to store.
    const folder = sequence === null ? null : this.store.save(finding);
    journal.write({ finding: n, slug: slugOf(finding.facts), folder });
    journal.write({ done: [n, n + 1], steps: 0 });
    journal.flush();
  }

  private findingOf(n: number, written: Sequence | null, difference: Difference): Finding {
    const sequence = written ?? { header: smallestHeader(domainsOf(this.settings)[0]), operations: [] };
    const { seed, version, targets } = this.settings;
    const origin = originOf(this.settings, n);
    return newFinding(sequence, difference, { seed, n, version, origin, targets: targets.join(',') });
  }

  private describe(sequence: Sequence | null, death: Death, stderr: string): Difference {
    const operations = sequence?.operations ?? [];
    const step = operations.length - 1;
    const operation = operations[step] ?? null;
    if (death === 'hang') {
      const detail = `the step did not end within ${this.settings.stepTimeoutMs / 1000} s`;
      return { step, operation, rule: 'hang', foundBy: 'hang', detail };
    }
    if (death === 'memory') {
      return { step, operation, rule: 'memory', foundBy: 'crash', detail: 'the worker outgrew its memory (--memory)' };
    }
    const last = stderr.trim().split('\n').slice(-6).join('\n');
    return { step, operation, rule: 'died', foundBy: 'crash', detail: `the process ended with ${death}\n${last}` };
  }

  /** The sequences before the one in which it died are done, those behind it run elsewhere, and it is a suspect. */
  private diedInRange({ index }: WorkerHandle, { range }: Extract<Order, { order: 'run' }>, death: Death): void {
    const { ledger, journal } = this.records;
    const { from, to } = range;
    if (ledger.isDone(to - 1)) return;
    const slot = readSlot(this.folder.slotFile(index));
    if (slot === null || slot.from !== from || slot.to !== to || slot.next >= to) {
      ledger.putBack(range);
      return;
    }
    if (slot.next > from) journal.write({ done: [from, slot.next], steps: slot.steps });
    this.suspects.push({ n: slot.next, death });
    ledger.putBack({ from: slot.next + 1, to });
  }
}

/** What a worker wrote down, however far it came; null if not even the header was. */
export function readCareful(file: string): Sequence | null {
  if (!fs.existsSync(file)) return null;
  // It may have died between making the file and writing the header, or in the middle of a line.
  const text = fs.readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole === '' ? null : (parseSequences(whole)[0] ?? null);
}

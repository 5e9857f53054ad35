/**
 * What a campaign learns from its journal, and what it takes up of an earlier run: journal, slots, records.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FindingsStore } from '../findings/store';
import { EPOCH } from './epochs';
import { type Fact, Journal } from './journal';
import { Records } from './records';
import { CampaignFolder } from './settings';
import { readSlot, Slot } from './slot';
import { FakeClock } from './testing/fakes';

const clock = new FakeClock();
let folder: CampaignFolder;
let workers: Journal;

beforeEach(() => {
  folder = new CampaignFolder(fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-records-')));
  for (const place of [folder.corpus, folder.workers]) fs.mkdirSync(place);
  workers = new Journal(folder.journalFile);
});

afterEach(() => {
  workers.close();
  fs.rmSync(folder.folder, { recursive: true });
});

function recordsAfter(...facts: Fact[]): Records {
  const records = new Records(folder, 32, clock);
  for (const fact of facts) workers.write(fact);
  records.readOn();
  return records;
}

describe('facts', () => {
  it('that are told twice count once', () => {
    const records = recordsAfter(
      { finding: 7, slug: 'dup-hang', folder: null },
      { finding: 7, slug: 'dup-hang', folder: 'dup-hang-1' },
      { finding: 9, slug: 'dup-hang', folder: null },
      { finding: 9, slug: 'load-answer', folder: null },
      { done: [0, 32], steps: 4 },
      { done: [16, 32], steps: 4 },
      { settled: 'a', as: 'b', duplicate: false },
      { settled: 'a', as: 'b', duplicate: false },
      { settled: 'c', as: 'b', duplicate: true },
    );
    expect([records.failing, records.ledger.count, records.settled]).toEqual([3, 32, ['b']]);
    expect(records.seen.get('dup-hang')?.size).toBe(2);
  });

  it('tell when something new came last: a feature, or another kind of finding', () => {
    const records = recordsAfter({ finding: 7, slug: 'dup-hang', folder: null });
    const first = records.lastNewMs;
    clock.pass(500);
    workers.write({ finding: 8, slug: 'dup-hang', folder: null });
    records.readOn();
    expect(records.lastNewMs).toBe(first);
    workers.write({ reached: 9, features: [1] });
    records.readOn();
    expect(records.lastNewMs).toBe(first + 500);
  });

  it('complete an epoch, of which the first to reach something stays', () => {
    for (const n of [3, 4, 5]) fs.writeFileSync(folder.keptFile(n), '');
    const facts = [5, 4, 3].map((n) => ({ reached: n, features: n === 5 ? [1, 2] : [1] }));
    const records = recordsAfter(...facts, { done: [0, EPOCH - 1], steps: 1 });
    expect([records.epochs.complete, records.epochs.storedCount]).toEqual([0, 3]);
    workers.write({ done: [EPOCH - 1, EPOCH], steps: 1 });
    records.readOn();
    expect(records.epochs.keptIn(0)).toEqual([3, 5]);
    expect(fs.readdirSync(folder.corpus).sort()).toEqual(['3.ndjson', '5.ndjson']);
  });
});

it('an earlier run is taken up where its workers were, and its settled findings are not news', () => {
  const slot = new Slot(folder.slotFile(0));
  slot.write({ from: 32, to: 64, next: 40, steps: 9 });
  slot.close();
  fs.writeFileSync(folder.statsFile, '{"ranMs":100}\n{"ranMs":200}\n');
  workers.write({ done: [0, 32], steps: 1 });
  workers.write({ settled: 'a', as: 'b', duplicate: false });
  const records = new Records(folder, 32, clock);
  records.recover();
  expect(records.ledger.give(1000)).toEqual({ from: 40, to: 64 });
  expect([records.earlierMs, records.settled]).toEqual([200, []]);
  expect(workers.readOn()).toContainEqual({ done: [32, 40], steps: 9 });
  // Taken up once: the slot is older than the journal by now.
  const again = new Records(folder, 32, clock);
  again.recover();
  expect(workers.readOn()).toEqual([]);
});

it('findings are known by their signatures, and wait until they are minimized', () => {
  const put = (name: string, signature: string | null, minimized: string): void => {
    fs.mkdirSync(path.join(folder.findings, name), { recursive: true });
    const facts = { rule: `broken-${name}`, operation: 'o', originalLength: 1, signature, minimized };
    fs.writeFileSync(path.join(folder.findings, name, 'finding.json'), JSON.stringify(facts));
  };
  put('a', '11111111', 'yes');
  put('b', '22222222', 'yes');
  put('c', null, 'no');
  const names = recordsAfter().findings(new FindingsStore(folder.findings), new Set(['22222222']));
  expect(names).toMatchObject({ fresh: ['a', 'c'], known: ['b'], waiting: 1 });
});

describe('a slot', () => {
  it('holds the last position whole', () => {
    const slot = new Slot(folder.slotFile(1));
    slot.write({ from: 1e15, to: 1e15 + 32, next: 1e15 + 31, steps: 123_456 });
    slot.write({ from: 1, to: 2, next: 1, steps: 0 });
    slot.close();
    expect(readSlot(folder.slotFile(1))).toEqual({ from: 1, to: 2, next: 1, steps: 0 });
  });

  it.each(['', '1 2 3 4', '1 2 x 4 .', '1 2 3 .'])('that says %j was never written whole', (text) => {
    fs.writeFileSync(folder.slotFile(1), text);
    expect(readSlot(folder.slotFile(1))).toBeNull();
  });
});

describe('the journal', () => {
  it('is read on from where it was, by each reader for itself', () => {
    const reader = new Journal(folder.journalFile);
    workers.write({ started: 'x' });
    expect(reader.readOn()).toEqual([{ started: 'x' }]);
    workers.write({ done: [0, 1], steps: 2 });
    expect(reader.readOn()).toEqual([{ done: [0, 1], steps: 2 }]);
    expect(reader.readOn()).toEqual([]);
    expect(workers.readOn()).toHaveLength(2);
    reader.close();
  });

  it('takes in facts of later versions, and names the line of what is none', () => {
    fs.appendFileSync(folder.journalFile, '{"new":1}\n{"reached":"x","features":[]}\n');
    expect(() => workers.readOn()).toThrow(/journal\.ndjson: line 2 is damaged/);
  });
});

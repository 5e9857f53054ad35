import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { printSequence } from '../sequence/print';
import { type Finding, newFinding, shorterFinding, signatureOf } from './finding';
import { giveUpMinimizing } from './minimizing';
import { FindingsStore, listFindings, readFacts, readFindings, readMarks, type Settled } from './store';
import { readmeFrom } from './texts';

const header = { format: 'maple-fuzz/1', domain: 'tree', ranges: false } as const;

/** So many loads and an erase of an index, at which a rule broke. */
function form(loads: number, rule = 'content', index = 5): { sequence: Sequence; difference: Difference } {
  const load = { op: 'load', index: 1 } as const;
  const erase = { op: 'erase', index } as const;
  const operations = [...Array.from({ length: loads }, () => load), erase];
  return {
    sequence: { header, operations },
    difference: { step: loads, operation: erase, rule, foundBy: 'answer', detail: 'entry 3' },
  };
}

/** A finding as it is first seen; each number makes another sequence. */
function seen(loads: number, rule = 'content'): Finding {
  const { sequence, difference } = form(loads, rule);
  const from = { seed: 'abc', n: 7, version: '0.1.0', origin: 'made up', targets: 'src,oracle' };
  return newFinding(sequence, difference, from);
}

/** Stores it; it must find room. */
function save(loads: number): string {
  const name = store.save(seen(loads));
  if (name === null) throw new Error('not stored');
  return name;
}

/** What its minimal form is: an erase of an index alone. */
function minimal(index: number): Finding {
  const shorter = shorterFinding(seen(9).facts, form(0, 'content', index), 'src,oracle');
  return { ...shorter, facts: { ...shorter.facts, minimized: 'yes', signature: signatureOf(shorter) } };
}

function settle(name: string, index: number): Settled {
  const shorter = minimal(index);
  return store.settle(name, shorter.facts, shorter);
}

let folder = '';
let store: FindingsStore;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-findings-'));
  store = new FindingsStore(folder);
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('FindingsStore', () => {
  it('stores a finding whole, and once', () => {
    const name = save(3);
    expect(name).toMatch(/^erase-content-[0-9a-f]{8}$/);
    const files = ['README.txt', 'finding.json', 'original.ndjson'];
    expect(fs.readdirSync(path.join(folder, name)).sort()).toEqual(files);
    expect(save(3)).toBe(name);
    expect(listFindings(folder)).toEqual([name]);
    expect(readFacts(path.join(folder, name))).toMatchObject({
      ...{ rule: 'content', operation: 'erase', seed: 'abc', n: 7, minimized: 'no', originalLength: 4 },
      difference: { step: 3, operation: { op: 'erase', index: 5 }, foundBy: 'answer' },
    });
    expect(fs.readFileSync(path.join(folder, name, 'original.ndjson'), 'utf8')).toContain('"origin":"made up"');
    const readme = fs.readFileSync(path.join(folder, name, 'README.txt'), 'utf8');
    expect(readme).not.toContain(folder);
    expect(readme).toMatch(/in the folder of this file:\nreplay {4}npx maple-fuzz replay original\.ndjson\n/);
    const here = readmeFrom("a folder/it's", readme);
    expect(here).not.toContain('in the folder');
    const place = `'a folder/it'\\''s`;
    for (const command of [
      `replay    npx maple-fuzz replay ${place}/original.ndjson'\n`,
      `step      npx maple-fuzz replay ${place}/original.ndjson' --step\n`,
      `minimize  npx maple-fuzz minimize ${place}'\n`,
    ])
      expect(here).toContain(command);
  });

  it('keeps a few of a kind until they are minimized', () => {
    for (let i = 0; i < 4; i++) expect(store.save(seen(i))).not.toBeNull();
    expect(store.save(seen(5))).toBeNull();
    expect(store.save(seen(5, 'cursor'))).not.toBeNull();
    settle(store.nextToMinimize() ?? '', 1);
    expect(store.save(seen(6))).not.toBeNull();
  });

  it('settles two findings with the same minimal form in one folder, and others apart', () => {
    const [a, b, c] = [1, 2, 3].map(save);
    const settled = settle(a, 8);
    expect(settled).toEqual({ name: `erase-content-${minimal(8).facts.signature}`, duplicate: false });
    expect(settle(b, 8)).toEqual({ name: settled.name, duplicate: true });
    expect(settle(c, 9).duplicate).toBe(false);
    expect(listFindings(folder)).toHaveLength(2);
    expect(store.nextToMinimize()).toBeNull();
    const signatures = [minimal(8), minimal(9)].map(({ facts }) => facts.signature);
    expect(readMarks(folder)).toEqual(new Set([...signatures, 'content entry #']));
    const text = fs.readFileSync(path.join(folder, settled.name, 'minimal.ndjson'), 'utf8');
    expect(text).toBe(printSequence(form(0, 'content', 8).sequence));
  });

  it('knows what it has settled when the minimizer meets it again', () => {
    const [a, b] = [1, 2].map(save);
    const { name } = settle(a, 8);
    expect(save(1)).toBe(name);
    expect(settle(b, 8).duplicate).toBe(true);
    expect(new FindingsStore(folder).save(seen(2))).toBe(name);
    expect(listFindings(folder)).toEqual([name]);
    // It was thrown away by hand: then it is new.
    fs.rmSync(path.join(folder, name), { recursive: true });
    expect(save(1)).toBe(a);
  });

  it('leaves findings of others alone in a shared folder, until it meets them', () => {
    const others = [1, 2, 3, 4].map(save);
    const shared = new FindingsStore(folder, true);
    expect([shared.nextToMinimize(), shared.read().size]).toEqual([null, 0]);
    // They take no room either.
    const own = shared.save(seen(5)) ?? '';
    expect([...shared.read().keys()]).toEqual([own]);
    expect(shared.save(seen(2))).toBe(others[1]);
    expect([...shared.read().keys()]).toEqual([own, others[1]].sort());
    settle(others[0], 8);
    const shorter = minimal(8);
    expect(shared.settle(own, shorter.facts, shorter).duplicate).toBe(true);
    expect(shared.read().size).toBe(2);
    shared.removeRemains();
    expect(fs.existsSync(path.join(folder, 'settled.ndjson'))).toBe(true);
  });

  it('makes its folder with the first finding', () => {
    const place = path.join(folder, 'a', 'b');
    const later = new FindingsStore(place);
    expect([later.nextToMinimize(), fs.existsSync(place)]).toEqual([null, false]);
    expect(listFindings(place)).toEqual([]);
    expect(later.save(seen(1))).not.toBeNull();
    expect(listFindings(place)).toHaveLength(1);
  });

  it('removes what a killed process left half filled', () => {
    fs.mkdirSync(path.join(folder, '.mas_store-content-00000000.123'));
    store.removeRemains();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('names the damaged file', () => {
    fs.mkdirSync(path.join(folder, 'x'));
    fs.writeFileSync(path.join(folder, 'x', 'finding.json'), '{');
    expect(() => readMarks(folder)).toThrow(/x\/finding\.json/);
  });
});

describe('while another process settles', () => {
  const read = fs.readFileSync.bind(fs) as (file: string, encoding: 'utf8') => string;

  /** What another process does just before a file is read. */
  function beforeReading(what: (() => void)[]): void {
    const reading = (file: string, encoding: 'utf8'): string => {
      what.shift()?.();
      return read(file, encoding);
    };
    jest.spyOn(fs, 'readFileSync').mockImplementation(reading as typeof fs.readFileSync);
  }

  const rename = (from: string, to: string) => () => fs.renameSync(path.join(folder, from), path.join(folder, to));

  it('reads each finding once, under the name that it has now', () => {
    const a = save(1);
    const b = save(2);
    beforeReading([rename(a, 'moved')]);
    expect([...readFindings(folder).keys()].sort()).toEqual([b, 'moved'].sort());
  });

  it('finds no finding that was a duplicate, and no end of looking', () => {
    const only = save(1);
    beforeReading([() => fs.rmSync(path.join(folder, only), { recursive: true })]);
    expect(store.nextToMinimize()).toBeNull();
    const name = save(1);
    beforeReading(Array.from({ length: 100 }, (_, i) => rename(i === 0 ? name : `x${i}`, `x${i + 1}`)));
    expect(readFindings(folder).size).toBe(0);
  });

  it('does not see what is being filled', () => {
    const filling = path.join(folder, '.mas_store-content-00000000.123');
    fs.mkdirSync(filling);
    fs.writeFileSync(path.join(filling, 'finding.json'), JSON.stringify(seen(1).facts));
    expect(store.nextToMinimize()).toBeNull();
  });

  it('gives up minimizing what is settled, and what is gone, without a word', () => {
    const [a, b] = [1, 2].map(save);
    const settled = settle(a, 8);
    expect(giveUpMinimizing(store, a, 'why')).toEqual(settled);
    expect(readFacts(path.join(folder, settled.name))).toEqual(minimal(8).facts);
    settle(b, 8);
    expect(giveUpMinimizing(store, b, 'why')).toBeNull();
    const waiting = save(3);
    expect(giveUpMinimizing(store, waiting, 'why')).toEqual({ name: waiting, duplicate: false });
    expect(readFacts(path.join(folder, waiting))).toMatchObject({
      minimized: 'partly',
      detail: expect.stringContaining('why'),
    });
  });
});

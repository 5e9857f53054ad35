import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type FindingFacts,
  FindingsStore,
  listFindings,
  readFacts,
  readFindings,
  readSignatures,
  signatureOf,
} from './store';
import { giveUpMinimizing } from './minimizing';

const facts: FindingFacts = {
  rule: 'content',
  operation: 'mas_store',
  foundBy: 'answer',
  detail: 'entry 3',
  seed: 'abc',
  n: 7,
  minimized: 'no',
  signature: null,
  originalLength: 40,
  minimalLength: null,
  minimizeMs: 0,
  version: '0.1.0',
};
const settledFacts = (minimal: string): FindingFacts => ({
  ...facts,
  minimized: 'yes',
  signature: signatureOf('content', 'mas_store', minimal),
  minimalLength: 3,
});

let folder = '';
let store: FindingsStore;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-findings-'));
  store = new FindingsStore(folder);
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('FindingsStore', () => {
  it('stores a finding whole, and once', () => {
    const name = store.save(facts, { readme: () => 'r', original: 'o' })!;
    expect(name).toMatch(/^mas_store-content-[0-9a-f]{8}$/);
    expect(fs.readdirSync(path.join(folder, name)).sort()).toEqual(['README.txt', 'finding.json', 'original.ndjson']);
    expect(store.save(facts, { readme: () => 'r', original: 'o' })).toBe(name);
    expect(listFindings(folder)).toEqual([name]);
    expect(readFacts(path.join(folder, name))).toEqual(facts);
  });

  it('keeps a few of a kind until they are minimized', () => {
    for (let i = 0; i < 4; i++) expect(store.save(facts, { readme: () => 'r', original: `o${i}` })).not.toBeNull();
    expect(store.save(facts, { readme: () => 'r', original: 'o5' })).toBeNull();
    expect(store.save({ ...facts, rule: 'cursor' }, { readme: () => 'r', original: 'o5' })).not.toBeNull();
    const first = store.nextToMinimize()!;
    store.settle(first, { minimal: 'm', readme: () => 'r' }, settledFacts('m'));
    expect(store.save(facts, { readme: () => 'r', original: 'o6' })).not.toBeNull();
  });

  it('settles two findings with the same minimal form in one folder, and others apart', () => {
    const a = store.save(facts, { readme: () => 'r', original: 'a' })!;
    const b = store.save(facts, { readme: () => 'r', original: 'b' })!;
    const c = store.save(facts, { readme: () => 'r', original: 'c' })!;
    const settled = store.settle(a, { minimal: 'm', readme: () => 'r' }, settledFacts('m'));
    expect(settled).toEqual({ name: `mas_store-content-${settledFacts('m').signature}`, duplicate: false });
    expect(store.settle(b, { minimal: 'm', readme: () => 'r' }, settledFacts('m'))).toEqual({
      name: settled.name,
      duplicate: true,
    });
    expect(store.settle(c, { minimal: 'other', readme: () => 'r' }, settledFacts('other')).duplicate).toBe(false);
    expect(listFindings(folder)).toHaveLength(2);
    expect(store.nextToMinimize()).toBeNull();
    expect(readSignatures(folder)).toEqual(new Set([settledFacts('m').signature, settledFacts('other').signature]));
  });

  it('knows what it has settled when the minimizer meets it again', () => {
    const texts = (original: string) => ({ readme: () => 'r', original });
    const [a, b] = ['a', 'b'].map((original) => store.save(facts, texts(original))!) as [string, string];
    const { name } = store.settle(a, { minimal: 'm', readme: () => 'r' }, settledFacts('m'));
    expect(store.save(facts, texts('a'))).toBe(name);
    expect(store.settle(b, { minimal: 'm', readme: () => 'r' }, settledFacts('m')).duplicate).toBe(true);
    expect(new FindingsStore(folder).save(facts, texts('b'))).toBe(name);
    expect(listFindings(folder)).toEqual([name]);
    // Somebody threw that one away: then it is new.
    fs.rmSync(path.join(folder, name), { recursive: true });
    expect(store.save(facts, texts('a'))).toBe(a);
  });

  it('removes what a killed process left half filled', () => {
    fs.mkdirSync(path.join(folder, '.mas_store-content-00000000.123'));
    store.removeRemains();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('names the damaged file', () => {
    fs.mkdirSync(path.join(folder, 'x'));
    fs.writeFileSync(path.join(folder, 'x', 'finding.json'), '{');
    expect(() => readSignatures(folder)).toThrow(/x\/finding\.json/);
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
  afterEach(() => jest.restoreAllMocks());

  const rename = (from: string, to: string) => () => fs.renameSync(path.join(folder, from), path.join(folder, to));

  it('reads each finding once, under the name that it has now', () => {
    const a = store.save(facts, { readme: () => 'r', original: 'a' })!;
    const b = store.save(facts, { readme: () => 'r', original: 'b' })!;
    beforeReading([rename(a, 'moved')]);
    expect([...readFindings(folder).keys()].sort()).toEqual([b, 'moved'].sort());
  });

  it('finds no finding that was a duplicate, and no end of looking', () => {
    const only = store.save(facts, { readme: () => 'r', original: 'a' })!;
    beforeReading([() => fs.rmSync(path.join(folder, only), { recursive: true })]);
    expect(store.nextToMinimize()).toBeNull();
    const name = store.save(facts, { readme: () => 'r', original: 'a' })!;
    beforeReading(Array.from({ length: 100 }, (_, i) => rename(i === 0 ? name : `x${i}`, `x${i + 1}`)));
    expect(readFindings(folder).size).toBe(0);
  });

  it('does not see what is being filled', () => {
    const filling = path.join(folder, '.mas_store-content-00000000.123');
    fs.mkdirSync(filling);
    fs.writeFileSync(path.join(filling, 'finding.json'), JSON.stringify(facts));
    expect(store.nextToMinimize()).toBeNull();
  });

  it('gives up minimizing what is settled, and what is gone, without a word', () => {
    const [a, b] = ['a', 'b'].map((original) => store.save(facts, { readme: () => 'r', original })!) as [
      string,
      string,
    ];
    const settled = store.settle(a, { minimal: 'm', readme: () => 'r' }, settledFacts('m'));
    expect(giveUpMinimizing(store, a, 'why')).toEqual(settled);
    expect(readFacts(path.join(folder, settled.name))).toEqual(settledFacts('m'));
    store.settle(b, { minimal: 'm', readme: () => 'r' }, settledFacts('m'));
    expect(giveUpMinimizing(store, b, 'why')).toBeNull();
    const waiting = store.save(facts, { readme: () => 'r', original: 'c' })!;
    expect(giveUpMinimizing(store, waiting, 'why')).toEqual({ name: waiting, duplicate: false });
    expect(readFacts(path.join(folder, waiting))).toMatchObject({
      minimized: 'partly',
      detail: expect.stringContaining('why'),
    });
  });
});

/**
 * The self-test itself, as a user runs it: the planted bugs are found (a selection, or all of them if the environment
 * says so, as in CI), one that does nothing counts as missed, and a control that nobody should report is not reported.
 */
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Sequence } from '../format/types';
import { type Mutant, parseMutant } from './mutant';
import { score as scoreOf, scoreRow, scoreTable, scoreText } from './score';
import type { SearchResult } from './search';
import { loadMutants, type MutantResult, median, runSelftest } from './selftest';

const ROOT = path.join(__dirname, '..', '..');
const BIN = path.join(ROOT, 'bin', 'maple-fuzz.js');

function selftest(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, 'selftest', ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const lines = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** A comment is all that it changes. */
const NOTHING = `name: does-nothing
expect: found
noticed by: nobody
mechanism: A comment.

--- a/src/debug.ts
+++ b/src/debug.ts
@@ -1,2 +1,3 @@
+// Nothing.
 /**
  * The one hook through which debug assertions and counters leave this library.
`;

/** CI looks for all of them, which takes some minutes; `npm test` by itself for a selection. */
const ALL = process.env.MAPLE_FUZZ_SELFTEST === 'all';

it(`finds ${ALL ? 'all' : 'a selection'} of the planted bugs, and reports no control`, async () => {
  // The limit is processor time, and steps depend on the seed alone: what is found here is found on a slow machine too.
  const { code, out, err } = await selftest(ALL ? '--once' : '--quick', '--for', '60s', '--json');
  const rows = lines(out).filter((row) => row.score === undefined);
  expect(err).toBe('');
  expect(rows.filter((row) => row.verdict !== 'found' && row.verdict !== 'quiet')).toEqual([]);
  expect(rows.length).toBeGreaterThan(ALL ? 250 : 5);
  expect(code).toBe(0);
}, 900_000);

it(`${ALL ? 'all' : 'some'} of the shortest known sequences show their bugs`, async () => {
  const { code, out, err } = await selftest('--known', ...(ALL ? [] : ['--only', 'pivot,close']), '--json');
  const rows = lines(out).filter((row) => row.score === undefined);
  expect(err).toBe('');
  expect(rows.filter((row) => row.verdict !== 'found')).toEqual([]);
  expect(rows.length).toBeGreaterThan(ALL ? 250 : 5);
  expect(code).toBe(0);
}, 900_000);

it('a planted bug that does nothing is missed: exit code 5', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-mutants-'));
  fs.writeFileSync(path.join(folder, 'does-nothing.patch'), NOTHING);
  const { code, out } = await selftest('--mutants', folder, '--for', '300ms', '--seeds', '1', '--json');
  fs.rmSync(folder, { recursive: true });
  expect(lines(out)[0]).toMatchObject({ name: 'does-nothing', verdict: 'missed', by: null });
  expect(lines(out)[1]).toMatchObject({ score: { findable: 1, found: 0 } });
  expect(code).toBe(5);
}, 240_000);

it('a control stays quiet, and one that is to be found and is a control is not', async () => {
  const all = loadMutants(ROOT);
  const control = all.find((m) => m.name === 'always-rewalk')!;
  const reported: Mutant = { ...all.find((m) => m.name === 'null-grows-left-by-old-limit')!, expect: 'equivalent' };
  const results = await runSelftest({
    root: ROOT,
    mutants: [control, reported],
    forMs: 3000,
    minimizeMs: 0,
    seeds: ['controls'],
    onResult: () => {},
  });
  expect(results.map((r) => r.verdict)).toEqual(['quiet', 'reported']);
}, 240_000);

it('ends all searches when one cannot be made, before their folder goes', async () => {
  // Late enough that the other one is under way.
  const trouble = "for (const end = Date.now() + 1500; Date.now() < end; ); require('./nowhere');";
  const broken = parseMutant(NOTHING.replaceAll('// Nothing.', trouble), 'does-nothing.patch');
  const endless: Mutant = { ...loadMutants(ROOT).find((m) => m.name === 'always-rewalk')!, expect: 'equivalent' };
  const run = runSelftest({
    root: ROOT,
    mutants: [endless, broken],
    forMs: 20_000,
    minimizeMs: 0,
    seeds: ['ends'],
    parallel: 2,
    onResult: () => {},
  });
  await expect(run).rejects.toThrow(/could not start/);
  const { stdout } = spawnSync('pgrep', ['-f', '-P', String(process.pid), 'search-main'], { encoding: 'utf8' });
  expect(stdout).toBe('');
}, 60_000);

describe('the score', () => {
  const base = loadMutants(ROOT)[0];
  const ofLength = (length: number): Sequence => ({
    header: { format: 'maple-fuzz/1', domain: 'tree', ranges: false },
    operations: new Array(length).fill({ op: 'destroy' }),
  });
  const hit = (seconds: number, length: number): SearchResult => ({
    seed: 's',
    found: { by: 'answer', rule: 'answer', detail: '', n: 0, steps: 10, seconds },
    minimal: ofLength(length),
    complete: true,
    seconds,
  });
  const miss: SearchResult = { seed: 's', found: null, minimal: null, complete: false, seconds: 1 };
  const result = (mutant: Partial<Mutant>, verdict: MutantResult['verdict'], ...searches: SearchResult[]) => ({
    mutant: { ...base, ...mutant },
    searches,
    verdict,
  });

  it('takes the median of times, the shortest of lengths', () => {
    const row = scoreRow(result({ known: ofLength(2) }, 'found', hit(3, 7), hit(1, 4), miss));
    expect(row).toMatchObject({ verdict: 'found', by: 'answer', seconds: 2, steps: 10, length: 4, shortest: 2 });
    expect(median([])).toBeNaN();
    expect(median([5, Number.POSITIVE_INFINITY, 1])).toBe(5);
  });

  it('counts what was found, what was long, and false alarms', () => {
    const results = [
      result({ expect: 'found', known: ofLength(2) }, 'found', hit(1, 4), hit(1, 5)),
      result({ expect: 'found', known: ofLength(4) }, 'found', hit(3, 5), hit(3, 6)),
      result({ expect: 'found', known: null }, 'missed', miss),
      result({ expect: 'equivalent' }, 'reported', hit(1, 1)),
      result({ expect: 'equivalent' }, 'quiet', miss),
      result({ expect: 'not-found' }, 'known-miss', miss),
    ];
    const total = scoreOf(results);
    expect(total).toEqual({
      findable: 3,
      found: 2,
      medianSeconds: 2,
      slowest: 3,
      controls: 2,
      falseAlarms: 1,
      long: 1,
      longSearches: 3,
      emptySearches: 1,
      knownMisses: 1,
    });
    expect(scoreText(total)).toContain('2 of 3 planted bugs found');
    expect(scoreTable(results)).toContain(base.name);
  });
});

/** Tests of the bench of a second worker, on a tiny plan. No timing is asserted. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { measureWorkers } from './workers';

/** The campaigns of this test that are still there. */
function left(seed: string): string[] {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(`--seed ${seed} `));
}

it('has a figure for each round of each, and leaves nothing behind', async () => {
  const seed = 'workers-test';
  const bin = join(__dirname, '..', 'bin', 'maple-fuzz.js');
  const plan = { seed, rounds: 2, warmUpMs: 1500, sliceMs: 100, bin };
  let seen: string[] = [];
  const rows = await measureWorkers({
    ...plan,
    progress: (line) => {
      if (line.includes('round 2')) seen = left(seed);
    },
  });
  expect(rows.map((row) => row.name)).toEqual(['one worker', 'two workers']);
  for (const row of rows) {
    expect(row.rounds).toHaveLength(2);
    for (const rate of row.rounds) expect(rate).toBeGreaterThanOrEqual(0);
  }
  expect(seen).toHaveLength(2);
  expect(left(seed)).toEqual([]);
}, 60_000);

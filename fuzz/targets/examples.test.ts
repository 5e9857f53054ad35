/**
 * The example drivers of docs/targets.md: they stand there as they are in docs/examples, are short, and judge right.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INVARIANTS } from '../domains/invariants';
import { tree } from '../domains/tree';
import { SequenceSource } from '../generate/source';
import { generationFor } from '../referee/generation';
import { createJudging } from '../referee/judging';

const DOCS = join(__dirname, '..', '..', 'docs');
const read = (name: string): string => readFileSync(join(DOCS, name), 'utf8');
const canRun = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
const RUNS = 10;

/** Fuzzes src and oracle with the driver as third; the differences, and how many steps there were. */
function fuzzWith(command: string, seed: string) {
  const judging = createJudging(`src,oracle,${command}`, INVARIANTS);
  try {
    const generation = generationFor(judging, ['tree'], {});
    const source = new SequenceSource({ ...generation, seed, domains: [tree], engine: 'direct' });
    let steps = 0;
    const found: string[] = [];
    for (let n = 0; n < RUNS; n++) {
      const { difference, operations } = source.run(n, judging.lockstep);
      steps += operations.length;
      if (difference !== null) found.push(difference.detail);
    }
    return { found, steps };
  } finally {
    judging.close();
  }
}

describe('the example drivers', () => {
  it.each(['driver.c', 'driver.py'])('%s has less than 100 lines, and stands in the docs as it is', (name) => {
    const text = read(join('examples', name));
    expect(text.trimEnd().split('\n').length).toBeLessThan(100);
    expect(read('targets.md')).toContain(text.trimEnd());
  });

  (canRun('cc') ? it : it.skip)('driver.c agrees with src and oracle', () => {
    const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-driver-'));
    const program = join(folder, 'driver');
    try {
      const words = ['-Wall', '-Wextra', '-Werror', '-O1', '-o', program, join(DOCS, 'examples', 'driver.c')];
      expect(spawnSync('cc', words, { encoding: 'utf8' }).stderr).toBe('');
      const { found, steps } = fuzzWith(program, 'the driver in C');
      expect(found).toEqual([]);
      expect(steps).toBeGreaterThan(300);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  (canRun('python3') ? it : it.skip)('driver.py agrees with src and oracle', () => {
    const { found, steps } = fuzzWith(`python3 '${join(DOCS, 'examples', 'driver.py')}'`, 'the driver in Python');
    expect(found).toEqual([]);
    expect(steps).toBeGreaterThan(300);
  });
});

/**
 * The example drivers of docs/targets.md: they stand there as they are in docs/examples, are short, and right.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INVARIANTS } from '../domains/invariants';
import { tree } from '../domains/tree';
import { SequenceSource } from '../generate/source';
import type { GenerateOptions } from '../generate/weights';
import { parseDeclared } from '../referee/declared';
import { generationFor } from '../referee/generation';
import { createTargetRuns } from '../referee/target-runs';
import { parseTargets } from './list';

const DOCS = join(__dirname, '..', '..', 'docs');
const read = (name: string): string => readFileSync(join(DOCS, name), 'utf8');
const canRun = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
const RUNS = 10;

/** Fuzzes src and oracle with the driver as third; the differences, and how many steps there were. */
function fuzzWith(command: string, seed: string, asked: GenerateOptions = {}) {
  const runs = createTargetRuns(parseTargets(`src,oracle,${command}`), { invariants: INVARIANTS });
  try {
    const generation = generationFor(runs, ['tree'], asked);
    const source = new SequenceSource({ ...generation, seed, domains: [tree], engine: 'direct' });
    let steps = 0;
    const found: string[] = [];
    for (let n = 0; n < RUNS; n++) {
      const { difference, operations } = source.run(n, runs.lockstep);
      steps += operations.length;
      if (difference !== null) found.push(difference.detail);
    }
    return { found, steps, compared: runs.takeCompared()[command] };
  } finally {
    runs.close();
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

  it('joining.cjs agrees where equal neighbours are joined', () => {
    const command = `'${process.execPath}' '${join(DOCS, 'examples', 'joining.cjs')}'`;
    const { found, steps, compared } = fuzzWith(command, 'joins', { only: ['store_range', 'load'] });
    expect(found).toEqual([]);
    expect(compared.comparedSteps).toBeGreaterThan(steps / 4);
    const says = "ops: ['store_range', 'load', 'dump'], headers: [], joins: true };";
    expect(read(join('examples', 'joining.cjs'))).toContain(says);
    expect(read('targets.md')).toContain(says);
  });
});

it('the declared differences of the docs can be read', () => {
  const rows = /^\{"op".*"reason".*\}$/gm;
  expect(parseDeclared(read('targets.md').match(rows)!.join('\n'))).toHaveLength(2);
});

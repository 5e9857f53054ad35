import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, 'closing-line.cjs');
const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-closing-'));
const tally = join(folder, 'tally');
afterAll(() => rmSync(folder, { recursive: true }));

/** The reporter in a process of its own, told that some tests passed, failed and were skipped. */
function report(passed: number, failed: number, skipped: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const results = {
    numPassedTests: passed,
    numFailedTests: failed,
    numRuntimeErrorTestSuites: 1,
    testResults: [{ testResults: skipped.map((fullName) => ({ status: 'pending', fullName })) }],
  };
  const code = `new (require(${JSON.stringify(SCRIPT)}))().onRunComplete([], ${JSON.stringify(results)})`;
  const { MAPLE_FUZZ_TALLY: _, ...inherited } = process.env;
  return spawnSync(process.execPath, ['-e', code], { encoding: 'utf8', env: { ...inherited, ...env } }).stdout;
}

function close(status: string): [code: number | null, lines: string[]] {
  const ended = spawnSync(process.execPath, [SCRIPT, tally, status], { encoding: 'utf8' });
  return [ended.status, ended.stdout.trimEnd().split('\n')];
}

it('a run of jest ends with its counts; a suite that cannot be loaded has failed', () => {
  expect(report(3, 1, ['the kernel answers'])).toBe('skipped: the kernel answers\n3 passed, 2 failed, 1 skipped\n');
});

it('several runs end with one line, their sums', () => {
  writeFileSync(tally, '');
  expect(report(3, 1, ['a b'], { MAPLE_FUZZ_TALLY: tally })).toBe('');
  expect(report(4, 0, [], { MAPLE_FUZZ_TALLY: tally })).toBe('');
  expect(close('1')).toEqual([1, ['skipped: a b', '7 passed, 3 failed, 1 skipped']]);
});

it('what fails before any test counts as one failure', () => {
  writeFileSync(tally, '{"passed":2,"failed":0,"skipped":[]}\n');
  expect(close('0')).toEqual([0, ['2 passed, 0 failed']]);
  expect(close('1')).toEqual([1, ['a check that is no test failed', '2 passed, 1 failed']]);
});

// The last line of a run of tests, for machines: `N passed, N failed`, and above it the skipped tests by name.
//
// As a reporter of jest it closes that run. Where MAPLE_FUZZ_TALLY names a file, the counts go there instead, and
//
//     node scripts/closing-line.cjs TALLY STATUS
//
// closes several runs with their sums. STATUS is 1 if any command of theirs failed; this one then ends with 1, too.
const fs = require('node:fs');

function closing({ passed, failed, skipped }) {
  const last = `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
  return [...skipped.map((name) => `skipped: ${name}`), last, ''].join('\n');
}

function countsOf(results) {
  const tests = results.testResults.flatMap((file) => file.testResults);
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: tests.filter(({ status }) => status === 'pending').map(({ fullName }) => fullName),
  };
}

module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const counts = countsOf(results);
    const tally = process.env.MAPLE_FUZZ_TALLY;
    if (tally) fs.appendFileSync(tally, `${JSON.stringify(counts)}\n`);
    // Behind everything that other reporters still write.
    else process.on('exit', () => fs.writeSync(1, closing(counts)));
  }
};

function closeAll(tally, status) {
  const runs = fs
    .readFileSync(tally, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const sum = {
    passed: runs.reduce((n, run) => n + run.passed, 0),
    failed: runs.reduce((n, run) => n + run.failed, 0),
    skipped: runs.flatMap((run) => run.skipped),
  };
  if (status !== '0' && sum.failed === 0) {
    // The types, the linter, jest itself: it has said so above.
    console.log('a check that is no test failed');
    sum.failed = 1;
  }
  process.stdout.write(closing(sum));
  process.exitCode = sum.failed > 0 ? 1 : 0;
}

if (require.main === module) closeAll(process.argv[2], process.argv[3]);

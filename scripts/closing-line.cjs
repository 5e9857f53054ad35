// A jest reporter for CI: the tests that were skipped, by name, and as the very last line a plain one that a machine
// reads.
const fs = require('node:fs');

module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const lines = [];
    for (const file of results.testResults) {
      for (const test of file.testResults) {
        if (test.status === 'pending') lines.push(`skipped: ${test.fullName}`);
      }
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
    lines.push(`${results.numPassedTests} passed, ${failed} failed${skipped}`);
    // Behind everything that other reporters still write.
    process.on('exit', () => fs.writeSync(1, `${lines.join('\n')}\n`));
  }
};

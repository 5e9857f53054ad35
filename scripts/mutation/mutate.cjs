// npm run mutate -- [--survivors] [Stryker's options] FILE…
//
// Runs Stryker over the files (all of src without any). With --survivors it takes the mutants that the last runs left
// alive, from reports/mutation/results.jsonl, and puts just those to the unit tests of src.
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const RESULTS = 'reports/mutation/results.jsonl';

/** The last result of every mutant, in the order of the file. */
function lastResults() {
  const results = new Map();
  for (const text of fs.readFileSync(RESULTS, 'utf8').split('\n')) {
    if (text === '') continue;
    const result = JSON.parse(text);
    results.set(`${result.file} ${result.place} ${result.mutatorName} ${result.replacement}`, result);
  }
  return [...results.values()];
}

const given = process.argv.slice(2);
const survivors = given.includes('--survivors');
const files = given.filter((word) => /^src\/.*\.ts(:|$)/.test(word));
const options = given.filter((word) => word !== '--survivors' && !files.includes(word));
if (survivors) {
  const alive = lastResults().filter(({ file, status }) => {
    return /Survived|NoCoverage/.test(status) && (files.length === 0 || files.includes(file));
  });
  const places = [...new Set(alive.map(({ file, place }) => `${file}:${place}`))];
  if (places.length === 0) {
    console.log('no survivors');
    process.exit(0);
  }
  options.push('--testRunner', 'jest', '--mutate', places.join(','));
} else if (files.length > 0) {
  options.push('--mutate', files.join(','));
}
const stryker = path.join(path.dirname(require.resolve('@stryker-mutator/core/package.json')), 'bin', 'stryker.js');
const { status } = spawnSync(process.execPath, [stryker, 'run', ...options], { stdio: 'inherit' });
process.exit(status ?? 1);

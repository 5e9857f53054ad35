// The arrows of the project. src and oracle see nothing but themselves; the folders of fuzz stand on floors, and an
// import goes down. The floors are read from the table in docs/architecture.md, so that the document is the rule.
const fs = require('node:fs');
const path = require('node:path');

/** Rows like "| 3 | `generate` | … |": the folder, and its floor. */
function readFloors() {
  const text = fs.readFileSync(path.join(__dirname, 'docs', 'architecture.md'), 'utf8');
  return [...text.matchAll(/^\| (\d+) \| `([a-z]+)` \|/gm)].map(([, floor, folder]) => ({
    folder,
    floor: Number(floor),
  }));
}

const floors = readFloors();
const isTest = '([.]test[.]ts|/testing/.*)$';

/** A folder must not see those on its own floor or above. */
function floorRule({ folder, floor }) {
  const closed = floors.filter((other) => other.folder !== folder && other.floor >= floor).map((other) => other.folder);
  return {
    name: `fuzz-${folder}-looks-down`,
    severity: 'error',
    from: { path: `^fuzz/${folder}/`, pathNot: isTest },
    to: { path: `^fuzz/(${closed.join('|')})/` },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]test[.]ts$' },
      to: { path: '^(oracle|fuzz|bench|node_modules)/' },
    },
    {
      name: 'src-needs-no-node',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    { name: 'src-tests-stay-home', severity: 'error', from: { path: '^src/' }, to: { path: '^(oracle|fuzz|bench)/' } },
    {
      name: 'src-maple-tree-below-mm',
      severity: 'error',
      from: { path: '^src/maple-tree/' },
      to: { path: '^src/mm/' },
    },
    { name: 'oracle-stands-alone', severity: 'error', from: { path: '^oracle/' }, to: { path: '^(src|fuzz|bench)/' } },
    {
      name: 'oracle-reaches-no-src',
      severity: 'error',
      from: { path: '^oracle/' },
      to: { path: '^src/', reachable: true },
    },
    { name: 'fuzz-not-bench', severity: 'error', from: { path: '^fuzz/' }, to: { path: '^bench/' } },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-folder-has-a-floor',
      severity: 'error',
      from: { path: '^fuzz/', pathNot: `^fuzz/(${floors.map(({ folder }) => folder).join('|')})/` },
      to: {},
    },
    // Nothing is above the topmost floor, so it needs no rule.
    ...floors.filter(({ floor }) => floors.some((other) => other.floor > floor)).map(floorRule),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};

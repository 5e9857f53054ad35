// The arrows of the project: only fuzz (and bench) may look at src and oracle; those two see nothing but themselves.
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
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};

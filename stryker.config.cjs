// Mutation testing of src with Stryker; see docs/mutation-testing.md. `npm run mutate -- FILE…` starts it.
//
// Two judges: `sequences`, the fuzzer itself over a fixed row of sequences (the default), and `jest`, the unit tests of
// src.

/** Sequences of the tree and of the address space that a mutant has to survive: "120,80" unless told otherwise. */
const [tree, mm] = (process.env.MUTATE_SEQUENCES ?? '120,80').split(',').map(Number);

module.exports = {
  mutate: ['src/**/*.ts', '!src/**/*.test.ts'],
  plugins: ['@stryker-mutator/jest-runner', './scripts/mutation/plugins.cjs'],
  testRunner: 'sequences',
  // Read by the plugins: how many sequences of each domain, and where each mutant's result goes.
  sequences: { seed: 'mutation', tree, mm },
  lines: { fileName: 'reports/mutation/results.jsonl' },
  jest: {
    projectType: 'custom',
    configFile: 'jest.config.ts',
    config: {
      projects: [
        {
          testMatch: ['<rootDir>/src/**/*.test.ts'],
          transform: { '^.+[.]ts$': '<rootDir>/scripts/jest-transform.cjs' },
        },
      ],
      reporters: [],
    },
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  // Texts of assertions and names of events: a mutant there says nothing about a tree.
  mutator: { excludedMutations: ['StringLiteral'] },
  // Assertions and events; MUTATE_DEBUG=1 takes them in.
  ignorers: process.env.MUTATE_DEBUG === '1' ? [] : ['debug'],
  concurrency: 1,
  // Wall-clock limits, wide because machines are shared.
  timeoutMS: 10_000,
  timeoutFactor: 1.5,
  dryRunTimeoutMinutes: 15,
  testRunnerNodeArgs: ['--max-old-space-size=1024'],
  // Inside tmp/, which git, jest and the other tools leave alone.
  tempDirName: 'tmp/stryker',
  ignorePatterns: ['/corpus', '/campaigns', '/findings', '/dist', '/docs', '/bench', '/reports', '/tmp', '*.tgz'],
  reporters: ['lines', 'clear-text', 'json'],
  jsonReporter: { fileName: 'reports/mutation/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
  warnings: { unknownOptions: false },
};

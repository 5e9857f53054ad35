import type { Config } from 'jest';

/**
 * Tests stand beside what they test. Types are not checked here: `npm run typecheck` does that.
 *
 * Two tiers: *.test.ts are for every change, and all together take a minute or so; *.slow.test.ts start campaigns and
 * processes by the dozen, build the package, search for planted bugs, or go through whole corpora. A file that takes
 * more than five seconds alone on a quiet machine is slow. `npm test` runs the first tier, `npm run test:all` both.
 */
const shared = {
  testEnvironment: 'node',
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/tmp/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/tmp/'],
  transform: { '^.+\\.ts$': '<rootDir>/scripts/jest-transform.cjs' },
};

const config: Config = {
  // A busy machine is no failure: what hangs is caught by the limits of the tests themselves.
  testTimeout: 120_000,
  // Jest leaves a core free by itself, which on two cores doubles the time.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/scripts/closing-line.cjs'],
  projects: [
    {
      ...shared,
      displayName: 'quick',
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: [...shared.testPathIgnorePatterns, '[.]slow[.]test[.]ts$'],
    },
    { ...shared, displayName: 'slow', testMatch: ['<rootDir>/**/*.slow.test.ts'] },
  ],
};

export default config;

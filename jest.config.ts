import type { Config } from 'jest';

/** Tests stand beside what they test, as *.test.ts; types are not checked here: `npm run typecheck` does that. */
const config: Config = {
  testEnvironment: 'node',
  // A busy machine is no failure: what hangs is caught by the limits of the tests themselves.
  testTimeout: 120_000,
  // Jest leaves a core free by itself, which on two cores doubles the time.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/tmp/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/tmp/'],
  reporters: ['default', '<rootDir>/scripts/closing-line.cjs'],
  transform: { '^.+\\.ts$': '<rootDir>/scripts/jest-transform.cjs' },
};

export default config;

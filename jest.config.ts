import type { Config } from 'jest';

/** Tests stand beside what they test, as *.test.ts; swc only strips the types, `npm run typecheck` checks them. */
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
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
};

export default config;

/**
 * The naive side: what the optimized one is compared with. It imports nothing outside itself.
 */

export * from './mm';
export * from './tree';

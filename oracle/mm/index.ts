/** The naive address space: what the rest of the project imports. */
export { type FailedOutcome, OracleAddressSpace } from './address-space';
export { CODES, flagsText } from './flags';
export type { SpaceOptions } from './space';
export type { Vma } from './vma';

/**
 * What users of the library import: the maple tree, and the address space on top of it.
 */
export { debug } from './debug';
export type { Entry } from './maple-tree/build';
export type { TreeOptions } from './maple-tree/core';
export { type Errno, MAX_INDEX, type Status } from './maple-tree/layout';
export { MapleState } from './maple-tree/state';
export { MapleTree } from './maple-tree/tree';
export * from './mm';

/** The maple tree's public face. */
export type { Entry } from './build';
export type { TreeOptions } from './core';
export { type Errno, MAX_INDEX, type Status } from './layout';
export { MapleState } from './state';
export { MapleTree } from './tree';

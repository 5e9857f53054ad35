/** The maple tree for the files of this project; what users of the library get is in src/index.ts. */
export { MAX_INDEX } from './layout';
export { MapleState } from './state';
export { MapleTree } from './tree';

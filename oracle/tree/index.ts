/** The naive tree, as others import it. */
export { type Corner, kernelCorner } from './legal';
export { MAX_INDEX } from './ranges';
export { OracleState } from './state';
export { OracleTree } from './tree';

/** The naive tree, as others import it. */
export { kernelCorner } from './legal';
export { OracleTree } from './tree';

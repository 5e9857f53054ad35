/** The unit in which the inside counts. */

/** Bytes in a page. */
export const PAGE_SIZE = 4096;

/** The header's fields of the domain tree. */
import { type HeaderFormat, takeBoolean } from '../../format/header';
import { FORMAT, type Header } from '../../format/types';

export interface TreeHeader extends Header {
  readonly domain: 'tree';
  /** A tree that tracks gaps. */
  readonly ranges: boolean;
}

/** A header with these fields. */
export function treeHeader(fields: Omit<TreeHeader, 'format' | 'domain'> & { readonly ranges: boolean }): TreeHeader {
  return { format: FORMAT, domain: 'tree', ...fields };
}

const SMALLEST = treeHeader({ ranges: false });

export const TREE_HEADER: HeaderFormat = {
  parse(from, to) {
    to.ranges = false;
    return takeBoolean(from, to, 'ranges');
  },
  spell: (header) => ((header as TreeHeader).ranges ? { ranges: true } : {}),
  smallest: SMALLEST,
};

/** The header's fields of the domain tree. */
import { type HeaderFormat, takeBoolean } from '../../format/header';
import { FORMAT, type Header } from '../../format/types';

export interface TreeHeader extends Header {
  readonly domain: 'tree';
  /** A tree that tracks gaps. */
  readonly ranges: boolean;
}

const SMALLEST: TreeHeader = { format: FORMAT, domain: 'tree', ranges: false };

export const TREE_HEADER: HeaderFormat = {
  parse(from, to) {
    to.ranges = false;
    return takeBoolean(from, to, 'ranges');
  },
  spell: (header) => ((header as TreeHeader).ranges ? { ranges: true } : {}),
  smallest: SMALLEST,
};

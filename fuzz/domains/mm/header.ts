/** The header's fields of the domain mm. */
import { type HeaderFormat, present, takeBoolean, takeCount, takeOneOf } from '../../format/header';
import { FORMAT, type Header, MAX_INDEX, PAGE } from '../../format/types';

export interface MmHeader extends Header {
  readonly domain: 'mm';
  /** Length of the window in pages. */
  readonly pages: number;
  /** The page at which the heap starts. */
  readonly brk?: number;
  /** Limit of mappings in the window. */
  readonly max_map_count?: number;
  /** Limit of locked memory, in pages. */
  readonly memlock?: number;
  /** Whether a dump shows the counters. */
  readonly counters?: boolean;
  /** Our own addition, ignored by others: the kernel version whose rules hold, "6.18" (the default) or "6.12". */
  readonly kernel?: string;
  /** Our own addition: whether placement looks for the lowest gap instead of the highest. */
  readonly bottom_up?: boolean;
}

const DEFAULT_PAGES = 256;
/** From this many pages on a live kernel may align placements to 2 MiB: only src and oracle run such windows. */
export const KERNEL_PAGES = 511;
/** A user address space has 2^47 bytes. */
export const MAX_PAGES = 2 ** 47 / PAGE - 1;
const KERNELS = ['6.18', '6.12'] as const;

/** A header with these fields. */
export function mmHeader(fields: Omit<MmHeader, 'format' | 'domain'> & { readonly pages: number }): MmHeader {
  return { format: FORMAT, domain: 'mm', ...fields };
}

const SMALLEST = mmHeader({ pages: 1 });

export const MM_HEADER: HeaderFormat = {
  parse(from, to) {
    to.pages = DEFAULT_PAGES;
    const count = (name: string, low: number, high: number, unit: string): string | null =>
      takeCount(from, to, name, { low, high, unit });
    return (
      count('pages', 1, MAX_PAGES, 'pages') ??
      count('brk', 0, (to.pages as number) - 1, 'pages, below the end of the window') ??
      count('max_map_count', 0, MAX_INDEX, 'mappings') ??
      count('memlock', 0, MAX_INDEX, 'pages') ??
      takeBoolean(from, to, 'counters') ??
      takeBoolean(from, to, 'bottom_up') ??
      takeOneOf(from, to, 'kernel', KERNELS)
    );
  },
  spell: (header) => present(header, ['pages', 'brk', 'max_map_count', 'memlock', 'counters', 'kernel', 'bottom_up']),
  smallest: SMALLEST,
};

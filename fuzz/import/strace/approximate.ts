/**
 * What the format cannot say, and what is said in its place. The only file that knows both.
 *
 *     real                          in the sequence                             what differs
 *     MAP_DROPPABLE                 private, noreserve; dontdump, wipeonfork    the flag dp
 *     a shadow stack                private, rw-                                the flag ss
 *     MAP_HUGETLB                   shared, a file of its own, whole pages      the flags ht, sh, ms
 *     PROT_BTI, PROT_MTE            left out                                    the flags bt, mt
 *     mprotect PROT_GROWSDOWN       from the start of the growsdown mapping     nothing
 *     System V memory               shared, a file of its own                   nothing
 *     modes of userfaultfd          registered                                  the flags um, uw, ui
 */
import type { Operation } from '../../format/types';
import { hasBit } from './arguments';
import { BITS } from './names';

const { map, prot } = BITS;

/** The protection as the format spells it. Null for bits that no kernel takes. */
export function protText(bits: number): string | null {
  const known = prot.PROT_SEM + prot.PROT_BTI + prot.PROT_MTE + prot.PROT_GROWSDOWN + prot.PROT_GROWSUP;
  if (bits > known + 7) return null;
  return `${bits & 1 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 4 ? 'x' : '-'}`;
}

/** What is left out of a protection, for the report; null if nothing is. */
export function protNote(bits: number): string | null {
  if (hasBit(bits, prot.PROT_MTE)) return 'PROT_MTE left out';
  return hasBit(bits, prot.PROT_BTI) ? 'PROT_BTI left out' : null;
}

const HUGE_SHIFT = 2 ** 26;
/** 2 MiB, which is what the kernel takes where nothing else is asked for. */
const DEFAULT_HUGE = 21;

export interface Kind {
  /** `private` or `shared`, and what else is to be said. */
  readonly words: readonly string[];
  /** The length is a multiple of so many bytes. */
  readonly unit: number;
  /** Whether it has a file of its own in place of the one that is named. */
  readonly ownFile: boolean;
  /** Advice after it. */
  readonly advice: readonly string[];
  /** For the report. */
  readonly note: string | null;
}

const PLAIN = { unit: 1, ownFile: false, advice: [], note: null };

const TYPES: ReadonlyMap<number, Kind> = new Map([
  [map.MAP_SHARED, { ...PLAIN, words: ['shared'] }],
  [map.MAP_SHARED_VALIDATE, { ...PLAIN, words: ['shared'] }],
  [map.MAP_PRIVATE, { ...PLAIN, words: ['private'] }],
  [
    map.MAP_DROPPABLE,
    {
      ...PLAIN,
      words: ['private', 'noreserve'],
      advice: ['dontdump', 'wipeonfork'],
      note: 'MAP_DROPPABLE mapped as private memory that is neither dumped nor inherited',
    },
  ],
]);

const MAP_TYPE = 0xf;

/** Which kind of mapping flags of mmap ask for; null for a type that no kernel has. */
export function kindOf(bits: number): Kind | null {
  const type = TYPES.get(bits & MAP_TYPE);
  if (type === undefined) return null;
  if (!hasBit(bits, map.MAP_HUGETLB)) return type;
  const shift = Math.floor(bits / HUGE_SHIFT) % 64;
  return {
    words: ['shared'],
    unit: 2 ** (shift || DEFAULT_HUGE),
    ownFile: true,
    advice: [],
    note: 'MAP_HUGETLB mapped as shared memory with a file of its own',
  };
}

export const SHADOW_STACK: Kind = {
  ...PLAIN,
  words: ['private'],
  note: 'shadow stacks mapped as private memory',
};

/** What follows a mapping of a kind that takes more than one operation. */
export function adviceFor(kind: Kind, addr: number, len: number): Operation[] {
  return kind.advice.map((advice) => ({ op: 'madvise', addr, len, advice }));
}

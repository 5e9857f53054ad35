/**
 * Swarm profiles of the mm domain: what one generated sequence is like as a whole.
 *
 * A profile names a theme (merging, splitting, files, special mappings, heap and stack, mremap, locking, limits, wide
 * windows, bad input) that weighs operations and attributes; on top of it each sequence draws its own subset, window,
 * limits and length. Few kinds of protection make neighbours that can merge, many make neighbours that cannot.
 */

import { ADVICE, EXTENSION_FILES, PLAIN_FILES } from '../../format/kinds';
import { FORMAT } from '../../format/types';
import type { Stream } from '../../generate/stream';
import { drawSwarm, type GenerateOptions, isAllowed, scaled, type Weights, WeightTable } from '../../generate/weights';
import { VAST } from './arguments';
import type { MmHeader } from './header';
import { MM_OPERATIONS } from './operations';

export interface MmProfile {
  readonly theme: string;
  readonly header: MmHeader;
  readonly length: number;
  /** About as many mappings as the content swings up to. */
  readonly target: number;
  /** What `mmap` and `mprotect` choose from. */
  readonly prots: readonly string[];
  /** What `madvise` chooses from. */
  readonly advices: readonly string[];
  /** Files that may be mapped; empty for anonymous memory only. */
  readonly files: readonly string[];
  readonly filePercent: number;
  readonly sharedPercent: number;
  /** Of a hundred new mappings, how many continue a present one: same attributes, offset running on. */
  readonly continuePercent: number;
  /** Of a hundred operations, how many make two neighbours alike that could be one but for an attribute. */
  readonly alikePercent: number;
  readonly growsdownPercent: number;
  readonly lockedPercent: number;
  readonly noreservePercent: number;
  /** Of a hundred operations, how many have an argument spoilt: unaligned, zero, overflowing, outside. */
  readonly badPercent: number;
  readonly failPercent: number;
  readonly grow: WeightTable;
  readonly shrink: WeightTable;
}

/** How often each operation is drawn when no theme pulls. */
export const MM_WEIGHTS: Weights = new Map(MM_OPERATIONS.map(({ op, weight }) => [op, weight]));

/** Advice that sets or clears a flag, and so splits and merges, comes first in the list of all. */
const FLAG_ADVICE = 13;

interface Theme {
  readonly name: string;
  readonly weights: Weights;
  readonly continuePercent?: number;
  readonly filePercent?: number;
  readonly sharedPercent?: number;
  readonly growsdownPercent?: number;
  readonly lockedPercent?: number;
  readonly badPercent?: number;
  readonly files?: readonly string[];
  readonly prots?: readonly string[];
  /** Needs what only our own implementations know. */
  readonly extension?: boolean;
  readonly heap?: boolean;
  readonly limits?: boolean;
  readonly wide?: boolean;
}

const ANY_PROT = ['rw-', 'r--', '---', 'r-x', 'rwx', '-w-'];
const REGULAR = ['a', 'b', 'c'];

const THEMES: readonly Theme[] = [
  { name: 'merge', weights: new Map([['mprotect', 3]]), continuePercent: 75, prots: ['rw-', 'r--'] },
  { name: 'merge-file', weights: new Map([['mprotect', 2]]), continuePercent: 75, filePercent: 80, files: ['a'] },
  {
    name: 'split',
    weights: new Map([
      ['munmap', 2],
      ['mprotect', 3],
      ['madvise', 3],
    ]),
    continuePercent: 25,
  },
  { name: 'file', weights: new Map([['remap_file_pages', 6]]), filePercent: 70, sharedPercent: 50, files: REGULAR },
  { name: 'special', weights: new Map(), filePercent: 70, sharedPercent: 70, files: ['a', 'dev'] },
  {
    name: 'hooks',
    weights: new Map(),
    filePercent: 75,
    sharedPercent: 50,
    continuePercent: 60,
    files: ['a', 'closer', 'nosplit', 'pfn', 'mixed', 'failing', 'nodump', 'dev'],
    extension: true,
  },
  {
    name: 'heap-stack',
    weights: new Map([
      ['brk', 10],
      ['touch', 2],
    ]),
    growsdownPercent: 40,
    heap: true,
  },
  {
    name: 'mremap',
    weights: new Map([
      ['mremap', 8],
      ['touch', 2],
    ]),
    continuePercent: 50,
  },
  {
    name: 'locked',
    weights: new Map([
      ['mlock', 6],
      ['munlock', 5],
      ['mlockall', 8],
      ['munlockall', 4],
    ]),
    lockedPercent: 30,
  },
  {
    name: 'fork',
    weights: new Map([
      ['fork', 8],
      ['touch', 3],
    ]),
    continuePercent: 60,
    prots: ['rw-', 'r--'],
  },
  {
    name: 'attributes',
    weights: new Map([
      ['mbind', 5],
      ['uffd_register', 5],
      ['uffd_unregister', 4],
      ['set_vma_name', 5],
    ]),
    continuePercent: 60,
    extension: true,
  },
  {
    name: 'limits',
    weights: new Map([['touch', 2]]),
    continuePercent: 30,
    growsdownPercent: 12,
    lockedPercent: 20,
    limits: true,
    extension: true,
  },
  { name: 'wide', weights: new Map([['fork', 0.3]]), wide: true },
  { name: 'bad-input', weights: new Map(), badPercent: 30 },
  { name: 'seal', weights: new Map([['mseal', 12]]) },
  { name: 'mixed', weights: new Map() },
];

const GROWING: Weights = new Map([
  ['mmap', 2],
  ['munmap', 0.3],
  ['munlockall', 0.5],
]);

const SHRINKING: Weights = new Map([
  ['munmap', 4],
  ['mmap', 0.4],
]);

const ALWAYS = ['mmap', 'munmap'];

/** Draws the profile of one sequence. */
export function drawMmProfile(stream: Stream, options: GenerateOptions): MmProfile {
  const strict = options.strict === true;
  const theme = drawTheme(stream, strict);
  const extensions = !strict && (theme.extension === true || stream.chance(40));
  const swarm = drawWeights(stream, theme, extensions, options);
  const header = drawHeader(stream, theme, !strict, isAllowed(options, 'brk'));
  // With a heap it is used; without one `brk` is an error of the format, which needs no many.
  if (swarm.has('brk')) swarm.set('brk', swarm.get('brk')! * (header.brk === undefined ? 0.1 : 2));
  const target = drawTarget(stream, header.pages);
  return {
    theme: theme.name,
    header,
    length: drawLength(stream, target),
    target,
    prots: theme.prots ?? drawProts(stream),
    advices: drawAdvices(stream),
    files: drawFiles(stream, theme, extensions),
    filePercent: theme.filePercent ?? stream.below(35),
    sharedPercent: theme.sharedPercent ?? stream.below(40),
    continuePercent: theme.continuePercent ?? stream.between(10, 50),
    alikePercent: stream.chance(70) ? stream.between(4, 20) : 0,
    growsdownPercent: theme.growsdownPercent ?? (stream.chance(40) ? 12 : 2),
    lockedPercent: theme.lockedPercent ?? (stream.chance(30) ? 8 : 0),
    noreservePercent: stream.chance(30) ? stream.between(5, 50) : 0,
    badPercent: theme.badPercent ?? (stream.chance(50) ? stream.between(1, 4) : 0),
    failPercent: strict || !stream.chance(35) ? 0 : stream.between(3, 25),
    grow: new WeightTable(swarm, GROWING),
    shrink: new WeightTable(swarm, SHRINKING),
  };
}

function drawTheme(stream: Stream, strict: boolean): Theme {
  const themes = strict ? THEMES.filter((theme) => theme.extension !== true) : THEMES;
  // What cannot be met outside of its theme is drawn twice as often.
  const at = stream.below(themes.length + (strict ? 0 : 2));
  return themes[at] ?? THEMES.find((theme) => theme.name === (at === themes.length ? 'hooks' : 'limits'))!;
}

function drawWeights(stream: Stream, theme: Theme, extensions: boolean, options: GenerateOptions): Map<string, number> {
  const kind = kindOf(theme, extensions, options.strict === true);
  return drawSwarm(stream, kind.base, stream.between(40, 100), kind.keep, options);
}

/** The weights that a theme begins with, and the operations that it never goes without. */
interface Kind {
  readonly base: Weights;
  readonly keep: readonly string[];
}

/** There are few of them, and many sequences. */
const kinds = new Map<string, Kind>();

function kindOf(theme: Theme, extensions: boolean, strict: boolean): Kind {
  const key = `${theme.name} ${extensions} ${strict}`;
  let kind = kinds.get(key);
  if (kind === undefined) {
    const base = scaled(MM_WEIGHTS, theme.weights);
    for (const { op, extension, inKernel } of MM_OPERATIONS) {
      if (extension && !extensions && !(strict && inKernel)) base.delete(op);
    }
    kind = { base, keep: [...ALWAYS, ...theme.weights.keys()] };
    kinds.set(key, kind);
  }
  return kind;
}

function drawHeader(stream: Stream, theme: Theme, ours: boolean, heapAllowed: boolean): MmHeader {
  let pages = stream.between(8, stream.chance(60) ? 64 : 511);
  if (ours && (theme.wide === true || stream.chance(4))) {
    pages = stream.chance(75) ? stream.between(512, 6000) : VAST * stream.between(2, 8);
  }
  const heap = heapAllowed && (theme.heap === true || stream.chance(35));
  const limited = ours && (theme.limits === true || stream.chance(8));
  return {
    format: FORMAT,
    domain: 'mm',
    pages,
    ...(heap ? { brk: stream.belowWide(pages) } : {}),
    ...(limited && stream.chance(80) ? { max_map_count: stream.between(1, 24) } : {}),
    ...(limited && stream.chance(50) ? { memlock: stream.between(0, 40) } : {}),
    ...(ours && stream.chance(70) ? { counters: true } : {}),
    ...(ours && stream.chance(18) ? { kernel: '6.12' } : {}),
    ...(ours && stream.chance(8) ? { bottom_up: true } : {}),
    ...(ours && stream.chance(50) ? { slots: [stream.between(4, 16), stream.between(4, 10)] as const } : {}),
  };
}

function drawTarget(stream: Stream, pages: number): number {
  const kind = stream.below(100);
  let target = stream.between(2, 6);
  if (kind >= 35) target = stream.between(4, 16);
  if (kind >= 65) target = stream.between(12, 60);
  if (kind >= 92) target = stream.between(50, 150);
  return Math.min(target, Math.max(2, Math.floor(pages / 2)));
}

function drawLength(stream: Stream, target: number): number {
  if (stream.chance(15)) return stream.between(10, 40);
  return Math.min(2500, 20 + target * stream.between(3, 8) + stream.below(80));
}

function drawProts(stream: Stream): readonly string[] {
  const kind = stream.below(3);
  if (kind === 0) return ['rw-', 'r--'];
  return kind === 1 ? ['rw-', 'rw-', 'r--', '---'] : ANY_PROT;
}

/** Mostly a few that set or clear flags, so that pieces become alike again; at times any. */
function drawAdvices(stream: Stream): readonly string[] {
  if (stream.chance(30)) return ADVICE;
  const few: string[] = [ADVICE[stream.below(ADVICE.length)]];
  for (let i = stream.between(2, 5); i > 0; i--) few.push(ADVICE[stream.below(FLAG_ADVICE)]);
  return few;
}

function drawFiles(stream: Stream, theme: Theme, extensions: boolean): readonly string[] {
  if (theme.files !== undefined) return theme.files;
  const all: readonly string[] = extensions ? [...PLAIN_FILES, ...EXTENSION_FILES] : PLAIN_FILES;
  return all.filter(() => stream.chance(50));
}

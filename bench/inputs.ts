/**
 * What the workloads do: for each, how the tree is filled first and which operations follow. One file each on disk,
 * read by every subject (the kernel's C included), so that all do exactly the same in the same order.
 *
 *     plain content, entry i:   |<- 16 ->|<- 16 free ->|        STEP = 32 indexes an entry
 *     gappy content:            lengths 1..16, gaps 1..16, one gap in 512 is 65..96 wide
 *
 * Random overwrites are 1..64 long, 32.5 on average: they take away as many borders as they add, so that the tree
 * keeps its size while free stretches turn into entries.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random, seedOf } from './prng';

export const STEP = 32;
export const LENGTH = 16;
/** Pages of one process of the VMA-like mix; the longest recorded one needs 6,594. */
export const WINDOW = 8192;

/** Kinds of the VMA-like mix, in column c. The C driver has the same list. Those that are asked for by name: */
export const KINDS = ['m', 'f', 'u', 'p', '-'] as const;
export const MMAP = 0;
export const PROTECT = 3;
export const LEAVE = 4;

/** Rows of three numbers; what they mean depends on the workload. `window` is 0 but for the VMA-like mix. */
export interface Ops {
  ranges: boolean;
  window: number;
  a: Float64Array;
  b: Float64Array;
  c: Float64Array;
}

export interface Input {
  fill: Ops;
  ops: Ops;
}

function makeOps(count: number, ranges = false, window = 0): Ops {
  const column = () => new Float64Array(count);
  return { ranges, window, a: column(), b: column(), c: column() };
}

function plainEntries(size: number, base: number): Ops {
  const ops = makeOps(size);
  for (let i = 0; i < size; i++) {
    ops.a[i] = base + i * STEP;
    ops.b[i] = base + i * STEP + LENGTH - 1;
  }
  return ops;
}

function gappyEntries(size: number, base: number, random: Random): Ops {
  const ops = makeOps(size, true);
  let at = base;
  for (let i = 0; i < size; i++) {
    at += random.below(512) === 0 ? random.between(65, 96) : random.between(1, 16);
    ops.a[i] = at;
    ops.b[i] = at + random.between(0, 15);
    at = ops.b[i] + 1;
  }
  return ops;
}

/** The same rows in random order: a tree filled so has nodes as use leaves them, not as a neat append does. */
function shuffled(ops: Ops, random: Random): Ops {
  const order = random.shuffle(Uint32Array.from(ops.a, (_, i) => i));
  const mixed = makeOps(ops.a.length, ops.ranges, ops.window);
  for (let i = 0; i < order.length; i++) {
    mixed.a[i] = ops.a[order[i]];
    mixed.b[i] = ops.b[order[i]];
  }
  return mixed;
}

function randomIndexes(count: number, size: number, base: number, random: Random): Ops {
  const ops = makeOps(count);
  for (let i = 0; i < count; i++) ops.a[i] = base + random.below(size * STEP);
  return ops;
}

function randomRanges(count: number, size: number, base: number, random: Random): Ops {
  const ops = makeOps(count);
  for (let i = 0; i < count; i++) {
    ops.a[i] = base + random.below(size * STEP);
    ops.b[i] = ops.a[i] + random.between(0, 63);
  }
  return ops;
}

/** One index in each entry, the entries in random order. */
function eraseAll(size: number, base: number, random: Random): Ops {
  const ops = shuffled(plainEntries(size, base), random);
  for (let i = 0; i < size; i++) ops.a[i] = ops.a[i] + random.below(LENGTH);
  return ops;
}

/** Searches for 1..64 free indexes, from a random place to the end (lowest) or from the start to one (highest). */
function searches(size: number, fill: Ops, lowest: boolean, random: Random): Ops {
  const ops = makeOps(Math.max(size, 1000), true);
  let end = 0;
  let low = Infinity;
  for (let i = 0; i < fill.a.length; i++) {
    low = Math.min(low, fill.a[i]);
    end = Math.max(end, fill.b[i]);
  }
  for (let i = 0; i < ops.a.length; i++) {
    const place = low + Math.floor((random.next() / 0x100000000) * (end - low));
    ops.a[i] = lowest ? place : 0;
    ops.b[i] = lowest ? end + 1000 : place + 1000;
    ops.c[i] = random.between(1, 64);
  }
  return ops;
}

interface Step {
  kind: number;
  first: number;
  last: number;
}

/** The recorded processes of patterns/vma.txt, each ending with its leaving the machine. */
export function readPattern(text: string): Step[][] {
  const processes: Step[][] = [[]];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [letter, first, last] = line.split(' ');
    const kind = KINDS.indexOf(letter as (typeof KINDS)[number]);
    if (kind === LEAVE) {
      processes.at(-1)!.push({ kind, first: 0, last: WINDOW - 1 });
      processes.push([]);
    } else processes.at(-1)!.push({ kind, first: Number(first), last: Number(last) });
  }
  return processes.filter((process) => process.length > 0);
}

/** Mappings of one process half way through its life, about: the recordings end with 20 to 150. */
const MAPPINGS_PER_PROCESS = 40;

/** Many processes side by side in one tree, each somewhere in its recorded life; a random one makes the next call. */
function vmaMix(size: number, base: number, random: Random): Input {
  const recorded = readPattern(readFileSync(join(__dirname, 'patterns', 'vma.txt'), 'utf8'));
  const count = Math.max(1, Math.round(size / MAPPINGS_PER_PROCESS));
  const start = Math.ceil(base / WINDOW) * WINDOW;
  const which = Uint16Array.from({ length: count }, () => random.below(recorded.length));
  const next = Uint16Array.from(which, (w) => random.below(recorded[w].length));
  const filling: number[][] = [];
  const put = (rows: number[][], process: number, step: Step) =>
    rows.push([start + process * WINDOW + step.first, start + process * WINDOW + step.last, step.kind]);
  for (let p = 0; p < count; p++) for (let i = 0; i < next[p]; i++) put(filling, p, recorded[which[p]][i]);
  const timed: number[][] = [];
  const wanted = Math.min(400_000, Math.max(4000, size * 2));
  while (timed.length < wanted) {
    const p = random.below(count);
    const step = recorded[which[p]][next[p]];
    put(timed, p, step);
    next[p] = next[p] + 1;
    if (step.kind === LEAVE) {
      which[p] = random.below(recorded.length);
      next[p] = 0;
    }
  }
  return { fill: fromRows(filling), ops: fromRows(timed) };
}

function fromRows(rows: number[][]): Ops {
  const ops = makeOps(rows.length, true, WINDOW);
  rows.forEach((row, i) => {
    ops.a[i] = row[0];
    ops.b[i] = row[1];
    ops.c[i] = row[2];
  });
  return ops;
}

/** How many operations a workload does that has none of its own: one an entry (iterate, duplicate, validate). */
const onePerEntry = (size: number) => makeOps(size);

/** Operations on what is there already; fill and operations come from streams of their own, so fills are shared. */
function makeInput(workload: string, size: number, base: number, seed: string): Input {
  const random = new Random(`${seed}/${workload}/${size}`);
  const fillRandom = new Random(`${seed}/fill/${size}`);
  const appended = () => plainEntries(size, base);
  const scattered = () => shuffled(plainEntries(size, base), fillRandom);
  const gappy = () => shuffled(gappyEntries(size, base, fillRandom), fillRandom);
  switch (workload) {
    case 'append':
      return { fill: makeOps(0), ops: appended() };
    case 'insert':
      return { fill: makeOps(0), ops: scattered() };
    case 'overwrite':
      return { fill: appended(), ops: randomRanges(Math.max(size, 1000), size, base, random) };
    case 'erase':
      return { fill: appended(), ops: eraseAll(size, base, random) };
    case 'load':
      return { fill: scattered(), ops: randomIndexes(Math.max(size, 10_000), size, base, random) };
    case 'gap-lowest':
    case 'gap-highest': {
      const fill = gappy();
      return { fill, ops: searches(size, fill, workload === 'gap-lowest', random) };
    }
    case 'vma-mix':
      return vmaMix(size, base, random);
    default:
      return { fill: scattered(), ops: onePerEntry(size) };
  }
}

const fillName = (workload: string): string => {
  if (workload === 'append' || workload === 'insert') return 'empty';
  if (workload === 'overwrite' || workload === 'erase') return 'appended';
  if (workload.startsWith('gap-')) return 'gappy';
  return workload === 'vma-mix' ? 'vma-mix' : 'scattered';
};

function write(path: string, ops: Ops): void {
  const head = Float64Array.of(ops.a.length, ops.ranges ? 1 : 0, ops.window);
  const parts = [head, ops.a, ops.b, ops.c].map((column) => new Uint8Array(column.buffer));
  writeFileSync(`${path}.part`, Buffer.concat(parts));
  renameSync(`${path}.part`, path);
}

/** Writes both files of a workload into `folder` unless they lie there already; gives their paths. */
export function writeInput(
  folder: string,
  workload: string,
  size: number,
  base: number,
  seed: string,
): { fill: string; ops: string } {
  const key = `${size}-${base}-${seedOf(seed)}`;
  const fill = join(folder, `fill-${fillName(workload)}-${key}`);
  const ops = join(folder, `ops-${workload}-${key}`);
  if (existsSync(fill) && existsSync(ops)) return { fill, ops };
  mkdirSync(folder, { recursive: true });
  const input = makeInput(workload, size, base, seed);
  write(fill, input.fill);
  write(ops, input.ops);
  return { fill, ops };
}

/** Reads what `writeInput` wrote. */
export function readOps(path: string): Ops {
  const bytes = readFileSync(path);
  const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const [count = 0, ranges, window = 0] = all;
  const column = (i: number) => all.slice(3 + i * count, 3 + (i + 1) * count);
  return { ranges: ranges === 1, window, a: column(0), b: column(1), c: column(2) };
}

/**
 * The reference data in corpus/golden: sequences with the answers of the real kernel code (tree: lib/maple_tree.c of
 * Linux 6.12; mm: Linux 6.18 by system calls). Both implementations must give every answer, src also with small nodes.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../fuzz/sequence/files';
import { isComment } from '../fuzz/sequence/parse';
import { createAnswering } from '../fuzz/targets/answering';
import { type InsideTarget, ORACLE, SRC } from '../fuzz/targets/list';

const GOLDEN = join(__dirname, '..', 'corpus', 'golden');

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

function linesOf(file: string): string[] {
  return readText(file)
    .split('\n')
    .filter((line) => !isComment(line));
}

/** A recorded status of null says: any will do. */
function agree(want: Json, got: Json, name = ''): boolean {
  if (want === got) return true;
  if (Array.isArray(want) && Array.isArray(got)) {
    if (name === 'mas' && want[2] === null) return agree(want.slice(0, 2), got.slice(0, 2));
    return want.length === got.length && want.every((item, i) => agree(item, got[i]));
  }
  if (!isRecord(want) || !isRecord(got)) return false;
  if ('error' in want) return 'error' in got;
  if (want.ok === true) return got.ok === true;
  const keys = Object.keys(want);
  return keys.length === Object.keys(got).length && keys.every((key) => agree(want[key], got[key] ?? null, key));
}

function isRecord(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The header with our own addition: the node sizes. */
function withSlots(line: string, slots: readonly number[] | null): string {
  return slots === null || !line.includes('"format":"maple-fuzz/1"')
    ? line
    : JSON.stringify({ ...JSON.parse(line), slots });
}

/** The first line answered otherwise, as text; null if all are as recorded. */
function firstDifference(
  folder: string,
  name: string,
  target: InsideTarget,
  slots: readonly number[] | null,
): string | null {
  const lines = linesOf(join(folder, `${name}.ndjson.gz`));
  const wanted = linesOf(join(folder, `${name}.out.ndjson.gz`));
  if (lines.length !== wanted.length) return `${lines.length} lines, ${wanted.length} answers`;
  const answer = createAnswering(target);
  for (const [i, line] of lines.entries()) {
    const got = answer(withSlots(line, slots));
    if (got === wanted[i]) continue;
    if (!agree(JSON.parse(wanted[i]), JSON.parse(got)))
      return `line ${i + 1}: ${line}\nwanted ${wanted[i]}\ngot    ${got}`;
  }
  return null;
}

function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson.gz') && !name.endsWith('.out.ndjson.gz'))
    .map((name) => name.slice(0, -'.ndjson.gz'.length));
}

/** Which files of a folder a subject runs: all, or every k-th, so that the test stays quick. */
interface Run {
  readonly target: InsideTarget;
  readonly slots: readonly [leaf: number, internal: number] | null;
  readonly every: number;
}

const TREE_RUNS: readonly Run[] = [
  { target: ORACLE, slots: null, every: 1 },
  { target: SRC, slots: null, every: 1 },
  { target: SRC, slots: [4, 4], every: 3 },
  { target: SRC, slots: [5, 7], every: 7 },
  { target: SRC, slots: [10, 6], every: 8 },
];

const MM_RUNS: readonly Run[] = [
  { target: ORACLE, slots: null, every: 1 },
  { target: SRC, slots: null, every: 1 },
  { target: SRC, slots: [4, 4], every: 3 },
];

function check(domain: string, { target, slots, every }: Run): void {
  const folder = join(GOLDEN, domain);
  const differences: string[] = [];
  for (const [i, name] of namesIn(folder).entries()) {
    if (i % every !== 0) continue;
    const difference = firstDifference(folder, name, target, slots);
    if (difference !== null) differences.push(`${name}: ${difference}`);
  }
  expect(differences.slice(0, 3)).toEqual([]);
}

const title = ({ target, slots }: Run): string =>
  slots === null ? target.name : `${target.name} with nodes of ${slots.join(' and ')}`;

describe('the answers of lib/maple_tree.c', () => {
  it.each(TREE_RUNS.map((run) => [title(run), run] as const))('%s', (_title, run) => check('tree', run));
});

describe('the answers of the live kernel', () => {
  it.each(MM_RUNS.map((run) => [title(run), run] as const))('%s', (_title, run) => check('mm', run));
});

it('notices a wrong answer', () => {
  expect(agree({ ret: 0, mas: [1, 2, 'active'] }, { ret: 0, mas: [1, 2, 'start'] })).toBe(false);
  expect(agree({ ret: 0, mas: [1, 2, null] }, { ret: 0, mas: [1, 2, 'start'] })).toBe(true);
  expect(agree({ ret: 0 }, { ret: 0, mas: [1, 2, 'start'] })).toBe(false);
  expect(agree({ ret: 1 }, { ret: true })).toBe(false);
});

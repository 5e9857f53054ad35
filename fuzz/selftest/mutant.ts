/**
 * A planted bug as a file: a head that says what it is, then a patch to `src`.
 *
 *     name: span-right-leaf-consumed-dup
 *     retells: span-right-leaf-consumed-dup, bea07fd63192
 *     expect: found
 *     noticed by: structure
 *     kernel test: tools/testing/radix-tree/maple.c test_spanning_store_regression
 *     mechanism: The right side of a spanning store is kept or dropped by slot number
 *       where the index decides, so a wholly overwritten last entry is copied once more.
 *
 *     --- a/src/maple-tree/wr-spanning.ts
 *     +++ b/src/maple-tree/wr-spanning.ts
 *     @@ -120,7 +120,7 @@
 *
 * Rules that hold here:
 * - A patch changes files under `src/` only, and its context must be found exactly: a mutant that no longer applies is
 *   an error, not something to skip.
 * - `expect` is `found`, or `equivalent` for a control that nothing may report, or `not-found` with the reason in
 *   `mechanism` for a bug that is known to escape.
 */
import fs from 'node:fs';
import path from 'node:path';
import { applyPatch, parsePatch, type StructuredPatch } from 'diff';
import { allDomains, domainNamed } from '../domains';
import { mm } from '../domains/mm';
import { tree } from '../domains/tree';
import type { DomainName, Sequence } from '../format/types';
import { readShortest } from './shortest';

export type Expectation = 'found' | 'equivalent' | 'not-found';

export interface Mutant {
  readonly name: string;
  /** The historical bug that it retells, with its reference; null for one of our own. */
  readonly retells: string | null;
  readonly expect: Expectation;
  /** What should notice it: answer, invariant, structure, assertion, crash, hang; for people. */
  readonly noticedBy: string;
  /** The shortest sequence known to show it; null if none is known. See shortest.ts. */
  readonly known: Sequence | null;
  /** The kernel's own test that would notice it; null for none. */
  readonly kernelTest: string | null;
  readonly mechanism: string;
  /** The domain whose sequences are run against it: that of the code that it changes, if the head does not say. */
  readonly domain: DomainName;
  readonly patches: readonly StructuredPatch[];
  readonly file: string;
}

/** A damaged mutant file, or one that no longer fits the sources. */
export class MutantError extends Error {
  override readonly name = 'MutantError';
}

const FIELDS = ['name', 'retells', 'expect', 'noticed by', 'domain', 'kernel test', 'mechanism'];

/** @throws MutantError with the file and what is wrong */
export function parseMutant(text: string, file: string): Mutant {
  const start = text.search(/^--- /m);
  if (start < 0) throw new MutantError(`${file}: no patch`);
  const head = parseHead(text.slice(0, start), file);
  const need = (field: string): string => {
    const value = head.get(field);
    if (value === undefined || value === '') throw new MutantError(`${file}: the head has no "${field}"`);
    return value;
  };
  const patches = parsePatch(text.slice(start));
  const paths = patches.map((patch) => pathOf(patch, file));
  const expect = need('expect');
  if (!['found', 'equivalent', 'not-found'].includes(expect)) {
    throw new MutantError(`${file}: expect is "${expect}"; found, equivalent or not-found expected`);
  }
  const domain = head.get('domain') ?? (paths.some((p) => p.startsWith('src/mm/')) ? mm.name : tree.name);
  if (domainNamed(domain) === undefined) {
    const names = allDomains().map(({ name }) => name);
    throw new MutantError(`${file}: domain is "${domain}"; ${names.join(' or ')} expected`);
  }
  const name = need('name');
  if (name !== path.basename(file, '.patch')) throw new MutantError(`${file}: its name is "${name}"`);
  return {
    name,
    retells: head.get('retells') ?? null,
    expect: expect as Expectation,
    noticedBy: need('noticed by'),
    known: null,
    kernelTest: head.get('kernel test') ?? null,
    mechanism: need('mechanism'),
    domain,
    patches,
    file,
  };
}

function parseHead(text: string, file: string): Map<string, string> {
  const head = new Map<string, string>();
  let last: string | null = null;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const match = /^([a-z ]+): ?(.*)$/.exec(line);
    if (match !== null && FIELDS.includes(match[1])) {
      last = match[1];
      head.set(last, match[2].trim());
    } else if (last !== null && /^\s/.test(line)) {
      head.set(last, `${head.get(last)} ${line.trim()}`.trim());
    } else {
      throw new MutantError(`${file}: not a line of a head: ${line}`);
    }
  }
  return head;
}

/** The file that a patch changes, from the project's root. */
function pathOf(patch: StructuredPatch, file: string): string {
  const target = patch.newFileName?.replace(/^b\//, '') ?? '';
  if (!/^src\/[\w/.-]+\.ts$/.test(target)) throw new MutantError(`${file}: changes "${target}", not a file under src/`);
  return target;
}

/** All mutants of a folder, in the order of their names. */
export function readMutants(folder: string): Mutant[] {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.patch'));
  const known = readShortest(folder);
  return files.sort().map((name) => {
    const mutant = parseMutant(fs.readFileSync(path.join(folder, name), 'utf8'), path.join(folder, name));
    return { ...mutant, known: known.get(mutant.name) ?? null };
  });
}

/** Gives the text of a file by its path from the project's root; null if there is none. */
export type ReadSource = (file: string) => string | null;

/** Reads the checkout in `root`. */
export function sourcesOf(root: string): ReadSource {
  return (file) => {
    const full = path.join(root, file);
    return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : null;
  };
}

/**
 * The sources that a mutant changes, changed: path from the root, and the new text.
 * @throws MutantError if the patch does not fit
 */
export function mutatedSources(mutant: Mutant, read: ReadSource): Map<string, string> {
  const changed = new Map<string, string>();
  for (const patch of mutant.patches) {
    const target = pathOf(patch, mutant.file);
    const source = changed.get(target) ?? read(target);
    const result = source === null ? false : applyPatch(source, patch, { fuzzFactor: 0 });
    if (result === false || result === source) throw new MutantError(`${mutant.file}: no longer applies to ${target}`);
    changed.set(target, result);
  }
  return changed;
}

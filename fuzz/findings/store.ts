/**
 * The findings of a campaign on disk: one folder each, written the moment it is seen.
 *
 *     findings/mas_store-content-1f0c88d2/
 *       README.txt        the one-screen print-out with commands to paste
 *       original.ndjson   the sequence as it failed
 *       minimal.ndjson    the shortest that fails the same way, once somebody minimized it
 *       finding.json      the facts, for machines
 *
 * Rules that hold here:
 * - A folder appears whole or not at all: it is filled under another name and then renamed.
 * - The signature of a finding is its rule, its operation and its canonical minimal sequence. Two folders never have
 *   the same; what turns out to be one that is there already is counted and removed.
 * - Until they are minimized, a few findings of the same rule and operation are kept side by side, since they may be
 *   different bugs. The others are counted in the journal by their number, from which they can be made again.
 * - What a finding became when it was settled is remembered by its first name: the minimizer meets the same failures again and again
 *   on its way, and would take each for new.
 * - Several processes read while one settles: a folder that is listed may be gone, under another name or for good, before it
 *   is read. That is no error.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Difference, FoundBy } from '../lockstep/types';
import type { Sequence } from '../format/types';
import { Damaged, LineFile, makeFolder, moveFolder, readLines, readObject, writeWhole } from '../base/files';

/** How many findings of one rule and operation may wait for their minimization at a time. */
const WAITING_LIMIT = 4;

/** `finding.json`. */
export interface FindingFacts {
  readonly rule: string;
  /** The operation of the first wrong step; "header" if none was reached. */
  readonly operation: string;
  readonly foundBy: FoundBy;
  readonly detail: string;
  /** Seed and number of the sequence; null for one that came from elsewhere. */
  readonly seed: string | null;
  readonly n: number | null;
  /** "no", "partly" (a limit ended it, or it did not fail again, as the detail says; it can go on), or "yes". */
  readonly minimized: 'no' | 'partly' | 'yes';
  /** Of the minimal form; null before it is minimized. */
  readonly signature: string | null;
  readonly originalLength: number;
  readonly minimalLength: number | null;
  /** Milliseconds that minimizing has had so far. */
  readonly minimizeMs: number;
  /** Version of maple-fuzz that found it. */
  readonly version: string;
}

/** The texts of a new folder; the print-out names files, so it is made when the folder's path is known. */
export interface FindingTexts {
  readonly readme: (folder: string) => string;
  readonly original: string;
}

/** The texts that minimizing brings. */
export interface MinimalTexts {
  readonly readme: (folder: string) => string;
  readonly minimal: string;
}

/** Where a finding is after it was minimized: in another's folder, if it is the same bug. */
export interface Settled {
  readonly name: string;
  readonly duplicate: boolean;
}

/** Facts of a finding that was just seen. */
export function newFacts(
  sequence: Sequence,
  difference: Difference,
  from: Pick<FindingFacts, 'seed' | 'n' | 'version'>,
): FindingFacts {
  return {
    rule: difference.rule,
    operation: difference.operation?.op ?? (difference.step < 0 ? 'header' : 'end'),
    foundBy: difference.foundBy,
    detail: difference.detail,
    minimized: 'no',
    signature: null,
    originalLength: sequence.operations.length,
    minimalLength: null,
    minimizeMs: 0,
    ...from,
  };
}

/** Eight hexadecimal digits that stand for a text. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Rule and operation as the start of a folder's name. */
export function slugOf(operation: string, rule: string): string {
  return `${operation}-${rule}`.toLowerCase().replace(/[^a-z0-9_]+/g, '-');
}

/** What makes two findings the same bug. */
export function signatureOf(rule: string, operation: string, canonicalMinimal: string): string {
  return shortHash(`${rule}\n${operation}\n${canonicalMinimal}`);
}

/** Signatures of the findings in a folder of findings, such as another campaign's. */
export function readSignatures(folder: string): Set<string> {
  const signatures = new Set<string>();
  for (const { signature } of readFindings(folder).values()) {
    if (signature !== null) signatures.add(signature);
  }
  return signatures;
}

/** Names of the finding folders in a folder, sorted; what is still being filled, or is on its way out, is not one. */
export function listFindings(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => !name.startsWith('.') && fs.existsSync(path.join(folder, name, 'finding.json')))
    .sort();
}

/** So often a folder is listed again because what stood there was renamed in the meantime. */
const LOOKS = 5;

/** The findings in a folder by their names, sorted, as they stand: what another process renames meanwhile is there once. */
export function readFindings(folder: string): Map<string, FindingFacts> {
  for (let look = 1; ; look++) {
    const found = new Map<string, FindingFacts>();
    const names = listFindings(folder);
    for (const name of names) {
      const facts = factsIfThere(path.join(folder, name));
      if (facts !== null) found.set(name, facts);
    }
    if (found.size === names.length || look === LOOKS) return found;
  }
}

/** @throws Damaged that names the file, also if it is not there. */
export function readFacts(folder: string): FindingFacts {
  const facts = factsIfThere(folder);
  if (facts === null) throw new Damaged(path.join(folder, 'finding.json'), 'is not there');
  return facts;
}

function factsIfThere(folder: string): FindingFacts | null {
  const file = path.join(folder, 'finding.json');
  try {
    return readObject(file, areFacts);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function areFacts(f: Record<string, unknown>): boolean {
  return (
    typeof f.rule === 'string' &&
    typeof f.operation === 'string' &&
    typeof f.originalLength === 'number' &&
    (f.signature === null || typeof f.signature === 'string') &&
    ['no', 'partly', 'yes'].includes(f.minimized as string)
  );
}

/** A finding that has lost its first name, which stands for its original: what `settle` said of it. */
interface Became extends Settled {
  readonly was: string;
}

export class FindingsStore {
  private readonly becameFile: string;

  constructor(readonly folder: string) {
    makeFolder(folder);
    this.becameFile = path.join(folder, 'settled.ndjson');
  }

  /**
   * Stores a finding that was just seen. Returns its folder's name, or null if enough of its kind wait already.
   * Called by any worker; the same finding stored twice is one folder.
   */
  save(facts: FindingFacts, texts: FindingTexts): string | null {
    const slug = slugOf(facts.operation, facts.rule);
    const name = `${slug}-${shortHash(texts.original)}`;
    if (fs.existsSync(path.join(this.folder, name))) return name;
    const became = this.whatBecameOf(name);
    if (became !== null) return became.name;
    const twin = facts.signature === null ? null : this.withSignature(facts.signature, name);
    if (twin !== null) return twin;
    if (this.waiting(slug) >= WAITING_LIMIT) return null;
    const filling = path.join(this.folder, `.${name}.${process.pid}`);
    try {
      makeFolder(filling);
      writeWhole(path.join(filling, 'original.ndjson'), texts.original);
      writeWhole(path.join(filling, 'README.txt'), plain(texts.readme(path.join(this.folder, name))));
      writeWhole(path.join(filling, 'finding.json'), `${JSON.stringify(facts, null, 2)}\n`);
      moveFolder(filling, path.join(this.folder, name));
    } finally {
      fs.rmSync(filling, { recursive: true, force: true });
    }
    return name;
  }

  /** How many folders of a rule and operation are not minimized to the end. */
  private waiting(slug: string): number {
    let count = 0;
    for (const [name, { minimized }] of readFindings(this.folder)) {
      if (name.startsWith(`${slug}-`) && minimized === 'no') count++;
    }
    return count;
  }

  /** The next finding to minimize, in the order of their names; null if none waits. */
  nextToMinimize(): string | null {
    for (const [name, { minimized }] of readFindings(this.folder)) if (minimized === 'no') return name;
    return null;
  }

  /**
   * Where a finding is that had this name: under it, under its final one, or nowhere, if it was a duplicate. Whoever settles
   * it may have died before it could say.
   */
  whereIs(name: string): string | null {
    if (fs.existsSync(path.join(this.folder, name))) return name;
    const became = this.whatBecameOf(name);
    return became === null || became.duplicate ? null : became.name;
  }

  /**
   * Records what minimizing a finding came to; without texts it did not fail again and stays as it was found.
   * The folder gets its final name when it is minimized to the end.
   */
  settle(name: string, texts: MinimalTexts | null, facts: FindingFacts): Settled {
    const from = path.join(this.folder, name);
    const twin = facts.signature === null ? null : this.withSignature(facts.signature, name);
    if (twin !== null) {
      const became = this.remember(name, { name: twin, duplicate: true });
      this.remove(name);
      return became;
    }
    const slug = slugOf(facts.operation, facts.rule);
    const final = facts.minimized === 'yes' && facts.signature !== null ? `${slug}-${facts.signature}` : name;
    if (texts !== null) {
      writeWhole(path.join(from, 'minimal.ndjson'), texts.minimal);
      writeWhole(path.join(from, 'README.txt'), plain(texts.readme(path.join(this.folder, final))));
    }
    writeWhole(path.join(from, 'finding.json'), `${JSON.stringify(facts, null, 2)}\n`);
    if (final === name) return { name, duplicate: false };
    const became = this.remember(name, { name: final, duplicate: false });
    return moveFolder(from, path.join(this.folder, final)) ? became : { name, duplicate: false };
  }

  /** Written before it comes true: a name that is not there is not believed. */
  private remember(was: string, settled: Settled): Settled {
    const lines = new LineFile(this.becameFile);
    lines.append({ was, ...settled } satisfies Became);
    lines.close();
    return settled;
  }

  /** What a finding with this first name became, if that is there. */
  private whatBecameOf(name: string): Settled | null {
    const became = readLines<Became>(this.becameFile).findLast(({ was }) => was === name);
    return became !== undefined && fs.existsSync(path.join(this.folder, became.name)) ? became : null;
  }

  private withSignature(signature: string, except: string): string | null {
    for (const [name, facts] of readFindings(this.folder)) {
      if (name !== except && facts.signature === signature) return name;
    }
    return null;
  }

  /** A finding goes at once, as it came: nobody sees half of it. */
  private remove(name: string): void {
    const going = path.join(this.folder, `.${name}.${process.pid}`);
    moveFolder(path.join(this.folder, name), going);
    fs.rmSync(going, { recursive: true, force: true });
  }

  /** Removes what a killed process was filling. Call only while nobody writes. */
  removeRemains(): void {
    for (const name of fs.readdirSync(this.folder)) {
      if (name.startsWith('.')) fs.rmSync(path.join(this.folder, name), { recursive: true, force: true });
    }
  }
}

/** A file holds no colours. */
function plain(text: string): string {
  return `${stripVTControlCharacters(text).trimEnd()}\n`;
}

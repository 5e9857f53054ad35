/**
 * Findings on disk: one folder each, written the moment it is seen. A campaign, `check` and `minimize` use it.
 *
 *     findings/mas_store-content-1f0c88d2/
 *       README.txt        the one-screen print-out with commands to paste
 *       original.ndjson   the sequence as it failed
 *       minimal.ndjson    the shortest that fails the same way, once it was minimized
 *       finding.json      the facts, for machines
 *
 * Rules that hold here:
 * - A folder appears whole or not at all: it is filled under another name and then renamed.
 * - The signature of a finding is its rule, its operation and its canonical minimal sequence. Two folders never have
 *   the same; what turns out to be one that is there already is counted and removed.
 * - Until they are minimized, a few findings of the same rule and operation are kept side by side, since they may be
 *   different bugs. The others are counted in the journal by their number, from which they can be made again.
 * - What a finding became when it was settled is remembered by its first name: the minimizer meets the same failures
 *   again and again on its way, and would take each for new.
 * - Several processes read while one settles: a folder that is listed may be gone, under another name or for good,
 *   before it is read. That is no error.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Damaged, LineFile, makeFolder, moveFolder, readLines, readObject, writeWhole } from '../base/files';
import { type Finding, type FindingFacts, shortHash, slugOf } from './finding';
import { bestFirst, hasMinimizedKin, marksOf } from './groups';
import { WAITING_LIMIT } from './limits';
import { factsText, readmeText, sequenceFile, sequenceText } from './texts';

/** Where a finding is after it was minimized: in another's folder, if it is the same mistake. */
export interface Settled {
  readonly name: string;
  readonly duplicate: boolean;
}

/** What the findings in a folder are known by, such as another campaign's: signatures, and what broke. */
export function readMarks(folder: string): Set<string> {
  return new Set([...readFindings(folder).values()].flatMap((facts) => marksOf(facts)));
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

/**
 * The findings in a folder by their names, sorted, as they stand: what another process renames meanwhile is there once.
 */
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
  /** Findings of others, which are none of ours until we meet them again. */
  private readonly strange: Set<string>;

  /** @param isShared  whether findings that are there already are others': they are not minimized, and do not count */
  constructor(
    readonly folder: string,
    private readonly isShared = false,
  ) {
    this.becameFile = path.join(folder, 'settled.ndjson');
    this.strange = new Set(isShared ? listFindings(folder) : []);
  }

  /** Our findings by their names, sorted. */
  read(): Map<string, FindingFacts> {
    const all = readFindings(this.folder);
    for (const name of this.strange) all.delete(name);
    return all;
  }

  /**
   * Stores a finding that was just seen. Returns its folder's name, or null if enough of its kind wait already.
   * Called by any worker; the same finding stored twice is one folder.
   */
  save(finding: Finding): string | null {
    const name = this.put(finding);
    if (name !== null) this.strange.delete(name);
    return name;
  }

  private put(finding: Finding): string | null {
    const { facts } = finding;
    const original = sequenceText(finding);
    const slug = slugOf(facts);
    const name = `${slug}-${shortHash(original)}`;
    if (fs.existsSync(path.join(this.folder, name))) return name;
    const became = this.whatBecameOf(name);
    if (became !== null) return became.name;
    const twin = facts.signature === null ? null : this.withSignature(facts.signature, name);
    if (twin !== null) return twin;
    if (this.waiting(slug) >= WAITING_LIMIT) return null;
    const filling = path.join(this.folder, `.${name}.${process.pid}`);
    try {
      makeFolder(filling);
      writeWhole(path.join(filling, sequenceFile(finding)), original);
      writeWhole(path.join(filling, 'README.txt'), readmeText(finding));
      writeWhole(path.join(filling, 'finding.json'), factsText(facts));
      moveFolder(filling, path.join(this.folder, name));
    } finally {
      fs.rmSync(filling, { recursive: true, force: true });
    }
    return name;
  }

  /** How many of our folders of a rule and operation are not minimized to the end. */
  private waiting(slug: string): number {
    let count = 0;
    for (const [name, { minimized }] of this.read()) if (name.startsWith(`${slug}-`) && minimized === 'no') count++;
    return count;
  }

  /** The next finding to minimize, best first, and before them those whose kin is not minimized; null if none waits. */
  nextToMinimize(): string | null {
    const findings = this.read();
    const waiting = bestFirst(findings).flatMap(({ name, facts }) => (facts.minimized === 'no' ? [name] : []));
    return waiting.find((name) => !hasMinimizedKin(findings, name)) ?? waiting[0] ?? null;
  }

  /**
   * Where a finding is that had this name: under it, under its final one, or nowhere, if it was a duplicate. The
   * process that settles it may have died before it could say.
   */
  whereIs(name: string): string | null {
    if (fs.existsSync(path.join(this.folder, name))) return name;
    const became = this.whatBecameOf(name);
    return became === null || became.duplicate ? null : became.name;
  }

  /**
   * Records what minimizing a finding came to; without a shorter form it stays as it was found. The folder gets its
   * final name when it is minimized to the end.
   */
  settle(name: string, facts: FindingFacts, shorter: Finding | null): Settled {
    const from = path.join(this.folder, name);
    const twin = facts.signature === null ? null : this.withSignature(facts.signature, name);
    if (twin !== null) {
      const became = this.remember(name, { name: twin, duplicate: true });
      this.remove(name);
      this.strange.delete(twin);
      return became;
    }
    const final = facts.minimized === 'yes' && facts.signature !== null ? `${slugOf(facts)}-${facts.signature}` : name;
    if (shorter !== null) {
      writeWhole(path.join(from, sequenceFile(shorter)), sequenceText(shorter));
      writeWhole(path.join(from, 'README.txt'), readmeText(shorter));
    }
    writeWhole(path.join(from, 'finding.json'), factsText(facts));
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

  /** A finding goes at once, as it came: no reader sees half of it. */
  private remove(name: string): void {
    const going = path.join(this.folder, `.${name}.${process.pid}`);
    moveFolder(path.join(this.folder, name), going);
    fs.rmSync(going, { recursive: true, force: true });
  }

  /** Removes what a killed process was filling. Call only while no process writes; a shared folder is left alone. */
  removeRemains(): void {
    if (this.isShared || !fs.existsSync(this.folder)) return;
    for (const name of fs.readdirSync(this.folder)) {
      if (name.startsWith('.')) fs.rmSync(path.join(this.folder, name), { recursive: true, force: true });
    }
  }
}

/**
 * Writing to disk so that `kill -9` or a full disk never leaves half a file behind.
 *
 * Rules that hold here:
 * - A whole file is written beside its place, flushed, and renamed: a reader sees the old text or the new one.
 * - A line is appended in one write call. One that was torn all the same (a kill in the middle of the write, a full
 *   disk) is never cut off, for others may be appending: the next append ends it with a mark, and readers leave out
 *   what is so marked.
 * - A finished folder is flushed, moved, and the move flushed. Other files' names, and lines, are flushed now and then
 *   only (`flush`): a process may be killed at any moment, a power cut may cost the last seconds.
 * - A full disk is a `DiskFull` error that names the file; nothing else is done to hide it.
 * - What was read and makes no sense is a `Damaged` error that names the file and the place: it is the user's to mend,
 *   no bug.
 */
import fs from 'node:fs';
import path from 'node:path';
import { CouldNotRun } from './errors';

/** The disk has no room: the campaign stops, says so, and can go on later. */
export class DiskFull extends Error {
  constructor(readonly file: string) {
    super(`disk full: cannot write ${file}; make room and go on with --resume`);
    this.name = 'DiskFull';
  }
}

/** What lies at a place of the user's is not what belongs there. The message is one line and begins with the place. */
export class Damaged extends CouldNotRun {
  constructor(place: string, why: string) {
    super(`${place} ${why}`.replace(/\s*\n\s*/g, ' '));
  }
}

function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Does something with a file; where the disk is full the error says so. */
export function explained<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw explain(error, file);
  }
}

function explain(error: unknown, file: string): Error {
  return isDiskFull(error) ? new DiskFull(file) : (error as Error);
}

/** Writes a whole file, or leaves the one that is there as it was. */
export function writeWhole(file: string, text: string): void {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    const fd = fs.openSync(beside, 'w');
    try {
      writeAll(fd, Buffer.from(text));
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(beside, file);
  } catch (error) {
    fs.rmSync(beside, { force: true });
    throw explain(error, file);
  }
}

/** Writes a small file that was not there; false if it is. A full disk leaves none. */
export function createAlone(file: string, text: string): boolean {
  let fd: number;
  try {
    fd = fs.openSync(file, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw explain(error, file);
  }
  try {
    writeAll(fd, Buffer.from(text));
    return true;
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw explain(error, file);
  } finally {
    fs.closeSync(fd);
  }
}

/** writeSync may write less than it was given when the disk fills up; the next call then says so. */
function writeAll(fd: number, bytes: Buffer): void {
  let done = 0;
  while (done < bytes.length) done += fs.writeSync(fd, bytes, done);
}

/** Ends a torn line. JSON has no such character, so no whole line ends with it. */
const TORN = '\x18';
const NEWLINE = 0x0a;

/** A file of JSON lines that only grows. Several processes may append to the same one. */
export class LineFile {
  private readonly fd: number;
  private readonly lastByte = Buffer.alloc(1);

  constructor(readonly file: string) {
    this.fd = explained(file, () => fs.openSync(file, 'a+'));
  }

  append(record: object): void {
    this.appendLine(JSON.stringify(record));
  }

  /** A line of JSON that was printed already. */
  appendLine(text: string): void {
    explained(this.file, () => {
      const bytes = Buffer.from(this.isTorn() ? `${TORN}\n${text}\n` : `${text}\n`);
      // No second call for the rest: others' lines may lie between. The line is torn, and the next append ends it.
      if (fs.writeSync(this.fd, bytes) < bytes.length) throw new DiskFull(this.file);
    });
  }

  /**
   * Whether the last line has no end. It may just be growing; then the mark comes after its end, as a line of its own.
   */
  private isTorn(): boolean {
    const { size } = fs.fstatSync(this.fd);
    if (size === 0) return false;
    fs.readSync(this.fd, this.lastByte, 0, 1, size - 1);
    return this.lastByte[0] !== NEWLINE;
  }

  flush(): void {
    explained(this.file, () => fs.fsyncSync(this.fd));
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}

/** The JSON object that a text is. @throws Error that says why it is none */
function parseObject(text: string): Record<string, unknown> {
  if (text.trim() === '') throw new Error('it is empty');
  const raw = JSON.parse(text) as unknown;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new Error('a JSON object expected');
  return raw as Record<string, unknown>;
}

/** Whether a parsed object is what the file is for; the types of the fields that are read are enough. */
export type Check = (record: Record<string, unknown>) => boolean;

/**
 * A file that holds one JSON object. @throws Damaged if it does not, or if it is not the right one; ENOENT as it comes
 */
export function readObject<T>(file: string, isRight: Check): T {
  const text = fs.readFileSync(file, 'utf8');
  let record: Record<string, unknown>;
  try {
    record = parseObject(text);
  } catch (error) {
    throw new Damaged(file, `is damaged: ${(error as Error).message}`);
  }
  if (!isRight(record)) throw new Damaged(file, 'is damaged: fields are missing or wrong');
  return record as T;
}

/** The records in whole lines of JSON, without torn ones. @throws Damaged that names the place of a bad line */
export function parseLines<T>(text: string, placeOf: (line: number) => string, isRight: Check = () => true): T[] {
  const records: T[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '' || line.endsWith(TORN)) continue;
    const record = recordOf(line);
    if (record === null || !isRight(record)) throw new Damaged(placeOf(i + 1), `is damaged: ${line.slice(0, 80)}`);
    records.push(record as T);
  }
  return records;
}

function recordOf(line: string): Record<string, unknown> | null {
  try {
    return parseObject(line);
  } catch {
    return null;
  }
}

/** Every whole line of a file of JSON lines; a line that is not JSON ends the reading with its number. */
export function readLines<T>(file: string): T[] {
  if (!fs.existsSync(file)) return [];
  const text = fs.readFileSync(file, 'utf8');
  return parseLines<T>(text.slice(0, text.lastIndexOf('\n') + 1), (line) => `${file}: line ${line}`);
}

/**
 * Creates a folder and those above it; a message that names it when that fails. Step by step: Node's own way never
 * returns where a file system says of a folder's parent that it is not there (/proc).
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let present = path.resolve(folder);
  while (!fs.existsSync(present)) {
    missing.push(present);
    present = path.dirname(present);
  }
  try {
    for (const next of missing.reverse()) makeOne(next);
    if (!fs.statSync(folder).isDirectory()) throw new Damaged(folder, 'is not a folder');
  } catch (error) {
    throw explain(error, folder);
  }
}

/** Another process may have made it in the meantime. */
function makeOne(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Moves a finished folder to its place, where it stays whatever happens; false if something is there already. */
export function moveFolder(from: string, to: string): boolean {
  if (fs.existsSync(to)) return false;
  try {
    makeFolder(path.dirname(to));
    syncFolder(from);
    fs.renameSync(from, to);
    syncFolder(path.dirname(to));
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw explain(error, to);
  }
}

/** Which names a folder holds is on disk, too: the files themselves being flushed does not promise that. */
function syncFolder(folder: string): void {
  // Windows opens no folder.
  if (process.platform === 'win32') return;
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Writing to disk so that `kill -9` or a full disk never leaves half a file behind.
 *
 * Rules that hold here:
 * - A whole file is written beside its place, flushed, and renamed: a reader sees the old text or the new one.
 * - A line is appended in one write call; a torn last line (the machine lost power) is left out when it is read back.
 * - A full disk is a `DiskFull` error that names the file; nothing else is done to hide it.
 */
import fs from 'node:fs';
import path from 'node:path';

/** The disk has no room: the campaign stops, says so, and can go on later. */
export class DiskFull extends Error {
  constructor(readonly file: string) {
    super(`disk full: cannot write ${file}; make room and go on with --resume`);
    this.name = 'DiskFull';
  }
}

function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT';
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

/** writeSync may write less than it was given when the disk fills up; the next call then says so. */
function writeAll(fd: number, bytes: Buffer): void {
  let done = 0;
  while (done < bytes.length) done += fs.writeSync(fd, bytes, done);
}

/** A file of JSON lines that only grows. Several processes may append to the same one. */
export class LineFile {
  private readonly fd: number;

  constructor(readonly file: string) {
    dropTornLine(file);
    this.fd = fs.openSync(file, 'a');
  }

  append(record: object): void {
    const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
    try {
      const size = fs.fstatSync(this.fd).size;
      const written = fs.writeSync(this.fd, bytes);
      if (written < bytes.length) {
        fs.ftruncateSync(this.fd, size);
        throw new DiskFull(this.file);
      }
    } catch (error) {
      throw explain(error, this.file);
    }
  }

  flush(): void {
    fs.fsyncSync(this.fd);
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}

/** Cuts a last line without its end, so that the next append does not run into it. */
function dropTornLine(file: string): void {
  if (!fs.existsSync(file)) return;
  const text = fs.readFileSync(file);
  const end = text.lastIndexOf(0x0a) + 1;
  if (end < text.length) fs.truncateSync(file, end);
}

/** Every whole line of a file of JSON lines; a line that is not JSON ends the reading with its number. */
export function readLines<T>(file: string): T[] {
  if (!fs.existsSync(file)) return [];
  const text = fs.readFileSync(file, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const records: T[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line === '') continue;
    try {
      records.push(JSON.parse(line) as T);
    } catch {
      throw new Error(`${file}: line ${i + 1} is damaged: ${line.slice(0, 80)}`);
    }
  }
  return records;
}

/**
 * Creates a folder and those above it; a message that names it when that fails.
 * Step by step: Node's own way never returns where a file system says of a folder's parent that it is not there (/proc).
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
    if (!fs.statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
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

/** Moves a finished folder to its place; false if something is there already. */
export function moveFolder(from: string, to: string): boolean {
  if (fs.existsSync(to)) return false;
  try {
    makeFolder(path.dirname(to));
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw explain(error, to);
  }
}

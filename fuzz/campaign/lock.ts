/**
 * The lock of a campaign's folder: a file with the number of the process that uses it.
 *
 * Rules that hold here:
 * - It is created, never written over, so of two that start at the same moment one gets it.
 * - The lock of a process that is dead is taken over, and only by who holds a second file meanwhile: another, which read the
 *   same dead number, would remove the new lock otherwise.
 */
import fs from 'node:fs';
import { CouldNotRun } from '../base/errors';
import { createAlone } from '../base/files';

/** Takes the lock. Returns what gives it back. @throws CouldNotRun if somebody has it; the message names the file. */
export function lock(file: string): () => void {
  if (!createAlone(file, String(process.pid))) takeOver(file);
  return () => fs.rmSync(file, { force: true });
}

function takeOver(file: string): void {
  const pid = readPid(file);
  if (pid === null || !isDead(pid)) throw inUse(file, pid);
  const claim = `${file}.takeover`;
  if (!createAlone(claim, String(process.pid))) throw inUse(claim, readPid(claim));
  try {
    // Read again: it may have been taken over or given back. A file that still has the dead number stays while we have the claim.
    const now = readPid(file);
    if (now !== pid) throw inUse(file, now);
    fs.rmSync(file, { force: true });
    if (!createAlone(file, String(process.pid))) throw inUse(file, readPid(file));
  } finally {
    fs.rmSync(claim, { force: true });
  }
}

/** Null if it has none: it was given back just now, or is being written. */
function readPid(file: string): number | null {
  try {
    const pid = Number(fs.readFileSync(file, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Our own number was another's before: in a container each start may have the same. */
function isDead(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

function inUse(file: string, pid: number | null): CouldNotRun {
  const who = pid === null ? 'another process' : `process ${pid}`;
  return new CouldNotRun(`the campaign is in use by ${who}; if that is no maple-fuzz any more, remove ${file}`);
}

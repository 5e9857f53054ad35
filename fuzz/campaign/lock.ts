/**
 * The lock of a campaign's folder: a file with the number of the process that uses it, and when that process started.
 *
 *     4711 88123 3f0c...   number, start in ticks since the machine's, which start of the machine
 *
 * Rules that hold here:
 * - It is created, never written over, so of two that start at the same moment one gets it.
 * - The lock of a process that is dead is taken over, and only by who holds a second file meanwhile: another, which
 *   read the same dead number, would remove the new lock otherwise.
 * - Dead is also who was killed and is not reaped yet, and whose number another program has by now.
 */
import fs from 'node:fs';
import { CouldNotRun } from '../base/errors';
import { createAlone } from '../base/files';
import { identityOf } from '../base/process-usage';

/** What the file says of who holds it. */
interface Holder {
  readonly pid: number;
  /** Null where the system does not tell, and in locks of earlier versions. */
  readonly start: string | null;
}

function ownText(): string {
  const start = identityOf(process.pid)?.start;
  return start === undefined ? String(process.pid) : `${process.pid} ${start}`;
}

/** Takes the lock. Returns what gives it back. @throws CouldNotRun if another process has it: it names the file. */
export function lock(file: string): () => void {
  if (!createAlone(file, ownText())) takeOver(file);
  return () => fs.rmSync(file, { force: true });
}

function takeOver(file: string): void {
  const holder = readHolder(file);
  if (holder === null || !isDead(holder)) throw inUse(file, holder);
  const claim = `${file}.takeover`;
  if (!createAlone(claim, ownText()) && !isLeft(claim)) throw inUse(claim, readHolder(claim));
  try {
    // Read again: it may have been taken over or given back. A file that still has the dead number stays while we have
    // the claim.
    const now = readHolder(file);
    if (now?.pid !== holder.pid || now.start !== holder.start) throw inUse(file, now);
    fs.rmSync(file, { force: true });
    if (!createAlone(file, ownText())) throw inUse(file, readHolder(file));
  } finally {
    fs.rmSync(claim, { force: true });
  }
}

/** Whether a claim is of one that died while it took the lock over; then it is ours. */
function isLeft(claim: string): boolean {
  const holder = readHolder(claim);
  if (holder === null || !isDead(holder)) return false;
  fs.rmSync(claim, { force: true });
  return createAlone(claim, ownText());
}

/** Null if it has none: it was given back just now, or is being written. */
function readHolder(file: string): Holder | null {
  try {
    const [number, ...start] = fs.readFileSync(file, 'utf8').trim().split(' ');
    const pid = Number(number);
    if (!Number.isSafeInteger(pid) || pid <= 0) return null;
    return { pid, start: start.length === 0 ? null : start.join(' ') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Our own number was another's before: in a container each start may have the same. */
function isDead({ pid, start }: Holder): boolean {
  if (pid === process.pid) return true;
  const present = identityOf(pid);
  if (present !== null) return present.isZombie || (start !== null && present.start !== start);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

function inUse(file: string, holder: Holder | null): CouldNotRun {
  const who = holder === null ? 'another process' : `process ${holder.pid}`;
  return new CouldNotRun(`the campaign is in use by ${who}; if that is no maple-fuzz any more, remove ${file}`);
}

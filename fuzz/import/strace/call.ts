/**
 * A call of a log, whole, and the sorts of calls that are looked at before it is known what they do.
 */
import { PAGE } from '../../format/types';

export interface Call {
  readonly pid: number;
  readonly name: string;
  /** What stands between the parentheses. */
  readonly args: string;
  /** What stands behind the equals sign; `?` if the log does not have it. */
  readonly result: string;
  /** Where the call began and ended: line numbers, from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Seconds, when it counts; null if the log has no absolute times. */
  readonly time: number | null;
}

/** Calls that return the address of a page. */
export const MAPPING: ReadonlySet<string> = new Set([
  'mmap',
  'mmap2',
  'old_mmap',
  'mremap',
  'shmat',
  'map_shadow_stack',
]);
export const isPage = (address: string): boolean => Number(address) % PAGE === 0;

export const FORKS: ReadonlySet<string> = new Set(['fork', 'vfork', 'clone', 'clone3']);
export const EXECS: ReadonlySet<string> = new Set(['execve', 'execveat']);

/** Calls that count from their beginning. */
export const isEarly = (name: string): boolean => name === 'munmap' || FORKS.has(name);

/**
 * One line of strace: what stands in front of the call, and which of strace's shapes the rest has.
 *
 *     [pid 23892<bash>] 02:51:49.014 (+ 0.0003) [  10] [00007f97] mmap(NULL, 4096, …) = 0x7f0000000000 <0.000012>
 *     |-- process ----| |-- time --| |- -r ---| |-n-|  |--- -i --| |---- call -----|   |-- result ---| |-- -T --|
 *
 * Also qemu-user's `-strace`, which has no space before its results and puts them on a line of their own behind output.
 */
import { resultOf } from './arguments';

export interface Prefix {
  /** The process that the line names; null if it names none. */
  readonly pid: number | null;
  /** Seconds since midnight or 1970; null if there is no time, or only a distance (-r). */
  readonly time: number | null;
  /** What stands behind. */
  readonly rest: string;
}

const PREFIX = new RegExp(
  [
    '^\\s*',
    // [pid 812], with -Y [pid 812<name>], with -o 812
    '(?:\\[pid\\s+(\\d+)(?:<.*?>)?(?: /\\*.*?\\*/)?\\]\\s*|(\\d{1,7})(?:<.*?>)?\\s+)?',
    // -t, -tt; -ttt, -r; --timestamps=unix,s
    '(?:(\\d+:\\d\\d:\\d\\d(?:\\.\\d+)?|\\d+\\.\\d+|\\d{9,})\\s+)?',
    // -r with -t
    '(?:\\(\\+\\s*[\\d.]+\\)\\s*)?',
    // -n, -i
    '(?:\\[\\s*[\\w?]+\\]\\s*)*',
  ].join(''),
);

function secondsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const parts = text.split(':').map(Number);
  if (parts.length === 3) return parts[0] * 3600 + parts[1] * 60 + parts[2];
  return parts[0] > 1e6 ? parts[0] : null;
}

export function prefixOf(line: string): Prefix {
  const found = PREFIX.exec(line)!;
  const pid = found[1] ?? found[2];
  return {
    pid: pid === undefined ? null : Number(pid),
    time: secondsOf(found[3]),
    rest: line.slice(found[0].length).trimEnd(),
  };
}

export type Shape =
  | { readonly kind: 'call'; readonly name: string; readonly args: string; readonly result: string }
  /** Cut by a line of another process: `mmap(NULL, 4096 <unfinished ...>`. */
  | { readonly kind: 'begin'; readonly name: string; readonly args: string }
  | { readonly kind: 'resume'; readonly name: string; readonly text: string }
  | { readonly kind: 'exit' }
  /** A thread took the place of the process by its execve. */
  | { readonly kind: 'superseded'; readonly by: number }
  | { readonly kind: 'attached'; readonly pid: number }
  | { readonly kind: 'detached'; readonly pid: number }
  | { readonly kind: 'remark' }
  /** The beginning of a call whose end stands on a later line. */
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'other' };

const CALL = /^([a-zA-Z_]\w*|\?+)\((.*)\)\s+= ?(.*)$/s;
const BEGINNING = /^([a-zA-Z_]\w*|\?+)\((.*?)\s*<(?:unfinished|detached|pid changed to \d+) \.\.\.>$/s;
const REST = /^<\.\.\. ([\w?]+) resumed> ?(.*)$/s;
const OPEN = /^([a-z_]\w*)\(/;
const ATTACHED = /^(?:strace: )?Process (\d+) (attached|detached)\b.*$/;
const EXIT = /^\+\+\+ (?:exited with|killed by) .*\+\+\+$/;
const SUPERSEDED = /^\+\+\+ superseded by execve in pid (\d+) \+\+\+$/;

const REMARKS: readonly RegExp[] = [
  /^$/,
  /^\+\+\+ .*\+\+\+$/,
  /^--- .* ---$/,
  /^strace: /,
  /^\[ Process PID=\d+ runs in .* mode\. \]$/,
  /^Process \d+ (?:suspended|resumed|exited).*$/,
  // -k: a stack trace, also in another spelling of its marks
  /^>\s.*$/,
  /^\| [0-9a-f]{5,} {2}.*\|$/,
  /^\* \d+ bytes in buffer \d+$/,
  // qemu-user has no result for a call that does not return
  /^exit(?:_group)?\([^()]*\)$/,
  /^<\.\.\. exit(?:_group)? resumed>.*$/,
];

/** What a line without its prefix is. */
export function shapeOf(text: string): Shape {
  const call = CALL.exec(text);
  if (call !== null && call[3] === '') return { kind: 'open', name: call[1] };
  if (call !== null) return { kind: 'call', name: call[1], args: call[2], result: call[3].trim() };
  const beginning = BEGINNING.exec(text);
  if (beginning !== null) return { kind: 'begin', name: beginning[1], args: beginning[2] };
  const rest = REST.exec(text);
  if (rest !== null) return { kind: 'resume', name: rest[1], text: rest[2] };
  const life = ATTACHED.exec(text);
  if (life !== null) return { kind: life[2] as 'attached' | 'detached', pid: Number(life[1]) };
  const superseded = SUPERSEDED.exec(text);
  if (superseded !== null) return { kind: 'superseded', by: Number(superseded[1]) };
  if (EXIT.test(text)) return { kind: 'exit' };
  if (REMARKS.some((remark) => remark.test(text))) return { kind: 'remark' };
  const open = OPEN.exec(text);
  return open === null ? { kind: 'other' } : { kind: 'open', name: open[1] };
}

/** Without -o strace writes its remarks into the middle of its lines, which go on behind them. */
const INTERRUPTED =
  /^(.*?\S)\s*(?:strace: )?Process (\d+) (attached|detached|suspended|resumed)(?: \([^)]*\)| with \d+ threads)?$/s;

export interface Interruption {
  /** What the remark stands behind. */
  readonly before: string;
  readonly event: 'attached' | 'detached' | 'other';
  readonly pid: number;
}

export function interruptionOf(text: string): Interruption | null {
  const found = INTERRUPTED.exec(text);
  if (found === null) return null;
  const event = found[3] === 'attached' || found[3] === 'detached' ? found[3] : 'other';
  return { before: found[1], event, pid: Number(found[2]) };
}

/** The table that -c and -C write (with -U in other columns): its head, and the lines below. */
export const TABLE_HEAD =
  /^\s*(?:(?:% time|seconds|usecs\/call|calls|errors|syscall|shortest|longest|total|avg|min|max)\s*){2,}$/;
export const TABLE_LINE = /^(?=.*[\d-])(?:[- ]+|(?:[\d.]+\s+)*[a-z_]\w*(?:\s+[\d.]+)*)$/;

/** qemu-user: `name(args)` closed, and then output of the program, with the result on the next line. */
const LATE_RESULT = /^\s*=\s+(\S.*)$/;

/** Tells a result from whatever else may stand behind an equals sign. */
export function lateResultOf(text: string): string | null {
  const found = LATE_RESULT.exec(text);
  if (found === null) return null;
  return resultOf(found[1]).kind === 'unknown' && !found[1].startsWith('?') ? null : found[1].trim();
}

/** Seconds that the call took (-T); null without. */
export function durationOf(result: string): number | null {
  const found = /<(\d+\.\d+)>$/.exec(result);
  return found === null ? null : Number(found[1]);
}

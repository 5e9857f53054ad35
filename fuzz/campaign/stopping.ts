/**
 * When a campaign ends: after a time, at a time of day, after a number of sequences, after findings, or when nothing
 * new comes any more. The first that holds ends it.
 */
import { formatDuration, parseDuration } from '../base/duration';

export interface StopFlags {
  /** Milliseconds. */
  readonly forMs?: number;
  /** A point in time, milliseconds since 1970. */
  readonly untilMs?: number;
  /** Sequences. */
  readonly runs?: number;
  /** New findings. */
  readonly findings?: number;
  /** Milliseconds without a new feature or finding. */
  readonly idleMs?: number;
}

/** What the campaign knows of itself when it asks. */
export interface StopState {
  readonly nowMs: number;
  /** Time that this and earlier runs of the campaign have fuzzed. */
  readonly ranMs: number;
  readonly sequences: number;
  readonly newFindings: number;
  readonly lastNewMs: number;
}

/** "07:00", local time. */
export function clockText(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** The reason to stop, in words for the summary, or null to go on. */
export function reasonToStop(flags: StopFlags, state: StopState): string | null {
  if (flags.forMs !== undefined && state.ranMs >= flags.forMs) return `the time is up (${formatDuration(flags.forMs)})`;
  if (flags.untilMs !== undefined && state.nowMs >= flags.untilMs) return `it is ${clockText(flags.untilMs)}`;
  if (flags.runs !== undefined && state.sequences >= flags.runs) return `${flags.runs} sequences are done`;
  if (flags.findings !== undefined && state.newFindings >= flags.findings) {
    return flags.findings === 1 ? 'a finding' : `${flags.findings} findings`;
  }
  if (flags.idleMs !== undefined && state.nowMs - state.lastNewMs >= flags.idleMs) {
    return `nothing new for ${formatDuration(flags.idleMs)}`;
  }
  return null;
}

/**
 * A flag with a value beyond the limit that a campaign has reached, as a command to go on needs it; empty if none is
 * reached.
 */
export function flagToGoOn(flags: StopFlags, state: StopState): string {
  if (flags.forMs !== undefined && state.ranMs >= flags.forMs) return `--for ${durationWord(flags.forMs * 2)}`;
  if (flags.untilMs !== undefined && state.nowMs >= flags.untilMs) return `--until ${clockText(flags.untilMs)}`;
  if (flags.runs !== undefined && state.sequences >= flags.runs) return `--runs ${flags.runs * 2}`;
  if (flags.findings !== undefined && state.newFindings >= flags.findings) {
    return `--stop-on ${state.newFindings + 1}`;
  }
  return '';
}

/** One word that parseDuration understands. */
function durationWord(ms: number): string {
  return formatDuration(ms).replaceAll(' ', '');
}

/** The next moment at which the clock shows "07:00" (local time); null if the text is no time of day. */
export function parseUntil(text: string, now: Date): number | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match === null) return null;
  const at = new Date(now);
  at.setHours(Number(match[1]), Number(match[2]), 0, 0);
  if (at <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

/** "first", a number of findings, or "idle:30m"; null if it is none of these. */
export function parseStopOn(text: string): Pick<StopFlags, 'findings' | 'idleMs'> | null {
  if (text === 'first') return { findings: 1 };
  if (/^[1-9]\d*$/.test(text)) return { findings: Number(text) };
  if (!text.startsWith('idle:')) return null;
  const idleMs = parseDuration(text.slice('idle:'.length));
  return idleMs === null || idleMs === 0 ? null : { idleMs };
}

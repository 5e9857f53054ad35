/**
 * When a campaign ends: after a time, at a time of day, after a number of sequences, after findings, or when nothing
 * new comes any more. The first that holds ends it.
 */

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
export interface Progress {
  readonly nowMs: number;
  /** Time that this and earlier runs of the campaign have fuzzed. */
  readonly ranMs: number;
  readonly sequences: number;
  readonly newFindings: number;
  readonly lastNewMs: number;
}

/** The reason to stop, in words for the summary, or null to go on. */
export function reasonToStop(flags: StopFlags, p: Progress): string | null {
  if (flags.forMs !== undefined && p.ranMs >= flags.forMs) return `the time is up (${formatDuration(flags.forMs)})`;
  if (flags.untilMs !== undefined && p.nowMs >= flags.untilMs) return 'the hour has come';
  if (flags.runs !== undefined && p.sequences >= flags.runs) return `${flags.runs} sequences are done`;
  if (flags.findings !== undefined && p.newFindings >= flags.findings) {
    return flags.findings === 1 ? 'a finding' : `${flags.findings} findings`;
  }
  if (flags.idleMs !== undefined && p.nowMs - p.lastNewMs >= flags.idleMs) {
    return `nothing new for ${formatDuration(flags.idleMs)}`;
  }
  return null;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "8h", "90s", "1h30m", "500ms", or a plain number of seconds; null if it is none of these. */
export function parseDuration(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((p) => p[0]).join('') !== text) return null;
  let sum = 0;
  for (const [, amount, unit] of parts) sum += Number(amount) * UNITS[unit!]!;
  return Math.round(sum);
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

/** "1h 30m", "12.5s", "3d 4h": the two largest units. */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)}s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor((ms % 60_000) / 1000);
  if (minutes < 60) return seconds === 0 ? `${minutes}m` : `${minutes}m ${seconds}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours}h` : `${hours}h ${minutes % 60}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

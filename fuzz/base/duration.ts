/**
 * Spans of time as flags and screens have them.
 */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Longer is a slip of the pen; and a timer of the system takes no more than 24 days. */
const LONGEST_MS = 1000 * 86_400_000;
export const LONGEST_TIMER_MS = 24 * 86_400_000;

/** "8h", "90s", "1h30m", "500ms", or a plain number of seconds; null if it is none of these, or longer than `most`. */
export function parseDuration(text: string, most = LONGEST_MS): number | null {
  const ms = sumOf(text);
  return ms === null || ms > most ? null : ms;
}

function sumOf(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((p) => p[0]).join('') !== text) return null;
  let sum = 0;
  for (const [, amount, unit] of parts) sum += Number(amount) * UNITS[unit!]!;
  return Math.round(sum);
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

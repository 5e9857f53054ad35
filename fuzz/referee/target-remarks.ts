/**
 * What a run came to know of the targets outside, to be said at its end: what they lack, what they sat out.
 */
export type Note = readonly [text: string, times: number];

export function noteText([text, times]: Note): string {
  return `${times === 1 ? 'once' : `${times} times`}: ${text}`;
}

/** Notes of several judges, those of the same text as one. */
export function mergeNotes(notes: Iterable<Note>): Note[] {
  const merged = new Map<string, number>();
  for (const [text, times] of notes) merged.set(text, (merged.get(text) ?? 0) + times);
  return [...merged];
}

/**
 * What has to be let go when a verb ends, however it ends: programs that were started, above all. Without it the
 * command would wait for them.
 */
const pending: (() => void)[] = [];

/** Runs once when the present verb has ended. */
export function atEnd(action: () => void): void {
  pending.push(action);
}

export function cleanUp(): void {
  for (const action of pending.splice(0)) action();
}

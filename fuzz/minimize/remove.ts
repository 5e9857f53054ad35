/**
 * Takes operations out: chunks from half of the sequence down to single ones, then pairs.
 *
 * Pairs matter because operations come in twos: a range is set and then stored over, an entry is stored and then
 * erased; neither can go alone where the other would fail differently or not at all.
 */
import type { Operation } from '../format/types';
import type { Trial } from './trial';

/** Removes chunks, halving their size down to 1, until no single operation can go. Whether anything went. */
export async function removeChunks(trial: Trial): Promise<boolean> {
  const before = trial.operations.length;
  let size = Math.max(1, trial.operations.length >> 1);
  while (!trial.over) {
    const went = await removeOfSize(trial, size);
    if (size > 1) size >>= 1;
    else if (!went) break;
  }
  return trial.operations.length < before;
}

/** One pass from the end to the start: what comes late depends on what came early, seldom the other way round. */
async function removeOfSize(trial: Trial, size: number): Promise<boolean> {
  let went = false;
  let end = trial.operations.length;
  while (end > 0 && !trial.over) {
    const start = Math.max(0, end - size);
    if (await trial.tryOperations(without(trial.operations, start, end))) went = true;
    end = Math.min(start, trial.operations.length);
  }
  return went;
}

/** Removes two operations at once, near neighbours first. Whether any pair went; single ones may go again after it. */
export async function removePairs(trial: Trial): Promise<boolean> {
  for (let distance = 1; distance < trial.operations.length && !trial.over; distance++) {
    for (let late = trial.operations.length - 1; late >= distance && !trial.over; late--) {
      const fewer = trial.operations.filter((_, i) => i !== late && i !== late - distance);
      if (await trial.tryOperations(fewer)) return true;
    }
  }
  return false;
}

function without(operations: readonly Operation[], start: number, end: number): Operation[] {
  return [...operations.slice(0, start), ...operations.slice(end)];
}

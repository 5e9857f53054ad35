/**
 * Files are held, linked and opened once for each of their mappings. A mapping with a close hook that a merge removed
 * shows here: it was opened and never closed.
 */
import type { MmFile } from '../../../../src/mm/file';
import type { MmContext, MmInvariant } from '../context';
import { beginLists, listAfter, type VmaList } from '../lists';

/**
 * Files of the mappings now or when it was looked last, how many mappings each has now, and where each stands in the
 * two.
 */
const files: MmFile[] = [];
const counts: number[] = [];
const places = new Map<MmFile, number>();

function count(list: VmaList): void {
  for (let place = 0; place < counts.length; place++) counts[place] = 0;
  const { file, count } = list;
  let last: MmFile | null = null;
  let place = 0;
  for (let i = 0; i < count; i++) {
    const present = file[i];
    if (present === null) continue;
    // Neighbours are often of one file.
    if (present !== last) place = placeOf(present);
    last = present;
    counts[place]++;
  }
}

function placeOf(file: MmFile): number {
  let place = places.get(file);
  if (place === undefined) {
    place = files.length;
    places.set(file, place);
    files.push(file);
    counts.push(0);
  }
  return place;
}

/** Lets a file go; the last one takes its place. */
function forget(place: number): void {
  places.delete(files[place]);
  const last = files.pop()!;
  const mappings = counts.pop()!;
  if (place === files.length) return;
  files[place] = last;
  counts[place] = mappings;
  places.set(last, place);
}

/** A mapping that was refused must not have opened, closed or held its file, which then no mapping leads to. */
function unmappedImbalance(context: MmContext): string | null {
  for (const file of context.src.knownFiles) {
    const broken = places.has(file) ? null : imbalance(file, 0);
    if (broken !== null) return broken;
  }
  return null;
}

export const mmHookBalance: MmInvariant = {
  name: 'close-hook-balance',
  domain: 'mm',
  about:
    'Each file is held, linked and (with a close hook) opened once for each of its mappings; no merge removes one.',
  moment: 'write',
  begin() {
    files.length = counts.length = 0;
    places.clear();
    beginLists();
  },
  check(context) {
    count(listAfter(context));
    for (let place = files.length - 1; place >= 0; place--) {
      const broken = imbalance(files[place], counts[place]);
      if (broken !== null) return broken;
      // What left all mappings was checked once more.
      if (counts[place] === 0) forget(place);
    }
    return context.operation?.op === 'mmap' ? unmappedImbalance(context) : null;
  },
};

function imbalance(file: MmFile, count: number): string | null {
  const name = file.name ?? 'shared memory';
  if (file.references !== count) return `${name}: held ${file.references} times, ${count} mappings`;
  if (file.linked !== count) return `${name}: linked ${file.linked} times, ${count} mappings`;
  if (file.ops.close !== undefined && file.opened !== count)
    return `${name}: open ${file.opened} times, ${count} mappings`;
  return null;
}

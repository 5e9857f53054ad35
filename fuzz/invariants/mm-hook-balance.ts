/**
 * Files are held, linked and opened once for each of their mappings. A mapping with a close hook that a merge removed shows
 * here: it was opened and never closed.
 */
import type { MmFile } from '../../src/mm/file';
import type { MmInvariant } from '../lockstep/types';
import { beginLists, listAfter } from './mm-lists';

/** Files seen in this sequence, with the mappings counted now. */
const mappings = new Map<MmFile, number>();

export const mmHookBalance: MmInvariant = {
  name: 'close-hook-balance',
  domain: 'mm',
  about:
    'Each file is held, linked and (with a close hook) opened once for each of its mappings; no merge removes one.',
  moment: 'write',
  begin() {
    mappings.clear();
    beginLists();
  },
  check(context) {
    const list = listAfter(context);
    for (const file of mappings.keys()) mappings.set(file, 0);
    // Also those that no mapping has: a refused mapping must not have opened, closed or held its file.
    for (const file of context.src.knownFiles) mappings.set(file, 0);
    for (let i = 0; i < list.count; i++) {
      const file = list.file[i];
      if (file !== null) mappings.set(file, (mappings.get(file) ?? 0) + 1);
    }
    // A fork's child has objects of its own only where the format says so; what left all lists is checked once more.
    for (const [file, count] of mappings) {
      const broken = imbalance(file, count);
      if (broken !== null) return broken;
      if (count === 0) mappings.delete(file);
    }
    return null;
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

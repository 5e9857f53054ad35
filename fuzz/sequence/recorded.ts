/**
 * Sequences that were recorded: from the kernel's own test suite, from real processes, from earlier findings. They lie
 * in `corpus/` beside the program; a campaign runs each of them once and breeds from them.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { DomainName, Sequence } from '../format/types';
import { findSequenceFiles, readSequences } from './files';

/** Longer ones take too long to be part of every campaign. */
const MAX_OPERATIONS = 6000;

/** The corpus of this program: of the checkout, or of the installed package; null if there is none. */
export function ownCorpus(): string | null {
  for (let folder = __dirname; path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'corpus', 'golden'))) return path.join(folder, 'corpus');
  }
  return null;
}

/** The recorded sequences of a domain, in the order of their files. */
export function readRecorded(corpus: string | null, domain: DomainName): readonly Sequence[] {
  if (corpus === null) return [];
  const files = [path.join(corpus, domain), path.join(corpus, 'golden', domain)].filter((folder) =>
    fs.existsSync(folder),
  );
  return findSequenceFiles(files)
    .flatMap(readSequences)
    .filter(({ operations }) => operations.length <= MAX_OPERATIONS);
}

/**
 * Sequence files on disk: `*.ndjson`, also compressed as `*.ndjson.gz`. `*.out.ndjson` beside one holds the answers of
 * a reference, and is not a sequence; nor is `*.wire.ndjson`, lines for the wire of which some are wrong on purpose,
 * nor what a campaign keeps beside its sequences: its journal, its figures.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Sequence } from '../format/types';
import { parseSequences, SequenceError } from './parse';

const IS_SEQUENCE = /\.ndjson(\.gz)?$/;
const IS_OTHER = /\.(out|wire|careful)\.ndjson(\.gz)?$/;
const OWN_FILES = ['journal.ndjson', 'stats.ndjson', 'settled.ndjson'];

/** The text of a file, decompressed where its name says so. @throws what reading throws. */
export function readText(file: string): string {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  // Some editors write a mark at the start of a text, which is no part of it.
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** As `readText`; a damaged archive is a damaged file. */
function readTextOrComplain(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_')) throw new SequenceError(0, `cannot be decompressed: ${message}`);
    throw error;
  }
}

/** The sequences of a file. @throws SequenceError with the file's name in front; what reading throws. */
export function readSequences(file: string): Sequence[] {
  try {
    return parseSequences(readTextOrComplain(file));
  } catch (error) {
    if (!(error instanceof SequenceError)) throw error;
    throw new SequenceError(0, `${file}: ${error.message}`);
  }
}

/** The sequence files under each path, in a stable order: a file is itself, a folder is searched to its depth. */
export function findSequenceFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => (statSync(path).isDirectory() ? walk(path) : [path]));
}

function isSequenceName(name: string): boolean {
  return IS_SEQUENCE.test(name) && !IS_OTHER.test(name) && !OWN_FILES.includes(name);
}

function walk(folder: string): string[] {
  const found: string[] = [];
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...walk(path));
    else if (isSequenceName(entry.name)) found.push(path);
  }
  return found;
}

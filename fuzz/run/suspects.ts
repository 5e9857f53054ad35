/**
 * Where in src to look first: what the failing step of a minimal case runs that the same step of its passing neighbours
 * does not, or the other way round.
 *
 *     failing step:    findVma > mergeNew > case 3 ........ close
 *     neighbour 1:     findVma > mergeNew > case 2
 *     neighbour 2:     findVma > ................. insert
 *                                           ^^^^^^          ^^^^^   suspects
 *
 * A process of its own counts blocks (suspects-main.ts): counting makes everything slow there. It is told one case, and
 * ends with its answer.
 *
 * A suspect's score is from 0 to 1: how well "this block ran" tells failing runs from passing ones (the measure named
 * after Ochiai), or "it did not run", if that tells them better.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { nodeFlags, SOURCE_EXTENSION } from '../base/node-process';
import type { Sequence } from '../format/types';
import { printSequence } from '../sequence/print';

const ENTRY = path.join(__dirname, `suspects-main${SOURCE_EXTENSION}`);
const OWN_INVARIANTS = path.join(__dirname, '..', 'domains', `invariants${SOURCE_EXTENSION}`);

/** A function of src, and the line of its block that is suspected most. */
export interface Suspect {
  /** From the project's root. */
  readonly file: string;
  readonly function: string;
  readonly line: number;
  readonly score: number;
}

export interface SuspectsOrder {
  readonly sequence: string;
  /** What it fails with: `failureKey`. */
  readonly key: string;
}

/** It takes a second or two; what takes longer is not worth the wait. */
const LIMIT_MS = 20_000;
const HEAP_MB = 1024;

/**
 * The suspects of a case, most suspected first.
 * @returns none if it could not be found out: the case does not fail there, or takes the process along.
 */
export function findSuspects(sequence: Sequence, key: string): Promise<Suspect[]> {
  const order: SuspectsOrder = { sequence: printSequence(sequence), key };
  const flags = [...nodeFlags(), `--max-old-space-size=${HEAP_MB}`];
  const child = spawn(process.execPath, [...flags, ENTRY, OWN_INVARIANTS], { stdio: ['pipe', 'pipe', 'ignore'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(order));
  return new Promise((resolve) => {
    child.on('error', () => resolve([]));
    child.on('close', () => {
      clearTimeout(timer);
      resolve(printed.endsWith('\n') ? (JSON.parse(printed) as Suspect[]) : []);
    });
  });
}

/**
 * The texts that are made from a finding: the only place where one is printed.
 */
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { printable } from '../base/printable';
import { quoteWord } from '../base/shell-words';
import { printFailure } from '../report/printout';
import { targetFlagsOf } from '../report/target-flags';
import { printSequence } from '../sequence/print';
import type { Finding, FindingFacts } from './finding';

/** `original.ndjson` or `minimal.ndjson`, by the form. */
export function sequenceFile({ form }: Pick<Finding, 'form'>): string {
  return `${form}.ndjson`;
}

/** The sequence as it is saved: it stands alone, and says what it was made from. */
export function sequenceText({ sequence, origin }: Finding): string {
  if (origin === null) return printSequence(sequence);
  return printSequence({ ...sequence, header: { ...sequence.header, origin } });
}

/** What stands before the commands of a README.txt: a folder may be moved, copied and merged. */
const IN_FOLDER = 'in the folder of this file:';

/** `README.txt` in the finding's folder, with commands to paste there. A file holds no colours. */
export function readmeText(finding: Finding): string {
  const { sequence, difference, targets } = finding;
  const file = sequenceFile(finding);
  const options = { file, folder: '.', commandsIn: IN_FOLDER, ...targetFlagsOf(targets) };
  const text = printFailure(sequence, difference, options);
  return `${stripVTControlCharacters(text).trimEnd()}\n`;
}

/** The README.txt of a finding for a screen: with commands to paste here, wherever that is. */
export function readmeFrom(folder: string, text: string): string {
  const at = text.lastIndexOf(`\n${IN_FOLDER}\n`);
  // Those of earlier versions have whole paths.
  if (at < 0) return text;
  const commands = text.slice(at + IN_FOLDER.length + 2);
  const here = commands.replace(
    /^((?:replay|step|minimize) +npx maple-fuzz \w+ )(\S+)/gm,
    (_line, start: string, place: string) => `${start}${quoteWord(path.join(folder, place))}`,
  );
  return `${text.slice(0, at)}${here}`;
}

/** `finding.json`. */
export function factsText(facts: FindingFacts): string {
  return `${JSON.stringify(facts, null, 2)}\n`;
}

/** A finding in a line of JSON. */
export function findingRow(folder: string, facts: FindingFacts): Record<string, unknown> {
  const { rule, operation, foundBy, detail, minimalLength, originalLength, minimized, signature } = facts;
  // Findings of earlier versions do not have the whole difference.
  const difference = facts.difference ?? { rule, operation: { op: operation }, foundBy, detail };
  return { folder, operations: minimalLength ?? originalLength, minimized, signature, difference };
}

/** What is wrong, in a sentence: of several lines the first. */
export function findingSentence({ rule, operation, detail }: FindingFacts): string {
  const [first] = printable(detail).trim().split('\n');
  return `${rule} at ${operation}${first === '' ? '' : `: ${first}`}`;
}

/** A finding in a line for a list: what broke, and how large the case is. */
export function findingLine(folder: string, facts: FindingFacts): string {
  const length = facts.minimalLength ?? facts.originalLength;
  const size = `${length} ${length === 1 ? 'operation' : 'operations'}`;
  const form = facts.minimized === 'yes' ? '' : facts.minimized === 'no' ? ', not minimized' : ', not fully minimized';
  return `${facts.rule} at ${facts.operation}: ${size}${form}, ${folder}`;
}

/**
 * The texts that are made from a finding: the only place where one is printed.
 */
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
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

/** `README.txt` in the finding's folder, whose name it repeats in commands to paste. A file holds no colours. */
export function readmeText(finding: Finding, folder: string): string {
  const { sequence, difference, targets } = finding;
  const file = path.join(folder, sequenceFile(finding));
  const text = printFailure(sequence, difference, { file, ...targetFlagsOf(targets) });
  return `${stripVTControlCharacters(text).trimEnd()}\n`;
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

/** A finding in a line for a list: what broke, and how large the case is. */
export function findingLine(folder: string, facts: FindingFacts): string {
  const length = facts.minimalLength ?? facts.originalLength;
  const size = `${length} ${length === 1 ? 'operation' : 'operations'}`;
  const form = facts.minimized === 'yes' ? '' : facts.minimized === 'no' ? ', not minimized' : ', not fully minimized';
  return `${facts.rule} at ${facts.operation}: ${size}${form}, ${folder}`;
}

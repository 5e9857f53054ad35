/**
 * A failure on one screen: 80 columns, at most some 40 lines.
 *
 *     what broke, where
 *     the operations, the first wrong one marked, the middle of a long sequence left out
 *     the ranges before it
 *     expected, actual, the rule
 *     commands to paste
 */
import pc from 'picocolors';
import type { Difference } from '../lockstep/types';
import { printHeader, printOperation } from '../sequence/print';
import type { Sequence } from '../sequence/types';
import { answerJson } from './json';
import { drawBefore } from './picture';

export const COLUMNS = 80;
/** Operations shown of a long sequence: some from its beginning, the rest right before the wrong step. */
const HEAD = 4;
const TAIL = 12;
const DETAIL_LINES = 8;

export interface PrintoutOptions {
  /** The file in which the sequence is saved; without one there are no commands. */
  readonly file?: string | undefined;
  /** The sequence's number in the file, from 1, and how many there are. */
  readonly place?: { readonly number: number; readonly count: number } | undefined;
  /** Flags that the commands need beside the file, such as `--target src,kernel`. */
  readonly flags?: string | undefined;
}

function cut(text: string, columns = COLUMNS): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 3)}...`;
}

/** The numbers of the operations to show, -1 for what is left out. */
function shown(step: number): number[] {
  const all = Array.from({ length: step + 1 }, (_, i) => i);
  if (all.length <= HEAD + TAIL + 1) return all;
  return [...all.slice(0, HEAD), -1, ...all.slice(-TAIL)];
}

function operationLines(sequence: Sequence, step: number): string[] {
  const { domain } = sequence.header;
  const last = Math.min(step, sequence.operations.length - 1);
  const lines = [cut(`         ${printHeader(sequence.header)}`)];
  for (const i of shown(last)) {
    if (i < 0) {
      lines.push(`         ... ${last + 1 - HEAD - TAIL} more ...`);
      continue;
    }
    const text = cut(
      `${i === step ? '>' : ' '} ${String(i + 1).padStart(5)}  ${printOperation(sequence.operations[i], domain)}`,
    );
    lines.push(i === step ? pc.bold(text) : text);
  }
  if (step >= sequence.operations.length) lines.push(pc.bold('>        at the end of the sequence'));
  const rest = sequence.operations.length - 1 - last;
  if (rest > 0) lines.push(`         (${rest} more after it)`);
  return lines;
}

function commands(options: PrintoutOptions): string[] {
  if (options.file === undefined) return [];
  const file = /^[\w./@+-]+$/.test(options.file) ? options.file : `'${options.file.replace(/'/g, "'\\''")}'`;
  const flags = options.flags === undefined ? '' : ` ${options.flags}`;
  return [
    '',
    `replay    npx maple-fuzz replay ${file}${flags}`,
    `step      npx maple-fuzz replay ${file} --step${flags}`,
    `minimize  npx maple-fuzz minimize ${file}${flags}`,
  ];
}

function picture(sequence: Sequence, step: number): string[] {
  if (step < 0) return [];
  try {
    const lines = drawBefore(sequence, step, COLUMNS - 2);
    return ['', 'before it:', ...lines.map((line) => `  ${cut(line, COLUMNS - 2)}`)];
  } catch (error) {
    return ['', `before it: cannot be shown (${(error as Error).message})`];
  }
}

function wrap(text: string): string[] {
  return text
    .split('\n')
    .slice(0, DETAIL_LINES)
    .flatMap((line) => line.match(/.{1,68}(\s|$)|.{1,68}/g) ?? [''])
    .map((line, i) => `${i === 0 ? 'rule      ' : '          '}${line.trimEnd()}`);
}

/** The screen, lines joined; it ends without a line feed. */
export function printFailure(sequence: Sequence, difference: Difference, options: PrintoutOptions = {}): string {
  const { step, operation, rule, foundBy, expected, actual, alone } = difference;
  const { domain } = sequence.header;
  const at =
    operation === null ? 'at the end' : `at step ${step + 1} of ${sequence.operations.length}, ${operation.op}`;
  const place =
    options.place === undefined || options.place.count === 1
      ? ''
      : ` (sequence ${options.place.number} of ${options.place.count})`;
  const lines = [
    pc.red(pc.bold(cut(`${rule} ${step < 0 ? 'at the header' : at}${place}`))),
    '',
    ...operationLines(sequence, step),
    ...picture(sequence, step),
    '',
  ];
  if (expected !== undefined) lines.push(cut(`expected  ${answerJson(expected, domain)}`));
  if (actual !== undefined) lines.push(cut(`actual    ${answerJson(actual, domain)}`));
  if (alone !== undefined) lines.push(cut(`alone     ${alone}`));
  lines.push(...wrap(`${rule} (${foundBy}): ${difference.detail}`), ...commands(options));
  return lines.join('\n');
}

/**
 * A failure on one screen: 80 columns, some 40 lines. In a file (a finding's README.txt) long operations take what they
 * need.
 *
 *     what broke, where
 *     the operations, the first wrong one marked, the middle of a long sequence left out
 *     the ranges before it
 *     expected, actual, the rule
 *     commands to paste
 */
import fs from 'node:fs';
import path from 'node:path';
import pc from 'picocolors';
import { printable } from '../base/printable';
import { quoteWord } from '../base/shell-words';
import type { Answer, DomainName, Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { printHeader, printOperation } from '../sequence/print';
import { answerJson } from './json';
import { drawBefore } from './picture';
import { shareLines, wrapJson } from './wrapping';

const COLUMNS = 80;
/** Operations shown of a long sequence: some from its beginning, the rest right before the wrong step. */
const HEAD = 4;
const TAIL = 12;
const DETAIL_LINES = 8;
/** Lines of a screen for the operations together, for the wrong one at least, for the header, and for an answer. */
const OPERATION_LINES = 24;
const WRONG_LINES = 6;
const HEADER_LINES = 2;
const ANSWER_LINES = 3;
/** Before an operation stand a mark and its number. */
const MARGIN = 9;
const TEXT_WIDTH = COLUMNS - MARGIN;
const LABELLED_WIDTH = COLUMNS - 10;

export interface PrintoutOptions {
  /** The file in which the sequence is saved; without one there are no commands. */
  readonly file?: string | undefined;
  /** The finding's folder, as the commands name it, if it is known to be in one. */
  readonly folder?: string | undefined;
  /** A line before the commands: where they are to be pasted. */
  readonly commandsIn?: string | undefined;
  /** The sequence's number in the file, from 1, and how many there are. */
  readonly place?: { readonly number: number; readonly count: number } | undefined;
  /** Flags that the commands need beside the file, such as `--target src,kernel`. */
  readonly flags?: string | undefined;
}

/** A screen is small; a file is not. */
interface Media {
  readonly isCut: boolean;
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

interface Row {
  /** What stands before the text, of the margin's width. */
  readonly mark: string;
  readonly text: string;
  readonly isWrong: boolean;
}

/** The operations to show, with what says how many are left out. */
function rowsOf(sequence: Sequence, step: number, last: number): Row[] {
  return shown(last).map((i) => {
    if (i < 0) return { mark: '', text: `... ${last + 1 - HEAD - TAIL} more ...`, isWrong: false };
    const isWrong = i === step;
    const mark = `${isWrong ? '>' : ' '} ${String(i + 1).padStart(5)}`;
    return { mark, text: printOperation(sequence.operations[i], sequence.header.domain), isWrong };
  });
}

function operationLines(sequence: Sequence, step: number, media: Media): string[] {
  const last = Math.min(step, sequence.operations.length - 1);
  const rows = rowsOf(sequence, step, last);
  const heights = rows.map(({ text }) => wrapJson(text, TEXT_WIDTH).length);
  const most = media.isCut ? shareLines(heights, OPERATION_LINES) : undefined;
  const lines = block('', wrapJson(printHeader(sequence.header), TEXT_WIDTH, media.isCut ? HEADER_LINES : undefined));
  for (const { mark, text, isWrong } of rows) {
    // Of the wrong step as much as can be, whatever the others take.
    const limit = most !== undefined && isWrong ? Math.max(most, WRONG_LINES) : most;
    const its = block(mark, wrapJson(text, TEXT_WIDTH, limit));
    lines.push(...(isWrong ? its.map((line) => pc.bold(line)) : its));
  }
  if (step >= sequence.operations.length) lines.push(pc.bold('>        at the end of the sequence'));
  const rest = sequence.operations.length - 1 - last;
  if (rest > 0) lines.push(`${' '.repeat(MARGIN)}(${rest} more after it)`);
  return lines;
}

/** Lines behind a margin, in which a mark stands before the first. */
function block(mark: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${(i === 0 ? mark : '').padEnd(MARGIN)}${line}`);
}

function answerLines(name: string, answer: Answer | undefined, domain: DomainName, media: Media): string[] {
  if (answer === undefined) return [];
  return label(name, wrapJson(answerJson(answer, domain), LABELLED_WIDTH, media.isCut ? ANSWER_LINES : undefined));
}

function commands(options: PrintoutOptions): string[] {
  if (options.file === undefined) return [];
  const file = quoteWord(options.file);
  const flags = options.flags === undefined ? '' : ` ${options.flags}`;
  const finding = options.folder ?? findingOf(options.file);
  return [
    '',
    ...(options.commandsIn === undefined ? [] : [options.commandsIn]),
    `replay    npx maple-fuzz replay ${file}${flags}`,
    `step      npx maple-fuzz replay ${file} --step${flags}`,
    `minimize  npx maple-fuzz minimize ${finding === null ? file : quoteWord(finding)}${flags}`,
  ];
}

/**
 * The finding's folder that a file is in, or null: there `minimize` goes on with the finding itself, and does nothing
 * where all is done. The print-out of a finding is made before its folder is there.
 */
function findingOf(file: string): string | null {
  if (!/^(original|minimal)\.ndjson$/.test(path.basename(file))) return null;
  const folder = path.dirname(file);
  return fs.existsSync(folder) && !fs.existsSync(path.join(folder, 'finding.json')) ? null : folder;
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

/** Lines behind a name. */
function label(name: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${(i === 0 ? name : '').padEnd(COLUMNS - LABELLED_WIDTH)}${line}`);
}

function wrap(text: string, most?: number): string[] {
  return printable(text)
    .split('\n')
    .slice(0, most)
    .flatMap((line) => line.match(/.{1,68}(\s|$)|.{1,68}/g) ?? [''])
    .map((line) => line.trimEnd());
}

function title({ step, operation, rule }: Difference, sequence: Sequence, place: PrintoutOptions['place']): string {
  const at =
    operation === null ? 'at the end' : `at step ${step + 1} of ${sequence.operations.length}, ${operation.op}`;
  const of = place === undefined || place.count === 1 ? '' : ` (sequence ${place.number} of ${place.count})`;
  return pc.red(pc.bold(cut(`${rule} ${step < 0 ? 'at the header' : at}${of}`)));
}

function print(sequence: Sequence, difference: Difference, options: PrintoutOptions, media: Media): string {
  const { step, rule, foundBy, expected, actual, alone, detail } = difference;
  const { domain } = sequence.header;
  return [
    title(difference, sequence, options.place),
    '',
    ...operationLines(sequence, step, media),
    ...picture(sequence, step),
    '',
    ...answerLines('expected', expected, domain, media),
    ...answerLines('actual', actual, domain, media),
    ...(alone === undefined ? [] : label('alone', wrap(alone))),
    ...label('rule', wrap(`${rule} (${foundBy}): ${detail}`, media.isCut ? DETAIL_LINES : undefined)),
    ...commands(options),
  ].join('\n');
}

/** The text for a file, lines joined, without a line feed at its end: no operation and no answer is cut. */
export function printFailure(sequence: Sequence, difference: Difference, options: PrintoutOptions = {}): string {
  return print(sequence, difference, options, { isCut: false });
}

/** The same for a screen: what would fill it is cut, and says how much of it is not there. */
export function showFailure(sequence: Sequence, difference: Difference, options: PrintoutOptions = {}): string {
  return print(sequence, difference, options, { isCut: true });
}

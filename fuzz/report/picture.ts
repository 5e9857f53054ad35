/**
 * The state before a step, as a picture: the sequence's beginning is run on the oracle alone.
 */
import { domainOf } from '../domains';
import type { ContentPicture } from '../domains/domain';
import type { Operation, Sequence } from '../format/types';
import { applyChecked } from '../targets/answering';
import { makeSubject, type Subject } from '../targets/in-process';
import { drawBoxes } from './boxes';

/** The oracle after the first `steps` operations. */
export function stateBefore(sequence: Sequence, steps: number): Subject {
  const subject = makeSubject('oracle', sequence.header);
  for (const operation of sequence.operations.slice(0, steps)) applyChecked(subject, operation);
  return subject;
}

/** What a domain's picture is made from. */
function contentOf(subject: Subject): unknown {
  return 'tree' in subject ? subject.tree : subject.mm;
}

/** A subject's content, with that marked which an operation is about. */
export function pictureOf(subject: Subject, operation: Operation | undefined): ContentPicture {
  const { header } = subject;
  return domainOf(header).picture.draw(contentOf(subject), header, operation);
}

/** The same as lines of at most `columns` characters. */
export function drawContent(subject: Subject, operation: Operation | undefined, columns: number): string[] {
  const { cells, end } = pictureOf(subject, operation);
  return drawBoxes(cells, end, columns);
}

/** The content before operation number `step`, with what that operation is about marked. */
export function drawBefore(sequence: Sequence, step: number, columns: number): string[] {
  const subject = stateBefore(sequence, step);
  const { remarks } = domainOf(sequence.header).picture;
  const pieces = remarks?.(contentOf(subject), sequence.operations.slice(0, step + 1)) ?? [];
  return [...drawContent(subject, sequence.operations[step], columns), ...joined(pieces, columns)];
}

/** As many pieces on a line as fit. */
function joined(pieces: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = `${lines.at(-1)}  ${piece}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines;
}

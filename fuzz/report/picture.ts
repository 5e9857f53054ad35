/**
 * The state before a step, as a picture: the sequence's beginning is run on the oracle alone.
 */
import type { ContentPicture } from '../domains/domain';
import type { Operation, Sequence } from '../format/types';
import { applyChecked } from '../targets/answering';
import { type Instance, makeInstance } from '../targets/in-process';
import { drawBoxes } from './boxes';

/** The oracle after the first `steps` operations. */
function stateBefore(sequence: Sequence, steps: number): Instance {
  const instance = makeInstance('oracle', sequence.header);
  for (const operation of sequence.operations.slice(0, steps)) applyChecked(instance, operation);
  return instance;
}

/** A subject's content, with that marked which an operation is about. */
function pictureOf(instance: Instance, operation: Operation | undefined): ContentPicture {
  const { domain, header, subject } = instance;
  return domain.picture.draw(subject, header, operation);
}

/** The same as lines of at most `columns` characters. */
export function drawContent(instance: Instance, operation: Operation | undefined, columns: number): string[] {
  const { cells, end } = pictureOf(instance, operation);
  return drawBoxes(cells, end, columns);
}

/** The content before operation number `step`, with what that operation is about marked. */
export function drawBefore(sequence: Sequence, step: number, columns: number): string[] {
  const instance = stateBefore(sequence, step);
  const { domain, subject } = instance;
  const pieces = domain.picture.remarks?.(subject, sequence.operations.slice(0, step + 1)) ?? [];
  return [...drawContent(instance, sequence.operations[step], columns), ...joined(pieces, columns)];
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

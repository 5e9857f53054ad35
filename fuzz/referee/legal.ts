/**
 * Keeps the minimizer to what a target outside may be asked.
 *
 * A sequence that was generated for such a target comes into none of the corners where only the format defines the answer, and has
 * no operation that the target lacks. A shorter one that does would differ for that reason, and say nothing of the failure.
 */
import { kernelCorner, OracleTree } from '../../oracle/tree';
import { domainOf } from '../domains';
import type { TreeHeader } from '../domains/tree/header';
import type { Sequence } from '../format/types';
import type { RunSequence } from '../lockstep/types';
import { applyChecked } from '../targets/answering';

/** Whether an operation comes into a corner of the kernel's tree, as the oracle has it by then. */
export function comesIntoCorner({ header, operations }: Sequence): boolean {
  if (header.domain !== 'tree') return false;
  const tree = new OracleTree((header as TreeHeader).ranges);
  const instance = { domain: domainOf(header), header, subject: tree };
  for (const operation of operations) {
    if (kernelCorner(tree, operation) !== null) return true;
    applyChecked(instance, operation);
  }
  return false;
}

/**
 * Runs variants of `original`: one that may not be asked counts as passing. If the original itself may not be, all are run.
 * @param lacking  operations that some target does not have.
 */
export function keepLegal(run: RunSequence, original: Sequence, lacking: readonly string[]): RunSequence {
  const isLegal = (sequence: Sequence): boolean =>
    sequence.operations.every(({ op }) => !lacking.includes(op)) && !comesIntoCorner(sequence);
  return isLegal(original) ? (sequence) => (isLegal(sequence) ? run(sequence) : null) : run;
}

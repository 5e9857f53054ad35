/**
 * Keeps the minimizer to what a target outside may be asked.
 *
 * A sequence that was generated for such a target comes into none of the corners where only the format defines the
 * answer, and has no operation that the target lacks. A shorter one that does would differ for that reason, and say
 * nothing of the failure.
 */
import { domainOf } from '../domains';
import type { Sequence } from '../format/types';
import type { RunSequence } from '../lockstep/types';

/**
 * Runs variants of `original`: one that may not be asked counts as passing. If the original itself may not be, all are
 * run.
 * @param lacking  operations that some target does not have.
 */
export function keepLegal(run: RunSequence, original: Sequence, lacking: readonly string[]): RunSequence {
  const { referee } = domainOf(original.header);
  const isLegal = (sequence: Sequence): boolean =>
    sequence.operations.every(({ op }) => !lacking.includes(op)) && referee.isLegal(sequence);
  return isLegal(original) ? (sequence) => (isLegal(sequence) ? run(sequence) : null) : run;
}

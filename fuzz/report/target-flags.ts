/**
 * The flag --target as the commands of a print-out repeat it.
 */
import { quoteWord } from '../base/shell-words';

export const DEFAULT_TARGETS = 'src,oracle';

/** The flag to repeat in the commands of a print-out, if it is not the default. */
export function targetFlagsOf(target: string): { flags?: string } {
  return target === DEFAULT_TARGETS ? {} : { flags: `--target ${quoteWord(target)}` };
}

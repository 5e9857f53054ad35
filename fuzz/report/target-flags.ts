/**
 * The flag --target as the commands of a print-out repeat it.
 */
export const DEFAULT_TARGETS = 'src,oracle';

/** The flag to repeat in the commands of a print-out, if it is not the default. */
export function judgeFlagsOf(target: string): { flags?: string } {
  return target === DEFAULT_TARGETS ? {} : { flags: `--target '${target.replaceAll("'", `'\\''`)}'` };
}

/**
 * Text of files and programs in a message: what a terminal would obey is shown as an escape instead.
 *
 * A terminal takes orders from control characters (move the cursor, set the title); and characters without width, or
 * that turn the direction of writing, make a line look like another.
 */

/** All but line feed and tab: controls, no-width and direction marks, lone surrogates, what stands for broken UTF-8. */
const UNSAFE = /[^\P{C}\n\t]|[\u2028\u2029\ufffd]/gu;

/** The text with every such character as `\xNN` or `\u{NNNN}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0)!;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

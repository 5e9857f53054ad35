/**
 * Words of a command line: taken apart as a user writes them after --target, without a shell; and quoted, for a shell
 * or for this.
 *
 *     ./my-driver --flag 'a b' "c \"d\"" e\ f      <->      ./my-driver | --flag | a b | c "d" | e f
 *
 * Rules that hold here:
 * - Words are separated by blanks. '…' is taken literally; in "…" a backslash takes the next character literally, as it
 *   does outside quotes. Parts that touch are one word.
 * - Nothing is expanded: no variables, no patterns, no redirections. A command that needs a shell names one: sh -c '…'.
 */

/** A command line that cannot be taken apart. */
export class CommandLineError extends Error {}

/** A word as a shell, `splitCommand` and `splitList` read it. */
export function quoteWord(word: string): string {
  return /^[\w./@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

interface Reader {
  readonly text: string;
  at: number;
}

/** The part up to the closing quote; `at` moves behind it. */
function quoted(reader: Reader, quote: string): string {
  let part = '';
  for (; reader.at < reader.text.length; reader.at++) {
    const c = reader.text[reader.at];
    if (c === quote) {
      reader.at++;
      return part;
    }
    part += c === '\\' && quote === '"' ? escaped(reader) : c;
  }
  throw new CommandLineError(`command line: a ${quote} is not closed: ${reader.text}`);
}

/** What a backslash makes of the next character; `at` moves onto it. */
function escaped(reader: Reader): string {
  if (++reader.at === reader.text.length) {
    throw new CommandLineError(`command line: a backslash at the end: ${reader.text}`);
  }
  return reader.text[reader.at];
}

function word(reader: Reader): string {
  let text = '';
  while (reader.at < reader.text.length) {
    const c = reader.text[reader.at];
    if (/\s/.test(c)) break;
    reader.at++;
    if (c === '"' || c === "'") text += quoted(reader, c);
    else if (c === '\\') {
      reader.at--;
      text += escaped(reader);
      reader.at++;
    } else text += c;
  }
  return text;
}

/**
 * The program and its arguments.
 * @throws CommandLineError for a quote that is not closed, a backslash at the end, or no word at all.
 */
export function splitCommand(text: string): string[] {
  const reader: Reader = { text, at: 0 };
  const words: string[] = [];
  for (;;) {
    while (reader.at < text.length && /\s/.test(text[reader.at])) reader.at++;
    if (reader.at === text.length) break;
    words.push(word(reader));
  }
  if (words.length === 0) throw new CommandLineError('command line: it is empty');
  return words;
}

/**
 * The targets of a list such as `src,oracle,./my-driver --flag,kernel`: separated by commas outside quotes, blanks
 * around each taken off. Quotes stay, for `splitCommand`.
 * @throws CommandLineError for a quote that is not closed, or a target without a name.
 */
export function splitList(text: string): string[] {
  const reader: Reader = { text, at: 0 };
  const items: string[] = [];
  let start = 0;
  while (reader.at < text.length) {
    const c = text[reader.at++];
    if (c === '"' || c === "'") quoted(reader, c);
    else if (c === '\\') reader.at++;
    else if (c === ',') {
      items.push(text.slice(start, reader.at - 1).trim());
      start = reader.at;
    }
  }
  items.push(text.slice(start).trim());
  if (items.includes('')) throw new CommandLineError(`command line: a target without a name: ${text}`);
  return items;
}

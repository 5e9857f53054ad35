/**
 * From the bytes of a file to its lines, whatever they went through on their way here.
 *
 *     .gz -> bytes -> without byte order mark (UTF-8, or UTF-16 as some shells write it) -> lines without CR, colours,
 *     "> "
 *
 * Lines are cut one after the other, so that the size of a log is not limited by that of a string.
 */
import { constants, gunzipSync } from 'node:zlib';

export type Content = Uint8Array | string;

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Text as UTF-8 bytes without a mark. A compressed file that was cut gives what is left of it. */
function textBytes(content: Content): Buffer {
  let bytes =
    typeof content === 'string'
      ? Buffer.from(content)
      : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (isGzip(bytes)) bytes = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(bytes.subarray(2).toString('utf16le'));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const swapped = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
    return Buffer.from(swapped.swap16().toString('utf16le'));
  }
  return bytes;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what starts a colour is one
const COLOUR = /\x1b\[[0-9;]*[A-Za-z]/g;

/** Marks of a mail's quote stand in the first column, where no kind of input has one. */
const QUOTE = /^(?:> ?)+/;

/** A line without what a terminal, a mail or another system put around it. */
function cleanLine(raw: string): string {
  let line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  if (line.includes('\x1b')) line = line.replace(COLOUR, '');
  return line.startsWith('>') ? line.replace(QUOTE, '') : line;
}

/** The lines, cleaned. Whether the last one had an end is not told: a cut line shows by what it lacks. */
export function* linesOf(content: Content): Generator<string> {
  const bytes = textBytes(content);
  let from = 0;
  while (from < bytes.length) {
    const found = bytes.indexOf(10, from);
    const end = found < 0 ? bytes.length : found;
    yield cleanLine(bytes.toString('utf8', from, end));
    from = end + 1;
  }
}

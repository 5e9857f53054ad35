/**
 * A trace as one HTML file that opens from the disk: the template, in which style and script stand already, with the
 * trace as JSON.
 *
 * Rules that hold here:
 * - Whatever the trace holds, it ends no element: "<" is escaped, and packed data is base64.
 * - Nothing is loaded from elsewhere; the page's own policy forbids it.
 */
import { deflateRawSync } from 'node:zlib';
import type { Trace } from '../trace/trace';
import { readTemplate } from './template';

/** Above so many characters of JSON the data is packed. */
const PACK_ABOVE = 2 ** 20;

function dataElement(trace: Trace): string {
  const json = JSON.stringify(trace);
  if (json.length <= PACK_ABOVE) {
    return `<script type="application/json" id="trace">${json.replace(/</g, '\\u003c')}</script>`;
  }
  const packed = deflateRawSync(json).toString('base64');
  return `<script type="text/plain" id="trace" data-packed>${packed}</script>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/** The whole file. @throws CouldNotRun where the template can be neither read nor made. */
export function tracePage(trace: Trace): string {
  const data = dataElement(trace);
  return readTemplate()
    .replace('<!--title-->', () => escaped(trace.title))
    .replace('<!--data-->', () => data);
}

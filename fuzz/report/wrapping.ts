/**
 * Long lines of JSON on a screen: broken behind commas, so that the ends of lines are not cut off.
 *
 *     {"op":"bulk","entries":[[0,1,1],[4,5,2],
 *         [8,9,3],[12,13,4]]}
 *
 * No break falls into a text or into an entry `[first,last,value]`, unless it is longer than a line.
 */
const INDENT = '    ';

/** An entry or a text is one piece, and so is all else up to a comma. */
const PIECE = /(?:\[(?:[^[\]"]|"(?:[^"\\]|\\.)*")*\]|"(?:[^"\\]|\\.)*"|[^",])+,?/g;
const ENTRY = /^(?:"entries":\[)?\[/;
const FAIL = /^"fail":/;

type Line = string[];

function widthOf(line: Line): number {
  return line.reduce((sum, piece) => sum + piece.length, 0);
}

/** As many pieces a line as fit; the lines but the first are shorter by the indent. */
function fill(pieces: readonly string[], width: number): Line[] {
  const lines: Line[] = [];
  const below = width - INDENT.length;
  for (const whole of pieces) {
    for (let piece = whole; piece !== ''; ) {
      const room = lines.length > 1 ? below : width;
      const last = lines.at(-1);
      if (last !== undefined && widthOf(last) + piece.length <= room) {
        last.push(piece);
        break;
      }
      const part = piece.slice(0, lines.length === 0 ? width : below);
      lines.push([part]);
      piece = piece.slice(part.length);
    }
  }
  return lines;
}

/** The end of what is cut: how many entries go, and an injected failure, without which the rest is another case. */
function ending(gone: Line): string {
  const entries = gone.filter((piece) => ENTRY.test(piece)).length;
  const fail = gone.at(-1);
  const left = entries > 0 ? ` ${entries} more entries` : '';
  return `...${left}${fail !== undefined && FAIL.test(fail) ? `,${fail}` : ''}`;
}

/** Keeps so many lines and says at their end what is not there. */
function keep(lines: readonly Line[], most: number, width: number): Line[] {
  if (lines.length <= most) return [...lines];
  const kept = lines.slice(0, most);
  const last = [...kept[most - 1]];
  const gone = lines.slice(most).flat();
  const room = most > 1 ? width - INDENT.length : width;
  while (last.length > 1 && widthOf(last) + ending(gone).length > room) gone.unshift(last.pop() as string);
  const text = last.join('');
  return [...kept.slice(0, -1), [text.slice(0, room - ending(gone).length), ending(gone)]];
}

/** JSON in lines of at most `width` characters, and of at most `most` lines. */
export function wrapJson(json: string, width: number, most = Number.POSITIVE_INFINITY): string[] {
  const lines = fill(json.match(PIECE) ?? [], width);
  return keep(lines, Math.max(most, 1), width).map((line, i) => `${i === 0 ? '' : INDENT}${line.join('')}`);
}

/** How many lines each text may have at most, so that all of them come to no more than `room`; one each at least. */
export function shareLines(heights: readonly number[], room: number): number {
  for (let most = Math.max(1, ...heights); most > 1; most--) {
    if (heights.reduce((sum, height) => sum + Math.min(height, most), 0) <= room) return most;
  }
  return 1;
}

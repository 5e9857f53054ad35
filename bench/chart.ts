/**
 * The run as one SVG picture: a panel for each size, a line for each workload, a dot for each subject at its median
 * time on a logarithmic scale, with the quartiles as a bar through it. No script, no font, no outside reference.
 */
import type { BenchFile, Cell } from './results';
import { summarize } from './statistics';
import { cellAt, sizesOf, subjectsOf, workloadsOf } from './tables';

const LEFT = 110;
const WIDTH = 620;
const LINE = 22;
const TOP = 74;
const COLORS = ['#d62728', '#ff9896', '#1f77b4', '#2ca02c', '#9467bd', '#8c564b', '#111111', '#7f7f7f'];

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

interface Scale {
  low: number;
  high: number;
}

/** Whole powers of ten around all medians. */
function scaleOf(cells: readonly Cell[]): Scale {
  const medians = cells.flatMap((cell) => (cell.rounds.length > 0 ? [summarize(cell.rounds).median] : []));
  const low = Math.floor(Math.log10(Math.min(1000, ...medians.filter((x) => x > 0))));
  const high = Math.ceil(Math.log10(Math.max(1, ...medians)));
  return { low, high: Math.max(high, low + 1) };
}

const placeOf = (value: number, scale: Scale) => {
  const share = (Math.log10(value) - scale.low) / (scale.high - scale.low);
  return LEFT + Math.min(1, Math.max(0, share)) * WIDTH;
};

function grid(scale: Scale, top: number, bottom: number): string[] {
  const lines: string[] = [];
  for (let power = scale.low; power <= scale.high; power++) {
    const x = placeOf(10 ** power, scale).toFixed(1);
    lines.push(`<line x1="${x}" y1="${top}" x2="${x}" y2="${bottom}" stroke="#ddd"/>`);
    const text = power >= 3 ? `${10 ** (power - 3)} µs` : `${power < 0 ? 10 ** power : 10 ** power} ns`;
    lines.push(`<text x="${x}" y="${bottom + 14}" text-anchor="middle" fill="#555">${text}</text>`);
  }
  return lines;
}

function dots(cells: readonly Cell[], workload: string, size: number, y: number, scale: Scale): string[] {
  return subjectsOf(cells).flatMap((subject, i) => {
    const rounds = cellAt(cells, workload, size, subject)?.rounds ?? [];
    if (rounds.length === 0) return [];
    const summary = summarize(rounds);
    const color = COLORS[i % COLORS.length];
    const [low, at, high] = [summary.low, summary.median, summary.high].map((x) => placeOf(x, scale).toFixed(1));
    const title = `${subject}: ${summary.median.toFixed(1)} ns (${summary.low.toFixed(1)}-${summary.high.toFixed(1)})`;
    const line = `x1="${low}" y1="${y}" x2="${high}" y2="${y}" stroke="${color}" stroke-width="3" opacity="0.4"`;
    return [
      `<g><title>${escaped(title)}</title><line ${line}/>` +
        `<circle cx="${at}" cy="${y}" r="4.5" fill="${color}" fill-opacity="0.85"/></g>`,
    ];
  });
}

function panel(cells: readonly Cell[], size: number, top: number, scale: Scale): { body: string[]; bottom: number } {
  const workloads = workloadsOf(cells);
  const bottom = top + 10 + workloads.length * LINE;
  const body = [`<text x="${LEFT}" y="${top - 6}" font-weight="bold">${size.toLocaleString('en')} entries</text>`];
  body.push(...grid(scale, top, bottom));
  workloads.forEach((workload, i) => {
    const y = top + 16 + i * LINE;
    body.push(`<text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${escaped(workload)}</text>`);
    body.push(...dots(cells, workload, size, y, scale));
  });
  return { body, bottom: bottom + 46 };
}

/** The picture, as the text of an SVG file. */
export function chartSvg(file: BenchFile): string {
  const { cells, facts } = file;
  const scale = scaleOf(cells);
  const body: string[] = [];
  subjectsOf(cells).forEach((subject, i) => {
    const x = 20 + i * 107;
    body.push(`<circle cx="${x}" cy="44" r="5" fill="${COLORS[i % COLORS.length]}"/>`);
    body.push(`<text x="${x + 9}" y="48">${escaped(subject)}</text>`);
  });
  let top = TOP + 12;
  for (const size of sizesOf(cells)) {
    const one = panel(cells, size, top, scale);
    body.push(...one.body);
    top = one.bottom;
  }
  const width = LEFT + WIDTH + 40;
  const { date, node, machine } = facts;
  const title = `CPU time an operation, left is faster. ${date.slice(0, 10)}, Node ${node}, ${machine}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" ` +
      `viewBox="0 0 ${width} ${top}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${top}" fill="#fff"/>`,
    `<text x="14" y="22" font-size="12">${escaped(title)}</text>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

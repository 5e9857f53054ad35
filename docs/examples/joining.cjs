// A target for maple-fuzz in JavaScript: an interval map that joins equal neighbours. See docs/targets.md.
const readline = require('node:readline');

let ranges = []; // [first, last, value], ascending

function store(first, last, value) {
  const kept = ranges.flatMap(([a, b, v]) => [
    ...(a < first ? [[a, Math.min(b, first - 1), v]] : []),
    ...(b > last ? [[Math.max(a, last + 1), b, v]] : []),
  ]);
  if (value !== null) kept.push([first, last, value]);
  ranges = [];
  for (const [a, b, v] of kept.sort((x, y) => x[0] - y[0])) {
    const before = ranges.at(-1);
    if (before?.[2] === v && before[1] + 1 === a) before[1] = b;
    else ranges.push([a, b, v]);
  }
}

function answer({ format, op, index, first, last, value }) {
  if (format) {
    ranges = [];
    // "max" and what is near it it does not know; it tracks no gaps.
    return { ok: true, name: 'joining', ops: ['store_range', 'load', 'dump'], headers: [], joins: true };
  }
  if ([index, first, last].some((at) => typeof at === 'string')) return { unsupported: true };
  if (op === 'dump') return { ret: { entries: ranges } };
  if (op === 'load') return { ret: ranges.find(([a, b]) => a <= index && index <= b)?.[2] ?? null };
  if (op !== 'store_range') return { unsupported: true };
  if (first > last) return { ret: 'EINVAL' };
  store(first, last, value);
  return { ret: 0 };
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
});

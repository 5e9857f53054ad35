// An address space whose dumps have no flags but those that are given; says so, and hides the others.
const readline = require('node:readline');
const shown = process.argv.slice(2);
const ALL = ['rd', 'wr', 'mr', 'mw', 'me', 'ac', 'nr', 'sd'];
const hides = ALL.filter((flag) => !shown.includes(flag));
let vmas = [];
readline.createInterface({ input: process.stdin }).on('line', (text) => {
  const { format, op, addr, len } = JSON.parse(text);
  let answer = { ret: addr };
  if (format) {
    vmas = [];
    answer = { ok: true, name: 'no flags', ops: ['mmap', 'dump'], hides };
  } else if (op === 'dump') {
    answer = { vmas, brk: null };
  } else vmas.push({ start: addr, end: addr + len, flags: '', file: null, pgoff: 0 });
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});

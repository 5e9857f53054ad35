// Writes far more than it reads at first: does not read on while its own output is stuck.
const { right } = require('./answers.cjs');
const fs = require('node:fs');
let rest = '';
const buffer = Buffer.alloc(4096);
for (;;) {
  const n = fs.readSync(0, buffer);
  if (n === 0) break;
  const lines = (rest + buffer.toString('utf8', 0, n)).split('\n');
  rest = lines.pop();
  // Synchronous writes: the program sleeps until its output is read.
  for (const line of lines) writeAll(`${right(line)}\n`);
}

function writeAll(text) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

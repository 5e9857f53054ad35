// Keeps its answers while there is input to read, and is killed by a load of the index 3: what it kept is lost.
const { right } = require('./answers.cjs');
let kept = '';
let rest = '';
let flush;
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    if (line.includes('"index":3')) process.kill(process.pid, 'SIGKILL');
    kept += `${right(line)}\n`;
  }
  clearImmediate(flush);
  flush = setImmediate(() => {
    process.stdout.write(kept);
    kept = '';
  });
});

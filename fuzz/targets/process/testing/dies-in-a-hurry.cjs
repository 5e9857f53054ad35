// Dies when several lines come at once, and has answered none of them then.
const { right } = require('./answers.cjs');
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length > 1) process.kill(process.pid, 'SIGKILL');
  process.stdout.write(`${right(lines[0])}\n`);
});

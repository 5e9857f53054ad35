// Answers two lines and then loops for ever, deaf to everything but SIGKILL.
const { answerLines, right } = require('./answers.cjs');
process.on('SIGTERM', () => {});
answerLines((line, count) => {
  if (count < 2) return right(line);
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
});

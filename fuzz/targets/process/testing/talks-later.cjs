// Writes one line too many, some time after the sequence was answered.
const { answerLines, right } = require('./answers.cjs');
answerLines((line, count) => {
  if (count === 3) setTimeout(() => process.stdout.write('{"ret":0}\n'), 50);
  return right(line);
});

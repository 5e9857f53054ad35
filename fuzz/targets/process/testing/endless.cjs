// Answers one operation again and again, for ever.
const { answerLines, right } = require('./answers.cjs');
const flood = () => {
  while (process.stdout.write('{"ret":0}\n'));
  process.stdout.once('drain', flood);
};
answerLines((line, count) => {
  if (count === 3) flood();
  return count < 3 ? right(line) : null;
});

// Answers one operation with a line that does not end.
const { answerLines, right } = require('./answers.cjs');
const piece = 'x'.repeat(65536);
const flood = () => {
  while (process.stdout.write(piece));
  process.stdout.once('drain', flood);
};
answerLines((line, count) => {
  if (count < 3) return right(line);
  if (count > 3) return null;
  process.stdout.write('{"ret":"');
  flood();
  return null;
});

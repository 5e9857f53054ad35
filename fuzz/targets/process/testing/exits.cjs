// Says why, and ends with status 7 at the third line.
const { answerLines, right } = require('./answers.cjs');
answerLines((line, count) => {
  if (count < 3) return right(line);
  process.stderr.write('first words\nassertion failed: nodes > 0\n');
  process.exit(7);
});

// Each answer is long, all together are enormous, and each line gets one.
const { answerLines, right } = require('./answers.cjs');
answerLines((line, count) =>
  count < 2 || line.includes('"format"') ? right(line) : `{"ret":null,"why":"${'x'.repeat(100000)}"}`,
);

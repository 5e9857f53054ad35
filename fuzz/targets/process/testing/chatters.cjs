// Answers in full lines without end: each answer is enormous.
const { answerLines, right } = require('./answers.cjs');
answerLines((line, count) => (count < 2 ? right(line) : `{"ret":0,"why":"${'x'.repeat(100000)}"}`));

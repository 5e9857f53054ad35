// Answers one operation twice.
const { answerLines, right } = require('./answers.cjs');
answerLines((line, count) => (count === 3 ? `${right(line)}\n${right(line)}` : right(line)));

// Forgets to answer one operation.
const { answerLines, right } = require('./answers.cjs');
answerLines((line, count) => (count === 3 ? null : right(line)));

// Answers JSON that is no object.
const { answerLines, right } = require('./answers.cjs');
answerLines((line, count) => (count === 3 ? 'null' : right(line)));

// Answers with something that begins like JSON.
const { answerLines, right } = require('./answers.cjs');
answerLines((line, count) => (count === 3 ? '{"ret":0' : right(line)));

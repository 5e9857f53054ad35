// Answers every line.
const { answerLines, right } = require('./answers.cjs');
answerLines(right);

// Answers JSON of no known shape.
const { answerLines, right } = require('./answers.cjs');
answerLines((line, count) => (count === 3 ? '{"result":0}' : right(line)));

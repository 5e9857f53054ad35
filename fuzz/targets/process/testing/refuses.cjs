// Knows no header.
const { answerLines } = require('./answers.cjs');
answerLines(() => '{"error":"no trees here"}');

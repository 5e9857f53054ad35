// Has no trees that track gaps, and no maple states.
const { answerLines, right } = require('./answers.cjs');
answerLines((line) => {
  if (line.includes('"ranges":true')) return '{"error":"no ranges here"}';
  return line.includes('"mas_') ? '{"unsupported":true}' : right(line);
});

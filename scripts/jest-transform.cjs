// How jest reads the sources: compiled like everywhere else. See compile.cjs.
const { compile, keyOf } = require('./compile.cjs');

module.exports = {
  process: (text, file) => ({ code: compile(text, file) }),
  getCacheKey: (text, file) => keyOf(text, file),
};

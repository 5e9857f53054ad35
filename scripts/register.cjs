// node -r ./scripts/register.cjs FILE.ts: runs the checkout's sources, as `ts-node/register` does, but without loading
// the compiler where nothing has changed. See compile.cjs.
const fs = require('node:fs');
const { compile } = require('./compile.cjs');

// Stack traces name lines of the sources.
process.setSourceMapsEnabled(true);

require.extensions['.ts'] = (module, file) => {
  module._compile(compile(fs.readFileSync(file, 'utf8'), file), file);
};

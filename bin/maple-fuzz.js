#!/usr/bin/env node
// The command. In a checkout it runs the present TypeScript sources, so nobody has to remember to build;
// in an installed package there are no sources, and it runs what was compiled.
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
if (fs.existsSync(path.join(root, 'fuzz', 'cli', 'main.ts'))) {
  require('../scripts/register.cjs');
  require('../fuzz/cli/main.ts');
} else {
  require('../dist/fuzz/cli/main.js');
}

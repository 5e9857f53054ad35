// node scripts/bundle-page.cjs OUT: the page of `report`, style and script in its template, with holes for title and data.
// Run by the build, and by a checkout when a page is asked for and its sources have changed. Whole or not at all: others
// may read OUT meanwhile.
const fs = require('node:fs');
const path = require('node:path');
const { buildSync } = require('esbuild');

const CLIENT = path.join(__dirname, '..', 'fuzz', 'report', 'page', 'client');
const [, , out] = process.argv;

function bundled(entry) {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(CLIENT, entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: 'utf8',
    format: 'iife',
    target: 'es2022',
    legalComments: 'inline',
    logLevel: 'error',
  });
  return outputFiles[0].text.trim();
}

// In a script "</script" would end it, and in a text it is the same with the stroke escaped.
const script = bundled('main.ts').replace(/<\/script/gi, '<\\/script');
const page = fs
  .readFileSync(path.join(CLIENT, 'template.html'), 'utf8')
  .replace('<!--style-->', () => `<style>\n${bundled('style.css')}\n</style>`)
  .replace('<!--script-->', () => `<script>\n${script}\n</script>`);
const filling = `${out}.${process.pid}`;
fs.mkdirSync(path.dirname(out), { recursive: true });
fs.writeFileSync(filling, page);
fs.renameSync(filling, out);

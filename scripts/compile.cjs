// TypeScript to JavaScript: the one place that does it for everything that runs in a checkout.
//
//     bin/maple-fuzz.js, worker processes, threads, bench, mutation ---> register.cjs --.
//     jest ------------------------------------------------------> jest-transform.cjs --+--> compile() --> ts-node
//     selftest, the campaigns' tests (compiled copies of the program) ------------------'       |
//                                                                                    node_modules/.cache/maple-fuzz
//
// ts-node compiles, with the compiler that also checks, builds and writes the declarations: what is tested is what is
// shipped. Loading that compiler takes half a second, so the result of each source is kept, and a start that finds all
// of its sources unchanged loads neither.
//
// Rules that hold here:
// - Types are not checked (`npm run typecheck` does); each file is compiled by itself, as `isolatedModules` demands.
// - A kept result ends in a key made from the source's text and place and from everything that decides how it is
//   compiled. It is used only if that key fits, so the cache may be deleted or out of date, but never wrong.
// - One file is kept for each source: the cache does not grow. Where it cannot be written, all goes on without it.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'maple-fuzz');
const KEY_MARK = '\n//# key=';

/** What decides besides the source: options, this file, the versions of the compiler and ts-node (both are pinned). */
const { devDependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const settings = [
  fs.readFileSync(path.join(ROOT, 'tsconfig.json')),
  fs.readFileSync(__filename),
  `${devDependencies.typescript} ${devDependencies['ts-node']}`,
];
const base = settings.reduce((hash, text) => hash.update(text).update('\0'), createHash('sha256')).update(ROOT);

/** The key of a source, as a text. */
function keyOf(text, file) {
  return base.copy().update(`\0${file}\0${text}`).digest('hex');
}

/** Where the result of a source is kept; null for files that are not the checkout's. */
function keptAt(file) {
  const inside = path.relative(ROOT, file);
  return inside.startsWith('..') ? null : path.join(CACHE, `${inside}.js`);
}

function readKept(place, key) {
  try {
    const kept = fs.readFileSync(place, 'utf8');
    return kept.endsWith(KEY_MARK + key) ? kept : null;
  } catch {
    return null;
  }
}

/** Several processes may write the same file: each writes one of its own and puts it in place. */
function keep(place, code) {
  const written = `${place}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  try {
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(written, code);
    fs.renameSync(written, place);
  } catch {
    fs.rmSync(written, { force: true });
  }
}

let service = null;

/** ts-node's compiler, with the options of tsconfig.json. */
function tsNode() {
  service ??= require('ts-node').create({
    cwd: ROOT,
    project: path.join(ROOT, 'tsconfig.json'),
    transformers: { before: [mocksFirst] },
  });
  return service;
}

/** Puts `jest.mock` before the imports, which TypeScript turns into calls at the head of a file. */
function mocksFirst() {
  const { factory } = tsNode().ts;
  return (file) => {
    const isMock = ({ expression }) => expression?.expression?.getText(file) === 'jest.mock';
    const mocks = file.statements.filter(isMock);
    if (mocks.length === 0) return file;
    return factory.updateSourceFile(file, [...mocks, ...file.statements.filter((one) => !isMock(one))]);
  };
}

/**
 * The JavaScript of a source, source map included. `file` is its absolute path; `once` says that this text
 * is not asked for again. Throws if it is no TypeScript.
 */
function compile(text, file, once = false) {
  const key = keyOf(text, file);
  const place = once ? null : keptAt(file);
  const kept = place === null ? null : readKept(place, key);
  if (kept !== null) return kept;
  const code = tsNode().compile(text, file) + KEY_MARK + key;
  if (place !== null) keep(place, code);
  return code;
}

module.exports = { compile, keyOf };

/**
 * Tidiness: what a reader may count on in every file of the checkout.
 *
 * - No line is longer than 120 columns, in code, comments, texts and documents alike. In Markdown, rows of tables and
 *   lines with a web address are exempt, for they cannot be broken.
 * - No function is longer than 70 lines. A `describe` is a chapter, not a function.
 * - Modules are loaded at the head of a file: a `require` or `import()` further down hides an arrow. SEAMS lists the
 *   places where loading is put off, with the reason.
 * - Within one of the folders src, oracle, fuzz and bench a name is exported by one file.
 * - Numbers in documents that come from a constant are that constant's: see NUMBERS.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..');
const COLUMNS = 120;
const LINES = 70;

/** Where loading is put off, and why. */
const SEAMS: Readonly<Record<string, string>> = {
  'fuzz/cli/index.ts': 'a verb is loaded when it is asked for',
  'fuzz/run/isolated-main.ts': 'which invariants hold is an argument of the process',
  'fuzz/run/suspects-main.ts': 'V8 counts blocks only of what is loaded after it was told to count',
  'fuzz/run/suspects-run.ts': 'which invariants hold is an argument of the process',
  'bin/maple-fuzz.js': 'sources in a checkout, what was compiled in a package',
  'scripts/compile.cjs': 'the compiler is loaded when there is something to compile',
};

const FACE = 'a class, and the type under which src/index.ts gives it out';

/** Names that several files of a folder export on purpose, and why. */
const SAME_NAME: Readonly<Record<string, string>> = {
  'fuzz: define': 'what every verb exports: see fuzz/cli/verb.ts',
  'src: MapleTree': FACE,
  'src: MapleState': FACE,
  'src: AddressSpace': FACE,
  'src: MmFile': FACE,
  'src: Vma': 'a mapping, and what a user sees of it',
};

const seconds = (ms: number): string => String(ms / 1000);
const plain = (n: number): string => n.toLocaleString('en');
const mebi = (n: number): string => `${n / 2 ** 20} Mi`;

/** A phrase of a document, with {} for the number; the constant, with its file if others are called the same. */
const NUMBERS: readonly [document: string, phrase: string, constant: string, spelled: (n: number) => string][] = [
  ['architecture', 'all of a content with up to {} entries', 'WALK_SIZE', plain],
  ['architecture', 'a sequence with more than {} operations', 'LONG in fuzz/run/runner.ts', plain],
  ['architecture', '`--step-timeout` ({} s) of processor time', 'DEFAULT_STEP_TIMEOUT_MS', seconds],
  ['campaign', 'Without any of them it runs for {} s.', 'DEFAULT_MS', seconds],
  ['campaign', 'are then minimized for up to {} s', 'MINIMIZE_AFTER_MS', seconds],
  ['campaign', 'a campaign waits at most {} s for such a worker', 'HURRIED_GRACE_MS', seconds],
  [
    'campaign',
    'after `--step-timeout` ({} s) of processor time the worker is killed',
    'DEFAULT_STEP_TIMEOUT_MS',
    seconds,
  ],
  ['campaign', 'a worker that outgrows `--memory` ({} MB)', 'DEFAULT_MEMORY_MB', String],
  ['campaign', 'is interrupted after {} s of processor time', 'SHORT_LIMIT_MS', seconds],
  ['campaign', '({} s for the first run, and for the last', 'ISOLATED_LIMIT_MS', seconds],
  ['import', 'a window of up to {} pages', 'KERNEL_PAGES', plain],
  ['performance', 'Up to {} entries everything is compared', 'WALK_SIZE', plain],
  ['targets', 'no answer for `--step-timeout` ({} s)', 'LIMITS.stepTimeout', seconds],
  ['targets', 'more than {} characters without a line end', 'LIMITS.line', mebi],
  ['targets', 'an answer of more than {} characters without', 'LIMITS.line', String],
  ['targets', '`pages` for windows above {} pages', 'KERNEL_PAGES', plain],
];

interface Source {
  readonly name: string;
  readonly text: string;
}

/** All files of the checkout with these endings, tracked or new. */
function filesOf(...endings: string[]): Source[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const names = list.split('\0').filter((name) => endings.some((ending) => name.endsWith(ending)));
  return [...new Set(names)].flatMap((name) => {
    const place = join(ROOT, name);
    return existsSync(place) ? [{ name, text: readFileSync(place, 'utf8') }] : [];
  });
}

const parsed = new WeakMap<Source, ts.SourceFile>();

function parse(source: Source): ts.SourceFile {
  const known = parsed.get(source) ?? ts.createSourceFile(source.name, source.text, ts.ScriptTarget.Latest, true);
  parsed.set(source, known);
  return known;
}

const lineOf = (node: ts.Node): number => node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;

/** Calls `visit` for a node and all below it. */
function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

function longLines({ name, text }: Source): string[] {
  const exempt = (line: string): boolean => name.endsWith('.md') && /^\s*\||https?:\/\//.test(line);
  return text.split('\n').flatMap((line, i) => {
    const columns = [...line].length;
    return columns <= COLUMNS || exempt(line) ? [] : [`${name}:${i + 1}: ${columns} columns`];
  });
}

function isChapter(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^\(?(\w+ \? )?describe\b/.test(node.parent.expression.getText());
}

function longFunctions(source: Source): string[] {
  const found: string[] = [];
  walk(parse(source), (node) => {
    if (!ts.isFunctionLike(node) || isChapter(node)) return;
    const lines = node.getText().split('\n').length;
    if (lines > LINES) found.push(`${source.name}:${lineOf(node)}: a function of ${lines} lines`);
  });
  return found;
}

/** Is this node run when the file is loaded? */
function isAtHead(node: ts.Node): boolean {
  if (ts.isSourceFile(node)) return true;
  return !ts.isFunctionLike(node) && !ts.isBlock(node) && isAtHead(node.parent);
}

/** Every `import()` waits, so each is late; a `require` is if it is not run when the file is loaded. */
function lateLoads(source: Source): string[] {
  const found: string[] = [];
  if (source.name in SEAMS) return found;
  walk(parse(source), (node) => {
    if (!ts.isCallExpression(node)) return;
    const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const isRequire = node.expression.getText() === 'require';
    if (isImport || (isRequire && !isAtHead(node))) found.push(`${source.name}:${lineOf(node)}: ${node.getText()}`);
  });
  return found;
}

/** Names that a file declares and exports. */
function exportsOf(source: Source): string[] {
  const isExported = (node: ts.Statement): boolean =>
    ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return parse(source)
    .statements.filter(isExported)
    .flatMap((node) => {
      if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.getText());
      return 'name' in node ? [(node.name as ts.Identifier).text] : [];
    });
}

function sharedNames(sources: readonly Source[]): string[] {
  const files = new Map<string, Set<string>>();
  for (const source of sources) {
    for (const name of exportsOf(source)) {
      const key = `${source.name.split('/')[0]}: ${name}`;
      if (key in SAME_NAME) continue;
      files.set(key, (files.get(key) ?? new Set()).add(source.name));
    }
  }
  return [...files].flatMap(([key, names]) => (names.size > 1 ? [`${key}: ${[...names].join(', ')}`] : []));
}

/** The value of an expression of numbers; null for any other. */
function evaluate(node: ts.Expression): number | null {
  const text = node.getText().replace(/_/g, '');
  return /^[\d\s.()*+/-]+$/.test(text) ? Number(new Function(`return (${text})`)()) : null;
}

/** The numbers at the head of a source, by name: of constants, and of the properties of constant objects. */
function numbersOf(source: Source): [name: string, value: number][] {
  const read = (name: string, node: ts.Expression | undefined): [string, number][] => {
    if (node === undefined) return [];
    if (ts.isObjectLiteralExpression(node)) {
      return node.properties.flatMap((one) =>
        ts.isPropertyAssignment(one) ? read(`${name}.${one.name.getText()}`, one.initializer) : [],
      );
    }
    const value = evaluate(node);
    return value === null ? [] : [[name, value]];
  };
  return parse(source)
    .statements.filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) =>
      declarationList.declarations.flatMap(({ name, initializer }) => read(name.getText(), initializer)),
    );
}

type Numbers = ReadonlyMap<string, ReadonlySet<number>>;

/** The values by name, and by `NAME in FILE`. */
function allNumbers(sources: readonly Source[]): Numbers {
  const numbers = new Map<string, Set<number>>();
  for (const source of sources) {
    for (const [name, value] of numbersOf(source)) {
      for (const key of [name, `${name} in ${source.name}`]) {
        numbers.set(key, (numbers.get(key) ?? new Set()).add(value));
      }
    }
  }
  return numbers;
}

/** The document's phrase as it must be, with the value of the constant of a name. */
function phraseOf(phrase: string, constant: string, spelled: (n: number) => string, numbers: Numbers): string {
  const values = [...(numbers.get(constant) ?? [])];
  return values.length === 1 ? phrase.replace('{}', spelled(values[0])) : `${values.length} values of ${constant}`;
}

const isProduction = ({ name }: Source): boolean => !/\.test\.ts$|\/testing\//.test(name);
const inGit = existsSync(join(ROOT, '.git'));
const all = inGit ? filesOf('.ts', '.cjs', '.js', '.c', '.md') : [];
const code = all.filter(({ name }) => /\.(ts|cjs|js)$/.test(name));

(inGit ? describe : describe.skip)('the files of the checkout (needs git)', () => {
  it('have no line over 120 columns', () => {
    expect(all.flatMap(longLines)).toEqual([]);
  });

  it('have no function over 70 lines', () => {
    expect(code.flatMap(longFunctions)).toEqual([]);
  });

  it('load modules at their heads', () => {
    expect(code.flatMap(lateLoads)).toEqual([]);
  });

  it('export a name once', () => {
    expect(sharedNames(code.filter(isProduction))).toEqual([]);
  });

  it('have the numbers of their constants in the documents', () => {
    const numbers = allNumbers(all.filter((one) => one.name.endsWith('.ts') && isProduction(one)));
    const texts = new Map(all.map(({ name, text }) => [name, text.replace(/\s+/g, ' ')]));
    const wrong = NUMBERS.flatMap(([document, phrase, constant, spelled]) => {
      const expected = phraseOf(phrase, constant, spelled, numbers);
      return texts.get(`docs/${document}.md`)?.includes(expected) ? [] : [`docs/${document}.md: ${expected}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe('the rules', () => {
  const source = (text: string, name = 'fuzz/a.ts'): Source => ({ name, text });

  it('see long lines, but for tables and addresses in Markdown', () => {
    const long = 'x'.repeat(121);
    expect(longLines(source(`a\n// ${long}\n`))).toEqual(['fuzz/a.ts:2: 124 columns']);
    expect(longLines(source(`| ${long} |\nhttps://${long}\n${'é'.repeat(120)}\n`, 'a.md'))).toEqual([]);
  });

  it('see long functions, but no chapters', () => {
    const body = '{\n'.padEnd(2 + LINES, '\n');
    expect(longFunctions(source(`function a() ${body}}`))).toEqual(['fuzz/a.ts:1: a function of 72 lines']);
    expect(longFunctions(source(`describe('a', () => ${body}});`))).toEqual([]);
    expect(longFunctions(source(`const a = () => {\n};`))).toEqual([]);
  });

  it('see modules that are loaded late', () => {
    expect(lateLoads(source("function a() {\n  return require('./b') as typeof import('./b');\n}"))).toEqual([
      "fuzz/a.ts:2: require('./b')",
    ]);
    expect(lateLoads(source("const b = await import('./b');"))).toHaveLength(1);
    expect(lateLoads(source("const b = require('./b');", 'a.cjs'))).toEqual([]);
    expect(lateLoads(source("if (x) {\n  require('./b');\n}", 'a.cjs'))).toHaveLength(1);
  });

  it('see names that two files of a folder export', () => {
    const name = 'export const a = 1, b = 2;';
    const two = [source(name), source('export class a {}', 'fuzz/b.ts'), source(name, 'src/a.ts')];
    expect(sharedNames(two)).toEqual(['fuzz: a: fuzz/a.ts, fuzz/b.ts']);
  });

  it('put the number of a constant into a phrase', () => {
    const two = [source('const A = 2 ** 10;\nconst B: X = { ms: 3_000 };'), source('const A = 7;', 'fuzz/b.ts')];
    const numbers = allNumbers(two);
    expect(phraseOf('of {} s', 'B.ms', seconds, numbers)).toBe('of 3 s');
    expect(phraseOf('up to {}', 'A in fuzz/b.ts', plain, numbers)).toBe('up to 7');
    expect(phraseOf('up to {}', 'A', plain, numbers)).toBe('2 values of A');
  });
});

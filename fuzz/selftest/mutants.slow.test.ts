/**
 * The planted bugs stay alive: each still fits the sources, compiles, and passes the type check, so that a refactoring
 * that loses one is noticed at once. And none of the known bugs is forgotten: each is planted, or it is said why it
 * cannot be.
 */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { INVARIANTS } from '../domains/invariants';
import { createRunSequence } from '../run/runner';
import { type Mutant, MutantError, mutatedSources, parseMutant, sourcesOf } from './mutant';
import { loadMutants, MUTANTS_FOLDER } from './selftest';
import { readShortest } from './shortest';

const ROOT = path.join(__dirname, '..', '..');
const mutants = loadMutants(ROOT);
interface KnownBug {
  readonly name: string;
  readonly section: string;
  readonly notApplicable?: string;
}
const known = JSON.parse(fs.readFileSync(path.join(__dirname, 'historical.json'), 'utf8')) as KnownBug[];

/**
 * Type-checks texts in place of source files. All texts of one check belong to one program, which is what makes it
 * quick: each lies beside the file that it stands for, under a name of its own, and sees its neighbours as they are.
 */
class TypeChecker {
  private readonly texts = new Map<string, string>();
  private readonly options: ts.CompilerOptions;
  private readonly host: ts.CompilerHost;

  constructor(private readonly root: string) {
    const file = path.join(root, 'tsconfig.json');
    const { config } = ts.readConfigFile(file, ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
    this.options = { ...options, noEmit: true, types: [] };
    this.host = ts.createCompilerHost(this.options, true);
    const { getSourceFile, fileExists } = this.host;
    const parsed = new Map<string, ts.SourceFile | undefined>();
    this.host.fileExists = (name) => this.texts.has(name) || fileExists(name);
    this.host.getSourceFile = (name, target) => {
      const text = this.texts.get(name);
      if (text !== undefined) return ts.createSourceFile(name, text, target, true);
      if (!parsed.has(name)) parsed.set(name, getSourceFile(name, target));
      return parsed.get(name);
    };
  }

  /** Checks texts beside their files: what is wrong with each, in their order. */
  checkBeside(sources: readonly (readonly [file: string, text: string])[]): string[][] {
    this.texts.clear();
    const names = sources.map(([file], i) => path.join(this.root, file.replace(/\.ts$/, `.mutant${i}.ts`)));
    for (let i = 0; i < names.length; i++) this.texts.set(names[i], sources[i][1]);
    return this.errors(names);
  }

  /** Checks texts in the place of their files, all together. */
  checkInPlace(sources: ReadonlyMap<string, string>): string[] {
    this.texts.clear();
    for (const [file, text] of sources) this.texts.set(path.join(this.root, file), text);
    return this.errors([...this.texts.keys()]).flat();
  }

  private errors(names: readonly string[]): string[][] {
    const program = ts.createProgram([...names], this.options, this.host);
    return names.map((name) => {
      const file = program.getSourceFile(name)!;
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      return found.map((d) => ts.flattenDiagnosticMessageText(d.messageText, ' '));
    });
  }
}

/** What is wrong with planted bugs: one line each. */
function wrongMutants(checker: TypeChecker, all: readonly Mutant[]): string[] {
  const read = sourcesOf(ROOT);
  const wrong: string[] = [];
  const single: [mutant: Mutant, file: string, text: string][] = [];
  const others: [mutant: Mutant, sources: Map<string, string>][] = [];
  for (const mutant of all) {
    try {
      const sources = mutatedSources(mutant, read);
      const first = [...sources][0];
      if (sources.size === 1) single.push([mutant, ...first]);
      else others.push([mutant, sources]);
    } catch (error) {
      if (!(error instanceof MutantError)) throw error;
      wrong.push(error.message);
    }
  }
  // Beside its file a class is another one than its neighbours know: who is suspected of that is checked in its place.
  const errors = checker.checkBeside(single.map(([, file, text]) => [file, text]));
  for (let i = 0; i < single.length; i++) {
    const [mutant, file, text] = single[i];
    if (errors[i].length > 0) others.push([mutant, new Map([[file, text]])]);
  }
  for (const [mutant, sources] of others) {
    const found = checker.checkInPlace(sources);
    if (found.length > 0) wrong.push(`${mutant.name}: ${found.join('; ')}`);
  }
  return wrong;
}

const nameOf = (retells: string): string => retells.split(',')[0].trim();

it('all planted bugs fit the present sources, compile, and are right by their types', () => {
  expect(wrongMutants(new TypeChecker(ROOT), mutants)).toEqual([]);
}, 240_000);

it('the check sees a patch that does not fit, and one with a wrong type', () => {
  const text = (what: string): string =>
    `name: wrong\nexpect: found\nnoticed by: nobody\nmechanism: none\n\n--- a/src/debug.ts\n+++ b/src/debug.ts\n` +
    `@@ -1,2 +1,2 @@\n-${what}\n+const EVENT_CAPACITY: string = 4096;\n \n`;
  const unfit = parseMutant(text('no such line'), 'wrong.patch');
  const untyped = parseMutant(text('const EVENT_CAPACITY = 4096;'), 'wrong.patch');
  expect(wrongMutants(new TypeChecker(ROOT), [unfit, untyped])).toEqual([
    'wrong.patch: no longer applies to src/debug.ts',
    expect.stringMatching(/^wrong: Type 'number' is not assignable to type 'string'/),
  ]);
}, 60_000);

it('each has a name of its own', () => {
  expect(mutants.length).toBeGreaterThan(100);
  expect(new Set(mutants.map((m) => m.name)).size).toBe(mutants.length);
});

it('the shortest known sequences belong to planted bugs, and show nothing where nothing is planted', () => {
  const known = readShortest(path.join(ROOT, MUTANTS_FOLDER));
  const byName = new Map(mutants.map((m) => [m.name, m]));
  expect([...known.keys()].filter((name) => byName.get(name)?.expect !== 'found')).toEqual([]);
  expect(known.size).toBeGreaterThan(250);
  const run = createRunSequence(INVARIANTS);
  expect([...known].filter(([, sequence]) => run(sequence) !== null).map(([name]) => name)).toEqual([]);
});

describe('the known bugs', () => {
  const planted = new Set(mutants.flatMap((m) => (m.retells === null ? [] : [nameOf(m.retells)])));

  it('are what the mutants retell', () => {
    const names = new Set(known.map((bug) => bug.name));
    expect([...planted].filter((name) => !names.has(name))).toEqual([]);
  });

  it('are each planted, or it is said why not', () => {
    const open = known.filter((bug) => !planted.has(bug.name) && bug.notApplicable === undefined);
    expect(open.map((bug) => `${bug.section}: ${bug.name}`)).toEqual([]);
    const both = known.filter((bug) => planted.has(bug.name) && bug.notApplicable !== undefined);
    expect(both.map((bug) => bug.name)).toEqual([]);
  });
});

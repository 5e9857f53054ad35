/**
 * From a Linux tree to the program that runs its lib/maple_tree.c as a target: compiled on first use, and again when
 * anything that went into it has changed.
 *
 *     $XDG_CACHE_HOME/maple-fuzz/
 *         linux-<key>.files      which files of that tree went into it, each with a hash, and which program came of it
 *         linux-<hash>           the program
 *         linux-<key>.log        what the compiler said, after an error
 *
 * The key stands for where the source is from, our own sources, the compiler and the flags; the hash for all of that
 * but the place, and for the content of each file of the tree that the compiler read (-MD tells). So an edit of one
 * header makes a new program, and two trees alike have one.
 *
 * Rules that hold here:
 * - The tree is only read. What its shims expect to be generated are lines of our own, in a folder of the cache.
 * - Several processes may build at once: each in a folder of its own, renamed at the end.
 * - Every failure is one line; for an error of the compiler's it is the compiler's first, for it may be the
 *   developer's own.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { splitCommand } from '../../base/shell-words';
import { cacheFolder } from '../kernel/build';
import { type Features, probe, SHIM_FILES, SOURCE, type TreeTexts } from './probe';
import { complain, type LinuxSpec, parseLinuxSpec, type Source, sourceOf } from './source';

const FOLDER = join('fuzz', 'targets', 'linux');
/** As the kernel is compiled: pointers alias, and signed numbers wrap. */
const FLAGS: readonly string[] = [
  ...['-O2', '-g', '-w', '-std=gnu11', '-fno-strict-aliasing', '-fno-strict-overflow', '-no-pie', '-pthread'],
  ...['-DCONFIG_64BIT=1', '-D_LGPL_SOURCE', '-D_GNU_SOURCE'],
];
const SANITIZERS: readonly string[] = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** The shims' allocator under other names: tree.c stands before it, counts, and lets allocations fail. */
const RENAMED: readonly string[] = [
  'kfree',
  ...['alloc_lru', 'alloc_bulk', 'free', 'free_bulk', 'prefill_sheaf', 'refill_sheaf', 'return_sheaf'].map(
    (name) => `kmem_cache_${name}`,
  ),
].map((name) => `-D${name}=shim_${name}`);
/** What the shims' makefiles generate, with the settings of a machine of 64 bits. */
const GENERATED: Readonly<Record<string, string>> = {
  'autoconf.h': '#include "bit-length.h"\n#define CONFIG_XARRAY_MULTI 1\n',
  'bit-length.h': '#define CONFIG_64BIT 1\n#define CONFIG_PHYS_ADDR_T_64BIT 1\n',
  'map-shift.h': '#define XA_CHUNK_SHIFT 3\n',
};
/** The kernel's names of machines with 64 bits. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'x86',
  arm64: 'arm64',
  loong64: 'loongarch',
  ppc64: 'powerpc',
  riscv64: 'riscv',
  s390x: 's390',
};

interface Compiler {
  /** The command, taken apart. */
  readonly words: readonly string[];
  /** What it says of itself, with its path. */
  readonly version: string;
  /** What it is started with; it is to speak English. */
  readonly env: NodeJS.ProcessEnv;
}

/** What a key's file holds. */
interface Built {
  readonly program: string;
  /** Path below the tree, hash of the content. */
  readonly files: readonly (readonly [string, string])[];
}

const hashOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
const hashOfFile = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);

/** Our sources: beside this file in a checkout, and at the same place below the package's root once compiled. */
export function driverFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, FOLDER, 'tree.c'))) return join(folder, FOLDER);
    if (dirname(folder) === folder) throw complain(`${FOLDER} is missing from this installation`);
  }
}

function driverHashes(): string[] {
  const folder = driverFolder();
  return readdirSync(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .sort()
    .map((name) => `${name} ${hashOfFile(join(folder, name))}`);
}

function compilerOf(env: NodeJS.ProcessEnv): Compiler {
  const cc = env.CC?.trim() || 'cc';
  const words = splitCommand(cc);
  const english = { ...env, LC_ALL: 'C' };
  const { error, status, stdout } = spawnSync(words[0], [...words.slice(1), '--version'], {
    encoding: 'utf8',
    env: english,
  });
  if (error !== undefined || status !== 0) {
    throw complain(`a C compiler is needed, and ${words[0]} cannot be run; CC names another`);
  }
  return { words, version: `${cc} ${stdout.split('\n')[0]}`, env: english };
}

function readIfThere(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function textsOf(root: string): TreeTexts {
  return {
    makefile: readIfThere(join(root, 'Makefile')),
    mapleTree: readIfThere(join(root, 'include', 'linux', 'maple_tree.h')),
    slab: readIfThere(join(root, 'tools', 'include', 'linux', 'slab.h')),
    files: new Set([SOURCE, ...SHIM_FILES].filter((file) => existsSync(join(root, file)))),
  };
}

/** One run of the compiler. */
interface Step {
  readonly root: string;
  readonly folder: string;
  readonly compiler: Compiler;
  readonly flags: readonly string[];
}

/** The first line of a log that says error, as an editor can jump to it. */
export function firstError(log: string): string {
  const lines = log.split('\n');
  const line =
    lines.find((text) => /\berror:/.test(text)) ?? lines.find((text) => text.trim() !== '') ?? 'no reason given';
  return line.trim();
}

/** Whether the log complains of liburcu, which the shims of all trees need. */
export function lacksUrcu(log: string): boolean {
  return /urcu[\w./-]*: No such file|cannot find -lurcu|'urcu[\w./-]*' file not found/.test(log);
}

/** A compiler's complaint, thrown by `compile`. */
class CompileError extends Error {
  constructor(readonly log: string) {
    super('the compiler failed');
  }
}

function runCompiler(step: Step, args: readonly string[]): void {
  const { words, env } = step.compiler;
  const options = { encoding: 'utf8', env, cwd: step.folder } as const;
  const { error, status, stderr } = spawnSync(words[0], [...words.slice(1), ...args], options);
  if (error !== undefined) throw complain(`${words[0]} cannot be run (${error.message})`);
  if (status !== 0) throw new CompileError(`${words.join(' ')} ${args.join(' ')}\n${stderr}`);
}

function compileObject(step: Step, name: string, source: string, flags: readonly string[]): string {
  const object = join(step.folder, `${name}.o`);
  runCompiler(step, [...step.flags, ...flags, '-MD', '-MF', `${object}.d`, '-c', source, '-o', object]);
  return object;
}

/** All objects, and the program of them. */
function compile(step: Step, features: Features, words: readonly string[]): void {
  const { root, folder } = step;
  const generated = join(folder, 'generated');
  mkdirSync(generated);
  for (const [name, text] of Object.entries(GENERATED)) writeFileSync(join(generated, name), text);
  const shims = join(root, features.shims);
  const arch = join(root, 'tools', 'arch', ARCHITECTURES[process.arch] ?? process.arch, 'include');
  const paths = [folder, shims, join(root, 'tools', 'include'), arch, join(root, 'lib')].map((path) => `-I${path}`);
  const driver = [
    ...features.defines.map((name) => `-D${name}=1`),
    ...(words.includes('nodebug') ? ['-DNODEBUG=1'] : []),
    `-DLINUX_VERSION="${features.version}"`,
    `-DMAPLE_SOURCE="${join(root, features.source)}"`,
  ];
  const objects = [
    compileObject(step, 'tree', join(driverFolder(), 'tree.c'), [...driver, ...paths]),
    compileObject(step, 'linux', join(shims, 'linux.c'), [...RENAMED, ...paths]),
    compileObject(step, 'slab', join(root, 'tools', 'lib', 'slab.c'), [...RENAMED, ...paths]),
  ];
  runCompiler(step, [...step.flags, '-rdynamic', '-o', join(folder, 'program'), ...objects, '-lurcu']);
}

/** The files that a rule of the compiler's (-MD) names. */
export function dependenciesOf(rule: string): string[] {
  const words = rule
    .replace(/\\\r?\n/g, ' ')
    .replace(/^(?:\\.|[^:\\])*:/, '')
    .match(/(?:\\.|[^\s\\])+/g);
  return (words ?? []).map((word) => word.replace(/\\(.)/g, '$1').replaceAll('$$', '$'));
}

function filesOf(step: Step): [string, string][] {
  const below = `${realpathSync(step.root)}${sep}`;
  const files = new Set<string>(['Makefile']);
  for (const name of readdirSync(step.folder).filter((file) => file.endsWith('.d'))) {
    for (const file of dependenciesOf(readFileSync(join(step.folder, name), 'utf8'))) {
      const path = realpathSync(file);
      if (path.startsWith(below)) files.add(path.slice(below.length));
    }
  }
  return [...files].sort().map((file) => [file, hashOfFile(join(step.root, file))]);
}

function readBuilt(file: string): Built | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Built;
  } catch {
    return null;
  }
}

/** Whether the program is there, and nothing of what went into it has changed. */
function stillHolds(built: Built, cache: string, source: Source): boolean {
  if (!existsSync(join(cache, built.program))) return false;
  if (!source.changes) return true;
  const root = source.open(cache).root;
  return built.files.every(([file, hash]) => existsSync(join(root, file)) && hashOfFile(join(root, file)) === hash);
}

interface Order {
  readonly source: Source;
  readonly cache: string;
  readonly compiler: Compiler;
  readonly key: string;
  /** All that decides, but for the tree. */
  readonly recipe: readonly unknown[];
}

/** The complaint about an error of the compiler's; its log stays in the cache. */
function compileComplaint(order: Order, error: CompileError, root: string): Error {
  const { spec } = order.source;
  if (lacksUrcu(error.log)) return complain('liburcu is needed; on Debian: apt-get install liburcu-dev');
  const log = join(order.cache, `linux-${order.key}.log`);
  const text = order.source.changes ? error.log : error.log.replaceAll(`${root}${sep}`, `${spec.written}: `);
  writeFileSync(log, text);
  return complain(`${firstError(text.slice(text.indexOf('\n') + 1))} (all of it: ${log})`);
}

function flagsFor(root: string, folder: string, spec: LinuxSpec, features: Features): string[] {
  // What __FILE__ and the debug information name: lib/maple_tree.c, wherever the tree lies and the compiler runs, and by
  // whichever way it is included.
  const below = [`${driverFolder()}/`, `${root}/`, `${root}/${features.shims}/../../../`];
  const maps = [`-ffile-prefix-map=${folder}=.`, ...below.map((path) => `-ffile-prefix-map=${path}=`)];
  return [...FLAGS, ...maps, ...(spec.buildWords.includes('asan') ? SANITIZERS : [])];
}

function buildIn(folder: string, root: string, order: Order): string {
  const { source, cache, compiler, key, recipe } = order;
  const { spec } = source;
  const features = probe(textsOf(root));
  if (typeof features === 'string') throw complain(`${spec.written} ${features}`);
  const step: Step = { root, folder, compiler, flags: flagsFor(root, folder, spec, features) };
  try {
    compile(step, features, spec.buildWords);
  } catch (error) {
    throw error instanceof CompileError ? compileComplaint(order, error, root) : error;
  }
  const files = filesOf(step);
  const program = `linux-${hashOf(recipe, features, files)}`;
  renameSync(join(folder, 'program'), join(cache, program));
  const draft = join(folder, 'files');
  writeFileSync(draft, JSON.stringify({ program, files } satisfies Built));
  renameSync(draft, join(cache, `linux-${key}.files`));
  return join(cache, program);
}

function build(order: Order): string {
  const { source, cache } = order;
  const { root, remove } = source.open(cache);
  const folder = join(cache, `linux-build-${process.pid}-${process.hrtime.bigint()}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
    return buildIn(folder, root, order);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    remove();
  }
}

/** The program for a source, compiled now if need be. */
export function buildLinux(spec: LinuxSpec, env: NodeJS.ProcessEnv = process.env): string {
  if (process.platform !== 'linux' || ARCHITECTURES[process.arch] === undefined) {
    throw complain(`a Linux machine with 64 bits is needed, and this is ${process.platform} on ${process.arch}`);
  }
  const source = sourceOf(spec);
  const compiler = compilerOf(env);
  const recipe = [
    driverHashes(),
    compiler.version,
    FLAGS,
    RENAMED,
    GENERATED,
    SANITIZERS,
    spec.buildWords,
    process.arch,
  ];
  const key = hashOf(recipe, source.identity);
  const cache = cacheFolder(env);
  const built = readBuilt(join(cache, `linux-${key}.files`));
  if (built !== null && stillHolds(built, cache, source)) return join(cache, built.program);
  try {
    mkdirSync(cache, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw complain(`cannot write to ${cache}: ${(error as Error).message}`);
  }
  return build({ source, cache, compiler, key, recipe });
}

/**
 * The command for a target `linux:…`.
 * @param text  What stands behind `linux:`, such as `~/linux@v6.18 asan readers`.
 * @param env  CC names the compiler (it may have arguments), XDG_CACHE_HOME the cache.
 * @throws TargetStartError, one line.
 */
export function linuxCommand(text: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const spec = parseLinuxSpec(text);
  return [buildLinux(spec, env), ...spec.runWords];
}

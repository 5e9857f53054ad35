/**
 * The kernel helper: where its source lies, and how it becomes a program.
 *
 * It is compiled on first use into the user's cache folder, under a name that is a hash of the source, the compiler
 * and its flags; so a new source, another compiler or flag makes a new program, and an old one is simply not found any
 * more.
 *
 *     $XDG_CACHE_HOME or ~/.cache / maple-fuzz / kernel-<hash>
 *
 * Rules that hold here:
 * - Several processes may build at once: each compiles to a name of its own and renames it at the end.
 * - Where it cannot be built the reason is one line; nothing else of maple-fuzz needs it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { reasonOf } from '../../base/errors';
import { splitCommand } from '../../base/shell-words';
import { TargetStartError } from '../process/failure';

const SOURCE = join('fuzz', 'targets', 'kernel', 'helper.c');
const FLAGS: readonly string[] = ['-O2'];

/** The source: beside this file in a checkout, and at the same place below the package's root once compiled. */
export function helperSource(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, SOURCE);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) throw new TargetStartError(`kernel: ${SOURCE} is missing from this installation`);
  }
}

/** The folder for what can be made again. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME;
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'maple-fuzz');
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program's name: whatever decides what the compiler makes is in it. */
export function programName(cc: string, source: string | Buffer, flags = FLAGS, arch: string = process.arch): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([cc, flags, arch]))
    .update(source)
    .digest('hex');
  return `kernel-${hash.slice(0, 16)}`;
}

function compile(compiler: readonly string[], source: string, program: string): void {
  const draft = `${program}.${process.pid}.${process.hrtime.bigint()}`;
  const words = [...compiler.slice(1), ...FLAGS, '-o', draft, source];
  const { error, status, stderr } = spawnSync(compiler[0], words, { encoding: 'utf8' });
  if (error !== undefined) {
    throw new TargetStartError(
      `kernel: needs a C compiler, and ${compiler[0]} cannot be run (${reasonOf(error)}); CC names another`,
    );
  }
  if (status !== 0) {
    rmSync(draft, { force: true });
    const said = stderr.split('\n').find((line) => line.includes('error')) ?? stderr.trim().split('\n')[0];
    throw new TargetStartError(`kernel: ${compiler[0]} does not compile the helper: ${said}`);
  }
  renameSync(draft, program);
}

/**
 * The helper's program, compiled now if need be.
 * @param env  CC names the compiler (it may have arguments), XDG_CACHE_HOME the cache.
 * @throws TargetStartError, one line: not Linux, no compiler, or a cache folder that cannot be written.
 */
export function buildHelper(env: NodeJS.ProcessEnv = process.env, source = helperSource()): string {
  if (process.platform !== 'linux') throw new TargetStartError(`kernel: needs Linux, and this is ${process.platform}`);
  const cc = env.CC?.trim() || 'cc';
  const folder = cacheFolder(env);
  const program = join(folder, programName(cc, readFileSync(source)));
  if (isProgram(program)) return program;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    compile(splitCommand(cc), source, program);
  } catch (error) {
    if (error instanceof TargetStartError) throw error;
    throw new TargetStartError(`kernel: cannot write the helper to ${folder}: ${reasonOf(error)}`);
  }
  return program;
}

/** Why the live kernel cannot be used here, one line; or null. Builds the helper if it can. */
export function kernelTrouble(): string | null {
  try {
    buildHelper();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

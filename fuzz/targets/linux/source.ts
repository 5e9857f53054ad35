/**
 * Where the source of a Linux target comes from: what a user writes behind `linux:`, and the files to compile.
 *
 *     PATH             a tree; read where it is, never written to
 *     PATH@REV         a revision of the git repository at PATH: the paths that are needed, out of `git archive`
 *     PATH.tar.xz      a tarball, as Debian's linux-source-* packages bring it: likewise, out of tar
 *
 * Behind the path stand words, in any order: asan nodebug (how it is compiled), raw readers work (how it runs).
 *
 * Rules that hold here:
 * - What is unpacked lies in the cache while it is compiled, and nowhere else; `remove` takes it away again.
 * - Every complaint is one line that begins with "linux: " and names the path as the user wrote it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { splitCommand } from '../../base/shell-words';
import { TargetStartError } from '../process/failure';

/** Words that decide how the program is compiled, and words that it is started with. */
export const BUILD_WORDS = ['asan', 'nodebug'] as const;
export const RUN_WORDS = ['raw', 'readers', 'work'] as const;

export type BuildWord = (typeof BUILD_WORDS)[number];

/** What stands behind `linux:`, taken apart. */
export interface LinuxSpec {
  /** As the user wrote it, for complaints. */
  readonly written: string;
  /** Absolute. */
  readonly path: string;
  readonly revision: string | null;
  readonly buildWords: readonly BuildWord[];
  readonly runWords: readonly string[];
}

/** The parts of a tree that the maple tree in user space is made of. */
const PARTS: readonly string[] = [
  'Makefile',
  'lib/maple_tree.c',
  'include/linux',
  'tools/include',
  'tools/arch',
  'tools/lib/slab.c',
  'tools/testing/radix-tree',
  'tools/testing/shared',
];

const MOST_OUTPUT = 1 << 30;

export function complain(text: string): TargetStartError {
  return new TargetStartError(`linux: ${text}`);
}

function absolute(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : resolve(path);
}

/** PATH, or PATH@REV; a path may have an @ of its own, so the first one counts that has something to stand on. */
function splitRevision(written: string): { path: string; revision: string | null } {
  const whole = absolute(written);
  if (existsSync(whole)) return { path: whole, revision: null };
  for (let at = written.indexOf('@'); at > 0; at = written.indexOf('@', at + 1)) {
    const path = absolute(written.slice(0, at));
    if (existsSync(path)) return { path, revision: written.slice(at + 1) };
  }
  throw complain(`${written}: there is no such file or folder`);
}

/**
 * Takes apart what stands behind `linux:`.
 * @throws TargetStartError, one line: no path, a path that is not there, a word that is none.
 */
export function parseLinuxSpec(text: string): LinuxSpec {
  const [written, ...words] = text.trim() === '' ? [''] : splitCommand(text);
  if (written === '') throw complain('the path of a Linux tree expected, as in linux:/usr/src/linux');
  const known: readonly string[] = [...BUILD_WORDS, ...RUN_WORDS];
  const odd = words.find((word) => !known.includes(word));
  if (odd !== undefined) throw complain(`${odd} is none of the words behind the path: ${known.join(', ')}`);
  return {
    written,
    ...splitRevision(written),
    buildWords: BUILD_WORDS.filter((word) => words.includes(word)),
    runWords: RUN_WORDS.filter((word) => words.includes(word)),
  };
}

/** The source, as far as it can be told without unpacking it. */
export interface Source {
  readonly spec: LinuxSpec;
  /** Says which source this is: the same for the same content, unless `changes`. */
  readonly identity: readonly string[];
  /** A tree that its owner edits: whether it is still the same is to be seen in its files. */
  readonly changes: boolean;
  /** Brings the files: the folder of the tree, and what takes it away again if it was only unpacked. */
  open(cache: string): { readonly root: string; remove(): void };
}

function run(command: string, args: readonly string[], written: string): Buffer {
  const { error, status, stdout, stderr } = spawnSync(command, args, { maxBuffer: MOST_OUTPUT });
  if (error !== undefined) throw complain(`${written}: ${command} cannot be run (${error.message})`);
  if (status !== 0) throw complain(`${written}: ${command}: ${stderr.toString('utf8').trim().split('\n')[0]}`);
  return stdout;
}

function newFolder(cache: string): string {
  const folder = join(cache, `linux-unpacked-${process.pid}-${process.hrtime.bigint()}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Unpacks into a new folder of the cache; what fails leaves nothing there. */
function unpack(cache: string, fill: (folder: string) => string): { root: string; remove(): void } {
  const folder = newFolder(cache);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    return { root: fill(folder), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function gitSource(spec: LinuxSpec, revision: string): Source {
  const git = (...args: string[]): Buffer => run('git', ['-C', spec.path, ...args], spec.written);
  const { error, status, stdout } = spawnSync(
    'git',
    ['-C', spec.path, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    { encoding: 'utf8' },
  );
  if (error !== undefined) throw complain(`${spec.written}: git cannot be run (${error.message})`);
  if (status !== 0) throw complain(`${spec.written}: git knows no revision ${revision} in ${spec.path}`);
  const commit = stdout.trim();
  return {
    spec,
    identity: ['git', commit],
    changes: false,
    open: (cache) =>
      unpack(cache, (folder) => {
        const parts = git('ls-tree', '--full-tree', '--name-only', '-z', commit, ...PARTS)
          .toString('utf8')
          .split('\0');
        const archive = git('archive', '--format=tar', commit, ...parts.filter((part) => part !== ''));
        const { status: left, stderr } = spawnSync('tar', ['-xf', '-', '-C', folder], { input: archive });
        if (left !== 0) throw complain(`${spec.written}: tar: ${stderr?.toString('utf8').split('\n')[0]}`);
        return folder;
      }),
  };
}

/**
 * The members of a tarball lie below one folder. Which of PARTS there are is not known: tar complains of the others.
 */
function unpackTarball(spec: LinuxSpec, folder: string): string {
  const patterns = PARTS.map((part) => `*/${part}`);
  const options = ['--wildcards', '--anchored', '--no-wildcards-match-slash'];
  const { error } = spawnSync('tar', ['-xf', spec.path, '-C', folder, ...options, ...patterns], { stdio: 'ignore' });
  if (error !== undefined) throw complain(`${spec.written}: tar cannot be run (${error.message})`);
  const [top, ...others] = readdirSync(folder);
  if (top === undefined || others.length > 0) throw complain(`${spec.written} is no tarball of a Linux tree`);
  return join(folder, top);
}

function tarSource(spec: LinuxSpec): Source {
  const { size, mtimeMs } = statSync(spec.path);
  return {
    spec,
    identity: ['tar', realpathSync(spec.path), String(size), String(mtimeMs)],
    changes: false,
    open: (cache) => unpack(cache, (folder) => unpackTarball(spec, folder)),
  };
}

/** The source that a target names. */
export function sourceOf(spec: LinuxSpec): Source {
  if (spec.revision !== null) return gitSource(spec, spec.revision);
  if (statSync(spec.path).isDirectory()) {
    const root = realpathSync(spec.path);
    return { spec, identity: ['tree', root], changes: true, open: () => ({ root, remove: () => {} }) };
  }
  if (/\.tar(\.\w+)?$/.test(basename(spec.path))) return tarSource(spec);
  throw complain(`${spec.written} is neither a folder nor a tarball (.tar, .tar.xz, …)`);
}

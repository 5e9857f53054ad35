/**
 * Builds the kernel's own lib/maple_tree.c for user space, to measure against. The source is taken from Debian's
 * package linux-source-6.12 as it is installed (or from an unpacked tree), into a cache folder outside the project;
 * nothing of it is kept in the project. environment.h stands for the kernel around it, driver.c runs the workloads.
 *
 *     cache/maple_tree-6.12/   include/linux/maple_tree.h  lib/maple_tree.c   from the package
 *                              shim/linux/….h                                 one line each: our environment.h
 *                              driver  driver-debug                           the programs
 *
 * driver-debug has CONFIG_DEBUG_MAPLE_TREE, because the kernel's mt_validate exists only there; it does nothing else.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const KERNEL_PACKAGE = '/usr/src/linux-source-6.12.tar.xz';
const SOURCES = ['include/linux/maple_tree.h', 'lib/maple_tree.c'];
/** The headers that the two files ask for. */
const SHIMS = ['kernel', 'rcupdate', 'spinlock', 'xarray', 'types', 'export', 'slab', 'limits'].map(
  (x) => `linux/${x}`,
);

export interface KernelPrograms {
  driver: string;
  debugDriver: string;
  /** Where the source came from and how it was compiled, for the report. */
  about: string;
}

export type KernelBuild = KernelPrograms | { missing: string };

function run(command: string, args: string[]): string | undefined {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.error) return `${command}: ${done.error.message}`;
  return done.status === 0 ? undefined : `${command} failed: ${done.stderr.trim().split('\n').slice(0, 5).join('\n')}`;
}

/** Brings the two files to the cache; a sentence when they are not to be had. */
function fetchSources(cache: string, unpacked: string | undefined): string | undefined {
  if (unpacked !== undefined) {
    for (const file of SOURCES) {
      if (!existsSync(join(unpacked, file))) return `${join(unpacked, file)} is not there`;
      mkdirSync(dirname(join(cache, file)), { recursive: true });
      copyFileSync(join(unpacked, file), join(cache, file));
    }
    return undefined;
  }
  if (SOURCES.every((file) => existsSync(join(cache, file)))) return undefined;
  if (!existsSync(KERNEL_PACKAGE)) return `${KERNEL_PACKAGE} is not there (apt-get install linux-source-6.12)`;
  const names = SOURCES.map((file) => `linux-source-6.12/${file}`);
  return run('tar', ['-xJf', KERNEL_PACKAGE, '-C', cache, '--strip-components=1', '--occurrence=1', ...names]);
}

function writeShims(cache: string): void {
  for (const name of [...SHIMS, 'asm/barrier', 'trace/events/maple_tree']) {
    const path = join(cache, 'shim', `${name}.h`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '#include "environment.h"\n');
  }
}

const newer = (path: string, than: string[]) =>
  existsSync(path) && than.every((other) => statSync(path).mtimeMs > statSync(other).mtimeMs);

function compile(cache: string, compiler: string, output: string, flags: string[]): string | undefined {
  const sources = [join(cache, 'lib/maple_tree.c'), join(__dirname, 'driver.c')];
  if (newer(output, [...sources, join(__dirname, 'environment.h')])) return undefined;
  const common = ['-O2', '-w', '-D__KERNEL__', '-DCONFIG_64BIT=1', ...flags];
  const paths = ['-I', join(cache, 'shim'), '-I', join(cache, 'include'), '-I', __dirname];
  const trouble = run(compiler, [...common, ...paths, '-o', `${output}.part`, ...sources]);
  if (trouble === undefined) renameSync(`${output}.part`, output);
  return trouble;
}

/** Builds both programs under `cache`, or says in a sentence what is missing. Nothing is downloaded. */
export function buildKernel(cache: string, unpacked?: string, compiler = process.env.CC ?? 'cc'): KernelBuild {
  mkdirSync(cache, { recursive: true });
  const version = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
  if (version.error || version.status !== 0) return { missing: `no C compiler (${compiler})` };
  const driver = join(cache, 'driver');
  const debugDriver = join(cache, 'driver-debug');
  const missing = fetchSources(cache, unpacked);
  if (missing !== undefined) return { missing };
  writeShims(cache);
  const trouble =
    compile(cache, compiler, driver, []) ?? compile(cache, compiler, debugDriver, ['-DCONFIG_DEBUG_MAPLE_TREE']);
  if (trouble !== undefined) return { missing: trouble };
  return {
    driver,
    debugDriver,
    about: `lib/maple_tree.c of ${unpacked ?? KERNEL_PACKAGE}, ${version.stdout.split('\n')[0]} -O2`,
  };
}

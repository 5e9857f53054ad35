/**
 * The program as a user has it: packed, laid out as npm would install it, compiled. What is measured of whole commands
 * is measured there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout. */
export const ROOT = join(__dirname, '..');

function must(command: string, args: string[], cwd: string): string {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.stderr || done.error?.message}`);
  return done.stdout;
}

/**
 * Packs the project and lays it out as npm would install it, dependencies linked from this checkout (no network); the
 * path of its command.
 */
export function install(folder: string): string {
  must('npm', ['pack', '--pack-destination', folder], ROOT);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error('npm pack left no archive');
  const modules = join(folder, 'node_modules');
  const own = join(modules, 'maple-fuzz');
  mkdirSync(own, { recursive: true });
  must('tar', ['-xzf', join(folder, archive), '-C', own, '--strip-components=1'], folder);
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('.') && !existsSync(join(modules, name)))
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  return join(own, 'bin', 'maple-fuzz.js');
}

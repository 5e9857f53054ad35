/**
 * Where the page's template comes from: a package has it ready beside this file; a checkout makes it from the sources in
 * `client`, and keeps it until one of them changes.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { CouldNotRun } from '../../base/errors';

const ROOT = path.join(__dirname, '..', '..', '..');
const SHIPPED = path.join(__dirname, 'page.html');
const CLIENT = path.join(__dirname, 'client');
const BUNDLER = path.join(ROOT, 'scripts', 'bundle-page.cjs');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'maple-fuzz');

/** A key of all that the template is made from. */
function keyOfSources(): string {
  const files = fs.readdirSync(CLIENT).map((name) => path.join(CLIENT, name));
  const hash = createHash('sha256');
  for (const file of [...files.sort(), BUNDLER, path.join(ROOT, 'package.json')]) hash.update(fs.readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

export function readTemplate(): string {
  if (fs.existsSync(SHIPPED)) return fs.readFileSync(SHIPPED, 'utf8');
  const kept = path.join(CACHE, `page-${keyOfSources()}.html`);
  if (!fs.existsSync(kept)) bundle(kept);
  return fs.readFileSync(kept, 'utf8');
}

function bundle(to: string): void {
  try {
    execFileSync(process.execPath, [BUNDLER, to], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    const said = String(stderr ?? error)
      .trim()
      .split('\n')
      .at(-1);
    throw new CouldNotRun(`the page cannot be bundled: ${said}`);
  }
}

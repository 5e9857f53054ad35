/**
 * The version of this program, which findings and campaigns note down: a seed means something for one version only.
 */
import fs from 'node:fs';
import path from 'node:path';

/** As package.json has it; "unknown" if that cannot be read. */
export function readVersion(): string {
  for (let folder = __dirname; path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (!fs.existsSync(file)) continue;
    const { version } = JSON.parse(fs.readFileSync(file, 'utf8')) as { version?: string };
    return version ?? 'unknown';
  }
  return 'unknown';
}

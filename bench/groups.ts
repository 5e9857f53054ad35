/**
 * Measures how many groups the findings of one planted mistake make: `node -r ./scripts/register.cjs bench/groups.ts`.
 *
 *     groups.ts FILE --for 10s --every 11        one mistake at a time, every 11th
 *     groups.ts FILE --for 10s --pairs 10        two at once, in different files of src
 *     groups.ts FILE --count                     counts the groups of what is in FILE again
 *
 * FILE gets a line of JSON for each campaign: the names of the mistakes, and the facts of the findings.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseDuration } from '../fuzz/base/duration';
import { readLines } from '../fuzz/base/files';
import { groupsOf, type NamedFacts } from '../fuzz/findings/groups';
import { readFindings } from '../fuzz/findings/store';
import { Stream } from '../fuzz/generate/stream';
import type { Mutant } from '../fuzz/selftest/mutant';
import { loadMutants } from '../fuzz/selftest/selftest';
import { Workshop } from '../fuzz/selftest/workshop';

const ROOT = path.join(__dirname, '..');

interface Row {
  readonly mistakes: readonly string[];
  readonly findings: readonly NamedFacts[];
}

interface Flags {
  readonly forText: string;
  readonly every: number;
  readonly pairs: number;
  readonly only: readonly string[] | null;
}

/** Runs the program with mistakes planted, as a user would. */
function campaign(workshop: Workshop, mistakes: readonly Mutant[], { forText }: Flags): Row {
  const names = mistakes.map(({ name }) => name);
  const both = { ...mistakes[0], name: names.join('+'), patches: mistakes.flatMap(({ patches }) => patches) };
  const planted = workshop.plant(both);
  const out = path.join(planted, 'campaign');
  const main = path.join(planted, 'fuzz', 'cli', 'main.js');
  const flags = ['--for', forText, '--workers', '1', '--seed', 'groups', '--minimize-share', '50%', '--out', out];
  spawnSync(process.execPath, [main, 'fuzz', ...flags], { stdio: 'ignore' });
  const findings = [...readFindings(path.join(out, 'findings'))].map(([name, facts]) => ({ name, facts }));
  workshop.clear(planted);
  return { mistakes: names, findings };
}

/** Mistakes that can be planted at once: in different files of src. */
function pairsOf(mutants: readonly Mutant[], count: number): [Mutant, Mutant][] {
  const stream = new Stream();
  stream.start(count, 0);
  const pairs: [Mutant, Mutant][] = [];
  while (pairs.length < count) {
    const [a, b] = [mutants[stream.below(mutants.length)], mutants[stream.below(mutants.length)]];
    if (!filesOf(a).some((file) => filesOf(b).includes(file))) pairs.push([a, b]);
  }
  return pairs;
}

function filesOf({ patches }: Mutant): string[] {
  return patches.map(({ newFileName }) => newFileName ?? '');
}

function readRows(file: string): Row[] {
  return fs.existsSync(file) ? readLines<Row>(file) : [];
}

function measure(file: string, flags: Flags): void {
  const done = new Set(readRows(file).map(({ mistakes }) => mistakes.join('+')));
  const all = loadMutants(ROOT).filter(({ expect }) => expect === 'found');
  const asked = all.filter(({ name }, i) => flags.only?.includes(name) ?? i % flags.every === 0);
  const sets = flags.pairs > 0 ? pairsOf(all, flags.pairs) : asked.map((mutant) => [mutant]);
  const workshop = new Workshop(ROOT);
  try {
    for (const set of sets) {
      if (done.has(set.map(({ name }) => name).join('+'))) continue;
      const row = campaign(workshop, set, flags);
      fs.appendFileSync(file, `${JSON.stringify(row)}\n`);
      process.stdout.write(`${lineOf(row)}\n`);
    }
  } finally {
    workshop.close();
  }
}

function lineOf({ mistakes, findings }: Row): string {
  return `${mistakes.join(' + ')}: ${findings.length} findings, ${groupsOf(findings).length} groups`;
}

function count(file: string): void {
  const rows = readRows(file).filter(({ findings }) => findings.length > 0);
  for (const row of rows) process.stdout.write(`${lineOf(row)}\n`);
  for (const size of [1, 2]) {
    const numbers = rows
      .filter(({ mistakes }) => mistakes.length === size)
      .map(({ findings }) => groupsOf(findings).length);
    if (numbers.length === 0) continue;
    const counts = [1, 2, 3].map((groups) => `${groups}: ${numbers.filter((one) => one === groups).length}`);
    const more = numbers.filter((one) => one > 3).length;
    process.stdout.write(`${size} planted, ${numbers.length} campaigns; groups ${counts.join(', ')}, more: ${more}\n`);
  }
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      for: { type: 'string', default: '10s' },
      every: { type: 'string', default: '11' },
      pairs: { type: 'string', default: '0' },
      only: { type: 'string' },
      count: { type: 'boolean', default: false },
    },
  });
  const [file] = positionals;
  if (file === undefined || parseDuration(values.for) === null) throw new Error('usage: groups.ts FILE [--for 10s]');
  const only = values.only?.split(',') ?? null;
  if (values.count) count(file);
  else measure(file, { forText: values.for, every: Number(values.every), pairs: Number(values.pairs), only });
}

main();

/**
 * `corpus list|add|cull|merge`: looks after folders of saved sequences.
 *
 * Rules that hold here:
 * - A sequence that fails is never culled or overwritten: it is listed as failing, and the exit code is 1. Only `add
 *   --failing` takes one in, as a guard that fails until the mistake is fixed.
 * - Nothing is removed before what stays is on disk.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CouldNotRun, EXIT, UsageError } from '../base/errors';
import { makeFolder, writeWhole } from '../base/files';
import type { Reached } from '../coverage/cull';
import { cull, ReachMeter } from '../coverage/cull';
import { allDomains } from '../domains';
import { INVARIANTS } from '../domains/invariants';
import { shortHash } from '../findings/finding';
import { listFindings, readFacts } from '../findings/store';
import { findSequenceFiles, readSequences } from '../sequence/files';
import { printSequence } from '../sequence/print';
import type { RunAction } from './verb';

interface Flags {
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly always?: boolean;
  readonly failing?: boolean;
  readonly note?: string;
  readonly name?: string;
  readonly json?: boolean;
}

const ADD_HELP = `
A sequence that fails (src and oracle differ) is not added: keep the file of a finding, and add it with --always
once the mistake is fixed. Or add it with --failing at once.`;

export function define(command: Command, run: RunAction): void {
  command
    .command('list')
    .description('what each sequence of a folder reaches')
    .argument('<folder...>', 'folders or files')
    .option('--json', 'one line of JSON for each sequence')
    .action(run((folders: string[], flags: Flags) => list(measure(folders), flags)));
  command
    .command('add')
    .description('copy sequences that reach something which the folder does not')
    .argument('<file...>', 'sequences, or folders of them')
    .requiredOption('--to <folder>', 'the corpus')
    .option('--always', 'also those that reach nothing new')
    .option('--failing', 'also those that fail; check then fails until what they show is fixed')
    .option('--name <name>', 'what the file is called; without it after the finding or the file it comes from')
    .option('--note <text>', 'what they show: it goes into the header of each that is added')
    .addHelpText('after', ADD_HELP)
    .action(run((files: string[], flags: Flags) => add(files, flags)));
  command
    .command('cull')
    .description('remove sequences without which the folder reaches the same')
    .argument('<folder>', 'the corpus')
    .option('--dry-run', 'only say what would go')
    .action(run((folder: string, flags: Flags) => cullFolder(folder, flags)));
  command
    .command('merge')
    .description('the smallest set that reaches what several corpora or campaigns reach, and their findings')
    .argument('<folder...>', 'corpora or campaigns')
    .requiredOption('--to <folder>', 'a new folder')
    .action(run((folders: string[], flags: Flags) => merge(folders, flags)));
}

/** Where a campaign keeps its sequences; any other folder is a corpus itself. */
function corpusOf(folder: string): string {
  const inside = path.join(folder, 'corpus');
  return fs.existsSync(path.join(folder, 'campaign.json')) && fs.existsSync(inside) ? inside : folder;
}

function measure(paths: readonly string[]): Reached[] {
  const meter = new ReachMeter(INVARIANTS);
  return findSequenceFiles(paths.map(corpusOf)).flatMap((file) =>
    readSequences(file).map((sequence) => meter.measure(file, sequence)),
  );
}

function exitFor(all: readonly Reached[], advice = ''): number {
  const failing = all.filter((one) => one.difference !== null);
  for (const one of failing)
    process.stdout.write(`${one.file}: fails (${one.difference!.rule}); it is left alone${advice}\n`);
  return failing.length > 0 ? EXIT.finding : EXIT.nothing;
}

function list(all: readonly Reached[], flags: Flags): number {
  for (const { file, sequence, features, difference } of all) {
    const { domain, note } = sequence.header;
    const remarkText = note === undefined ? '' : `, ${note}`;
    const row = {
      file,
      domain,
      operations: sequence.operations.length,
      features: features.length,
      rule: difference?.rule ?? null,
      note: note ?? null,
    };
    if (flags.json) process.stdout.write(`${JSON.stringify(row)}\n`);
    else
      process.stdout.write(`${file}: ${domain}, ${row.operations} operations, ${row.features} features${remarkText}\n`);
  }
  const features = new Set(all.flatMap((one) => one.features));
  if (!flags.json) process.stdout.write(`${all.length} sequences, ${features.size} features\n`);
  return exitFor(all);
}

/** In a finding's folder all files have the same names: there the finding's own tells more. */
function nameOf(file: string): string {
  const folder = path.dirname(path.resolve(file));
  if (isFinding(folder)) return path.basename(folder);
  return path.basename(file).replace(/\.ndjson(\.gz)?$/, '');
}

function isFinding(folder: string): boolean {
  return fs.existsSync(path.join(folder, 'finding.json'));
}

/** Of a finding's folder the shortest form alone. */
function formOf(place: string): string {
  const minimal = path.join(place, 'minimal.ndjson');
  return isFinding(place) && fs.existsSync(minimal) ? minimal : place;
}

/** @throws UsageError for what is no name of a file. */
function checkName(name: string | undefined): void {
  if (name !== undefined && !/^[\w][\w.-]*$/.test(name))
    throw new UsageError(`--name ${name}: letters, digits, "-", "_" and "." expected`);
}

/** A folder whose sequences are all of another domain is the wrong one. @throws CouldNotRun */
function checkDomain(folder: string, present: readonly Reached[], offered: readonly Reached[]): void {
  const domains = new Set(present.map(({ sequence }) => sequence.header.domain));
  const [only] = domains;
  const named = allDomains().find(({ name }) => name === path.basename(path.resolve(folder)))?.name;
  const belongs = domains.size === 1 ? only : domains.size === 0 ? named : undefined;
  const wrong = offered.find(({ sequence }) => belongs !== undefined && sequence.header.domain !== belongs);
  if (wrong === undefined) return;
  const { domain } = wrong.sequence.header;
  throw new CouldNotRun(`${wrong.file} is of the domain ${domain}, and --to ${folder} has the domain ${belongs} only`);
}

/** Writes a sequence under a name that no other has. */
function save(folder: string, { sequence, file }: Reached, name?: string): string {
  const text = printSequence(sequence);
  const stem = name ?? nameOf(file).replace(/-[0-9a-f]{8}$/, '');
  const target = path.join(folder, `${stem}-${shortHash(text)}.ndjson`);
  writeWhole(target, text);
  return target;
}

/** The sequence as it is to be saved. */
function noted(one: Reached, note: string | undefined): Reached {
  if (note === undefined) return one;
  const { header, operations } = one.sequence;
  return { ...one, sequence: { header: { ...header, note }, operations } };
}

function add(files: readonly string[], flags: Flags): number {
  const folder = flags.to!;
  checkName(flags.name);
  makeFolder(folder);
  const present = measure([folder]);
  const known = new Set(present.flatMap((one) => one.features));
  const offered = measure(files.map(formOf));
  checkDomain(folder, present, offered);
  const isTaken = ({ difference }: Reached): boolean => difference === null || flags.failing === true;
  for (const one of offered.filter(isTaken)) {
    const fresh = one.features.filter((feature) => !known.has(feature));
    if (fresh.length === 0 && one.difference === null && !flags.always) {
      process.stdout.write(`${one.file}: nothing new (--always adds it nevertheless)\n`);
      continue;
    }
    for (const feature of fresh) known.add(feature);
    const what = one.difference === null ? `${fresh.length} new features` : `fails (${one.difference.rule})`;
    process.stdout.write(`${one.file}: ${what}, saved as ${save(folder, noted(one, flags.note), flags.name)}\n`);
  }
  const left = offered.filter((one) => !isTaken(one));
  return exitFor(left, ': add it once that is fixed, or with --failing, and check fails until then');
}

function cullFolder(folder: string, flags: Flags): number {
  const all = measure([folder]);
  const passing = all.filter((one) => one.difference === null);
  const kept = new Set(cull(passing).map((one) => one.file));
  const failing = new Set(all.filter((one) => one.difference !== null).map((one) => one.file));
  const going = [...new Set(passing.map((one) => one.file))].filter((file) => !kept.has(file) && !failing.has(file));
  for (const file of going) {
    process.stdout.write(`${file}: ${flags.dryRun ? 'would go' : 'removed'}\n`);
    if (!flags.dryRun) fs.rmSync(file);
  }
  process.stdout.write(`${kept.size} files stay, ${going.length} ${flags.dryRun ? 'would go' : 'went'}\n`);
  return exitFor(all);
}

function merge(folders: readonly string[], flags: Flags): number {
  const target = flags.to!;
  if (fs.existsSync(target) && fs.readdirSync(target).length > 0) throw new CouldNotRun(`${target} is not empty`);
  const all = measure(folders);
  makeFolder(path.join(target, 'corpus'));
  const kept = cull(all.filter((one) => one.difference === null));
  for (const one of kept) save(path.join(target, 'corpus'), one);
  const findings = mergeFindings(folders, path.join(target, 'findings'));
  process.stdout.write(`${kept.length} of ${all.length} sequences and ${findings} findings in ${target}\n`);
  return exitFor(all);
}

/** Copies the findings of campaigns; of those with the same signature one. */
function mergeFindings(folders: readonly string[], target: string): number {
  const seen = new Set<string>();
  for (const folder of folders) {
    const from = path.join(folder, 'findings');
    for (const name of listFindings(from)) {
      const key = readFacts(path.join(from, name)).signature ?? name;
      if (seen.has(key)) continue;
      seen.add(key);
      fs.cpSync(path.join(from, name), path.join(target, name), { recursive: true });
    }
  }
  return seen.size;
}

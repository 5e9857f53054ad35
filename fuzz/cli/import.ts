/**
 * `import`: turns what other tools write down into sequences.
 *
 *     import maps FILE [--domain mm]     a /proc/PID/maps listing
 *     import strace FILE…                a log of strace -f -e trace=%memory, or the logs of its threads (-ff)
 *
 * Sequences go to standard output, the report of what was kept, skipped and assumed to standard error. With --out they go
 * to files, and the report to standard output. Nothing is written before everything is read and made.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { CouldNotRun, UsageError } from '../base/errors';
import { makeFolder } from '../base/files';
import { importMaps, importMapsToMm } from '../import/maps';
import { ImportError } from '../import/report';
import { type Imported, type ImportOptions, importStraceFiles } from '../import/strace';
import { printSequence } from '../sequence/print';
import type { Runner } from './verb';

interface Flags {
  readonly note?: string;
  readonly origin?: string;
  readonly out?: string;
  readonly domain?: string;
  readonly json?: true;
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new CouldNotRun(`cannot read ${file}: ${(error as Error).message}`);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? path.endsWith('/');
}

/** One file for all sequences, or in a folder one for each. Returns the names. */
function save(out: string, name: string, texts: readonly string[]): string[] {
  if (!isFolder(out)) {
    writeFileSync(out, texts.join(''));
    return [out];
  }
  makeFolder(out);
  return texts.map((text, i) => {
    const path = join(out, texts.length === 1 ? `${name}.ndjson` : `${name}-${i + 1}.ndjson`);
    writeFileSync(path, text);
    return path;
  });
}

function show(imported: Imported, file: string, flags: Flags): number {
  const { sequences, report } = imported;
  if (sequences.length === 0) {
    throw new CouldNotRun(`${file}: nothing in it becomes an operation\n${report.toText().trimEnd()}`);
  }
  const texts = sequences.map(printSequence);
  if (flags.out === undefined) {
    process.stdout.write(texts.join(''));
    process.stderr.write(flags.json ? `${JSON.stringify(report.counts())}\n` : report.toText());
    return 0;
  }
  const name = basename(file).replace(/\.(?:log|txt|maps)$/, '') || 'imported';
  const files = save(flags.out, name === '-' ? 'imported' : name, texts);
  const text = `${report.toText()}${files.map((path) => `wrote ${path}\n`).join('')}`;
  process.stdout.write(flags.json ? `${JSON.stringify({ ...report.counts(), files })}\n` : text);
  return 0;
}

/** Adds the file's name to what is said about its content. */
function importing(file: string, make: () => Imported): Imported {
  try {
    return make();
  } catch (error) {
    if (error instanceof ImportError) throw new CouldNotRun(`${file}: ${error.message}`);
    throw error;
  }
}

function optionsOf(flags: Flags, file: string): ImportOptions {
  const origin = flags.origin ?? (file === '-' ? undefined : basename(file));
  return {
    ...(flags.note === undefined ? {} : { note: flags.note }),
    ...(origin === undefined ? {} : { origin }),
  };
}

function runMaps(file: string, flags: Flags): number {
  if (flags.domain !== 'tree' && flags.domain !== 'mm') {
    throw new UsageError(`--domain ${flags.domain}: tree and mm are known`);
  }
  const make = flags.domain === 'mm' ? importMapsToMm : importMaps;
  const text = read(file);
  return show(
    importing(file, () => make(text, optionsOf(flags, file))),
    file,
    flags,
  );
}

function runStrace(files: readonly string[], flags: Flags): number {
  const logs = files.map((file) => ({ name: basename(file), text: read(file) }));
  return show(
    importing(files.join(', '), () => importStraceFiles(logs, optionsOf(flags, files[0]))),
    files[0],
    flags,
  );
}

function common(command: Command): Command {
  return command
    .option('--note <text>', 'what it is of: goes into the first line')
    .option('--origin <text>', "where it is from: goes into the first line (default: the file's name)")
    .option('--out <path>', 'a file, or a folder that gets one file for each sequence')
    .option('--json', 'the report as JSON');
}

export function define(command: Command, run: Runner): void {
  common(command.command('maps').description('a /proc/PID/maps listing'))
    .argument('<file>', 'the listing, or - for standard input')
    .option('--domain <name>', 'tree: a store for each mapping; mm: an mmap for each', 'tree')
    .action(run((file: string, flags: Flags) => runMaps(file, flags)));
  common(command.command('strace').description('logs of strace -f -e trace=%memory'))
    .argument('<files...>', 'one log, or the logs of the threads of one run (-ff); - for standard input')
    .addHelpText(
      'after',
      '\nRecord with:\n  strace -f -y -e trace=%memory,execve,clone,clone3,fork,vfork -o LOG program …\n' +
        'Without the last five, processes are told apart by guessing.',
    )
    .action(run((files: string[], flags: Flags) => runStrace(files, flags)));
}

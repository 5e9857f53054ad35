/**
 * `import`: turns what other tools write down into sequences.
 *
 *     import maps FILE [--domain mm]     a listing of mappings: /proc/PID/maps, smaps, pmap, gdb, a crash report, …
 *     import strace FILE…                a log of strace -f -e trace=%memory, or the logs of its threads (-ff)
 *
 * Sequences go to standard output, the report of what was kept, lost, skipped and assumed to standard error. With --out
 * they go to files, and the report to standard output. Nothing is written before everything is read, and nothing at all
 * if the layout would be wrong, unless --lossy says that this is known.
 */
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Command, Option } from 'commander';
import { CouldNotRun, reasonOf, UsageError } from '../base/errors';
import { makeFolder } from '../base/files';
import { domainOf } from '../domains';
import { answerLines } from '../import/answers';
import type { Forks } from '../import/forks';
import type { Imported, ImportOptions, Made } from '../import/imported';
import { importMaps, LISTING_DOMAINS } from '../import/maps/import';
import { FORMATS } from '../import/maps/read';
import { ImportError, type ImportReport } from '../import/report';
import { importStrace } from '../import/strace/import';
import { printSequence } from '../sequence/print';
import type { RunAction } from './verb';

interface Flags {
  readonly note?: string;
  readonly origin?: string;
  readonly out?: string;
  readonly domain?: string;
  readonly format?: string;
  readonly forks?: string;
  readonly answers?: string;
  readonly lossy?: true;
  readonly json?: true;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new CouldNotRun(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? path.endsWith('/');
}

/** A place for the texts of all sequences: one file, or a folder with a file for each. One text is held at a time. */
class Texts {
  readonly files: string[] = [];
  private fd: number | null = null;
  private readonly folder: boolean;

  constructor(
    private readonly flag: string,
    private readonly path: string,
    private readonly nameOf: (number: number) => string,
  ) {
    this.folder = this.named(() => isFolder(path));
    if (this.folder) this.named(() => makeFolder(path));
  }

  /** What goes wrong at the place is said with the flag that names it. */
  private named<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new CouldNotRun(`${this.flag} ${this.path}: ${reasonOf(error)}`);
    }
  }

  write(text: string, number: number): void {
    if (this.folder || this.fd === null) this.begin(this.folder ? join(this.path, this.nameOf(number)) : this.path);
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.fd!, bytes, done);
  }

  private begin(file: string): void {
    this.end();
    this.fd = this.named(() => openSync(file, 'w'));
    this.files.push(file);
  }

  end(): void {
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
  }
}

function nameFor(file: string): string {
  const name = basename(file)
    .replace(/\.gz$/, '')
    .replace(/\.(?:log|txt|maps|smaps|strace)$/, '');
  return name === '' || name === '-' ? 'imported' : name;
}

/** Writes each sequence, and its answers if they are asked for. Returns the files. */
function writeAll(imported: Imported, file: string, flags: Flags): string[] {
  const numbered = (ending: string) => (number: number) =>
    `${nameFor(file)}${imported.count === 1 ? '' : `-${number}`}${ending}`;
  const sequences = flags.out === undefined ? null : new Texts('--out', flags.out, numbered('.ndjson'));
  const answers = flags.answers === undefined ? null : new Texts('--answers', flags.answers, numbered('.out.ndjson'));
  const write = (made: Made, number: number): void => {
    const text = printSequence(made.sequence);
    if (sequences === null) process.stdout.write(text);
    else sequences.write(text, number);
    answers?.write(answerLines(made), number);
  };
  let number = 0;
  for (const made of imported) write(made, ++number);
  for (const texts of [sequences, answers]) texts?.end();
  return [...(sequences?.files ?? []), ...(answers?.files ?? [])];
}

const reportText = (report: ImportReport, flags: Flags, files: readonly string[]): string =>
  flags.json
    ? `${JSON.stringify(files.length === 0 ? report.counts() : { ...report.counts(), files })}\n`
    : `${report.toText()}${files.map((path) => `wrote ${path}\n`).join('')}`;

function show(imported: Imported, file: string, flags: Flags): number {
  const { report } = imported;
  const refuse = (why: string): never => {
    process.stderr.write(reportText(report, flags, []));
    throw new CouldNotRun(`${file}: ${why}`);
  };
  if (report.isWrong && !flags.lossy) {
    const count = report.lostCalls;
    const what = count === 1 ? '1 change of mappings was' : `${count} changes of mappings were`;
    refuse(`${what} not understood, so that the layout would be wrong: nothing written (--lossy imports the rest)`);
  }
  if (imported.count === 0) refuse('nothing in it becomes an operation');
  const files = writeAll(imported, file, flags);
  const text = reportText(report, flags, files);
  if (flags.out === undefined) process.stderr.write(text);
  else process.stdout.write(text);
  return 0;
}

/** Adds the file's name to what is said about its content. */
function importing(file: string, make: () => Imported): Imported {
  try {
    return make();
  } catch (error) {
    if (error instanceof ImportError) throw new CouldNotRun(`${file}: ${error.message}`);
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) {
      throw new CouldNotRun(`${file}: cannot be decompressed: ${(error as Error).message}`);
    }
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
  const { domain: name, format } = flags;
  const content = read(file);
  const make = (): Imported =>
    importMaps(content, { ...optionsOf(flags, file), domain: domainOf({ domain: name! }), format: format! });
  return show(importing(file, make), file, flags);
}

function forksOf(text: string): Forks {
  if (text === 'auto' || text === 'all' || text === 'none') return text;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--forks ${text}: auto, all, none or a number expected`);
}

function runStrace(files: readonly string[], flags: Flags): number {
  const forks = forksOf(flags.forks ?? 'auto');
  const logs = files.map((file) => ({ name: basename(file), content: read(file) }));
  const make = (): Imported => importStrace(logs, { ...optionsOf(flags, files[0]), forks });
  return show(importing(files.join(', '), make), files[0], flags);
}

function common(command: Command): Command {
  return command
    .option('--note <text>', 'what it is of: goes into the first line')
    .option('--origin <text>', "where it is from: goes into the first line (default: the file's name)")
    .option('--out <path>', 'a file, or a folder that gets one file for each sequence')
    .option('--lossy', 'import the rest where changes of mappings were not understood')
    .option('--json', 'the report as JSON');
}

export function define(command: Command, run: RunAction): void {
  common(command.command('maps').description('a listing of mappings: maps, smaps, pmap, gdb, crash reports, …'))
    .argument('<file>', 'the listing, or - for standard input; .gz too')
    .addOption(
      new Option('--domain <name>', 'what the listing becomes: a store for each mapping in a tree, or an mmap for each')
        .choices(LISTING_DOMAINS.map(({ name }) => name))
        .default(LISTING_DOMAINS[0].name),
    )
    .addOption(new Option('--format <kind>', 'the kind of listing').choices(['auto', ...FORMATS]).default('auto'))
    .action(run((file: string, flags: Flags) => runMaps(file, flags)));
  common(command.command('strace').description('logs of strace -f -e trace=%memory'))
    .argument('<files...>', 'one log, or the logs of the threads of one run (-ff); - for standard input; .gz too')
    .option('--answers <path>', 'the recorded answers, for replay --answers: a file, or a folder')
    .option('--forks <which>', 'forked children to write: auto, all, none, or that many', 'auto')
    .addHelpText(
      'after',
      '\nRecord with:\n  strace -f -y -e trace=%memory,%process,%desc,ipc,prctl -o LOG program …\n' +
        'Without %process, processes are told apart by guessing.',
    )
    .action(run((files: string[], flags: Flags) => runStrace(files, flags)));
}

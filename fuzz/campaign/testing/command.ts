/**
 * Campaigns as a user runs them, for tests: processes that can be killed, with or without a mistake planted in them.
 *
 * The command is compiled once a test file, into a folder that looks like the installed package: a process starts in a
 * tenth of a second then, where a checkout compiles its sources at each start, and some of these tests start hundreds.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readLines } from '../../base/files';
import type { Fact } from '../journal';

const ROOT = path.join(__dirname, '..', '..', '..');
const PLANT = path.join(__dirname, 'plant.cjs');

export const MINUTES = 60_000;

/** Compiles the command into `folder`. Gives the path of what to run with node. */
function compileCommand(folder: string): string {
  const compiler = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const project = path.join(ROOT, 'tsconfig.build.json');
  const options = ['--rootDir', ROOT, '--outDir', path.join(folder, 'dist'), '--declaration', 'false', '--noCheck'];
  execFileSync(process.execPath, [compiler, '-p', project, ...options], { cwd: ROOT });
  fs.cpSync(path.join(ROOT, 'bin'), path.join(folder, 'bin'), { recursive: true });
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  for (const name of ['node_modules', 'corpus']) fs.symlinkSync(path.join(ROOT, name), path.join(folder, name));
  return path.join(folder, 'bin', 'maple-fuzz.js');
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** What `fuzz` with some arguments does; `plant` names a mistake of plant.cjs. */
export class Command {
  private readonly file: string;

  constructor(folder: string) {
    this.file = compileCommand(folder);
  }

  start(args: readonly string[], plant: string | null = null): ChildProcess {
    const env = plant === null ? process.env : { ...process.env, PLANT: plant, NODE_OPTIONS: `--require ${PLANT}` };
    return spawn(process.execPath, [this.file, 'fuzz', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  fuzz(args: readonly string[], plant: string | null = null): Promise<Ended> {
    return ended(this.start(args, plant));
  }
}

/**
 * A folder for a test file's campaigns, with the command in it. Both are there once its tests run, and go when they
 * have run.
 */
export class Ground {
  folder = '';
  command!: Command;

  constructor(name: string) {
    beforeAll(() => {
      this.folder = fs.mkdtempSync(path.join(os.tmpdir(), `maple-fuzz-${name}-`));
      this.command = new Command(path.join(this.folder, 'package'));
    }, 2 * MINUTES);
    afterAll(() => fs.rmSync(this.folder, { recursive: true, force: true }));
  }

  /** A place in the folder. */
  at(...names: string[]): string {
    return path.join(this.folder, ...names);
  }
}

export function ended(child: ChildProcess): Promise<Ended> {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

function facts(campaign: string): Fact[] {
  return readLines<Fact>(path.join(campaign, 'journal.ndjson'));
}

/** How often each sequence below `count` is recorded as done. */
export function timesDone(campaign: string, count: number): number[] {
  const times = new Array<number>(count).fill(0);
  for (const fact of facts(campaign)) {
    if ('done' in fact) for (let n = fact.done[0]; n < fact.done[1]; n++) times[n]++;
  }
  return times;
}

/** A number that all sequences recorded as done are below. */
export function highestDone(campaign: string): number {
  return Math.max(0, ...facts(campaign).map((fact) => ('done' in fact ? fact.done[1] : 0)));
}

/** Numbers of the sequences that failed, each once. */
export function failing(campaign: string): number[] {
  const numbers = facts(campaign).flatMap((fact) => ('finding' in fact ? [fact.finding] : []));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** What the journal says of each range: its numbers, steps, and the fingerprint of all that ran in it. */
export function ranges(campaign: string): string[] {
  const lines = facts(campaign).flatMap((fact) =>
    'done' in fact ? [`${fact.done.join('-')}: ${fact.steps} ${fact.print}`] : [],
  );
  return lines.sort();
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

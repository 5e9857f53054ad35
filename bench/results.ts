/**
 * The saved form of a run, and the facts about machine and run that belong to every figure.
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

export const FORMAT = 'maple-fuzz-bench/1';

export interface Facts {
  date: string;
  node: string;
  v8: string;
  machine: string;
  kernel: string;
  /** Load averages (1, 5, 15 minutes) when the run began: a busy machine widens the spreads. */
  load: number[];
  seed: string;
  rounds: number;
  /** Milliseconds of CPU that each measurement lasts at least. */
  minimumMs: number;
  /** What is added to every index. */
  base: number;
  /** Where the C came from, or why it is not here. */
  c: string;
  command: string;
}

export interface Cell {
  workload: string;
  size: number;
  subject: string;
  /** Nanoseconds of CPU an operation, whole process; one number a round, warm-up left out. */
  rounds: number[];
  /** The same of the main thread alone, and of the wall clock. */
  main: number[];
  wall: number[];
  capped: boolean;
  /** Node memory after the run. */
  bytes: number | null;
  /** Entries after the run; 0 when it was cut off. */
  entries: number;
  skipped?: string;
}

/** One line of the loop's bench: steps a second, a number a round. */
export interface LoopRow {
  name: string;
  about: string;
  rounds: number[];
}

/** Milliseconds of wall clock until something is there. */
export interface StartRow {
  name: string;
  rounds: number[];
}

export interface MemoryRow {
  content: string;
  subject: string;
  entries: number;
  bytesPerEntry: number;
}

export interface BenchFile {
  format: typeof FORMAT;
  facts: Facts;
  cells: Cell[];
  memory: MemoryRow[];
  loop: LoopRow[];
  start: StartRow[];
  /** What the subjects did not agree on; a run with any is worth nothing. */
  disagreements: string[];
}

export function gatherFacts(run: Pick<Facts, 'seed' | 'rounds' | 'minimumMs' | 'base' | 'c' | 'command'>): Facts {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown';
  return {
    date: new Date().toISOString(),
    node: process.version,
    v8: process.versions.v8,
    machine: `${model}, ${processors.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    load: loadavg().map((x) => Math.round(x * 100) / 100),
    ...run,
  };
}

/** Reads a saved run; an error names the file and what is wrong with it. */
export function readResults(path: string): BenchFile {
  let parsed: Partial<BenchFile>;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8')) as Partial<BenchFile>;
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (parsed.format !== FORMAT) throw new Error(`${path}: format is not ${FORMAT}`);
  if (!Array.isArray(parsed.cells) || parsed.facts === undefined) throw new Error(`${path}: cells or facts missing`);
  return {
    format: FORMAT,
    facts: parsed.facts,
    cells: parsed.cells,
    memory: parsed.memory ?? [],
    loop: parsed.loop ?? [],
    start: parsed.start ?? [],
    disagreements: parsed.disagreements ?? [],
  };
}

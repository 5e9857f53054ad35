/**
 * `npm run bench`: measures, prints, saves. What is measured and how: docs/performance.md.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chartSvg } from './chart';
import { compareText } from './compare';
import { buildKernel, type KernelBuild } from './kernel/kernel';
import { measureLoop } from './loop/loop';
import { type Options, parseOptions } from './options';
import { type BenchFile, type Cell, FORMAT, gatherFacts, type LoopRow, type MemoryRow, readResults } from './results';
import { KERNEL_C, measureAll } from './rounds';
import { measureStart } from './start';
import { reportText } from './tables';
import { measureWorkers } from './workers';

const RESULTS = join(__dirname, 'results');

const cacheFolder = () => join(process.env.XDG_CACHE_HOME ?? join(tmpdir(), 'maple-fuzz-cache'), 'maple-fuzz-bench');

/** Bytes an entry after the workloads that fill a tree, from their warm-up runs. */
function memoryRows(cells: readonly Cell[]): MemoryRow[] {
  const contents: Record<string, string> = {
    append: 'appended, free space between',
    insert: 'in random order, free space between',
    overwrite: 'after random overwrites',
  };
  return cells.flatMap((cell) => {
    const content = contents[cell.workload];
    if (content === undefined || cell.bytes === null || cell.entries === 0) return [];
    const { subject, entries } = cell;
    return [{ content, subject, entries, bytesPerEntry: cell.bytes / entries }];
  });
}

function progress(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

function kernelFor(options: Options): KernelBuild {
  if (!options.tree || !options.subjects.includes(KERNEL_C)) return { missing: 'not asked for' };
  progress('building the kernel’s maple tree');
  return buildKernel(join(cacheFolder(), 'linux-6.12'), options.kernelSource);
}

async function measureTree(options: Options, kernel: KernelBuild): Promise<Pick<BenchFile, 'cells' | 'disagreements'>> {
  if (!options.tree) return { cells: [], disagreements: [] };
  return measureAll({
    sizes: options.sizes,
    workloads: options.only,
    subjects: options.subjects,
    rounds: options.rounds,
    minimumMs: options.minimum,
    capMs: options.cap,
    seed: options.seed,
    base: options.base,
    folder: join(cacheFolder(), 'inputs'),
    kernel: 'missing' in kernel ? undefined : kernel,
    progress,
  });
}

function measureLoops(options: Options): { rows: LoopRow[]; troubles: string[] } {
  if (!options.loop) return { rows: [], troubles: [] };
  return measureLoop({
    seed: options.seed,
    rounds: options.rounds,
    steps: options.steps,
    sizes: options.growth,
    growthMs: options.minimum,
    progress,
  });
}

/** So many slices is the warm-up of a campaign long. */
const WORKERS_WARM_UP = 6;

async function measureSecondWorker(options: Options): Promise<LoopRow[]> {
  if (!options.workers) return [];
  const sliceMs = options.slice * 1000;
  return measureWorkers({ ...options, sliceMs, warmUpMs: WORKERS_WARM_UP * sliceMs, progress });
}

async function measure(options: Options): Promise<BenchFile> {
  const kernel = kernelFor(options);
  const facts = gatherFacts({
    seed: options.seed,
    rounds: options.rounds,
    minimumMs: options.minimum,
    base: options.base,
    c: 'missing' in kernel ? `skipped: ${kernel.missing}` : kernel.about,
    command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim(),
  });
  const { cells, disagreements } = await measureTree(options, kernel);
  const loop = measureLoops(options);
  const workers = await measureSecondWorker(options);
  const start = options.start ? await measureStart(options.rounds, progress) : [];
  if (process.stderr.isTTY) progress('');
  return {
    format: FORMAT,
    facts,
    cells,
    memory: memoryRows(cells),
    loop: [...loop.rows, ...workers],
    start,
    disagreements: [...disagreements, ...loop.troubles],
  };
}

function save(file: BenchFile, options: Options): string[] {
  const json = options.json ?? join(RESULTS, 'latest.json');
  const svg = options.svg ?? json.replace(/(\.json)?$/, '.svg');
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify(file, null, 1)}\n`);
  if (file.cells.length === 0) return [json];
  mkdirSync(dirname(svg), { recursive: true });
  writeFileSync(svg, chartSvg(file));
  return [json, svg];
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const saved = options.compare.map(readResults);
  if (saved.length === 2) {
    process.stdout.write(`${compareText(saved[0], saved[1])}\n`);
    return 0;
  }
  const file = await measure(options);
  process.stdout.write(`${reportText(file)}\n`);
  if (saved[0]) process.stdout.write(`\n${compareText(saved[0], file)}\n`);
  process.stdout.write(`\nsaved: ${save(file, options).join(', ')}\n`);
  return file.disagreements.length > 0 ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 3;
  },
);

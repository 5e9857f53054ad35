/**
 * The bench's command line: what to measure, how often, where to put it. Checked here; cli.ts only acts on it.
 */
import { Command, InvalidArgumentError } from 'commander';
import { peers } from './peers';
import { KERNEL_C } from './rounds';
import { workloads } from './workloads';

export interface Options {
  sizes: number[];
  only: string[];
  subjects: string[];
  rounds: number;
  minimum: number;
  cap: number;
  /** Steps of one round of the loop's bench, about. */
  steps: number;
  /** Entries of the loop's growth table. */
  growth: number[];
  /** Seconds that a campaign runs at a time, when workers are measured. */
  slice: number;
  seed: string;
  base: number;
  tree: boolean;
  loop: boolean;
  start: boolean;
  workers: boolean;
  json: string | undefined;
  svg: string | undefined;
  compare: string[];
  kernelSource: string | undefined;
}

function wholeNumber(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('not a whole number.');
  return value;
}

function positive(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('at least 1.');
  return value;
}

const sizes = (text: string) => text.split(',').map(positive);

const names = (known: readonly string[]) => (text: string) => {
  const chosen = text.split(',');
  for (const one of chosen)
    if (!known.includes(one)) throw new InvalidArgumentError(`${one} is not one of ${known.join(', ')}.`);
  return chosen;
};

const allSubjects = [peers[0].name, KERNEL_C, ...peers.slice(1).map((peer) => peer.name)];
const allWorkloads = workloads.map((one) => one.name);

function command(): Command {
  return new Command('bench')
    .description('Measures MapleTree beside its peers and the fuzz loop beside its ceiling, and prints the ratios.')
    .option('--tree', 'only the tree beside its peers')
    .option('--loop', "only the fuzz loop beside fast-check's ceiling")
    .option('--start', 'only the start-up times')
    .option('--workers', 'only what a second worker brings')
    .option('--sizes <list>', 'entries, with commas', sizes, [1000, 100_000, 1_000_000])
    .option('--only <list>', `workloads, with commas: ${allWorkloads.join(', ')}`, names(allWorkloads), allWorkloads)
    .option('--subjects <list>', `with commas: ${allSubjects.join(', ')}`, names(allSubjects), allSubjects)
    .option('--rounds <n>', 'rounds after the warm-up', positive, 5)
    .option('--minimum <ms>', 'CPU time of each measurement', positive, 100)
    .option('--cap <ms>', 'CPU time after which a slow peer is cut off', positive, 2000)
    .option('--steps <n>', "steps of one round of the loop's bench", positive, 50_000)
    .option('--growth <list>', 'entries of the growth table, with commas', sizes, [10, 100, 1000, 10_000, 100_000])
    .option('--slice <s>', 'seconds that a campaign runs at a time; six times as long before', positive, 6)
    .option('--seed <text>', 'any text', 'maple')
    .option('--base <index>', 'added to every index (try 1099511627776: beyond 32 bits)', wholeNumber, 0)
    .option('--quick', 'small sizes, few rounds: to see that it works, not to measure')
    .option('--json <file>', 'save the run (default: bench/results/latest.json)')
    .option('--svg <file>', 'save the chart (default: beside the JSON)')
    .option('--compare <files...>', 'two saved runs, or one and the present run: what moved beyond noise')
    .option('--kernel-source <folder>', "an unpacked Linux source, instead of Debian's package");
}

interface Raw extends Omit<Options, 'compare' | 'tree' | 'loop' | 'start' | 'workers'> {
  quick?: boolean;
  compare?: string[];
  tree?: boolean;
  loop?: boolean;
  start?: boolean;
  workers?: boolean;
}

/** Reads the flags; prints help or a usage error and leaves the process (2) where they ask for it. */
export function parseOptions(argv: readonly string[], onError?: (error: Error) => never): Options {
  const program = command().exitOverride((error) => {
    if (onError) onError(error);
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
  if (onError) program.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  program.parse([...argv], { from: 'user' });
  const raw = program.opts<Raw>();
  const all = !raw.tree && !raw.loop && !raw.start && !raw.workers;
  const compare = raw.compare ?? [];
  if (compare.length > 2) program.error('--compare takes one or two files');
  const options: Options = {
    ...raw,
    json: raw.json,
    svg: raw.svg,
    kernelSource: raw.kernelSource,
    compare,
    tree: all || raw.tree === true,
    loop: all || raw.loop === true,
    start: all || raw.start === true,
    workers: all || raw.workers === true,
  };
  const given = (name: string) => program.getOptionValueSource(name) === 'cli';
  if (raw.quick) {
    if (!given('sizes')) options.sizes = [1000];
    if (!given('rounds')) options.rounds = 2;
    if (!given('minimum')) options.minimum = 5;
    if (!given('steps')) options.steps = 3000;
    if (!given('growth')) options.growth = [10, 1000];
    if (!given('slice')) options.slice = 1;
  }
  return options;
}

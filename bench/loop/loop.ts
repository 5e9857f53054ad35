/**
 * The fuzz loop beside its ceiling, in one process and in turn: warm-up, then rounds A B C … over the same sequences.
 *
 *     ceiling   fast-check with commands that do nothing (ceiling.ts)
 *     written   the same as its users write it: a command for each operation, with arguments (written.ts)
 *     loop      as `fuzz` runs it: fast-check, drawing, src and oracle, answers, invariants
 *     thorough  the same with everything compared and checked after every step, whatever the size
 *     direct    the same sequences' kind drawn without fast-check
 *     replay    saved sequences fed directly: no arbitraries, no drawing
 *     mutated   children of saved sequences: the feedback path
 *
 * Steps a second are of CPU time (all threads of the process). Sequences whose content grows beyond `most` entries are
 * left out, because the goals speak of that size.
 */

import { domainOf, domainsNamed } from '../../fuzz/domains';
import { INVARIANTS } from '../../fuzz/domains/invariants';
import type { DomainName, Sequence } from '../../fuzz/format/types';
import { Breeder } from '../../fuzz/generate/scripted';
import type { SequenceSource as Source } from '../../fuzz/generate/source';
import { SequenceSource } from '../../fuzz/generate/source';
import { runOn } from '../../fuzz/lockstep/run';
import type { Difference } from '../../fuzz/lockstep/types';
import { type AnyLockstep, createLockstep } from '../../fuzz/run/create';
import { cpuNow } from '../clock';
import type { LoopRow } from '../results';
import { runBare, runCommands, runDrawn } from './ceiling';
import { growthAt, MOST_MAPPINGS } from './growth';
import { runWritten } from './written';

export interface LoopPlan {
  seed: string;
  rounds: number;
  /** Steps of one round, about. */
  steps: number;
  /** Entries, or mappings, of the growth tables. */
  sizes: number[];
  growthMs: number;
  progress(line: string): void;
}

/** Entries or mappings up to which a domain's goals hold. */
const MOST: Record<DomainName, number> = { tree: 300, mm: 100 };

const SURVEYED = 2000;

/**
 * How many rounds a warm-up is as long as. V8 is not done with a program of this size sooner: a step was seen to cost
 * twice as much in the second as in the eighth.
 */
const WARM_UP = 8;

function agreed(difference: Difference | null): void {
  if (difference !== null)
    throw new Error(`src and oracle differ, nothing was measured: ${difference.rule}: ${difference.detail}`);
}

interface Chosen {
  /** Numbers of the sequences, and how long each is. */
  numbers: number[];
  sequences: Sequence[];
}

/** The first sequences of the seed that stay within the size, until there are enough steps. */
function choose(domain: DomainName, source: Source, plan: LoopPlan): Chosen {
  const lockstep = createLockstep({ invariants: [] });
  const chosen: Chosen = { numbers: [], sequences: [] };
  let most = 0;
  const watching = {
    begin: () => {},
    beforeStep: () => {},
    afterStep: () => {
      most = Math.max(most, lockstep.view().count());
    },
  };
  let steps = 0;
  for (let n = 0; n < SURVEYED && steps < plan.steps; n++) {
    most = 0;
    const { header, operations, difference } = source.run(n, lockstep, [watching]);
    agreed(difference);
    if (most > MOST[domain]) continue;
    steps += operations.length;
    chosen.numbers.push(n);
    chosen.sequences.push({ header, operations: [...operations] });
  }
  return chosen;
}

interface Contender {
  name: string;
  about: string;
  /** Runs everything once; how many steps that were. */
  run(): number;
}

function generated(source: Source, numbers: readonly number[], lockstep: AnyLockstep): number {
  let steps = 0;
  for (const n of numbers) {
    const { operations, difference } = source.run(n, lockstep);
    agreed(difference);
    steps += operations.length;
  }
  return steps;
}

function replayed(sequences: readonly Sequence[], lockstep: AnyLockstep): number {
  let steps = 0;
  for (const sequence of sequences) {
    agreed(runOn(lockstep, sequence));
    steps += sequence.operations.length;
  }
  return steps;
}

function bred(breeder: Breeder, sequences: readonly Sequence[], lockstep: AnyLockstep): number {
  let steps = 0;
  sequences.forEach((sequence, n) => {
    const other = sequences[(n * 7 + 3) % sequences.length];
    const { operations, difference } = breeder.run(n, `bench/${n}`, [sequence, other], lockstep);
    agreed(difference);
    steps += operations.length;
  });
  return steps;
}

function contenders(domain: DomainName, plan: LoopPlan): Contender[] {
  const options = { seed: plan.seed, domains: domainsNamed([domain]) };
  const source = new SequenceSource({ ...options, engine: 'fast-check' });
  const direct = new SequenceSource({ ...options, engine: 'direct' });
  const lockstep = createLockstep({ invariants: INVARIANTS });
  const thorough = createLockstep({ invariants: INVARIANTS, thorough: true });
  const breeder = new Breeder(domainOf, {});
  const { numbers, sequences } = choose(domain, source, plan);
  const lengths = sequences.map((sequence) => sequence.operations.length);
  const rows: [string, string, () => number][] = [
    ['ceiling', 'fc.commands with a command that does nothing', () => runCommands(lengths)],
    ['drawn ceiling', 'the same with two integers drawn for each command', () => runDrawn(lengths)],
    ['written', 'fc.commands with each operation and its arguments; nothing is run', () => runWritten(domain, lengths)],
    ['bare ceiling', "the loop's own arbitrary with commands that do nothing", () => runBare(lengths)],
    ['loop', 'as `fuzz` runs it', () => generated(source, numbers, lockstep)],
    ['thorough', 'everything compared and checked after every step', () => generated(source, numbers, thorough)],
    ['direct', 'drawn without fast-check', () => generated(direct, numbers, lockstep)],
    ['replay', 'saved sequences fed directly', () => replayed(sequences, lockstep)],
    ['mutated', 'children of saved sequences', () => bred(breeder, sequences, lockstep)],
  ];
  return rows.map(([name, about, run]) => ({ name: `${domain} ${name}`, about, run }));
}

/** The contenders of one domain in turn: a warm-up, then rounds back and forth. */
function measureDomain(domain: DomainName, plan: LoopPlan): LoopRow[] {
  const all = contenders(domain, plan);
  const rows = new Map(all.map((one) => [one.name, { name: one.name, about: one.about, rounds: [] as number[] }]));
  for (let round = 1 - WARM_UP; round <= plan.rounds; round++) {
    plan.progress(`${domain} loop, ${round < 1 ? `warm-up ${round + WARM_UP} of ${WARM_UP}` : `round ${round}`}`);
    for (const one of round % 2 === 0 ? all : [...all].reverse()) {
      const start = cpuNow();
      const steps = one.run();
      if (round > 0) rows.get(one.name)!.rounds.push((steps * 1e9) / (cpuNow() - start));
    }
  }
  return [...rows.values()];
}

/** Steps a second at each size, once the program is warm and the content is what the operations make of it. */
function measureGrowth(domain: DomainName, plan: LoopPlan): LoopRow[] {
  const sizes = domain === 'tree' ? plan.sizes : plan.sizes.filter((size) => size <= MOST_MAPPINGS);
  const about = `replayed operations in a ${domain === 'tree' ? 'tree' : 'window'} of about that size`;
  return sizes.map((size) => {
    plan.progress(`${domain} loop at ${size.toLocaleString('en')}`);
    const run = growthAt(domain, size, plan.seed);
    run(WARM_UP * plan.growthMs);
    const rounds = Array.from({ length: plan.rounds }, () => run(plan.growthMs));
    return { name: `${domain} at ${size}`, about, rounds };
  });
}

/** All rows of the loop's bench; what could not be measured, because src and oracle differ, is said in `troubles`. */
export function measureLoop(plan: LoopPlan): { rows: LoopRow[]; troubles: string[] } {
  const rows: LoopRow[] = [];
  const troubles: string[] = [];
  const parts: [string, () => LoopRow[]][] = [
    ['tree loop', () => measureDomain('tree', plan)],
    ['mm loop', () => measureDomain('mm', plan)],
    ['tree growth', () => measureGrowth('tree', plan)],
    ['mm growth', () => measureGrowth('mm', plan)],
  ];
  for (const [name, measure] of parts) {
    try {
      rows.push(...measure());
    } catch (error) {
      troubles.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { rows, troubles };
}

/**
 * A lockstep of any targets: those of this process run step by step, those outside get the whole sequence at once.
 *
 *     begin  step  step  step ...  end
 *       |     |     |     |         |____ all lines leave for the targets outside; while they work, the targets of this
 *       |_____|_____|_____|               process answer the same lines; then every answer is compared
 *         src and oracle in step: their own differences, invariants, and what the generator looks at
 *
 * Rules that hold here:
 * - A dump stands behind every operation that writes (for a content that is large, behind every so many), so that contents
 *   are compared and not only answers.
 * - The pair src and oracle always runs, since generation looks at the oracle; a difference between the two counts only if
 *   both are named.
 * - What a target lacks is learned: from its answer to a header, and from `unsupported`. `supports` tells the generator.
 */
import type { MmView, TreeView } from '../generate/view';
import { operationNames, specOf } from '../operations/table';
import { printOperation } from '../sequence/print';
import type { Answer, Domain, Header, Operation } from '../sequence/types';
import { declaredDifference } from '../targets/kernel/versions';
import { KERNEL, type Target } from '../targets/list';
import { join, type Participant } from '../targets/participant';
import type { Limits } from '../targets/process/connection';
import { wireHeader } from '../targets/process/target';
import { AnyLockstep } from './create';
import type { Difference, Invariant, Lockstep } from './types';
import { compareVoices, type Findings, type Script } from './verdict';

export interface RefereeOptions {
  readonly targets: readonly Target[];
  readonly invariants: readonly Invariant[];
  readonly thorough?: boolean;
  /** Limits of targets outside. */
  readonly limits?: Partial<Limits>;
}

/** Mappings or entries of content per step up to which a dump follows every step. */
const DUMP_CREDIT = 64;

/** What is learned about: an operation, and where it has kinds that a target may lack one of, its kind. */
function featureOf(operation: Operation): string {
  if (operation.op === 'madvise') return `madvise ${operation.advice}`;
  if (operation.op === 'mmap' && operation.file !== null) return `mmap ${operation.file}`;
  if (operation.op === 'mmap' && (operation.flags as readonly string[]).includes('locked')) return 'mmap locked';
  if (operation.op === 'mremap' && (operation.flags as readonly string[]).includes('dontunmap'))
    return 'mremap dontunmap';
  return operation.fail === undefined ? operation.op : 'fail';
}

/** What one target's part in a run was. */
interface Tally {
  readonly lacks: Set<string>;
  readonly declared: Map<string, number>;
}

export class Referee implements Lockstep, Findings {
  private readonly pair: AnyLockstep;
  private readonly pairCounts: boolean;
  private readonly participants = new Map<Domain, Participant[]>();
  private readonly tallies = new Map<string, Tally>();
  private header!: Header;
  private operations: Operation[] = [];
  private lines: string[] = [];
  private steps: number[] = [];
  private credit = 0;
  private pairStopped = false;

  constructor(private readonly options: RefereeOptions) {
    const { invariants, thorough } = options;
    this.pair = new AnyLockstep({ invariants, thorough: thorough ?? false });
    const names = options.targets.map(({ name }) => name);
    this.pairCounts = names.includes('src') && names.includes('oracle');
    for (const name of names) this.tallies.set(name, { lacks: new Set(), declared: new Map() });
  }

  /** Starts the targets of a domain now, so that one that cannot start is known. @throws TargetStartError. */
  start(domain: Domain): Participant[] {
    const present = this.participants.get(domain);
    if (present !== undefined) return present;
    const joined: Participant[] = [];
    this.participants.set(domain, joined);
    for (const target of this.options.targets) {
      const participant = join(target, domain, this.options.limits);
      joined.push(participant);
      if (!participant.inside) this.learnFrom(participant, domain);
    }
    return joined;
  }

  begin(header: Header): Difference | null {
    this.start(header.domain);
    this.header = header;
    this.operations = [];
    this.lines = [];
    this.steps = [];
    this.credit = 0;
    this.pairStopped = false;
    return this.own(this.pair.begin(header));
  }

  step(operation: Operation): Difference | null {
    const difference = this.pairStopped ? null : this.own(this.pair.step(operation));
    if (difference !== null) return difference;
    this.record(operation);
    return null;
  }

  end(): Difference | null {
    const own = this.pairStopped ? null : this.own(this.pair.end());
    if (own !== null) return own;
    this.dump(this.operations.length - 1);
    const { header, operations, lines, steps } = this;
    const script: Script = { domain: header.domain, header: wireHeader(header), lines, steps, operations };
    return this.ask(script);
  }

  view(): TreeView | MmView {
    return this.pair.view();
  }

  /** Whether every target can do this: otherwise it should not be generated. */
  supports(operation: Operation): boolean {
    for (const { lacks } of this.tallies.values()) {
      if (lacks.size > 0 && (lacks.has(operation.op) || lacks.has(featureOf(operation)))) return false;
    }
    return true;
  }

  /** The operations of a domain that some target lacks altogether. */
  lacking(domain: Domain): string[] {
    this.start(domain);
    const lacking = [...this.tallies.values()].flatMap(({ lacks }) => [...lacks]);
    return [...new Set(lacking)].filter((name) => specOf(domain, name) !== undefined);
  }

  /** Lines for a summary: what each target lacked, and which differences its version explains. */
  summary(): string[] {
    const lines: string[] = [];
    for (const [name, { lacks, declared }] of this.tallies) {
      if (lacks.size > 0) lines.push(`${name} lacks: ${[...lacks].sort().join(', ')}`);
      for (const [reason, count] of declared) lines.push(`${name}: ${count} times ${reason}`);
    }
    return lines;
  }

  close(): void {
    for (const joined of this.participants.values()) for (const participant of joined) participant.close();
    this.participants.clear();
  }

  // -- findings of a comparison --------------------------------------------------------------------------------------

  onUnsupported(name: string, operation: Operation): void {
    this.tallies.get(name)!.lacks.add(featureOf(operation));
  }

  isDeclared(name: string, operation: Operation, expected: Answer, actual: Answer): boolean {
    if (name !== KERNEL) return false;
    const kernel = this.participants.get(this.header.domain)!.find((participant) => participant.name === name)!;
    const row = declaredDifference(kernel.greeting.name, operation, expected, actual);
    if (row === null) return false;
    const { declared } = this.tallies.get(name)!;
    declared.set(row.reason, (declared.get(row.reason) ?? 0) + 1);
    return true;
  }

  // -- one sequence --------------------------------------------------------------------------------------------------

  /** A difference of src and oracle; if that is not asked for, the pair stands still until the next sequence. */
  private own(difference: Difference | null): Difference | null {
    if (difference === null || this.pairCounts) return difference;
    this.pairStopped = true;
    return null;
  }

  private learnFrom({ name, greeting }: Participant, domain: Domain): void {
    const { lacks } = this.tallies.get(name)!;
    const known = new Set(greeting.ops);
    for (const op of operationNames(domain)) if (!known.has(op)) lacks.add(op);
  }

  private record(operation: Operation): void {
    const { domain } = this.header;
    const at = this.operations.push(operation) - 1;
    this.push(printOperation(operation, domain), at);
    if (!specOf(domain, operation.op)!.writes) return;
    this.credit += DUMP_CREDIT;
    const size = this.pair.view().count();
    if (!this.options.thorough && this.credit < size) return;
    this.credit = 0;
    this.dump(at);
  }

  private push(line: string, step: number): void {
    this.lines.push(line);
    this.steps.push(step);
  }

  /** Puts a dump behind an operation, unless one stands there. */
  private dump(step: number): void {
    const { steps } = this;
    const last = steps.length - 1;
    if (step < 0 || (last > 0 && steps[last] === step && steps[last - 1] === step)) return;
    if (this.operations[step].op !== 'dump') this.push('{"op":"dump"}', step);
  }

  private ask(script: Script): Difference | null {
    const joined = this.participants.get(script.domain)!;
    const outside = joined.filter((participant) => !participant.inside);
    for (const participant of outside) participant.send(script.header, script.lines);
    for (const participant of joined) if (participant.inside) participant.send(script.header, script.lines);
    const voices = joined.map((participant) => ({ name: participant.name, exchange: participant.receive() }));
    return compareVoices(script, voices, this);
  }
}

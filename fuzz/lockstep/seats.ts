/**
 * The targets of a run, started when they are first needed, and what was learned about each.
 *
 * Several referees may share them: one that fuzzes and one that runs sequences again thoroughly need not start two of each.
 */
import { operationNames, specOf } from '../operations/table';
import type { Answer, Domain, Operation } from '../sequence/types';
import { declaredDifference } from '../targets/kernel/versions';
import { KERNEL, type Target } from '../targets/list';
import { join, type Participant } from '../targets/participant';
import type { Limits } from '../targets/process/connection';
import type { Findings } from './verdict';

/** What is learned about: an operation, and where it has kinds that a target may lack one of, its kind. */
function featureOf(operation: Operation): string {
  const { op, fail, file } = operation;
  if (fail !== undefined) return 'fail';
  if (op === 'madvise') return `madvise ${operation.advice}`;
  if (op === 'mmap' && file !== null) return `mmap ${file}`;
  const flags = (operation.flags ?? []) as readonly string[];
  if (op === 'mmap' && flags.includes('locked')) return 'mmap locked';
  if (op === 'mremap' && flags.includes('dontunmap')) return 'mremap dontunmap';
  return op;
}

interface Learned {
  readonly lacks: Set<string>;
  /** How often it took no header, by its answer. */
  readonly refused: Map<string, number>;
  /** How often a difference was explained by its version, by reason. */
  readonly declared: Map<string, number>;
}

export class Seats implements Findings {
  private readonly taken = new Map<Domain, Participant[]>();
  private readonly learned = new Map<string, Learned>();

  constructor(
    readonly targets: readonly Target[],
    private readonly limits: Partial<Limits> = {},
  ) {
    for (const { name } of targets)
      this.learned.set(name, { lacks: new Set(), refused: new Map(), declared: new Map() });
  }

  /** Whether src and oracle are both among the targets. */
  get hasPair(): boolean {
    const inside = this.targets.filter(({ kind }) => kind === 'inside');
    return inside.length === 2;
  }

  /** The targets of a domain, the subject first; starts them. @throws TargetStartError if one cannot start. */
  of(domain: Domain): readonly Participant[] {
    const present = this.taken.get(domain);
    if (present !== undefined) return present;
    const joined: Participant[] = [];
    try {
      for (const target of this.targets) joined.push(join(target, domain, this.limits));
    } catch (error) {
      for (const participant of joined) participant.close();
      throw error;
    }
    this.taken.set(domain, joined);
    for (const participant of joined) if (!participant.inside) this.learnFrom(participant, domain);
    return joined;
  }

  private learnFrom({ name, greeting }: Participant, domain: Domain): void {
    const { lacks } = this.learned.get(name)!;
    const known = new Set(greeting.ops);
    for (const op of operationNames(domain)) if (!known.has(op)) lacks.add(op);
  }

  /** The operations of a domain that some target lacks altogether; it starts the targets. */
  lacking(domain: Domain): string[] {
    this.of(domain);
    const names = new Set<string>();
    for (const { lacks } of this.learned.values()) {
      for (const name of lacks) if (specOf(domain, name) !== undefined) names.add(name);
    }
    return [...names];
  }

  /** Whether every target can do this, as far as is known. */
  supports(operation: Operation): boolean {
    for (const { lacks } of this.learned.values()) {
      if (lacks.size > 0 && (lacks.has(operation.op) || lacks.has(featureOf(operation)))) return false;
    }
    return true;
  }

  onRefused(name: string, answer: string): void {
    const { refused } = this.learned.get(name)!;
    refused.set(answer, (refused.get(answer) ?? 0) + 1);
  }

  onUnsupported(name: string, operation: Operation): void {
    this.learned.get(name)!.lacks.add(featureOf(operation));
  }

  isDeclared(name: string, operation: Operation, expected: Answer, actual: Answer): boolean {
    if (name !== KERNEL) return false;
    const kernel = this.taken.get('mm')?.find((participant) => participant.name === name);
    const row = kernel && declaredDifference(kernel.greeting.name, operation, expected, actual);
    if (!row) return false;
    const { declared } = this.learned.get(name)!;
    declared.set(row.reason, (declared.get(row.reason) ?? 0) + 1);
    return true;
  }

  /** Lines for a summary: what each target lacked, and which differences its version explains. */
  summary(): string[] {
    const lines: string[] = [];
    for (const [name, { lacks, refused, declared }] of this.learned) {
      if (lacks.size > 0) lines.push(`${name} lacks: ${[...lacks].sort().join(', ')}`);
      for (const [answer, count] of refused) lines.push(`${name} sat out ${count} sequences: ${answer.slice(0, 160)}`);
      for (const [reason, count] of declared) lines.push(`${name} differed ${count} times by version: ${reason}`);
    }
    return lines;
  }

  close(): void {
    for (const joined of this.taken.values()) for (const participant of joined) participant.close();
    this.taken.clear();
  }
}

/**
 * The targets of a run, started when they are first needed, and what was learned about each.
 *
 * Several referees may share them: one that fuzzes and one that runs sequences again thoroughly need not start two of each.
 */

import { allDomains, domainNamed, domainOf } from '../domains';
import { operationNames, variantOf } from '../format/domain';
import type { Answer, DomainName, Operation } from '../format/types';
import { declaredDifference } from '../targets/kernel/versions';
import { KERNEL, type Target } from '../targets/list';
import { join, type Participant } from '../targets/participant';
import type { Limits } from '../targets/process/connection';
import type { Note } from './target-remarks';
import type { Findings } from './verdict';

/** What is learned about: an operation, and where it has kinds that a target may lack one of, its kind. */
function featureOf(operation: Operation): string {
  const domain = allDomains().find(({ spec }) => spec(operation.op) !== undefined);
  return domain === undefined ? operation.op : variantOf(domain, operation);
}

export class Seats implements Findings {
  private readonly taken = new Map<DomainName, Participant[]>();
  /** What each target lacks: operations, or kinds of one. */
  private readonly lacks = new Map<string, Set<string>>();
  private readonly notes = new Map<string, number>();

  constructor(
    readonly targets: readonly Target[],
    private readonly limits: Partial<Limits> = {},
  ) {
    for (const { name } of targets) this.lacks.set(name, new Set());
  }

  /** Whether src and oracle are both among the targets. */
  get hasPair(): boolean {
    const inside = this.targets.filter(({ kind }) => kind === 'inside');
    return inside.length === 2;
  }

  /** The targets of a domain, the subject first; starts them. @throws TargetStartError if one cannot start. */
  of(domain: DomainName): readonly Participant[] {
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

  private learnFrom({ name, greeting }: Participant, domain: DomainName): void {
    const lacks = this.lacks.get(name)!;
    const known = new Set(greeting.ops);
    const names = operationNames(domainOf({ domain }));
    for (const op of names) if (!known.has(op)) lacks.add(op);
    if (names.every((op) => lacks.has(op)))
      this.note(`${name} names no operation of the domain ${domain} in its "ops"`);
  }

  /** For each target the operations of a domain that it lacks altogether; it starts the targets. */
  lackingBy(domain: DomainName): Map<string, string[]> {
    this.of(domain);
    return new Map(
      [...this.lacks].map(([name, lacks]) => [
        name,
        [...lacks].filter((op) => domainNamed(domain)?.spec(op) !== undefined),
      ]),
    );
  }

  /** Those that some target lacks. */
  lacking(domain: DomainName): string[] {
    return [...new Set([...this.lackingBy(domain).values()].flat())];
  }

  /** Whether every target can do this, as far as is known. */
  supports(operation: Operation): boolean {
    for (const lacks of this.lacks.values()) {
      if (lacks.size > 0 && (lacks.has(operation.op) || lacks.has(featureOf(operation)))) return false;
    }
    return true;
  }

  onRefused(name: string, answer: string): void {
    this.note(`${name} sat out a sequence: ${answer.slice(0, 160)}`);
  }

  onUnsupported(name: string, operation: Operation): void {
    this.lacks.get(name)!.add(featureOf(operation));
    this.note(`${name} lacks ${featureOf(operation)}, and sat out the rest of a sequence`);
  }

  isDeclared(name: string, operation: Operation, expected: Answer, actual: Answer): boolean {
    if (name !== KERNEL) return false;
    const kernel = this.taken.get('mm')?.find((participant) => participant.name === name);
    const row = kernel && declaredDifference(kernel.greeting.name, operation, expected, actual);
    if (!row) return false;
    this.note(`${name} differed by version: ${row.reason}`);
    return true;
  }

  private note(text: string): void {
    this.notes.set(text, (this.notes.get(text) ?? 0) + 1);
  }

  /** What a summary should count about the targets outside, since the last call. */
  takeNotes(): Note[] {
    const notes = [...this.notes];
    this.notes.clear();
    return notes;
  }

  close(): void {
    for (const joined of this.taken.values()) for (const participant of joined) participant.close();
    this.taken.clear();
  }
}

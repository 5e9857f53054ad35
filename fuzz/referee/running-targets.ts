/**
 * The targets of a run, started when they are first needed, and what was learned about each.
 *
 * Several referees may share them: one that fuzzes and one that runs sequences again thoroughly need not start two of
 * each.
 */
import { domainOf } from '../domains';
import { operationNames, variantOf } from '../format/domain';
import type { Answer, DomainName, Operation } from '../format/types';
import type { Capabilities } from '../generate/weights';
import { declaredDifference } from '../targets/kernel/versions';
import type { Target } from '../targets/list';
import { join, type Participant } from '../targets/participant';
import type { Limits } from '../targets/process/connection';
import type { TargetEvents } from './compare-answers';
import { type DeclaredRow, reasonFor } from './declared';
import type { Remark } from './target-remarks';

/** A target that was started for one domain, and what it lacks there: operations, or kinds of one. */
interface Started {
  readonly participant: Participant;
  readonly lacks: Set<string>;
}

export class RunningTargets implements Omit<TargetEvents, 'onCompared'> {
  private readonly started = new Map<DomainName, ReadonlyMap<string, Started>>();
  /** Sequences that a target was asked twice, and those in which its answers were not the same. */
  private readonly repeats = new Map<string, { readonly repeated: number; readonly unstable: number }>();
  private readonly remarks = new Map<string, number>();

  /** @param targets  the subject first; each has a name of its own. */
  constructor(
    readonly targets: readonly Target[],
    private readonly limits: Partial<Limits> = {},
    private readonly declared: readonly DeclaredRow[] = [],
  ) {
    if (new Set(targets.map(({ name }) => name)).size < targets.length)
      throw new TypeError('two targets have the same name');
  }

  /** The targets of a domain, the subject first; starts them. @throws TargetStartError if one cannot start. */
  start(domain: DomainName): Participant[] {
    return [...this.startedFor(domain).values()].map(({ participant }) => participant);
  }

  private startedFor(domain: DomainName): ReadonlyMap<string, Started> {
    const present = this.started.get(domain);
    if (present !== undefined) return present;
    const started = new Map<string, Started>();
    try {
      for (const target of this.targets) {
        const participant = join(target, domain, this.limits);
        started.set(target.name, { participant, lacks: this.lacksOf(participant, domain) });
      }
    } catch (error) {
      for (const { participant } of started.values()) participant.close();
      throw error;
    }
    this.started.set(domain, started);
    return started;
  }

  private lacksOf({ name, greeting }: Participant, domain: DomainName): Set<string> {
    const names = operationNames(domainOf({ domain }));
    const lacks = new Set(names.filter((op) => !greeting.ops.includes(op)));
    if (lacks.size === names.length) this.remark(`${name} names no operation of the domain ${domain} in its "ops"`);
    return lacks;
  }

  /** For each target the operations of a domain that it lacks altogether; it starts the targets. */
  lackingBy(domain: DomainName): Map<string, string[]> {
    return new Map(
      [...this.startedFor(domain)].map(([name, { lacks }]) => [
        name,
        [...lacks].filter((op) => domainOf({ domain }).spec(op) !== undefined),
      ]),
    );
  }

  /** What all targets can do beside operations. One that does not say can do what every target could always do. */
  capabilities(domain: DomainName): Capabilities {
    const { referee } = domainOf({ domain });
    const greetings = [...this.startedFor(domain).values()].map(({ participant }) => participant.greeting);
    const common = (lists: readonly (readonly string[])[]): string[] =>
      lists[0].filter((name) => lists.every((list) => list.includes(name)));
    return {
      headers: common(greetings.map(({ headers }) => headers ?? referee.usualHeaders)),
      files: common(greetings.map(({ files }) => files ?? referee.usualFiles)),
    };
  }

  /** Those that some target lacks. */
  lacking(domain: DomainName): string[] {
    return [...new Set([...this.lackingBy(domain).values()].flat())];
  }

  /** Whether every target can do this, as far as is known. */
  supports(domain: DomainName, operation: Operation): boolean {
    const feature = variantOf(domainOf({ domain }), operation);
    for (const { lacks } of this.startedFor(domain).values()) {
      if (lacks.has(operation.op) || lacks.has(feature)) return false;
    }
    return true;
  }

  onRefused(name: string, answer: string): void {
    this.remark(`${name} sat out a sequence: ${answer.slice(0, 160)}`);
  }

  onUnsupported(name: string, domain: DomainName, operation: Operation, why?: string): string {
    if (why !== undefined) {
      this.remark(`${name} sat out the rest of a sequence: ${why.slice(0, 160)}`);
      return why.slice(0, 160);
    }
    const feature = variantOf(domainOf({ domain }), operation);
    this.startedFor(domain).get(name)!.lacks.add(feature);
    this.remark(`${name} lacks ${feature}, and sat out the rest of a sequence`);
    return `want of ${feature}`;
  }

  declaredReason(
    name: string,
    domain: DomainName,
    operation: Operation,
    expected: Answer,
    actual: Answer,
    history: readonly Operation[],
  ): string | null {
    const reason = reasonFor(this.declared, name, operation, { expected, actual });
    if (reason !== null) {
      this.remark(`${name} differed as declared: ${reason}`);
      return `a declared difference: ${reason}`;
    }
    const target = this.targets.find((named) => named.name === name);
    if (target === undefined || target.kind === 'inside' || !target.isKernel) return null;
    const greeting = this.startedFor(domain).get(name)!.participant.greeting.name;
    const row = declaredDifference(greeting, operation, expected, actual, history);
    if (!row) return null;
    this.remark(`${name} differed by version: ${row.reason}`);
    return `its version: ${row.reason}`;
  }

  /** A target was asked the same twice. */
  addRepeat(name: string, isStable: boolean): void {
    const { repeated, unstable } = this.repeats.get(name) ?? { repeated: 0, unstable: 0 };
    this.repeats.set(name, { repeated: repeated + 1, unstable: unstable + (isStable ? 0 : 1) });
  }

  /** One line about a target that did not always answer the same; null if it did. */
  instability(name: string): string | null {
    const { repeated, unstable } = this.repeats.get(name) ?? { repeated: 0, unstable: 0 };
    if (unstable === 0) return null;
    return `${name} is not stable: asked twice, it answered otherwise in ${unstable} of ${repeated} sequences`;
  }

  private remark(text: string): void {
    this.remarks.set(text, (this.remarks.get(text) ?? 0) + 1);
  }

  /** What a summary should count about the targets, since the last call. */
  takeRemarks(): Remark[] {
    const remarks = [...this.remarks];
    this.remarks.clear();
    return remarks;
  }

  close(): void {
    for (const started of this.started.values()) for (const { participant } of started.values()) participant.close();
    this.started.clear();
  }
}

/**
 * Any target, inside or outside of this process, as one that answers a whole sequence of lines.
 *
 * Sending and receiving are two calls, so that a program on the wire works while this process computes its own answers.
 */
import type { DomainName } from '../format/types';
import { createAnswering } from './answering';
import { buildHelper } from './kernel/build';
import type { OutsideTarget, Target } from './list';
import type { Limits } from './process/connection';
import { SyncTarget } from './process/sync';
import type { Exchange, Greeting } from './process/target';

export interface Participant {
  readonly name: string;
  /** What it says of itself, in the domain that it was made for. */
  readonly greeting: Greeting;
  /** Whether it runs in this process and so knows every operation of the format. */
  readonly inside: boolean;
  send(header: string, lines: readonly string[]): void;
  /** The answers to what was sent. @throws TargetStartError if a program that misbehaved cannot be started again. */
  receive(): Exchange;
  close(): void;
}

/** src or oracle by the wire's own rules: text in, text out. */
class Inside implements Participant {
  readonly inside = true;
  readonly greeting: Greeting;
  private exchange: Exchange = { header: '', answers: [] };
  private readonly answer: (line: string) => string;

  constructor(readonly name: 'src' | 'oracle') {
    this.answer = createAnswering(name);
    this.greeting = { name, ops: [], files: [], lacks: [] };
  }

  send(header: string, lines: readonly string[]): void {
    this.exchange = { header: this.answer(header), answers: lines.map(this.answer) };
  }

  receive(): Exchange {
    return this.exchange;
  }

  close(): void {}
}

class Outside implements Participant {
  readonly inside = false;
  private readonly target: SyncTarget;

  constructor(
    readonly name: string,
    words: readonly string[],
    domain: DomainName,
    limits: Partial<Limits>,
  ) {
    this.target = new SyncTarget(words, { domain, name, ...limits });
  }

  get greeting(): Greeting {
    return this.target.greeting;
  }

  send(header: string, lines: readonly string[]): void {
    this.target.send(header, lines);
  }

  receive(): Exchange {
    return this.target.receive();
  }

  close(): void {
    this.target.close();
  }
}

/** The program of a target outside: the kernel's is built first. @throws TargetStartError. */
export function wordsOf(target: OutsideTarget): readonly string[] {
  return target.words ?? [buildHelper()];
}

/** Makes and starts a target. @throws TargetStartError, one line. */
export function join(target: Target, domain: DomainName, limits: Partial<Limits> = {}): Participant {
  if (target.kind === 'inside') return new Inside(target.name);
  return new Outside(target.name, wordsOf(target), domain, limits);
}

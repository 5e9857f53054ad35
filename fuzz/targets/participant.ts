/**
 * Any target, inside or outside of this process, as one that answers a whole sequence of lines.
 *
 * Sending and receiving are two calls, so that a program on the wire works while this process computes its own answers.
 */
import { operationNames } from '../format/table';
import type { DomainName } from '../format/types';
import { type AnswerLine, createAnswering } from './answering';
import { buildHelper } from './kernel/build';
import type { InsideTarget, OutsideTarget, Target } from './list';
import type { Limits } from './process/connection';
import { threw } from './process/failure';
import { SyncTarget } from './process/sync';
import type { Exchange, Greeting } from './process/target';

export interface Participant {
  readonly name: string;
  /** What it says of itself, in the domain that it was made for. */
  readonly greeting: Greeting;
  send(header: string, lines: readonly string[]): void;
  /** The answers to what was sent. @throws TargetStartError if a program that misbehaved cannot be started again. */
  receive(): Exchange;
  close(): void;
}

/** What an implementation of this process threw while it answered. */
class Thrown extends Error {
  constructor(override readonly cause: unknown) {
    super('an implementation of this process failed');
  }
}

/** An implementation of this process, by the wire's own rules: text in, text out. Where it throws, its answers end. */
class Inside implements Participant {
  readonly name: string;
  readonly greeting: Greeting;
  private readonly answer: AnswerLine;
  private sent: { readonly header: string; readonly lines: readonly string[] } = { header: '', lines: [] };

  constructor(target: InsideTarget, domain: DomainName) {
    this.name = target.name;
    // It has the format's own interface, and so each of its operations.
    this.greeting = { name: target.name, ops: operationNames(domain), files: [], lacks: [] };
    this.answer = createAnswering(target, (error) => {
      throw new Thrown(error);
    });
  }

  send(header: string, lines: readonly string[]): void {
    this.sent = { header, lines };
  }

  /** Answers only now: programs that were sent the same lines work meanwhile. */
  receive(): Exchange {
    const { header, lines } = this.sent;
    const answers: string[] = [];
    let greeting = '';
    try {
      greeting = this.answer(header);
      for (const line of lines) answers.push(this.answer(line));
      return { header: greeting, answers };
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      return { header: greeting, answers, failure: threw(greeting === '' ? -1 : answers.length, error.cause) };
    }
  }

  close(): void {}
}

class Outside implements Participant {
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
  if (target.kind === 'inside') return new Inside(target, domain);
  return new Outside(target.name, wordsOf(target), domain, limits);
}

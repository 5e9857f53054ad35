/**
 * Any target, inside or outside of this process, as one that answers a whole sequence of lines.
 *
 * Sending and receiving are two calls, so that a program on the wire works while this process computes its own answers.
 */
import { domainOf } from '../domains';
import { operationNames } from '../format/domain';
import type { DomainName } from '../format/types';
import type { AnswerReader } from './answer-reader';
import { type AnswerLine, createAnswering } from './answering';
import type { InsideTarget, Target } from './list';
import type { Limits } from './process/connection';
import { type TargetFailure, threw } from './process/failure';
import { SyncTarget } from './process/sync';
import type { Greeting, Question } from './process/target';

export interface Participant {
  readonly name: string;
  /** What it says of itself, in the domain that it was made for. */
  readonly greeting: Greeting;
  send(question: Question): void;
  /**
   * The answers to what was sent; they are read to the end before anything else is sent.
   * @throws TargetStartError, also the reader, if a program that misbehaved cannot be started again.
   */
  receive(): AnswerReader;
  close(): void;
}

/** What an implementation of this process threw while it answered. */
class Thrown extends Error {
  constructor(override readonly cause: unknown) {
    super('an implementation of this process failed');
  }
}

/** Answers a line when it is read: programs that were sent the same lines work meanwhile. */
class InsideReader implements AnswerReader {
  readonly header: string;
  private at = -1;
  private failure: TargetFailure | undefined;

  constructor(
    private readonly answer: AnswerLine,
    private readonly question: Question,
  ) {
    this.header = this.try(question.header) ?? '';
  }

  next(): string | null {
    const { lines } = this.question;
    return this.at === lines.length ? null : this.try(lines[this.at]);
  }

  /** What is not read is not computed either. */
  finish(): TargetFailure | undefined {
    return this.failure;
  }

  private try(line: string): string | null {
    if (this.failure !== undefined) return null;
    try {
      const answer = this.answer(line);
      this.at++;
      return answer;
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      this.failure = threw(this.at, error.cause);
      return null;
    }
  }
}

/** An implementation of this process, by the wire's own rules: text in, text out. Where it throws, its answers end. */
class Inside implements Participant {
  readonly name: string;
  readonly greeting: Greeting;
  private readonly answer: AnswerLine;
  private question: Question = { header: '', lines: [] };

  constructor(target: InsideTarget, domain: DomainName) {
    this.name = target.name;
    // It has the format's own interface, and so each of its operations.
    const { greeting } = domainOf({ domain });
    this.greeting = {
      name: target.name,
      ops: operationNames(domainOf({ domain })),
      files: (greeting.files ?? []) as readonly string[],
      headers: (greeting.headers ?? []) as readonly string[],
      lacks: [],
    };
    this.answer = createAnswering(target, (error) => {
      throw new Thrown(error);
    });
  }

  send(question: Question): void {
    this.question = question;
  }

  receive(): AnswerReader {
    return new InsideReader(this.answer, this.question);
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

  send(question: Question): void {
    this.target.send(question);
  }

  receive(): AnswerReader {
    return this.target.receive();
  }

  close(): void {
    this.target.close();
  }
}

/** Makes and starts a target. @throws TargetStartError, one line. */
export function join(target: Target, domain: DomainName, limits: Partial<Limits> = {}): Participant {
  if (target.kind === 'inside') return new Inside(target, domain);
  return new Outside(target.name, target.words(), domain, limits);
}

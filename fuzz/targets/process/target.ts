/**
 * A program on the wire as a target: it speaks `maple-fuzz/1` on its standard streams, and may be wrong in every way.
 *
 * A whole sequence costs one round trip:
 *
 *     sequence: header, operations ...      and behind it a plain header
 *        |________ one batch ________|         |____ ends the sequence, and shows by its answer ({"ok":true}) that
 *                                                    every line before it got exactly one answer
 *
 * Rules that hold here:
 * - The first header, sent when the program starts, tells what it supports. A program that does not answer it cannot be
 *   used at all; whatever happens later is a finding, and the next sequence gets a fresh process.
 * - The text of the answers is passed on as it came: what is equal as text need not be parsed to be compared.
 * - Answers are passed on while others still come: all answers to a long sequence may be more than memory holds.
 */

import { splitCommand } from '../../base/shell-words';
import { domainNamed } from '../../domains';
import type { Answer, DomainName, Header, Operation } from '../../format/types';
import { FORMAT } from '../../format/types';
import { parseAnswer } from '../../sequence/answers';
import { spellHeader } from '../../sequence/header';
import { parseJson } from '../../sequence/parse';
import { printOperation } from '../../sequence/print';
import { Connection, type Conversation, LIMITS, type Limits, type TakeAnswers } from './connection';
import { badAnswer, causeOf, notJson, REFUSES_HEADER, type TargetFailure, TargetStartError } from './failure';

export interface ProcessTargetOptions extends Partial<Limits> {
  readonly domain: DomainName;
  /** What messages call it; its first word without. */
  readonly name?: string;
}

/** What a target says of itself in its answer to a header. */
export interface Greeting {
  readonly name: string;
  readonly ops: readonly string[];
  /** Files that it can map; null if it does not say. */
  readonly files: readonly string[] | null;
  /** Header fields that it honours; null if it does not say. */
  readonly headers: readonly string[] | null;
  /** Our own addition: why something is missing, in words. */
  readonly lacks: readonly string[];
}

/** The answers to one sequence as text: the header's, and those of the operations in order, up to a failure. */
export interface Exchange {
  readonly header: string;
  readonly answers: string[];
  readonly failure?: TargetFailure;
}

/** A sequence as lines of text. */
export interface Question {
  readonly header: string;
  readonly lines: readonly string[];
  /**
   * Each line leaves only when the one before it is answered: so an operation that kills a program is told from those
   * behind it.
   */
  readonly oneByOne?: boolean;
}

const texts = (raw: unknown): string[] => (Array.isArray(raw) ? raw.filter((x) => typeof x === 'string') : []);

/** The header that asks what a target supports, and that ends a sequence. */
export function smallestHeaderLine(domain: DomainName): string {
  return JSON.stringify({ format: FORMAT, domain });
}

/** A header without what is only for people. */
export function wireHeader(header: Header): string {
  const { note: _note, origin: _origin, ...rest } = header;
  return JSON.stringify(spellHeader(rest as Header));
}

/**
 * One answer, parsed and with numbers for spelled indexes; or the failure that it is. `operation` null: the header's.
 */
export function readAnswer(
  line: string,
  domain: DomainName,
  operation: Operation | null,
  step: number,
): Answer | TargetFailure {
  const json = parseJson(line);
  if (typeof json === 'string') return notJson(step, line);
  const isHeader = operation === null;
  if (isHeader && (json.value as { unsupported?: unknown } | null)?.unsupported === true) return { unsupported: true };
  const spec = operation === null ? null : (domainNamed(domain)?.spec(operation.op) ?? null);
  const answer = parseAnswer(json.value, spec);
  return typeof answer === 'string' ? badAnswer(step, answer, line) : answer;
}

export function isTargetFailure(answer: Answer | TargetFailure): answer is TargetFailure {
  return 'rule' in answer;
}

function readGreeting(called: string, { answers, failure }: Conversation): Greeting {
  if (failure !== undefined) {
    throw new TargetStartError(`cannot use the target ${called}: ${failure.detail.replaceAll(/\s*\n\s*/g, ' ')}`);
  }
  const json = parseJson(answers[0]);
  const raw = typeof json === 'string' ? null : (json.value as Record<string, unknown> | null);
  if (raw?.ok !== true) {
    throw new TargetStartError(`cannot use the target ${called}: ${REFUSES_HEADER} ${answers[0].slice(0, 200)}`);
  }
  const name = typeof raw.name === 'string' ? raw.name : called;
  const listed = (list: unknown): string[] | null => (Array.isArray(list) ? texts(list) : null);
  return { name, ops: texts(raw.ops), files: listed(raw.files), headers: listed(raw.headers), lacks: texts(raw.lacks) };
}

/** See the head of this file. */
export class ProcessTarget {
  readonly #words: readonly string[];
  readonly #limits: Limits;
  readonly #domain: DomainName;
  #connection: Connection;

  private constructor(
    words: readonly string[],
    limits: Limits,
    domain: DomainName,
    connection: Connection,
    readonly greeting: Greeting,
  ) {
    this.#words = words;
    this.#limits = limits;
    this.#domain = domain;
    this.#connection = connection;
  }

  /**
   * Starts a command, a command line or its words, and asks what it supports.
   * @throws TargetStartError, whose message is one line; CommandLineError.
   */
  static async start(command: string | readonly string[], options: ProcessTargetOptions): Promise<ProcessTarget> {
    const words = typeof command === 'string' ? splitCommand(command) : command;
    const { domain, name, ...some } = options;
    const limits = { ...LIMITS, ...some };
    const connection = await Connection.start(words, limits);
    try {
      const greeting = readGreeting(
        name ?? words[0],
        await connection.talk({ lines: [smallestHeaderLine(domain)], operations: 0 }),
      );
      return new ProcessTarget(words, limits, domain, connection, greeting);
    } catch (error) {
      connection.kill();
      throw error;
    }
  }

  /**
   * Sends a sequence and passes the answers on: the header's first, and the one that shows the end of the sequence as
   * the last.
   * @returns those that were not passed on yet, and the failure that ended them. @throws TargetStartError if a new
   * process cannot start.
   */
  async ask({ header, lines, oneByOne }: Question, take: TakeAnswers): Promise<Conversation> {
    const all = [header, ...lines, smallestHeaderLine(this.#domain)];
    const operations = lines.length;
    const conversation = oneByOne
      ? await this.#askOneByOne(all, operations)
      : await this.#connection.talk({ lines: all, operations, take });
    if (!this.#connection.usable) {
      this.#connection.kill();
      this.#connection = await Connection.start(this.#words, this.#limits);
    }
    return conversation;
  }

  async #askOneByOne(lines: readonly string[], operations: number): Promise<Conversation> {
    const answers: string[] = [];
    for (const line of lines) {
      const answered = answers.length;
      const conversation = await this.#connection.talk({ lines: [line], operations, answered });
      answers.push(...conversation.answers);
      if (conversation.failure !== undefined) return { answers, failure: conversation.failure };
    }
    return { answers };
  }

  /** As `ask`, with all answers at once. */
  async exchange(header: string, lines: readonly string[]): Promise<Exchange> {
    const answers: string[] = [];
    const take = (some: string[]): null => {
      answers.push(...some);
      return null;
    };
    const { answers: rest, failure } = await this.ask({ header, lines }, take);
    const [greeting = '', ...others] = [...answers, ...rest];
    if (failure !== undefined) return { header: greeting, answers: others, failure };
    return { header: greeting, answers: others.slice(0, lines.length) };
  }

  /**
   * Runs a sequence. As many answers as operations, or fewer and the failure at the first that has no good one; a
   * header that the target refuses is answered with `refused`, its words.
   */
  async runSequence(
    header: Header,
    operations: readonly Operation[],
  ): Promise<{ answers: Answer[]; failure?: TargetFailure; refused?: string }> {
    const lines = operations.map((operation) => printOperation(operation, header.domain));
    const exchange = await this.exchange(wireHeader(header), lines);
    if (exchange.header !== '') {
      const greeting = readAnswer(exchange.header, header.domain, null, -1);
      if (isTargetFailure(greeting)) return { answers: [], failure: greeting };
      if (!('ok' in greeting)) return { answers: [], refused: exchange.header };
    }
    const answers: Answer[] = [];
    for (let i = 0; i < exchange.answers.length; i++) {
      const answer = readAnswer(exchange.answers[i], header.domain, operations[i], i);
      if (isTargetFailure(answer)) return { answers, failure: causeOf(answer, exchange.failure) };
      answers.push(answer);
    }
    return exchange.failure === undefined ? { answers } : { answers, failure: exchange.failure };
  }

  /** The process group of the program that runs now. */
  get pid(): number {
    return this.#connection.pid;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

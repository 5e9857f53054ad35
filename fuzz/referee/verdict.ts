/**
 * Compares the answers of several targets to the same lines, and says who stands alone.
 *
 *     line        src            oracle         kernel
 *     mmap        {"ret":4096}   {"ret":4096}   {"ret":4096}
 *     dump        one mapping    one mapping    two mappings      <- the first line where not all agree: kernel alone
 *
 * Rules that hold here:
 * - Equal text is equal; only what differs as text is parsed. Two `error` answers agree whatever they say.
 * - Who answers `unsupported` alone has left the sequence: its state is another from there on.
 * - A failure of a target (it died, it hangs, …) counts at the step where it happened, if nobody differed before. One of the
 *   count of answers counts before what the answers say: they may be those of other lines.
 */
import type { Answer, DomainName, Operation } from '../format/types';
import { sameRet } from '../lockstep/same';
import type { Difference } from '../lockstep/types';
import { causeOf, miscountAt } from '../targets/process/failure';
import { type Exchange, isFailure, readAnswer } from '../targets/process/target';

/** The lines that went to all targets: an operation each, or a dump that was put in behind one. */
export interface Script {
  readonly domain: DomainName;
  readonly header: string;
  readonly lines: readonly string[];
  /** For each line, the index of its operation; for a dump put in, of the operation before it. */
  readonly steps: readonly number[];
  readonly operations: readonly Operation[];
}

export interface Voice {
  readonly name: string;
  readonly exchange: Exchange;
}

export interface Findings {
  /** A target does not take this sequence's header; its answer. */
  onRefused(name: string, answer: string): void;
  /** A target lacks this operation: learn it, and do not ask again. */
  onUnsupported(name: string, operation: Operation): void;
  /** Whether the difference is declared; then the target leaves the sequence and the others go on. */
  isDeclared(name: string, operation: Operation, expected: Answer, actual: Answer): boolean;
}

const DUMP: Operation = { op: 'dump' };

/** The operation that a line is: itself, or a dump. */
function lineOperation(script: Script, line: number): Operation {
  const inserted = line > 0 && script.steps[line] === script.steps[line - 1];
  return inserted ? DUMP : script.operations[script.steps[line]];
}

function isUnsupported(answer: Answer): boolean {
  return 'unsupported' in answer;
}

/** Counters are an extension: where one side shows none, they are not compared. */
function withoutCounters(answer: Answer): Answer {
  if (!('vmas' in answer)) return answer;
  const { counters: _counters, ...rest } = answer;
  return rest;
}

export function sameAnswer(a: Answer, b: Answer): boolean {
  if ('error' in a && 'error' in b) return true;
  if ('vmas' in a && 'vmas' in b && (a.counters === undefined) !== (b.counters === undefined)) {
    return sameRet(withoutCounters(a), withoutCounters(b));
  }
  return sameRet(a, b);
}

interface Opinion {
  readonly answer: Answer;
  readonly names: string[];
}

/** Who says what at one line, the most common opinion first; the order of the targets decides between equals. */
function opinionsOf(said: readonly { name: string; answer: Answer }[]): Opinion[] {
  const opinions: Opinion[] = [];
  for (const { name, answer } of said) {
    const same = opinions.find((opinion) => sameAnswer(opinion.answer, answer));
    if (same === undefined) opinions.push({ answer, names: [name] });
    else same.names.push(name);
  }
  return opinions.sort((a, b) => b.names.length - a.names.length);
}

const SHOWN = 3;

function listText(items: readonly string[]): string {
  const more = items.length > SHOWN ? ` and ${items.length - SHOWN} more` : '';
  return items.length === 0 ? 'nothing' : items.slice(0, SHOWN).join(' ') + more;
}

function piecesOf(answer: Answer): string[] | null {
  if ('vmas' in answer) return [...answer.vmas.map((vma) => JSON.stringify(vma)), `brk ${answer.brk}`];
  if (!('ret' in answer)) return null;
  const { ret } = answer;
  // A list has an `entries` too, its own method.
  if (ret === null || typeof ret !== 'object' || !('entries' in ret) || typeof ret.entries === 'function') return null;
  return ret.entries.map((entry) => JSON.stringify(entry));
}

/** Two lists of the same pieces, from the first place where they differ; null where they do not. */
function orderText(first: Opinion, a: readonly string[], second: Opinion, b: readonly string[]): string | null {
  const length = Math.max(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at++;
  if (at === length) return null;
  const how = a.length === b.length ? 'in another order' : 'another number of times';
  const [left, right] = [listText(a.slice(at)), listText(b.slice(at))];
  return `the same, but ${how}, ${first.names.join(' and ')}: ${left}; ${second.names.join(' and ')}: ${right}`;
}

/** What two contents do not share. */
function contentText(first: Opinion, second: Opinion): string | null {
  const a = piecesOf(first.answer);
  const b = piecesOf(second.answer);
  if (a === null || b === null) return null;
  const onlyA = a.filter((piece) => !b.includes(piece));
  const onlyB = b.filter((piece) => !a.includes(piece));
  if (onlyA.length === 0 && onlyB.length === 0) return orderText(first, a, second, b);
  return `only ${first.names.join(' and ')}: ${listText(onlyA)}; only ${second.names.join(' and ')}: ${listText(onlyB)}`;
}

function detailOf(opinions: readonly Opinion[]): string {
  const content = opinions.length === 2 ? contentText(opinions[0], opinions[1]) : null;
  if (content !== null) return content;
  return opinions
    .map(({ names, answer }) => {
      const text = JSON.stringify(answer);
      return `${names.join(' and ')}: ${text.length > 300 ? `${text.slice(0, 297)}...` : text}`;
    })
    .join('; ');
}

/** `mas` may be all that differs. */
function ruleOf(operation: Operation, a: Answer, b: Answer): string {
  if (operation.op === 'dump') return 'content';
  if ('mas' in a && 'mas' in b && 'ret' in a && 'ret' in b && sameRet(a.ret, b.ret)) return 'cursor';
  return 'answer';
}

/** One that all others contradict, with one voice; with two targets nobody can tell. */
function aloneIn(opinions: readonly Opinion[]): string | undefined {
  const [most, other] = opinions;
  return opinions.length === 2 && most.names.length > 1 && other.names.length === 1 ? other.names[0] : undefined;
}

function differenceAt(script: Script, line: number, subject: string, opinions: readonly Opinion[]): Difference {
  const operation = lineOperation(script, line);
  const step = script.steps[line];
  const alone = aloneIn(opinions);
  const odd = alone ?? subject;
  const actual = opinions.find((opinion) => opinion.names.includes(odd))!.answer;
  const expected = opinions.find((opinion) => !opinion.names.includes(odd))!.answer;
  const found = {
    step,
    operation: script.operations[step],
    rule: ruleOf(operation, expected, actual),
    foundBy: 'answer' as const,
    expected,
    actual,
  };
  const detail = detailOf(opinions);
  if (alone === undefined) return { ...found, detail };
  return { ...found, detail: `${alone} stands alone. ${detail}`, alone };
}

/** Goes through the lines until somebody differs. One object a sequence. */
class Comparison {
  private readonly active: Voice[];

  constructor(
    private readonly script: Script,
    voices: readonly Voice[],
    private readonly subject: string,
    private readonly findings: Findings,
  ) {
    this.active = [...voices];
  }

  run(): Difference | null {
    const refused = this.greetings();
    if (refused !== null) return refused;
    // Who is left alone is asked on: nothing contradicts it, but it can still die, hang or say nonsense.
    for (let line = 0; line < this.script.lines.length; line++) {
      const difference = this.active.length < 2 ? this.lineOfOne(line) : this.compareLine(line);
      if (difference !== null) return difference;
    }
    return this.failureAt(this.script.lines.length);
  }

  /** A target that lacks what a header asks for sits the sequence out. */
  private greetings(): Difference | null {
    for (const voice of [...this.active]) {
      if (voice.exchange.header === '') continue; // it failed before: see failureAt
      const answer = readAnswer(voice.exchange.header, this.script.domain, null, -1);
      if (isFailure(answer)) return this.failed(voice.name, answer);
      if ('ok' in answer) continue;
      this.findings.onRefused(voice.name, voice.exchange.header);
      this.leave(voice.name);
    }
    return this.failureAt(-1);
  }

  private leave(name: string): void {
    this.active.splice(
      this.active.findIndex((voice) => voice.name === name),
      1,
    );
  }

  private failed(
    name: string,
    failure: { rule: string; foundBy: Difference['foundBy']; step: number; detail: string },
  ): Difference {
    const { rule, foundBy, detail } = failure;
    const step = failure.step < 0 ? -1 : (this.script.steps[failure.step] ?? this.script.operations.length - 1);
    const operation = this.script.operations[step] ?? null;
    return { step, operation, rule, foundBy, detail: `${name} ${detail}`, alone: name };
  }

  /** A target that did not get as far as this line. */
  private failureAt(line: number): Difference | null {
    for (const { name, exchange } of this.active) {
      const { failure } = exchange;
      if (failure === undefined) continue;
      const missing = line < 0 ? exchange.header === '' : line >= exchange.answers.length;
      if (missing) return this.failed(name, failure);
    }
    return null;
  }

  private compareLine(line: number): Difference | null {
    const failed = this.failureAt(line);
    if (failed !== null) return failed;
    const first = this.active[0]?.exchange.answers[line];
    if (this.active.every((voice) => voice.exchange.answers[line] === first)) return null;
    const operation = lineOperation(this.script, line);
    const said: { name: string; answer: Answer }[] = [];
    for (const { name, exchange } of this.active) {
      const answer = readAnswer(exchange.answers[line], this.script.domain, operation, line);
      if (isFailure(answer)) return this.failed(name, causeOf(answer, exchange.failure));
      said.push({ name, answer });
    }
    return this.judge(line, operation, said);
  }

  /** What a line shows where one target at most is left: a failure, or an answer that is none. */
  private lineOfOne(line: number): Difference | null {
    const failed = this.failureAt(line);
    if (failed !== null) return failed;
    for (const { name, exchange } of this.active) {
      const operation = lineOperation(this.script, line);
      const answer = readAnswer(exchange.answers[line], this.script.domain, operation, line);
      if (isFailure(answer)) return this.failed(name, causeOf(answer, exchange.failure));
    }
    return null;
  }

  private judge(line: number, operation: Operation, all: { name: string; answer: Answer }[]): Difference | null {
    let said = all;
    if (!said.every(({ answer }) => isUnsupported(answer))) {
      for (const { name } of said.filter(({ answer }) => isUnsupported(answer))) {
        const failed = this.miscount(line, [name]);
        if (failed !== null) return failed;
        this.findings.onUnsupported(name, operation);
        this.leave(name);
      }
      said = said.filter(({ answer }) => !isUnsupported(answer));
    }
    let opinions = opinionsOf(said);
    if (opinions.length < 2) return null;
    const declared = this.declared(line, opinions);
    if (declared !== null) {
      this.leave(declared);
      opinions = opinionsOf(said.filter(({ name }) => name !== declared));
      if (opinions.length < 2) return null;
    }
    const alone = aloneIn(opinions);
    const suspects = alone === undefined ? said.map(({ name }) => name) : [alone];
    return this.miscount(line, suspects) ?? differenceAt(this.script, line, this.subject, opinions);
  }

  /** Whether one of those answered too often or too rarely, so that an answer which differs may be that of another line. */
  private miscount(line: number, suspects: readonly string[]): Difference | null {
    for (const { name, exchange } of this.active) {
      const failed = suspects.includes(name) ? miscountAt(exchange.failure, line) : null;
      if (failed !== null) return this.failed(name, failed);
    }
    return null;
  }

  /** Whose difference is declared, if one's is. */
  private declared(line: number, opinions: readonly Opinion[]): string | null {
    const operation = this.script.operations[this.script.steps[line]];
    for (const { names, answer } of opinions) {
      const other = opinions.find((opinion) => opinion.answer !== answer)!;
      for (const name of names) if (this.findings.isDeclared(name, operation, other.answer, answer)) return name;
    }
    return null;
  }
}

/**
 * The first line where not all agree, as a difference.
 * @param voices  the subject first.
 */
export function compareVoices(script: Script, voices: readonly Voice[], findings: Findings): Difference | null {
  return new Comparison(script, voices, voices[0].name, findings).run();
}

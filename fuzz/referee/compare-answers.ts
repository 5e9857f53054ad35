/**
 * Compares the answers of several targets to the same lines, and says who stands alone.
 *
 *     line        src            oracle         kernel
 *     mmap        {"ret":4096}   {"ret":4096}   {"ret":4096}
 *     dump        one mapping    one mapping    two mappings      <- the first line where not all agree: kernel alone
 *
 * Rules that hold here:
 * - Equal text is equal; only what differs as text is parsed. Two `error` answers agree whatever they say.
 * - A target that answers `unsupported`, and is not joined by all others, has left the sequence: its state is another from
 *   there on.
 * - A failure of a target (it died, it hangs, …) counts at the step where it happened, if no answer differed before. A wrong
 *   count of answers comes before what the answers say: they may be those of other lines.
 */
import { domainOf } from '../domains';
import type { RefereeFacts } from '../domains/referee';
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

/** What one target answered to the script. */
export interface TargetAnswers {
  readonly name: string;
  readonly exchange: Exchange;
}

/** What the comparison tells of a target, or asks about it. */
export interface TargetEvents {
  /** A target does not take this sequence's header; its answer. */
  onRefused(name: string, answer: string): void;
  /** A target lacks this operation. */
  onUnsupported(name: string, domain: DomainName, operation: Operation): void;
  /** Whether the difference is declared; then the target leaves the sequence and the others go on. */
  isDeclared(name: string, domain: DomainName, operation: Operation, expected: Answer, actual: Answer): boolean;
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

interface Said {
  readonly name: string;
  readonly answer: Answer;
}

/** An answer, and the targets that gave it. */
interface Group {
  readonly answer: Answer;
  readonly names: string[];
}

/** The targets by what they answer to one line, the largest group first; the order of the targets decides between equals. */
function groupsOf(said: readonly Said[], facts: RefereeFacts): Group[] {
  const groups: Group[] = [];
  for (const { name, answer } of said) {
    const same = groups.find((group) => isSame(group.answer, answer, facts));
    if (same === undefined) groups.push({ answer, names: [name] });
    else same.names.push(name);
  }
  return groups.sort((a, b) => b.names.length - a.names.length);
}

function isSame(a: Answer, b: Answer, facts: RefereeFacts): boolean {
  return ('error' in a && 'error' in b) || facts.isSame(a, b);
}

const SHOWN = 3;

function listText(items: readonly string[]): string {
  const more = items.length > SHOWN ? ` and ${items.length - SHOWN} more` : '';
  return items.length === 0 ? 'nothing' : items.slice(0, SHOWN).join(' ') + more;
}

/** Two lists of the same pieces, from the first place where they differ; null where they do not. */
function orderText(first: Group, a: readonly string[], second: Group, b: readonly string[]): string | null {
  const length = Math.max(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at++;
  if (at === length) return null;
  const how = a.length === b.length ? 'in another order' : 'another number of times';
  const [left, right] = [listText(a.slice(at)), listText(b.slice(at))];
  return `the same, but ${how}, ${first.names.join(' and ')}: ${left}; ${second.names.join(' and ')}: ${right}`;
}

/** What two contents do not share. */
function contentText(first: Group, second: Group, facts: RefereeFacts): string | null {
  const a = facts.piecesOf(first.answer);
  const b = facts.piecesOf(second.answer);
  if (a === null || b === null) return null;
  const onlyA = a.filter((piece) => !b.includes(piece));
  const onlyB = b.filter((piece) => !a.includes(piece));
  if (onlyA.length === 0 && onlyB.length === 0) return orderText(first, a, second, b);
  return `only ${first.names.join(' and ')}: ${listText(onlyA)}; only ${second.names.join(' and ')}: ${listText(onlyB)}`;
}

function detailOf(groups: readonly Group[], facts: RefereeFacts): string {
  const content = groups.length === 2 ? contentText(groups[0], groups[1], facts) : null;
  if (content !== null) return content;
  return groups
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

/** The target that all others contradict, agreeing with each other; between two targets there is none. */
function aloneIn(groups: readonly Group[]): string | undefined {
  const [most, other] = groups;
  return groups.length === 2 && most.names.length > 1 && other.names.length === 1 ? other.names[0] : undefined;
}

/** A difference, as the first line shows it where not all agree. */
function differenceAt(script: Script, line: number, subject: string, groups: readonly Group[]): Difference {
  const operation = lineOperation(script, line);
  const step = script.steps[line];
  const alone = aloneIn(groups);
  const odd = alone ?? subject;
  const actual = groups.find((group) => group.names.includes(odd))!.answer;
  const expected = groups.find((group) => !group.names.includes(odd))!.answer;
  const found = {
    step,
    operation: script.operations[step],
    rule: ruleOf(operation, expected, actual),
    foundBy: 'answer' as const,
    expected,
    actual,
  };
  const detail = detailOf(groups, domainOf(script).referee);
  if (alone === undefined) return { ...found, detail };
  return { ...found, detail: `${alone} stands alone. ${detail}`, alone };
}

/** Goes through the lines up to the first that shows something. One object a sequence. */
class Comparison {
  private readonly active: TargetAnswers[];
  private readonly facts: RefereeFacts;

  constructor(
    private readonly script: Script,
    targets: readonly TargetAnswers[],
    private readonly subject: string,
    private readonly events: TargetEvents,
  ) {
    this.active = [...targets];
    this.facts = domainOf(script).referee;
  }

  run(): Difference | null {
    const refused = this.greetings();
    if (refused !== null) return refused;
    // A target that is left alone is asked on: nothing contradicts it, but it can still die, hang or say nonsense.
    for (let line = 0; line < this.script.lines.length; line++) {
      const difference = this.active.length < 2 ? this.lineOfOne(line) : this.compareLine(line);
      if (difference !== null) return difference;
    }
    return this.failureAt(this.script.lines.length);
  }

  /** A target that lacks what a header asks for sits the sequence out. */
  private greetings(): Difference | null {
    for (const target of [...this.active]) {
      if (target.exchange.header === '') continue; // it failed before: see failureAt
      const answer = readAnswer(target.exchange.header, this.script.domain, null, -1);
      if (isFailure(answer)) return this.failed(target.name, answer);
      if ('ok' in answer) continue;
      this.events.onRefused(target.name, target.exchange.header);
      this.leave(target.name);
    }
    return this.failureAt(-1);
  }

  private leave(name: string): void {
    this.active.splice(
      this.active.findIndex((target) => target.name === name),
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
    if (this.active.every((target) => target.exchange.answers[line] === first)) return null;
    const operation = lineOperation(this.script, line);
    const said: Said[] = [];
    for (const { name, exchange } of this.active) {
      const answer = readAnswer(exchange.answers[line], this.script.domain, operation, line);
      if (isFailure(answer)) return this.failed(name, causeOf(answer, exchange.failure));
      said.push({ name, answer });
    }
    return this.compare(line, operation, said);
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

  private compare(line: number, operation: Operation, all: readonly Said[]): Difference | null {
    let said = all;
    if (!said.every(({ answer }) => isUnsupported(answer))) {
      for (const { name } of said.filter(({ answer }) => isUnsupported(answer))) {
        const failed = this.miscount(line, [name]);
        if (failed !== null) return failed;
        this.events.onUnsupported(name, this.script.domain, operation);
        this.leave(name);
      }
      said = said.filter(({ answer }) => !isUnsupported(answer));
    }
    let groups = groupsOf(said, this.facts);
    if (groups.length < 2) return null;
    const declared = this.declared(line, groups);
    if (declared !== null) {
      this.leave(declared);
      groups = groupsOf(
        said.filter(({ name }) => name !== declared),
        this.facts,
      );
      if (groups.length < 2) return null;
    }
    const alone = aloneIn(groups);
    const suspects = alone === undefined ? said.map(({ name }) => name) : [alone];
    return this.miscount(line, suspects) ?? differenceAt(this.script, line, this.subject, groups);
  }

  /** Whether a suspect answered too often or too rarely, so that its differing answer may be that of another line. */
  private miscount(line: number, suspects: readonly string[]): Difference | null {
    for (const { name, exchange } of this.active) {
      const failed = suspects.includes(name) ? miscountAt(exchange.failure, line) : null;
      if (failed !== null) return this.failed(name, failed);
    }
    return null;
  }

  /** The target whose difference is declared, if there is one. */
  private declared(line: number, groups: readonly Group[]): string | null {
    const operation = this.script.operations[this.script.steps[line]];
    for (const { names, answer } of groups) {
      const other = groups.find((group) => group.answer !== answer)!;
      for (const name of names) {
        if (this.events.isDeclared(name, this.script.domain, operation, other.answer, answer)) return name;
      }
    }
    return null;
  }
}

/**
 * The first line where not all agree, as a difference.
 * @param targets  the subject first.
 */
export function compareAnswers(
  script: Script,
  targets: readonly TargetAnswers[],
  events: TargetEvents,
): Difference | null {
  return new Comparison(script, targets, targets[0].name, events).run();
}

/**
 * Compares the answers of several targets to the same lines, and says who stands alone.
 *
 *     line        src            oracle         kernel
 *     mmap        {"ret":4096}   {"ret":4096}   {"ret":4096}
 *     dump        one mapping    one mapping    two mappings      <- the first line where not all agree: kernel alone
 *
 * Rules that hold here:
 * - Equal text is equal; only what differs as text is parsed. Two `error` answers agree whatever they say.
 * - A target that answers `unsupported`, and is not joined by all others, has left the sequence: its state is another
 *   from there on.
 * - A failure of a target (it died, it hangs, …) counts at the step where it happened, if no answer differed before. A
 *   wrong count of answers comes before what the answers say: they may be those of other lines.
 */
import { domainOf } from '../domains';
import type { Dialect, RefereeFacts } from '../domains/referee';
import type { Answer, DomainName, Operation } from '../format/types';
import { sameRet } from '../lockstep/same';
import type { Difference } from '../lockstep/types';
import type { AnswerReader } from '../targets/answer-reader';
import { causeOf, miscountAt, type TargetFailure } from '../targets/process/failure';
import { isFailure, readAnswer } from '../targets/process/target';

/** The lines that went to all targets: an operation each, or a dump that was put in behind one. */
export interface Script {
  readonly domain: DomainName;
  readonly header: string;
  readonly lines: readonly string[];
  /** For each line, the index of its operation; for a dump put in, of the operation before it. */
  readonly steps: readonly number[];
  readonly operations: readonly Operation[];
}

/**
 * The answers of one target to the script; of several, where one answers for targets that were compared with it before.
 */
export interface TargetAnswers {
  readonly names: readonly string[];
  readonly reader: AnswerReader;
}

/** What the comparison tells of a target, or asks about it. */
export interface TargetEvents {
  /** A target does not take this sequence's header; its answer. */
  onRefused(name: string, answer: string): void;
  /**
   * A target lacks this operation, or cannot do it in the present state, as `why` says. Returns the reason in words.
   */
  onUnsupported(name: string, domain: DomainName, operation: Operation, why?: string): string;
  /** The reason why a difference is declared, or null; then the target leaves the sequence and the others go on. */
  declaredReason(
    name: string,
    domain: DomainName,
    operation: Operation,
    expected: Answer,
    actual: Answer,
    /** The operations of the sequence up to this one. */
    history: readonly Operation[],
  ): string | null;
  /** How many operations were compared with a target, and why no more. */
  onCompared(name: string, steps: number, satOut: string | null): void;
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

/** A target in a comparison. */
class Asked {
  /** How many operations were compared, and why no more. */
  steps = 0;
  satOut: string | null = null;
  /** What its answer to the header says of its dumps; null if they are the format's. */
  dialect: Dialect | null = null;

  constructor(
    readonly names: readonly string[],
    readonly reader: AnswerReader,
  ) {}

  get name(): string {
    return this.names.join(' and ');
  }
}

interface Said {
  readonly asked: Asked;
  readonly answer: Answer;
}

/** An answer, and the targets that gave it. */
interface Group {
  readonly answer: Answer;
  readonly names: string[];
  readonly members: Said[];
}

/**
 * The targets by what they answer to one line, the largest group first; the order of the targets decides between
 * equals.
 */
function groupsOf(said: readonly Said[], facts: RefereeFacts): Group[] {
  const groups: Group[] = [];
  for (const one of said) {
    // Each two are compared as far as both model the content; so it is not enough to be the same as the first of a
    // group.
    const same = groups.find(({ members }) => members.every((other) => isSame(one, other, facts)));
    if (same === undefined) groups.push({ answer: one.answer, names: [...one.asked.names], members: [one] });
    else {
      same.names.push(...one.asked.names);
      same.members.push(one);
    }
  }
  return groups.sort((a, b) => b.names.length - a.names.length);
}

function isSame(a: Said, b: Said, facts: RefereeFacts): boolean {
  if ('error' in a.answer && 'error' in b.answer) return true;
  const dialect = mergeDialects(a.asked.dialect, b.asked.dialect);
  if (dialect === null) return facts.isSame(a.answer, b.answer);
  return facts.isSame(facts.inDialect(a.answer, dialect), facts.inDialect(b.answer, dialect));
}

function mergeDialects(a: Dialect | null, b: Dialect | null): Dialect | null {
  if (a === null || b === null) return a ?? b;
  return { hides: [...a.hides, ...b.hides], joins: a.joins || b.joins };
}

/** What an answer to a header says of the dumps that follow. */
function dialectOf(answer: Answer): Dialect | null {
  const { hides, joins } = answer as { readonly hides?: unknown; readonly joins?: unknown };
  const hidden = Array.isArray(hides) ? hides.filter((name) => typeof name === 'string') : [];
  return hidden.length === 0 && joins !== true ? null : { hides: hidden, joins: joins === true };
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
  const dialects = [...first.members, ...second.members].map(({ asked }) => asked.dialect);
  const dialect = dialects.reduce(mergeDialects, null);
  const shown = ({ answer }: Group): Answer => (dialect === null ? answer : facts.inDialect(answer, dialect));
  const a = facts.piecesOf(shown(first));
  const b = facts.piecesOf(shown(second));
  if (a === null || b === null) return null;
  const onlyA = a.filter((piece) => !b.includes(piece));
  const onlyB = b.filter((piece) => !a.includes(piece));
  if (onlyA.length === 0 && onlyB.length === 0) return orderText(first, a, second, b);
  const [left, right] = [first.names.join(' and '), second.names.join(' and ')];
  return `only ${left}: ${listText(onlyA)}; only ${right}: ${listText(onlyB)}`;
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
  private readonly all: readonly Asked[];
  private active: Asked[];
  private readonly facts: RefereeFacts;

  constructor(
    private readonly script: Script,
    targets: readonly TargetAnswers[],
    private readonly subject: string,
    private readonly events: TargetEvents,
  ) {
    this.all = targets.map(({ names, reader }) => new Asked(names, reader));
    this.active = [...this.all];
    this.facts = domainOf(script).referee;
  }

  run(): Difference | null {
    const difference = this.greetings() ?? this.lines() ?? this.ends();
    for (const { names, reader, steps, satOut } of this.all) {
      reader.finish();
      for (const name of names) this.events.onCompared(name, steps, satOut);
    }
    return difference;
  }

  /** A target that lacks what a header asks for sits the sequence out. */
  private greetings(): Difference | null {
    const { domain } = this.script;
    for (const asked of [...this.active]) {
      const { header } = asked.reader;
      if (header === '') return this.failed(asked, asked.reader.finish()!);
      const answer = readAnswer(header, domain, null, -1);
      if (isFailure(answer)) return this.failed(asked, answer);
      asked.dialect = dialectOf(answer);
      if ('ok' in answer) continue;
      for (const name of asked.names) this.events.onRefused(name, header);
      this.leave(asked, `the header, which it answered ${header.slice(0, 160)}`);
    }
    return null;
  }

  private lines(): Difference | null {
    const { lines, steps } = this.script;
    const answers: string[] = [];
    for (let line = 0; line < lines.length; line++) {
      const failed = this.read(answers);
      if (failed !== null) return failed;
      const difference = this.compareLine(line, answers);
      if (difference !== null) return difference;
      if (this.count() > 1 && steps[line] !== steps[line - 1]) for (const asked of this.active) asked.steps++;
    }
    return null;
  }

  /** The next answer of each target, into a list that is used again. */
  private read(answers: string[]): Difference | null {
    for (let i = 0; i < this.active.length; i++) {
      const answer = this.active[i].reader.next();
      if (answer === null) return this.failed(this.active[i], this.active[i].reader.finish()!);
      answers[i] = answer;
    }
    return null;
  }

  /** What went wrong behind the last line. */
  private ends(): Difference | null {
    for (const asked of this.active) {
      const failure = asked.reader.finish();
      if (failure !== undefined) return this.failed(asked, failure);
    }
    return null;
  }

  /** How many of the targets are still compared. */
  private count(): number {
    let count = 0;
    for (const { names } of this.active) count += names.length;
    return count;
  }

  private leave(asked: Asked, reason: string): void {
    asked.satOut = reason;
    this.active = this.active.filter((other) => other !== asked);
    // A target that is left alone is asked on: nothing contradicts it, but it can still die, hang or say nonsense.
    if (this.count() === 1) this.active[0].satOut = 'want of another target';
  }

  private failed(asked: Asked, { rule, foundBy, detail, step: line }: TargetFailure): Difference {
    const { operations, steps } = this.script;
    const step = line < 0 ? -1 : (steps[line] ?? operations.length - 1);
    const operation = operations[step] ?? null;
    return { step, operation, rule, foundBy, detail: `${asked.name} ${detail}`, alone: asked.name };
  }

  private compareLine(line: number, answers: readonly string[]): Difference | null {
    const { active } = this;
    if (active.length > 1 && active.every((_, i) => answers[i] === answers[0])) return null;
    const operation = lineOperation(this.script, line);
    const said: Said[] = [];
    for (const [i, asked] of active.entries()) {
      const answer = readAnswer(answers[i], this.script.domain, operation, line);
      if (isFailure(answer)) return this.failed(asked, causeOf(answer, asked.reader.finish()));
      said.push({ asked, answer });
    }
    return active.length > 1 ? this.compare(line, operation, said) : null;
  }

  private compare(line: number, operation: Operation, all: readonly Said[]): Difference | null {
    let said = all;
    if (!said.every(({ answer }) => isUnsupported(answer))) {
      for (const { asked, answer } of said.filter(({ answer }) => isUnsupported(answer))) {
        const why = 'unsupported' in answer ? answer.why : undefined;
        const failed = this.miscount(line, asked);
        if (failed !== null) return failed;
        const lacks = asked.names.map((name) => this.events.onUnsupported(name, this.script.domain, operation, why));
        this.leave(asked, lacks[0]);
      }
      said = said.filter(({ answer }) => !isUnsupported(answer));
    }
    let groups = groupsOf(said, this.facts);
    if (groups.length < 2) return null;
    const declared = this.leaveDeclared(line, said, groups);
    if (declared !== null) {
      said = said.filter(({ asked }) => asked !== declared);
      groups = groupsOf(said, this.facts);
      if (groups.length < 2) return null;
    }
    const alone = aloneIn(groups);
    for (const { asked } of said) {
      const failed = alone === undefined || asked.names.includes(alone) ? this.miscount(line, asked) : null;
      if (failed !== null) return failed;
    }
    return differenceAt(this.script, line, this.subject, groups);
  }

  /** Whether a target answered too often or too rarely, so that its answer to this line may be that to another. */
  private miscount(line: number, asked: Asked): Difference | null {
    const failed = miscountAt(asked.reader.finish(), line);
    return failed === null ? null : this.failed(asked, failed);
  }

  /** Lets the target leave whose difference is declared, if there is one. */
  private leaveDeclared(line: number, said: readonly Said[], groups: readonly Group[]): Asked | null {
    const { domain, operations, steps } = this.script;
    const operation = operations[steps[line]];
    const history = operations.slice(0, steps[line] + 1);
    for (const { asked, answer } of said) {
      const other = groups.find(({ names }) => !names.includes(asked.names[0]))!;
      for (const name of asked.names) {
        const reason = this.events.declaredReason(name, domain, operation, other.answer, answer, history);
        if (reason === null) continue;
        this.leave(asked, reason);
        return asked;
      }
    }
    return null;
  }
}

/**
 * The first line where not all agree, as a difference. All answers are read to their end.
 * @param targets  those that answer
 * @param subject  the name of the target that is said to be wrong where it cannot be told
 */
export function compareAnswers(
  script: Script,
  targets: readonly TargetAnswers[],
  subject: string,
  events: TargetEvents,
): Difference | null {
  return new Comparison(script, targets, subject, events).run();
}

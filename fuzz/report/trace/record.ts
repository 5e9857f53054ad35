/**
 * Runs a sequence once more, thoroughly, and takes note of all that a reader may ask for: see trace.ts.
 *
 * Rules that hold here:
 * - The run is the lockstep's own, with its invariants: what is shown is what was compared.
 * - Where src alone broke a rule, the oracle was not asked. It is asked afterwards, so that one sees what had been right.
 * - A step that hangs, or takes the process along, is not run: it is the difference as it was found.
 */
import { debug } from '../../../src/debug';
import { allDomains, domainOf } from '../../domains';
import type { Domain } from '../../domains/domain';
import type { Subject } from '../../format/subject';
import { type Header, type Operation, PAGE, type Ret, type Sequence } from '../../format/types';
import { type RunListener, runOn } from '../../lockstep/run';
import type { Answered, Difference, Invariant, Lockstep } from '../../lockstep/types';
import { createLockstep } from '../../run/create';
import { spellOperation } from '../../sequence/print';
import { answerJson } from '../json';
import { Changes } from './changes';
import { EventPlaces } from './places';
import { Numbering, type Tick, type Trace, type TraceDifference, type TraceStep } from './trace';

/** Each lockstep of a domain has both sides in what it shows to listeners. */
interface BothSides extends Answered {
  readonly src: Subject;
  readonly oracle: Subject;
}

const HOLDS = 'h';
const BROKEN = 'b';
const NOT_ASKED = '.';

/** Invariants that say how they fared in the present step. */
class Watched {
  readonly invariants: readonly Invariant[];
  private marks: string[];

  constructor(invariants: readonly Invariant[]) {
    this.marks = invariants.map(() => NOT_ASKED);
    this.invariants = invariants.map((invariant, i) => this.watch(invariant, i));
  }

  private watch(invariant: Invariant, i: number): Invariant {
    const check = (context: never): string | null => {
      this.marks[i] = BROKEN;
      const broken = invariant.check(context);
      if (broken === null) this.marks[i] = HOLDS;
      return broken;
    };
    return { ...invariant, check };
  }

  take(): string {
    const text = this.marks.join('');
    this.marks.fill(NOT_ASKED);
    return text;
  }
}

class Recorder implements RunListener {
  readonly steps: TraceStep[] = [];
  readonly names = new Numbering();
  readonly texts = new Numbering();
  readonly events = new Numbering();
  readonly watched: Watched;
  private readonly srcChanges = new Changes(this.names, this.texts);
  private readonly oracleChanges = new Changes(this.names, this.texts);
  readonly places = new EventPlaces();
  private place: readonly [number, number] | null = null;
  private lockstep!: Lockstep;
  private readonly domain: Domain;

  constructor(private readonly header: Header) {
    this.domain = domainOf(header);
    this.watched = new Watched(this.domain.invariants);
  }

  /** The run itself. */
  run(sequence: Sequence): Difference | null {
    const lockstep = createLockstep({ invariants: this.watched.invariants, thorough: true });
    this.lockstep = lockstep;
    this.places.begin();
    try {
      const difference = runOn(lockstep, sequence, [this]);
      // What was read after the wrong step is what the lockstep left; the oracle may not have come to its turn.
      if (difference !== null && this.steps.length > 0) this.finish(difference, lockstep.sides as BothSides);
      return difference;
    } finally {
      this.places.end();
    }
  }

  begin(): void {
    this.steps.push({ ...EMPTY, invariants: this.texts.of(''), ...this.read(null) });
  }

  beforeStep(operation: Operation): void {
    const place = this.domain.picture.place((this.lockstep.sides as BothSides).src, operation);
    this.place = place === null ? null : [place.first, place.last];
  }

  afterStep(operation: Operation, answered: Answered): void {
    const { src, oracle, ret, refused } = answered as BothSides;
    const events = this.takeEvents();
    const answer = this.texts.of(refused ? 'not asked: the format itself refuses it' : this.answerText(ret));
    this.steps.push({
      op: operation.op,
      fields: fieldsOf(operation, this.domain),
      place: this.place,
      tick: this.tickOf(operation, events, refused || typeof ret === 'string'),
      answers: [answer, answer],
      events,
      invariants: this.texts.of(this.watched.take()),
      ...this.read({ src, oracle, ret, refused }),
    });
  }

  private answerText(ret: Ret): string {
    return answerJson({ ret } as never, this.header.domain);
  }

  private takeEvents(): number[] {
    const taken: number[] = [];
    for (let i = 0; i < debug.eventCount; i++) {
      const name = nameOfEvent(debug.events[i]);
      taken.push(this.events.of(`${name}\n${this.places.places[i] ?? ''}`));
    }
    return taken;
  }

  private tickOf({ op }: Operation, events: readonly number[], refused: boolean): Tick {
    if (refused) return 'refused';
    const ticks = events.map((event) => this.domain.trace.tickOf(this.events.all[event].split('\n')[0]));
    if (ticks.includes('split')) return 'split';
    if (ticks.includes('merge')) return 'merge';
    return this.domain.spec(op)?.writes === true ? 'write' : 'read';
  }

  private read(sides: BothSides | null): { src: number[]; oracle: number[] } {
    const { trace, subjects } = this.domain;
    const src = sides?.src ?? subjects.src(this.header);
    const oracle = sides?.oracle ?? subjects.oracle(this.header);
    return {
      src: this.srcChanges.take(() => {
        this.putCells(src, this.srcChanges);
        trace.readSrc(src, this.srcChanges.put);
      }),
      oracle: this.oracleChanges.take(() => {
        this.putCells(oracle, this.oracleChanges);
        trace.readOracle(oracle, this.oracleChanges.put);
      }),
    };
  }

  private putCells(subject: Subject, changes: Changes): void {
    for (const { first, last, label, text } of this.domain.picture.draw(subject, this.header, undefined).cells) {
      changes.put(`=${first}`, JSON.stringify([last, label, text]));
    }
  }

  /** The step that differs: what each side answered, and what the oracle would have. */
  private finish(difference: Difference, sides: BothSides): void {
    if (difference.operation === null && difference.step >= 0) this.addEnd(sides);
    const at = this.steps.length - 1;
    const { expected, actual, rule, foundBy, operation } = difference;
    let [src, oracle] = this.steps[at].answers;
    let state: { oracle?: readonly number[] } = {};
    const threw = rule === 'crash' && difference.detail.startsWith('src threw');
    if (operation !== null && (foundBy === 'assertion' || threw) && operation.fail === undefined) {
      const asked = this.askOracle(operation, sides.oracle);
      if (asked !== null) ({ answer: oracle, state } = asked);
    }
    if (threw) src = this.texts.of(difference.detail.split('\n')[0]);
    if (actual !== undefined) src = this.texts.of(answerJson(actual, this.header.domain));
    if (expected !== undefined) oracle = this.texts.of(answerJson(expected, this.header.domain));
    this.steps[at] = { ...this.steps[at], tick: 'wrong', answers: [src, oracle], ...state };
  }

  /** What is only looked at when all steps are done is a step of its own. */
  private addEnd(sides: BothSides): void {
    const invariants = this.texts.of(this.watched.take());
    this.steps.push({ ...EMPTY, op: '(end of the sequence)', invariants, ...this.read(sides) });
  }

  /** A step that must not be run. */
  addUnrun(operation: Operation, detail: string): void {
    const { op } = operation;
    const fields = fieldsOf(operation, this.domain);
    const answers = [this.texts.of(detail), -1] as const;
    this.steps.push({ ...EMPTY, op, fields, tick: 'wrong', answers, invariants: this.texts.of(''), ...NOTHING });
  }

  private askOracle(operation: Operation, oracle: Subject): { answer: number; state: { oracle: number[] } } | null {
    const spec = this.domain.spec(operation.op);
    if (spec === undefined) return null;
    try {
      const answer = this.texts.of(this.answerText(spec.apply(oracle, operation)));
      const read = (): void => {
        this.putCells(oracle, this.oracleChanges);
        this.domain.trace.readOracle(oracle, this.oracleChanges.put);
      };
      return {
        answer,
        state: { oracle: [...this.steps[this.steps.length - 1].oracle, ...this.oracleChanges.take(read)] },
      };
    } catch {
      return null;
    }
  }
}

const NOTHING = { src: [], oracle: [] } as const;
const EMPTY = { op: '', fields: [], place: null, tick: 'read', answers: [-1, -1], events: [] } as const;

/** Of whatever domain: an address space records what its tree does, too. */
function nameOfEvent(event: number): string {
  for (const { coverage } of allDomains()) {
    const name = coverage.eventName(event);
    if (name !== null) return name;
  }
  return `event ${event}`;
}

/** The fields of an operation as people read them: addresses and lengths in hexadecimal, with their pages. */
function fieldsOf(operation: Operation, domain: Domain): [string, string][] {
  const spelled = spellOperation(operation, domain.name as Header['domain']);
  const kinds = new Map(domain.spec(operation.op)?.fields.map(({ name, kind }) => [name, kind]));
  return Object.entries(spelled)
    .filter(([name]) => name !== 'op')
    .map(([name, value]) => {
      const kind = kinds.get(name);
      if (typeof value === 'number' && kind === 'address') return [name, `${hex(value)} (page ${value / PAGE})`];
      if (typeof value === 'number' && kind === 'length') return [name, `${hex(value)} (${pagesText(value)})`];
      return [name, typeof value === 'string' ? value : JSON.stringify(value)];
    });
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function pagesText(bytes: number): string {
  const pages = bytes / PAGE;
  return pages === 1 ? '1 page' : `${pages} pages`;
}

/** What a page says of a run beside the run itself. */
export interface TraceFrame {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** What would hang again, or take the process along, if it were run once more. */
const NEVER_AGAIN: readonly string[] = ['hang', 'died'];

/**
 * The trace of a sequence. `known` is the difference that was found in it, if one was: the trace shows that of its own
 * run, unless that finds none, as where a target outside differed.
 */
export function recordTrace(sequence: Sequence, known: Difference | null, frame: TraceFrame): Trace {
  const { header, operations } = sequence;
  const recorder = new Recorder(header);
  const isUnrun = known !== null && NEVER_AGAIN.includes(known.rule) && known.step >= 0;
  const shown = known === null ? operations : operations.slice(0, known.step + (isUnrun ? 0 : 1));
  const own = recorder.run({ header, operations: shown });
  if (isUnrun && own === null) recorder.addUnrun(operations[known.step], known.detail.split('\n')[0]);
  return {
    ...frame,
    ...frameOf(domainOf(header)),
    events: recorder.events.all.map((text) => text.split('\n') as unknown as readonly [string, string]),
    names: recorder.names.all,
    texts: recorder.texts.all,
    steps: recorder.steps,
    difference: differenceOf(own ?? known, recorder.steps.length - 1, recorder.places.ofAssertion),
  };
}

function frameOf(domain: Domain): Pick<Trace, 'about' | 'views' | 'invariants'> {
  const invariants = domain.invariants.map(({ name, about }) => [name, about] as const);
  return { about: domain.about, views: domain.trace.views, invariants };
}

function differenceOf(difference: Difference | null, last: number, places: readonly string[]): TraceDifference | null {
  if (difference === null) return null;
  const { rule, foundBy, detail, alone = '', step } = difference;
  return { state: Math.min(step + 1, last), rule, foundBy, detail, places, alone };
}

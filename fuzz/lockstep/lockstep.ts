/**
 * src and oracle in step: what is the same in every domain.
 *
 *     before-hooks -> src -> its assertions -> oracle, ret -> cursors -> content -> invariants
 *
 * Rules that hold here:
 * - The first complaint ends the step, and with it the sequence: after a difference only `begin` may follow.
 * - The hot path builds no text and no list. Texts are made when something is wrong.
 * - Content is compared after operations that write; in a thorough run after every operation.
 */
import type { AnyRet, Header, Operation, Ret } from '../format/types';
import { Amortize } from './amortize';
import type { Difference, InvariantOf, Lockstep, StepContext, View } from './types';
import { describeCrash, Watch } from './watch';

/** What was found at the present step. */
export type Found = Omit<Difference, 'step' | 'operation'>;

/** The one object that invariants see; its fields change with each step. */
export class Context<H, Src, Oracle> implements StepContext<H, Src, Oracle> {
  header!: H;
  src!: Src;
  oracle!: Oracle;
  operation: Operation | null = null;
  writes = false;
  fail = 0;
  /** Whether the format itself refused the operation, so that neither side was asked. */
  refused = false;
  ret: Ret = null;
  step = -1;
  whole = true;

  constructor(readonly thorough: boolean) {}
}

/** An invariant as the loop calls it. All are of one shape, each field present: the loop reads them at every step. */
class Check<C> {
  readonly name: string;
  readonly foundBy: 'structure' | 'invariant';
  readonly moment: 'step' | 'write' | 'end';
  readonly local: boolean;
  readonly begin: ((context: C) => void) | undefined;
  readonly before: ((context: C) => string | null) | undefined;
  readonly check: (context: C) => string | null;

  constructor(invariant: InvariantOf<C>) {
    this.name = invariant.name;
    this.foundBy = invariant.foundBy ?? 'invariant';
    this.moment = invariant.moment;
    this.local = invariant.local === true;
    this.begin = invariant.begin;
    this.before = invariant.before;
    this.check = invariant.check;
  }
}

type Checks<H, Src, Oracle> = readonly Check<Context<H, Src, Oracle>>[];

interface Failable {
  failAllocation(n: number): void;
}

export abstract class PairLockstep<
  Spec extends { readonly writes: boolean },
  H,
  Src extends Failable,
  Oracle extends { readonly count: number },
> implements Lockstep
{
  protected readonly context: Context<H, Src, Oracle>;
  private readonly watch = new Watch();
  /** A step is under way, or was interrupted for good. */
  private busy = false;
  private readonly amortize: Amortize;
  private readonly all: Checks<H, Src, Oracle>;
  private readonly hooks: Checks<H, Src, Oracle>;
  private readonly hooksLocal: Checks<H, Src, Oracle>;
  private readonly onStep: Checks<H, Src, Oracle>;
  private readonly onWrite: Checks<H, Src, Oracle>;
  private readonly onWriteLocal: Checks<H, Src, Oracle>;

  constructor(
    invariants: readonly InvariantOf<Context<H, Src, Oracle>>[],
    private readonly thorough: boolean,
  ) {
    this.context = new Context(thorough);
    this.amortize = new Amortize(thorough);
    this.all = invariants.map((invariant) => new Check(invariant));
    this.hooks = hooksOf(this.all);
    this.hooksLocal = hooksOf(this.all.filter((check) => check.local));
    this.onStep = this.all.filter((check) => check.moment === 'step');
    this.onWrite = this.all.filter((check) => check.moment !== 'end');
    this.onWriteLocal = this.onWrite.filter((check) => check.local);
  }

  /** Puts the header and an empty oracle into the context. @throws TypeError for a header of another domain. */
  protected abstract makeOracle(header: Header): void;
  /** Puts an empty src there. */
  protected abstract makeSrc(): void;
  protected abstract specOf(op: string): Spec | undefined;
  /** Whether an operation is about everything, so that everything is looked at after it. */
  protected abstract isAboutAll(spec: Spec): boolean;
  protected abstract refuses(spec: Spec, operation: Operation): boolean;
  protected abstract applySrc(spec: Spec, operation: Operation): Ret;
  /** Applies to the oracle, after src, and compares the answers; `context.ret` is what src answered. */
  protected abstract applyOracle(spec: Spec, operation: Operation): Found | null;
  /** What else an answer carries. */
  protected abstract compareCursors(spec: Spec, operation: Operation): Found | null;
  /** Compares what both hold: all of it if `whole`, else what lies around the operation's place. */
  protected abstract compareContent(): Found | null;
  abstract view(): View;

  begin(header: Header): Difference | null {
    const { context } = this;
    context.operation = null;
    context.step = -1;
    context.ret = null;
    context.writes = false;
    context.fail = 0;
    this.busy = false;
    this.amortize.begin();
    // A step that was interrupted had no chance to do this.
    this.watch.disarm();
    this.makeOracle(header);
    try {
      this.makeSrc();
    } catch (error) {
      return this.place(crash('src', error));
    }
    for (const { begin } of this.all) begin?.(context);
    return null;
  }

  step(operation: Operation): Difference | null {
    const spec = this.specOf(operation.op);
    if (spec === undefined) throw new TypeError(`${operation.op} is no operation of this domain`);
    if (this.busy) throw new Error('a step that was interrupted is followed by another, and not by begin');
    const { context } = this;
    context.step++;
    context.operation = operation;
    context.writes = spec.writes;
    context.fail = (operation.fail as number | undefined) ?? 0;
    context.refused = this.refuses(spec, operation);
    if (context.refused) {
      this.watch.forget();
      return null;
    }
    // What only reads leaves nothing to look at.
    const looks = spec.writes || this.thorough;
    context.whole = looks && (this.amortize.isDue(context.oracle.count) || this.isAboutAll(spec));
    this.busy = true;
    const found = this.run(spec, operation);
    this.busy = false;
    return found === null ? null : this.place(found);
  }

  end(): Difference | null {
    const { context } = this;
    context.operation = null;
    context.fail = 0;
    context.step++;
    context.whole = true;
    const found = this.content() ?? this.check(this.all);
    return found === null ? null : this.place(found);
  }

  /** Both sides as they are now: for invariants, print-outs, and listeners that count what a step reached. */
  get sides(): Context<H, Src, Oracle> {
    return this.context;
  }

  private place(found: Found): Difference {
    return { step: this.context.step, operation: this.context.operation, ...found };
  }

  private run(spec: Spec, operation: Operation): Found | null {
    const { whole } = this.context;
    const writes = spec.writes || this.thorough;
    return (
      this.before(whole ? this.hooks : this.hooksLocal) ??
      this.applyToSrc(spec, operation) ??
      this.guardOracle(spec, operation) ??
      this.compareCursors(spec, operation) ??
      (writes ? this.content() : null) ??
      this.check(writes ? (whole ? this.onWrite : this.onWriteLocal) : this.onStep)
    );
  }

  private before(hooks: Checks<H, Src, Oracle>): Found | null {
    const { context } = this;
    let i = 0;
    try {
      for (; i < hooks.length; i++) {
        const broken = hooks[i].before!(context);
        if (broken !== null) return violation(hooks[i], broken);
      }
    } catch (error) {
      return violation(hooks[i], describeCrash('the check', error));
    }
    return null;
  }

  private check(checks: Checks<H, Src, Oracle>): Found | null {
    const { context } = this;
    let i = 0;
    try {
      for (; i < checks.length; i++) {
        const broken = checks[i].check(context);
        if (broken !== null) return violation(checks[i], broken);
      }
    } catch (error) {
      return violation(checks[i], describeCrash('the check', error));
    }
    return null;
  }

  private applyToSrc(spec: Spec, operation: Operation): Found | null {
    const { context, watch } = this;
    const { fail } = context;
    watch.arm();
    try {
      if (fail !== 0) context.src.failAllocation(fail);
      context.ret = this.applySrc(spec, operation);
    } catch (error) {
      return crash('src', error);
    } finally {
      watch.disarm();
      if (fail !== 0) context.src.failAllocation(0);
    }
    if (watch.rule === null) return null;
    return { rule: watch.rule, foundBy: 'assertion', detail: watch.detail };
  }

  private guardOracle(spec: Spec, operation: Operation): Found | null {
    try {
      return this.applyOracle(spec, operation);
    } catch (error) {
      return crash('oracle', error);
    }
  }

  protected content(): Found | null {
    try {
      return this.compareContent();
    } catch (error) {
      return crash('src, when its content was read,', error);
    }
  }
}

/** Those with something to do before a step; where several have the same, one of them. */
function hooksOf<C>(checks: readonly Check<C>[]): readonly Check<C>[] {
  return checks.filter(
    ({ before }, i) => before !== undefined && checks.findIndex((other) => other.before === before) === i,
  );
}

function crash(who: string, error: unknown): Found {
  return {
    rule: who.startsWith('src') ? 'crash' : 'oracle-crash',
    foundBy: 'crash',
    detail: describeCrash(who, error),
  };
}

function violation({ name, foundBy }: { name: string; foundBy: 'structure' | 'invariant' }, detail: string): Found {
  return { rule: name, foundBy, detail };
}

/** What a difference shows of an answer; a whole dump is told by its detail alone. */
export function isShort(ret: AnyRet): ret is Ret {
  if (ret === null || typeof ret !== 'object') return true;
  return Array.isArray(ret) && !Array.isArray(ret[0]);
}

/**
 * The oracle's address space: the readable specification of what the mm operations of the format do, one method each.
 *
 * The state is a sorted array (space.ts). Each method stands for one file of rules beside this one. Addresses and
 * lengths are bytes from the start of the window; ranges that leave the window, an operation on the heap where there is
 * none, and misuse of `dev` are kept out by the caller, being no questions to an address space.
 *
 * **Running out of memory.** Every method asks for memory where the kernel does (VMAs, tree nodes, anon_vmas), as one
 * step for each change: how many real allocations an implementation makes for that step is its own affair. So for an
 * operation whose n-th allocation failed there are several states that may legitimately be left: `failedOutcome` gives
 * one after the other, and the caller goes on with one of them.
 */
import { madvise } from './advise';
import { mbind, setVmaName, uffdRegister, uffdUnregister } from './attributes';
import { type Dump, dump } from './dump';
import { touch } from './fault';
import { fork } from './fork';
import { brk } from './heap';
import { type Counters, recount } from './limits';
import { mlock, mlockall, munlock, munlockall } from './lock';
import { mmap, remapFilePages } from './map';
import { mprotect } from './protect';
import { mremap } from './remap';
import { mseal } from './seal';
import { type AddressOr, type Outcome, Space, type SpaceOptions } from './space';
import { munmap } from './unmap';
import type { Vma } from './vma';

/** What an operation that ran out of memory may answer and leave behind. */
export interface FailedOutcome {
  readonly ret: number | string;
  readonly space: OracleAddressSpace;
}

export class OracleAddressSpace {
  private readonly space: Space;

  constructor(readonly options: SpaceOptions) {
    this.space = new Space(options);
  }

  /** How many mappings there are. */
  get count(): number {
    return this.space.count;
  }

  /** The mapping number i, from the lowest on, to compare without a dump. It changes with the next operation. */
  at(i: number): Readonly<Vma> {
    return this.space.vmas.at(i);
  }

  /** The number of the lowest mapping that ends above addr; `count` if there is none. */
  indexAt(addr: number): number {
    return this.space.indexAt(addr);
  }

  /** The break, or null without a heap. */
  get heapEnd(): number | null {
    return this.space.heapStart === null ? null : this.space.brk;
  }

  /** All counters, recounted, whether or not a dump shows them. */
  get counters(): Counters {
    return recount(this.space);
  }

  mmap(
    addr: number,
    len: number,
    prot: string,
    flags: readonly string[],
    file: string | null,
    offset: number,
  ): AddressOr {
    return this.done(mmap(this.space, addr, len, prot, flags, file, offset));
  }

  munmap(addr: number, len: number): Outcome {
    return this.done(munmap(this.space, addr, len));
  }

  mprotect(addr: number, len: number, prot: string): Outcome {
    return this.done(mprotect(this.space, addr, len, prot));
  }

  mremap(addr: number, oldLen: number, newLen: number, flags: readonly string[], newAddr: number): AddressOr {
    return this.done(mremap(this.space, addr, oldLen, newLen, flags, newAddr));
  }

  madvise(addr: number, len: number, advice: string): Outcome {
    return this.done(madvise(this.space, addr, len, advice));
  }

  mlock(addr: number, len: number, onfault: boolean): Outcome {
    return this.done(mlock(this.space, addr, len, onfault));
  }

  munlock(addr: number, len: number): Outcome {
    return this.done(munlock(this.space, addr, len));
  }

  mlockall(flags: readonly string[]): Outcome {
    return this.done(mlockall(this.space, flags));
  }

  munlockall(): Outcome {
    return this.done(munlockall(this.space));
  }

  mseal(addr: number, len: number): Outcome {
    return this.done(mseal(this.space, addr, len));
  }

  brk(addr: number): number {
    return this.done(brk(this.space, addr));
  }

  remapFilePages(addr: number, len: number, pgoff: number): Outcome {
    return this.done(remapFilePages(this.space, addr, len, pgoff));
  }

  touch(addr: number): Outcome {
    return this.done(touch(this.space, addr));
  }

  fork(): Outcome {
    return this.done(fork(this.space));
  }

  mbind(addr: number, len: number, policy: number): Outcome {
    return this.done(mbind(this.space, addr, len, policy));
  }

  uffdRegister(addr: number, len: number, ctx: number): Outcome {
    return this.done(uffdRegister(this.space, addr, len, ctx));
  }

  uffdUnregister(addr: number, len: number): Outcome {
    return this.done(uffdUnregister(this.space, addr, len));
  }

  setVmaName(addr: number, len: number, name: string | null): Outcome {
    return this.done(setVmaName(this.space, addr, len, name));
  }

  dump(): Dump {
    return dump(this.space);
  }

  /** The next operation's n-th step that asks for memory fails; 0 switches that off. */
  failAllocation(n: number): void {
    this.space.failAllocation(n);
  }

  /**
   * What may be answered and left when the step number `step` of an operation, from 1 on, finds no memory; 0: when none
   * does. `operation` is run on a copy; this space itself does not change. Null if the operation has no such step.
   * `spare` is a space of the same options whose content is not needed, for the copy.
   */
  failedOutcome(
    step: number,
    operation: (space: OracleAddressSpace) => number | string,
    spare = new OracleAddressSpace(this.options),
  ): FailedOutcome | null {
    const space = spare;
    space.adopt(this);
    space.space.failAllocation(step);
    let pending = step !== 0;
    space.afterwards = (): void => {
      pending = space.space.failurePending;
    };
    const ret = operation(space);
    space.afterwards = null;
    return pending ? null : { ret, space };
  }

  /** Every such outcome of the steps from 1 on. */
  failedOutcomes(operation: (space: OracleAddressSpace) => number | string): FailedOutcome[] {
    const outcomes: FailedOutcome[] = [];
    for (let step = 1; ; step++) {
      const outcome = this.failedOutcome(step, operation);
      if (outcome === null) return outcomes;
      outcomes.push(outcome);
    }
  }

  /** Goes on from another space's state. */
  adopt(other: OracleAddressSpace): void {
    this.space.become(other.space);
  }

  clone(): OracleAddressSpace {
    const copy = new OracleAddressSpace(this.options);
    copy.adopt(this);
    return copy;
  }

  /** Told at the end of an operation, before a failure that did not come is called off. */
  private afterwards: (() => void) | null = null;

  private done<T>(answer: T): T {
    this.afterwards?.();
    this.space.failAllocation(0);
    return answer;
  }
}

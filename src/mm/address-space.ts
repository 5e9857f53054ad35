/**
 * An address space: what a user of the library holds, one method a system call. What each does and answers is said in
 * api.ts.
 *
 *     checks of the arguments -> no hook runs -> the system call, in pages and numbers -> an address or a name
 *
 * Rules that hold here:
 * - Addresses and lengths are bytes, as in the system calls; everything inside counts in pages.
 * - What a call answers is 0, an address, or the name of an error. A failed call changes nothing but what the kernel's
 *   call would: what came before the error in a range, a split at the start of a range that was not removed.
 * - A mapping given out is the live object: it changes with later calls.
 */
import type { AddressSpaceOptions, Advice, MmCounters, MmErrno, AddressSpace as PublicSpace } from './api';
import { brk } from './brk';
import { errnoName } from './errno';
import { touch } from './fault';
import type { MmFile } from './file';
import { dupMmap, exitMmap } from './fork';
import { assertNoHookRuns, resetHooks } from './hooks';
import { madvise } from './madvise';
import { mbind } from './mempolicy';
import { mlock, mlockall, munlock, munlockall } from './mlock';
import { findVma, Mm, PAGE_SIZE } from './mm';
import { mmap } from './mmap';
import { mprotect } from './mprotect';
import { mremap } from './mremap';
import { mseal } from './mseal';
import { munmap } from './munmap';
import { remapFilePages } from './remap-file-pages';
import { NO_HINT } from './unmapped-area';
import { uffdRegister, uffdUnregister } from './userfaultfd';
import { validateMm } from './validate';
import type { Vma } from './vma';
import { TOP, VmaIterator } from './vma-iterator';
import { setVmaName } from './vma-name';

function result(value: number): 0 | MmErrno {
  return value === 0 ? 0 : errnoName(value);
}

function address(value: number): number | MmErrno {
  return value < 0 ? errnoName(value) : value * PAGE_SIZE;
}

function checkBytes(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(`${name} is ${value}, not an integer from 0 to 2^53 - 1`);
}

/** What each operation on a range asks first. */
function checkRange(addr: number, len: number): void {
  checkBytes('addr', addr);
  checkBytes('len', len);
  assertNoHookRuns();
}

export class AddressSpace implements PublicSpace {
  /** The state that the system calls work on; for checks, tests and reports. */
  readonly mm: Mm;
  private readonly walker: VmaIterator;

  /** `mm` is for fork alone. */
  constructor(options: AddressSpaceOptions, mm = new Mm(options)) {
    this.mm = mm;
    this.walker = new VmaIterator(mm.tree, mm.allocations);
  }

  get count(): number {
    return this.mm.mapCount;
  }

  get heapEnd(): number | null {
    return this.mm.brkAddr < 0 ? null : this.mm.brkAddr;
  }

  counters(): MmCounters {
    const { mapCount, totalVm, dataVm, execVm, stackVm, lockedVm, committed } = this.mm;
    return { mapCount, totalVm, dataVm, execVm, stackVm, lockedVm, committed };
  }

  find(addr: number): Vma | null {
    checkBytes('addr', addr);
    assertNoHookRuns();
    return findVma(this.mm, Math.floor(addr / PAGE_SIZE));
  }

  /**
   * The lowest mapping, for a walk that allocates nothing; `nextVma` goes on. A system call in between ends the walk.
   */
  firstVma(): Vma | null {
    assertNoHookRuns();
    return this.walker.set(this.mm.start).next();
  }

  /** The mapping after the one that `firstVma` or `nextVma` gave last. */
  nextVma(): Vma | null {
    return this.walker.mas.next(TOP);
  }

  vmas(): Vma[] {
    const list: Vma[] = [];
    for (let vma = this.firstVma(); vma !== null; vma = this.nextVma()) list.push(vma);
    return list;
  }

  mmap(
    addr: number | null,
    len: number,
    prot: number,
    flags: number,
    file: MmFile | null = null,
    offset = 0,
  ): number | MmErrno {
    if (addr !== null) checkBytes('addr', addr);
    checkBytes('len', len);
    checkBytes('offset', offset);
    assertNoHookRuns();
    return address(mmap(this.mm, addr ?? NO_HINT, len, prot, flags, file, offset));
  }

  munmap(addr: number, len: number): 0 | MmErrno {
    checkRange(addr, len);
    return result(munmap(this.mm, addr, len));
  }

  mprotect(addr: number, len: number, prot: number): 0 | MmErrno {
    checkRange(addr, len);
    return result(mprotect(this.mm, addr, len, prot));
  }

  mremap(addr: number, oldLen: number, newLen: number, flags: number, newAddr = 0): number | MmErrno {
    checkBytes('addr', addr);
    checkBytes('oldLen', oldLen);
    checkBytes('newLen', newLen);
    checkBytes('newAddr', newAddr);
    assertNoHookRuns();
    return address(mremap(this.mm, addr, oldLen, newLen, flags, newAddr));
  }

  madvise(addr: number, len: number, advice: Advice): 0 | MmErrno {
    checkRange(addr, len);
    return result(madvise(this.mm, addr, len, advice));
  }

  mlock(addr: number, len: number, onfault = false): 0 | MmErrno {
    checkRange(addr, len);
    return result(mlock(this.mm, addr, len, onfault));
  }

  munlock(addr: number, len: number): 0 | MmErrno {
    checkRange(addr, len);
    return result(munlock(this.mm, addr, len));
  }

  mlockall(flags: number): 0 | MmErrno {
    assertNoHookRuns();
    return result(mlockall(this.mm, flags));
  }

  munlockall(): 0 | MmErrno {
    assertNoHookRuns();
    return result(munlockall(this.mm));
  }

  mseal(addr: number, len: number): 0 | MmErrno {
    checkRange(addr, len);
    return result(mseal(this.mm, addr, len));
  }

  brk(addr: number): number {
    checkBytes('addr', addr);
    assertNoHookRuns();
    if (this.mm.brkAddr < 0) throw new RangeError('this address space has no heap: give `brkPage` when it is made');
    return brk(this.mm, addr);
  }

  remapFilePages(addr: number, len: number, pgoff: number): 0 | MmErrno {
    checkRange(addr, len);
    checkBytes('pgoff', pgoff);
    return result(remapFilePages(this.mm, addr, len, pgoff));
  }

  touch(addr: number): 0 | MmErrno {
    checkBytes('addr', addr);
    assertNoHookRuns();
    return result(touch(this.mm, addr));
  }

  mbind(addr: number, len: number, policy: number): 0 | MmErrno {
    checkRange(addr, len);
    return result(mbind(this.mm, addr, len, policy));
  }

  uffdRegister(addr: number, len: number, ctx: number): 0 | MmErrno {
    checkRange(addr, len);
    if (!(ctx > 0)) throw new RangeError(`ctx is ${ctx}, not a number from 1 on`);
    return result(uffdRegister(this.mm, addr, len, ctx));
  }

  uffdUnregister(addr: number, len: number): 0 | MmErrno {
    checkRange(addr, len);
    return result(uffdUnregister(this.mm, addr, len));
  }

  setVmaName(addr: number, len: number, name: string | null): 0 | MmErrno {
    checkRange(addr, len);
    return result(setVmaName(this.mm, addr, len, name));
  }

  fork(): AddressSpace {
    const child = this.tryFork();
    if (typeof child === 'string') throw new Error(`${child}: the address space was not forked`);
    return child;
  }

  /** As fork, but answers 'ENOMEM', with nothing changed, if an allocation is made to fail: no user can do that. */
  tryFork(): AddressSpace | 'ENOMEM' {
    assertNoHookRuns();
    const child = new Mm(this.mm.options, this.mm.allocations);
    const error = dupMmap(this.mm, child);
    return error === 0 ? new AddressSpace(this.mm.options, child) : 'ENOMEM';
  }

  exit(): void {
    assertNoHookRuns();
    exitMmap(this.mm);
  }

  validate(): string[] {
    return validateMm(this.mm);
  }

  static resetAfterInterruption(): void {
    resetHooks();
  }
}

/**
 * An address space: what a user of the library holds, one method a system call.
 *
 *     const mm = new AddressSpace({ end: 256 });
 *     mm.mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED)      0, the address
 *     mm.mprotect(4096, 4096, PROT_READ)                                     0
 *
 * Rules that hold here:
 * - Addresses and lengths are bytes, as in the system calls; everything inside counts in pages.
 * - What a call answers is 0, an address, or the name of an error. A failed call changes nothing but what the kernel's
 *   call would: what came before the error in a range, a split at the start of a range that was not removed.
 * - A mapping given out is the live object: it changes with later calls.
 */
import { brk } from './brk';
import { errnoName, type MmErrno } from './errno';
import { touch } from './fault';
import type { MmFile } from './file';
import { dupMmap, exitMmap } from './fork';
import { type Advice, madvise } from './madvise';
import { mbind } from './mempolicy';
import { mlock, mlockall, munlock, munlockall } from './mlock';
import { type AddressSpaceOptions, findVma, Mm, PAGE_SIZE } from './mm';
import { mmap } from './mmap';
import { mprotect } from './mprotect';
import { mremap } from './mremap';
import { mseal } from './mseal';
import { munmap } from './munmap';
import { remapFilePages } from './remap-file-pages';
import { NO_HINT } from './unmapped-area';
import { uffdRegister, uffdUnregister } from './userfaultfd';
import type { Vma } from './vma';
import { TOP, VmaIterator } from './vma-iterator';
import { setVmaName } from './vma-name';

/** 0 or the name of an error. */
export type MmResult = 0 | MmErrno;
/** An address in bytes, or the name of an error. */
export type AddressResult = number | MmErrno;

function result(value: number): MmResult {
  return value === 0 ? 0 : errnoName(value);
}

function address(value: number): AddressResult {
  return value < 0 ? errnoName(value) : value * PAGE_SIZE;
}

function checkBytes(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(`${name} is ${value}, not an integer from 0 to 2^53 - 1`);
}

function checkRange(addr: number, len: number): void {
  checkBytes('addr', addr);
  checkBytes('len', len);
}

export class AddressSpace {
  /** The state that the system calls work on; for checks, tests and reports. */
  readonly mm: Mm;
  private readonly walker: VmaIterator;

  constructor(options: AddressSpaceOptions, mm = new Mm(options)) {
    this.mm = mm;
    this.walker = new VmaIterator(mm.tree, mm.allocations);
  }

  /** How many mappings there are. */
  get count(): number {
    return this.mm.mapCount;
  }

  /** The break in bytes, or null in a space without a heap. */
  get heapEnd(): number | null {
    return this.mm.brk < 0 ? null : this.mm.brk;
  }

  /** The mapping that contains the address, or the first one above it; null if there is none. */
  find(addr: number): Vma | null {
    return findVma(this.mm, Math.floor(addr / PAGE_SIZE));
  }

  /** The lowest mapping, for a walk that allocates nothing; `nextVma` goes on. A system call in between ends the walk. */
  firstVma(): Vma | null {
    return this.walker.set(this.mm.start).next();
  }

  /** The mapping after the one that `firstVma` or `nextVma` gave last. */
  nextVma(): Vma | null {
    return this.walker.mas.next(TOP);
  }

  /** All mappings in ascending order. */
  vmas(): Vma[] {
    const list: Vma[] = [];
    for (let vma = this.firstVma(); vma !== null; vma = this.nextVma()) list.push(vma);
    return list;
  }

  /** `addr` is a hint unless fixed; null: there is none. The address. */
  mmap(
    addr: number | null,
    len: number,
    prot: number,
    flags: number,
    file: MmFile | null = null,
    offset = 0,
  ): AddressResult {
    if (addr !== null) checkBytes('addr', addr);
    checkBytes('len', len);
    checkBytes('offset', offset);
    return address(mmap(this.mm, addr ?? NO_HINT, len, prot, flags, file, offset));
  }

  munmap(addr: number, len: number): MmResult {
    checkRange(addr, len);
    return result(munmap(this.mm, addr, len));
  }

  mprotect(addr: number, len: number, prot: number): MmResult {
    checkRange(addr, len);
    return result(mprotect(this.mm, addr, len, prot));
  }

  /** `newAddr` counts only with MREMAP_FIXED or MREMAP_DONTUNMAP. The address. */
  mremap(addr: number, oldLen: number, newLen: number, flags: number, newAddr = 0): AddressResult {
    checkRange(addr, oldLen);
    checkRange(newAddr, newLen);
    return address(mremap(this.mm, addr, oldLen, newLen, flags, newAddr));
  }

  madvise(addr: number, len: number, advice: Advice): MmResult {
    checkRange(addr, len);
    return result(madvise(this.mm, addr, len, advice));
  }

  mlock(addr: number, len: number, onfault = false): MmResult {
    checkRange(addr, len);
    return result(mlock(this.mm, addr, len, onfault));
  }

  munlock(addr: number, len: number): MmResult {
    checkRange(addr, len);
    return result(munlock(this.mm, addr, len));
  }

  mlockall(flags: number): MmResult {
    return result(mlockall(this.mm, flags));
  }

  munlockall(): MmResult {
    return result(munlockall(this.mm));
  }

  mseal(addr: number, len: number): MmResult {
    checkRange(addr, len);
    return result(mseal(this.mm, addr, len));
  }

  /** The new break in bytes; what it is afterwards is the answer. Only for a space with a heap. */
  brk(addr: number): number {
    checkBytes('addr', addr);
    if (this.mm.brk < 0) throw new RangeError('this address space has no heap: give `brk` when it is made');
    return brk(this.mm, addr);
  }

  /** `pgoff` is in pages. */
  remapFilePages(addr: number, len: number, pgoff: number): MmResult {
    checkRange(addr, len);
    checkBytes('pgoff', pgoff);
    return result(remapFilePages(this.mm, addr, len, pgoff));
  }

  /** One write access, which may grow a stack. */
  touch(addr: number): MmResult {
    checkBytes('addr', addr);
    return result(touch(this.mm, addr));
  }

  /** `policy` 0 is the default one. */
  mbind(addr: number, len: number, policy: number): MmResult {
    checkRange(addr, len);
    return result(mbind(this.mm, addr, len, policy));
  }

  /** `ctx` from 1 on. */
  uffdRegister(addr: number, len: number, ctx: number): MmResult {
    checkRange(addr, len);
    return result(uffdRegister(this.mm, addr, len, ctx));
  }

  uffdUnregister(addr: number, len: number): MmResult {
    checkRange(addr, len);
    return result(uffdUnregister(this.mm, addr, len));
  }

  /** null takes the name away. */
  setVmaName(addr: number, len: number, name: string | null): MmResult {
    checkRange(addr, len);
    return result(setVmaName(this.mm, addr, len, name));
  }

  /** The child's copy-on-write copy, or "ENOMEM" with nothing changed. Both live on. */
  fork(): AddressSpace | MmErrno {
    const child = new Mm(this.mm.options, this.mm.allocations);
    const error = dupMmap(this.mm, child);
    return error === 0 ? new AddressSpace(this.mm.options, child) : errnoName(error);
  }

  /** The process ends: all mappings are closed. */
  exit(): void {
    exitMmap(this.mm);
  }
}

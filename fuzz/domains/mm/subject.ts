/**
 * What an address space in this process looks like to the fuzzer: one method an operation, plain values in and out. See
 * tree/subject.ts.
 */
import type { Subject } from '../../format/subject';
import type { MmDump, Ret } from '../../format/types';

/** An address space: addresses in bytes from the window's start. Flags and prot are the format's words. */
export interface MmSubject extends Subject {
  mmap(addr: number, len: number, prot: string, flags: readonly string[], file: string | null, offset: number): Ret;
  munmap(addr: number, len: number): Ret;
  mprotect(addr: number, len: number, prot: string): Ret;
  mremap(addr: number, oldLen: number, newLen: number, flags: readonly string[], newAddr: number): Ret;
  madvise(addr: number, len: number, advice: string): Ret;
  mlock(addr: number, len: number, onfault: boolean): Ret;
  munlock(addr: number, len: number): Ret;
  mlockall(flags: readonly string[]): Ret;
  munlockall(): Ret;
  mseal(addr: number, len: number): Ret;
  brk(addr: number): Ret;
  remapFilePages(addr: number, len: number, pgoff: number): Ret;
  touch(addr: number): Ret;
  fork(): Ret;
  mbind(addr: number, len: number, policy: number): Ret;
  uffdRegister(addr: number, len: number, ctx: number): Ret;
  uffdUnregister(addr: number, len: number): Ret;
  setVmaName(addr: number, len: number, name: string | null): Ret;
  dump(): MmDump;
}

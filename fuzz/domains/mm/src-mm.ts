/**
 * src's address space as a subject: the format's words in, its answers out.
 *
 * Rules that hold here:
 * - `fork` goes on in the child; the parent ends, so that files and anon_vmas are held by what is in the window alone.
 * - The lockstep compares without a dump: `firstVma` and `nextVma` walk the live mappings (in pages), `mm` has the
 *   counters.
 * - Files are made once for a sequence, and stay the same objects over a fork.
 */
import { AddressSpace } from '../../../src/mm/address-space';
import type { AddressSpaceOptions, Advice } from '../../../src/mm/api';
import { type MmFile, standardFile } from '../../../src/mm/file';
import type { Mm } from '../../../src/mm/mm';
import {
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MCL_CURRENT,
  MCL_FUTURE,
  MCL_ONFAULT,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
} from '../../../src/mm/mman';
import { flagCodes, VM_EXEC, VM_READ, VM_WRITE } from '../../../src/mm/vm-flags';
import type { Vma } from '../../../src/mm/vma';
import { type Counters, type DumpVma, type MmDump, PAGE, type Ret } from '../../format/types';
import type { MmHeader } from './header';
import type { MmSubject } from './subject';

const MAP_FLAGS: Readonly<Record<string, number>> = {
  private: MAP_PRIVATE,
  shared: MAP_SHARED,
  fixed: MAP_FIXED,
  fixed_noreplace: MAP_FIXED_NOREPLACE,
  growsdown: MAP_GROWSDOWN,
  locked: MAP_LOCKED,
  noreserve: MAP_NORESERVE,
  populate: MAP_POPULATE,
};
const MREMAP_FLAGS: Readonly<Record<string, number>> = {
  maymove: MREMAP_MAYMOVE,
  fixed: MREMAP_FIXED,
  dontunmap: MREMAP_DONTUNMAP,
};
const MCL_FLAGS: Readonly<Record<string, number>> = {
  current: MCL_CURRENT,
  future: MCL_FUTURE,
  onfault: MCL_ONFAULT,
};

function flagBits(words: readonly string[], table: Readonly<Record<string, number>>): number {
  let bits = 0;
  for (const word of words) bits |= table[word];
  return bits;
}

/** "rw-" as bits. */
function protBits(prot: string): number {
  return (prot[0] === 'r' ? VM_READ : 0) | (prot[1] === 'w' ? VM_WRITE : 0) | (prot[2] === 'x' ? VM_EXEC : 0);
}

function spaceOptions(header: MmHeader): AddressSpaceOptions {
  return {
    endPage: header.pages,
    kernel: header.kernel === '6.12' ? '6.12' : '6.18',
    topDown: header.bottom_up !== true,
    ...(header.brk === undefined ? {} : { brkPage: header.brk }),
    ...(header.max_map_count === undefined ? {} : { maxMapCount: header.max_map_count }),
    ...(header.memlock === undefined ? {} : { memlockPages: header.memlock }),
    ...(header.slots === undefined ? {} : { leafSlots: header.slots[0], innerSlots: header.slots[1] }),
  };
}

function dumpVma(vma: Vma): DumpVma {
  const file = vma.file === null ? null : vma.file.name;
  return {
    start: vma.start * PAGE,
    end: vma.end * PAGE,
    flags: flagCodes(vma.flags),
    file,
    pgoff: file === null ? 0 : vma.pgoff,
    ...(vma.policy === 0 ? {} : { policy: vma.policy }),
    ...(vma.uffdCtx === 0 ? {} : { uffd: vma.uffdCtx }),
    ...(vma.name === null ? {} : { name: vma.name }),
  };
}

export class SrcMm implements MmSubject {
  private space: AddressSpace;
  private readonly showCounters: boolean;
  private readonly files = new Map<string, MmFile>();

  constructor(header: MmHeader) {
    this.space = new AddressSpace(spaceOptions(header));
    this.showCounters = header.counters === true;
  }

  /** src's address space from inside; another object after a fork. */
  get mm(): Mm {
    return this.space.mm;
  }

  /** How many mappings there are. */
  get count(): number {
    return this.space.count;
  }

  /** The break in bytes, or null without a heap. */
  get heapEnd(): number | null {
    return this.space.heapEnd;
  }

  /** The lowest mapping, in pages; `nextVma` goes on. An operation in between ends the walk. */
  firstVma(): Vma | null {
    return this.space.firstVma();
  }

  nextVma(): Vma | null {
    return this.space.nextVma();
  }

  mmap(addr: number, len: number, prot: string, flags: readonly string[], file: string | null, offset: number): Ret {
    const mapped = file === null ? null : this.file(file);
    return this.done(this.space.mmap(addr, len, protBits(prot), flagBits(flags, MAP_FLAGS), mapped, offset));
  }

  munmap(addr: number, len: number): Ret {
    return this.done(this.space.munmap(addr, len));
  }

  mprotect(addr: number, len: number, prot: string): Ret {
    return this.done(this.space.mprotect(addr, len, protBits(prot)));
  }

  mremap(addr: number, oldLen: number, newLen: number, flags: readonly string[], newAddr: number): Ret {
    return this.done(this.space.mremap(addr, oldLen, newLen, flagBits(flags, MREMAP_FLAGS), newAddr));
  }

  madvise(addr: number, len: number, advice: string): Ret {
    return this.done(this.space.madvise(addr, len, advice as Advice));
  }

  mlock(addr: number, len: number, onfault: boolean): Ret {
    return this.done(this.space.mlock(addr, len, onfault));
  }

  munlock(addr: number, len: number): Ret {
    return this.done(this.space.munlock(addr, len));
  }

  mlockall(flags: readonly string[]): Ret {
    return this.done(this.space.mlockall(flagBits(flags, MCL_FLAGS)));
  }

  munlockall(): Ret {
    return this.done(this.space.munlockall());
  }

  mseal(addr: number, len: number): Ret {
    return this.done(this.space.mseal(addr, len));
  }

  brk(addr: number): Ret {
    return this.done(this.space.brk(addr));
  }

  remapFilePages(addr: number, len: number, pgoff: number): Ret {
    return this.done(this.space.remapFilePages(addr, len, pgoff));
  }

  touch(addr: number): Ret {
    return this.done(this.space.touch(addr));
  }

  fork(): Ret {
    const child = this.space.tryFork();
    if (typeof child === 'string') return this.done(child);
    this.space.exit();
    this.space = child;
    return this.done(0);
  }

  mbind(addr: number, len: number, policy: number): Ret {
    return this.done(this.space.mbind(addr, len, policy));
  }

  uffdRegister(addr: number, len: number, ctx: number): Ret {
    return this.done(this.space.uffdRegister(addr, len, ctx));
  }

  uffdUnregister(addr: number, len: number): Ret {
    return this.done(this.space.uffdUnregister(addr, len));
  }

  setVmaName(addr: number, len: number, name: string | null): Ret {
    return this.done(this.space.setVmaName(addr, len, name));
  }

  dump(): MmDump {
    const vmas: DumpVma[] = [];
    for (let vma = this.firstVma(); vma !== null; vma = this.nextVma()) vmas.push(dumpVma(vma));
    const shown = { vmas, brk: this.heapEnd };
    return this.showCounters ? { ...shown, counters: this.counters() } : shown;
  }

  /** The counters as src keeps them, not recounted. */
  counters(): Counters {
    const { mm } = this;
    const open: Record<string, number> = {};
    for (const name of [...this.files.keys()].sort()) {
      const file = this.files.get(name)!;
      if (file.mapped) open[name] = file.references;
    }
    return {
      map_count: mm.mapCount,
      total_vm: mm.totalVm,
      data_vm: mm.dataVm,
      exec_vm: mm.execVm,
      stack_vm: mm.stackVm,
      locked_vm: mm.lockedVm,
      committed: mm.committed,
      open,
    };
  }

  failAllocation(n: number): void {
    this.mm.allocations.failAt(n);
  }

  /** Every file that an operation has named in this sequence, mapped or not. */
  get knownFiles(): Iterable<MmFile> {
    return this.files.values();
  }

  private file(name: string): MmFile {
    let file = this.files.get(name);
    if (file === undefined) {
      file = standardFile(name);
      this.files.set(name, file);
    }
    return file;
  }

  /** A failure that did not come is called off. */
  private done<T extends Ret>(answer: T): T {
    this.mm.allocations.callOff();
    return answer;
  }
}

/**
 * Which handler a call has. A call without one is kept out; whether that matters is told by effects.ts.
 */
import { hasBit, numberOf } from '../arguments';
import { BITS } from '../names';
import { FILE_CALLS } from './files';
import { ENDED, failedBeyond, type Handler, lose, NO_CHANGE, NOT_UNDERSTOOD } from './handler';
import { brk, mapShadowStack, mmap, mremap, words } from './mapping';
import {
  ioctl,
  madvise,
  mbind,
  mlock,
  mprotect,
  mseal,
  munlock,
  munmap,
  prctl,
  processMadvise,
  remapFilePages,
} from './ranges';
import { ioDestroy, ioSetup, shmat, shmctl, shmdt, shmget } from './shared';

const MLOCKALL_WORDS: readonly (readonly [number, string])[] = [
  [BITS.mlockall.MCL_CURRENT, 'current'],
  [BITS.mlockall.MCL_FUTURE, 'future'],
  [BITS.mlockall.MCL_ONFAULT, 'onfault'],
];

const mlockall: Handler = ({ space, args, result }) => {
  const bits = numberOf(args[0], 'mlockall');
  if (bits === null) return NOT_UNDERSTOOD;
  if (result.kind !== 'value') return result.kind === 'error' ? failedBeyond(result.errno) : ENDED;
  space.push({ op: 'mlockall', flags: words(bits, MLOCKALL_WORDS) }, 0);
  return null;
};

const munlockall: Handler = ({ space, result }) => {
  if (result.kind !== 'value') return ENDED;
  space.push({ op: 'munlockall' }, 0);
  return null;
};

const archPrctl: Handler = ({ args }) => {
  const option = numberOf(args[0], 'archPrctl');
  return Object.values<number | null>(BITS.archPrctl).includes(option)
    ? lose('the log does not show what it maps')
    : NO_CHANGE;
};

/** A question has all bits set. */
const QUESTION = 0xffffffff;
const READ_IMPLIES_EXEC = 0x400000;

const personality: Handler = ({ args }) => {
  const bits = numberOf(args[0]);
  const isSet =
    bits === null ? /READ_IMPLIES_EXEC/.test(args[0] ?? '') : bits !== QUESTION && hasBit(bits, READ_IMPLIES_EXEC);
  return isSet ? lose('READ_IMPLIES_EXEC') : NO_CHANGE;
};

/** All calls on memory of a 32-bit system by one number. */
const ipc: Handler = ({ args }) => (/^(?:SHM(?:AT|DT)|2[12])$/.test(args[0] ?? '') ? NOT_UNDERSTOOD : NO_CHANGE);

const changesNothing: Handler = () => NO_CHANGE;

export const HANDLERS: Readonly<Record<string, Handler>> = {
  mmap,
  mmap2: mmap,
  old_mmap: mmap,
  mmap_pgoff: mmap,
  munmap,
  mprotect,
  pkey_mprotect: mprotect,
  mremap,
  madvise,
  process_madvise: processMadvise,
  mlock,
  mlock2: mlock,
  munlock,
  mlockall,
  munlockall,
  mseal,
  brk,
  remap_file_pages: remapFilePages,
  map_shadow_stack: mapShadowStack,
  mbind,
  prctl,
  arch_prctl: archPrctl,
  personality,
  ioctl,
  ipc,
  shmget,
  shmctl,
  shmat,
  shmdt,
  io_setup: ioSetup,
  io_destroy: ioDestroy,
  ...FILE_CALLS,
  msync: changesNothing,
  mincore: changesNothing,
  membarrier: changesNothing,
  get_mempolicy: changesNothing,
  set_mempolicy: changesNothing,
  migrate_pages: changesNothing,
  move_pages: changesNothing,
};

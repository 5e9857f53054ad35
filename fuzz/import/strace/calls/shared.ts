/**
 * System V shared memory and the rings of asynchronous input and output: mapped by calls that do not say how long.
 *
 *     shmget(IPC_PRIVATE, 20480, …) = 7      the length belongs to the id
 *     shmat(7, NULL, 0) = 0x7f0000000000     a shared mapping with a file of its own
 *     shmdt(0x7f0000000000) = 0              removes what is left of it, in one piece or several
 */
import { PAGE } from '../../../format/types';
import { addressOf, fieldsOf, hasBit, numberOf } from '../arguments';
import { BITS } from '../names';
import { ANONYMOUS, type Space } from '../space';
import { ENDED, failedBeyond, type Handler, lose, NOT_UNDERSTOOD, type Outcome, type Seen, skip } from './handler';

const NO_CHANGE_BY_ITSELF = skip('changes no mapping by itself');
const roundUp = (length: number): number => Math.ceil(length / PAGE) * PAGE;

export const shmget: Handler = ({ log, args, result }) => {
  const len = numberOf(args[1]);
  if (result.kind === 'value' && len !== null) {
    log.segments.set(result.value, Math.max(len, log.segments.get(result.value) ?? 0));
  }
  return NO_CHANGE_BY_ITSELF;
};

export const shmctl: Handler = ({ log, args, result }) => {
  const len = numberOf(fieldsOf(args[2])?.get('shm_segsz'));
  const id = numberOf(args[0]);
  if (result.kind === 'value' && id !== null && len !== null) log.segments.set(id, len);
  return NO_CHANGE_BY_ITSELF;
};

/** Maps something that is removed as a whole later. */
function attach(space: Space, addr: number, len: number, prot: string): void {
  const attachment = { addr, len };
  space.attachments.set(addr, attachment);
  const flags = ['shared', ...(space.isFree(addr, len) ? [] : ['fixed'])];
  space.push({ op: 'mmap', addr, len, prot, flags, file: null, offset: 0 }, addr);
  space.map(addr, len, { ...ANONYMOUS, attachment });
}

export const shmat: Handler = ({ log, space, args, result }) => {
  if (result.kind !== 'value') return result.kind === 'error' ? failedBeyond(result.errno) : ENDED;
  const [id, flags] = [numberOf(args[0]), numberOf(args[2], 'shm')];
  if (id === null || flags === null) return NOT_UNDERSTOOD;
  const len = log.segments.get(id) ?? 0;
  if (len === 0) return lose('the log does not show how long it is (trace shmget too)');
  const [write, exec] = [!hasBit(flags, BITS.shm.SHM_RDONLY), hasBit(flags, BITS.shm.SHM_EXEC)];
  attach(space, result.value, roundUp(len), `r${write ? 'w' : '-'}${exec ? 'x' : '-'}`);
  return null;
};

/** Pieces that were moved away stay, and so does what came in the place of others. */
function detachAt(space: Space, addr: number): Outcome {
  const attachment = space.attachments.get(addr);
  if (attachment === undefined) return lose('what it removes was mapped before the log began');
  space.detach(attachment);
  return null;
}

export const shmdt: Handler = ({ space, args, result }) => {
  if (result.kind !== 'value') return result.kind === 'error' ? failedBeyond(result.errno) : ENDED;
  const addr = addressOf(args[0]);
  return addr === null ? NOT_UNDERSTOOD : detachAt(space, addr);
};

/** One for each event, and a head; the kernel doubles what is asked for, and adds two. */
const RING_EVENT = 32;
/** The kernel asks for no fewer than four for each processor, of which no machine has more than this. */
const CERTAIN_EVENTS = 4096;

export const ioSetup: Handler = ({ space, args, result }: Seen) => {
  if (result.kind !== 'value') return result.kind === 'error' ? failedBeyond(result.errno) : ENDED;
  const events = numberOf(args[0]);
  const addr = addressOf(/^\[(.*)\]$/.exec(args[1] ?? '')?.[1]);
  if (events === null || addr === null) return NOT_UNDERSTOOD;
  if (events < CERTAIN_EVENTS) return lose('the length of the ring depends on the number of processors');
  attach(space, addr, roundUp(RING_EVENT * (2 * events + 3)), 'rw-');
  return null;
};

export const ioDestroy: Handler = ({ space, args, result }: Seen) => {
  if (result.kind !== 'value') return result.kind === 'error' ? failedBeyond(result.errno) : ENDED;
  const addr = addressOf(args[0]);
  return addr === null ? NOT_UNDERSTOOD : detachAt(space, addr);
};

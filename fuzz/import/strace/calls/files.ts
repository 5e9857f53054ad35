/**
 * Calls that say what a file descriptor means. They change no mapping, and are in the log only if it traces more than
 * memory.
 */
import { descriptorOf, numberOf, quotedOf, type Result } from '../arguments';
import { type Handler, NO_CHANGE, type Seen } from './handler';
import { closeContext } from './ranges';

const made = (result: Result): number | null => (result.kind === 'value' ? result.value : null);

/** Opened by path, from the argument at a place. With -y the path stands with each use, and is absolute there. */
const opensPath =
  (place: number): Handler =>
  ({ descriptors, args, result }: Seen) => {
    const [fd, path] = [made(result), quotedOf(args[place])];
    if (fd !== null && path !== null && !path.cut) descriptors.open(fd, path.text);
    else if (fd !== null) descriptors.close(fd);
    return NO_CHANGE;
  };

const memfdCreate: Handler = ({ descriptors, args, result }) => {
  const fd = made(result);
  if (fd !== null) descriptors.create(fd, quotedOf(args[0])?.text ?? '');
  return NO_CHANGE;
};

const close: Handler = ({ space, descriptors, args, result }) => {
  const { fd } = descriptorOf(args[0]);
  if (made(result) === null || fd < 0) return NO_CHANGE;
  descriptors.close(fd);
  closeContext(space, fd);
  return NO_CHANGE;
};

const duplicate: Handler = ({ descriptors, args, result }) => {
  const to = made(result);
  if (to !== null) descriptors.duplicate(descriptorOf(args[0]).fd, to);
  return NO_CHANGE;
};

const fcntl: Handler = (seen) => (/^F_DUPFD/.test(seen.args[1] ?? '') ? duplicate(seen) : NO_CHANGE);

/** Sockets, pipes and the like take a number that had another meaning. */
const opensOther: Handler = ({ descriptors, result }) => {
  const fd = made(result);
  if (fd !== null) descriptors.close(fd);
  return NO_CHANGE;
};

const closeRange: Handler = ({ space, descriptors, args, result }) => {
  const [from, to] = [numberOf(args[0]), numberOf(args[1])];
  if (made(result) === null || from === null || to === null || args[2]?.includes('CLOEXEC')) return NO_CHANGE;
  descriptors.closeRange(from, to);
  for (const fd of [...space.contexts.keys()]) if (fd >= from && fd <= to) closeContext(space, fd);
  return NO_CHANGE;
};

export const FILE_CALLS: Readonly<Record<string, Handler>> = {
  open: opensPath(0),
  creat: opensPath(0),
  openat: opensPath(1),
  openat2: opensPath(1),
  memfd_create: memfdCreate,
  memfd_secret: memfdCreate,
  close,
  close_range: closeRange,
  dup: duplicate,
  dup2: duplicate,
  dup3: duplicate,
  fcntl,
  fcntl64: fcntl,
  socket: opensOther,
  accept: opensOther,
  accept4: opensOther,
  eventfd: opensOther,
  eventfd2: opensOther,
  epoll_create: opensOther,
  epoll_create1: opensOther,
  timerfd_create: opensOther,
  inotify_init1: opensOther,
  userfaultfd: opensOther,
};

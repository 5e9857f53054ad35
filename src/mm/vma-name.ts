/**
 * Names of anonymous memory (prctl PR_SET_VMA_ANON_NAME).
 *
 * Rules that hold here:
 * - Only anonymous memory can have one, shared or not: EBADF for a file, with what came before named.
 * - Holes are skipped, and make the answer ENOMEM at the end. Want of memory is EAGAIN.
 * - The space counts its names: one for each mapping that has one.
 */
import { EAGAIN, EBADF, EINVAL, ENOMEM } from './errno';
import { madviseWalkVmas, walk } from './madvise';
import { type Mm, PAGE_SIZE } from './mm';
import { vmaModifyName } from './modify';
import { type Vma, vmaIsNameless } from './vma';

const NAME_MAX = 79;
/** Printable, and nothing that would spoil a listing. */
const NAME = /^[\x20-\x7e]*$/;
const SPOILING = /[\\`$[\]]/;

function replaceName(mm: Mm, vma: Vma, name: string | null): void {
  if (vma.name !== null) mm.nameReferences--;
  vma.name = name;
  if (name !== null) mm.nameReferences++;
}

/** Names [start, end) of the mapping at hand. */
function nameVma(mm: Mm, start: number, end: number, name: string | null): number {
  const vma = walk.vma!;
  if (!vmaIsNameless(vma)) return -EBADF;
  if (vma.name === name) return 0;
  const changed = vmaModifyName(mm, mm.vmi.set(start), walk.prev, vma, start, end, name);
  if (changed === null) return mm.modifyError === -ENOMEM ? -EAGAIN : mm.modifyError;
  replaceName(mm, changed, name);
  walk.vma = changed;
  return 0;
}

/** Bytes; null takes the name away. 0 or a negative errno. */
export function setVmaName(mm: Mm, addr: number, len: number, name: string | null): number {
  if (name !== null && (name.length > NAME_MAX || !NAME.test(name) || SPOILING.test(name))) return -EINVAL;
  if (addr % PAGE_SIZE !== 0) return -EINVAL;
  if (len === 0) return 0;
  const start = addr / PAGE_SIZE;
  return madviseWalkVmas(mm, start, start + Math.ceil(len / PAGE_SIZE), nameVma, name);
}

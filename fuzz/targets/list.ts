/**
 * What `--target` names: implementations of this process, the live kernel, commands.
 *
 *     src,oracle,kernel,linux:~/linux asan,./my-driver --flag
 *     |   what the subject is compared with
 *     the subject
 */

import { CommandLineError, splitCommand, splitList } from '../base/shell-words';
import { domainOf } from '../domains';
import type { SubjectName } from '../domains/domain';
import type { Implementation } from './in-process';
import { buildHelper } from './kernel/build';
import { linuxCommand } from './linux/build';

/** An implementation of this process. A target is the value, not its name: another one is one more value. */
export interface InsideTarget extends Implementation {
  readonly kind: 'inside';
}

/** A program on the wire: a command, or one that is built from sources when it is needed. */
export interface OutsideTarget {
  readonly kind: 'outside';
  /** As the user wrote it; what print-outs call it. */
  readonly name: string;
  /** Whether it is a Linux kernel, whose version explains some differences. */
  readonly isKernel: boolean;
  /** The program and its arguments, built now if need be. @throws TargetStartError, one line. */
  words(): readonly string[];
}

export type Target = InsideTarget | OutsideTarget;

export const KERNEL = 'kernel';

function ours(name: SubjectName): InsideTarget {
  return { kind: 'inside', name, make: (header) => domainOf(header).subjects[name](header) };
}

/** The optimized implementation, and the naive one. */
export const SRC: InsideTarget = ours('src');
export const ORACLE: InsideTarget = ours('oracle');

const INSIDE: readonly InsideTarget[] = [SRC, ORACLE];

/** Behind it stand a Linux tree and words: see fuzz/targets/linux. */
const LINUX = 'linux:';

function outside(name: string): OutsideTarget {
  if (name === KERNEL) return { kind: 'outside', name, isKernel: true, words: () => [buildHelper()] };
  if (name.startsWith(LINUX)) {
    return { kind: 'outside', name, isKernel: true, words: () => linuxCommand(name.slice(LINUX.length)) };
  }
  const words = splitCommand(name);
  return { kind: 'outside', name, isKernel: false, words: () => words };
}

/** One target by name. @throws CommandLineError for a command line that cannot be taken apart. */
export function parseTarget(text: string): Target {
  const name = text.trim();
  const inside = INSIDE.find((target) => target.name === name);
  return inside ?? outside(name);
}

/**
 * A list of targets; the first is the subject. A command that comes twice is told apart by a number: `./driver#2`.
 * @throws CommandLineError as parseTarget, for an implementation of this process that comes twice, and for less than
 * two.
 */
export function parseTargets(text: string): Target[] {
  const seen = new Map<string, number>();
  const items = splitList(text);
  if (items.length < 2) throw new CommandLineError('at least two are needed, a subject and what it is compared with');
  return items.map((item) => {
    const target = parseTarget(item);
    const count = (seen.get(target.name) ?? 0) + 1;
    seen.set(target.name, count);
    if (count === 1) return target;
    if (target.kind === 'inside')
      throw new CommandLineError(`${target.name} comes twice: it would be compared with itself`);
    return { ...target, name: `${target.name}#${count}` };
  });
}

/** Whether the list is src and oracle, in this order: then nothing has to be started. */
export function isDefaultPair(targets: readonly Target[]): boolean {
  return targets.length === 2 && targets[0] === SRC && targets[1] === ORACLE;
}

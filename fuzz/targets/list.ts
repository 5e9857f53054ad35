/**
 * What `--target` names: implementations of this process, the live kernel, commands.
 *
 *     src,oracle,kernel,./my-driver --flag
 *     |   judges: they say whether the subject is right
 *     the subject
 */

import { CommandLineError, splitCommand, splitList } from '../base/shell-words';
import { isInProcess } from './in-process';

export interface InsideTarget {
  readonly kind: 'inside';
  readonly name: 'src' | 'oracle';
}

/** A program on the wire; the kernel is one whose program we build ourselves. */
export interface OutsideTarget {
  readonly kind: 'outside';
  /** As the user wrote it; what print-outs call it. */
  readonly name: string;
  /** The program and its arguments, or null for the kernel's helper. */
  readonly words: readonly string[] | null;
}

export type Target = InsideTarget | OutsideTarget;

export const KERNEL = 'kernel';

/** One target by name. @throws CommandLineError for a command line that cannot be taken apart. */
export function parseTarget(text: string): Target {
  const name = text.trim();
  if (isInProcess(name)) return { kind: 'inside', name };
  return { kind: 'outside', name, words: name === KERNEL ? null : splitCommand(name) };
}

/**
 * A list of targets; the first is the subject. A command that comes twice is told apart by a number: `./driver#2`.
 * @throws CommandLineError as parseTarget, for an implementation of this process that comes twice, and for less than two.
 */
export function parseTargets(text: string): Target[] {
  const seen = new Map<string, number>();
  const items = splitList(text);
  if (items.length < 2) throw new CommandLineError('at least two are needed, a subject and a judge');
  return items.map((item) => {
    const target = parseTarget(item);
    const count = (seen.get(target.name) ?? 0) + 1;
    seen.set(target.name, count);
    if (count === 1) return target;
    if (target.kind === 'inside') throw new CommandLineError(`${target.name} comes twice: it would judge itself`);
    return { ...target, name: `${target.name}#${count}` };
  });
}

/** Whether the list is served by this process alone, so that nothing has to be started. */
export function isDefaultPair(targets: readonly Target[]): boolean {
  return targets.length === 2 && targets[0].name === 'src' && targets[1].name === 'oracle';
}

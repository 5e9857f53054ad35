/**
 * For tests of what an interruption leaves behind: work that is ended for good in the middle, at one place after
 * another.
 *
 * A timeout of the engine ends a function anywhere, and runs no `finally`; that cannot be repeated at will. What comes
 * close is an exception out of the functions that the code under test calls, for it catches none.
 */

class Interruption extends Error {}

type Method = (...args: unknown[]) => unknown;

/** The methods of a class, its accessors and constructor left out. */
function methodsOf(prototype: object): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
    .map(([name]) => name);
}

/** Runs `work`, but ends it when it comes to the `k`-th call of any method of these classes. Whether it was ended. */
export function interruptAt(k: number, prototypes: readonly object[], work: () => void): boolean {
  let left = k;
  const restore: (() => void)[] = [];
  for (const prototype of prototypes as readonly Record<string, Method>[]) {
    for (const name of methodsOf(prototype)) {
      const method = prototype[name];
      restore.push(() => {
        prototype[name] = method;
      });
      prototype[name] = function (this: unknown, ...args: unknown[]): unknown {
        if (--left === 0) throw new Interruption();
        return method.apply(this, args);
      };
    }
  }
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof Interruption) return true;
    throw error;
  } finally {
    for (const undo of restore) undo();
  }
}

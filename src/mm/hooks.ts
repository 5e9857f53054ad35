/**
 * Whether a hook of a file runs, which is to say: whether code of users runs inside of an operation.
 *
 *     space.mmap -> ... -> enterHook -> the hook -> any operation of any space -> refused
 *                          leaveHook <-
 *
 * Operations of all address spaces share scratch objects (`request` and `map` of mmap.ts, `vrm` of mremap.ts, and
 * more), so none may begin while another one is under way. There is one way to begin one then: from a hook.
 *
 * Rules that hold here:
 * - A hook that throws has left: what calls hooks does so in a `finally`.
 * - A hook that the engine ends for good, as a timeout of node:vm does, has not left: no `finally` runs then. The code
 *   that set the timeout calls `resetHooks`.
 * - No other scratch needs a reset. Every operation sets all that it reads, wherever an earlier one ended.
 */

let running = false;

/** Throws if a hook runs. Each operation of an address space asks first. */
export function assertNoHookRuns(): void {
  if (running) refuse();
}

function refuse(): never {
  throw new Error(
    'a hook of a file called into an address space: no operation may begin while another one is under way',
  );
}

export function enterHook(): void {
  running = true;
}

export function leaveHook(): void {
  running = false;
}

/** After a hook was ended from outside: none runs. */
export function resetHooks(): void {
  running = false;
}

/**
 * What src says of itself while an operation runs: broken debug assertions, and exceptions.
 *
 * The hook is on only while src is at work, so that neither the checks nor the oracle leave events behind. The first
 * broken assertion of a step counts; later ones are often its consequences.
 */
import { debug } from '../../src/debug';

export class Watch {
  /** The first assertion that broke in this step, or null. */
  rule: string | null = null;
  detail = '';

  private readonly onWarn = (rule: string, detail: string): void => {
    if (this.rule !== null) return;
    this.rule = rule;
    this.detail = detail;
  };

  /** Forgets the assertions and events of the step before: until then they can be read. */
  forget(): void {
    this.rule = null;
    debug.eventCount = 0;
  }

  /** Before src runs. */
  arm(): void {
    this.forget();
    debug.onWarn = this.onWarn;
    debug.on = true;
  }

  /** After src ran. */
  disarm(): void {
    debug.on = false;
    debug.onWarn = null;
  }
}

/** An exception as one screen bears it: the message and the places nearest to it. */
export function describeCrash(who: string, error: unknown): string {
  if (!(error instanceof Error)) return `${who} threw ${String(error)}`;
  const places = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 4)
    .map((line) => `  ${line.trim()}`);
  return [`${who} threw ${error.name}: ${error.message}`, ...places].join('\n');
}

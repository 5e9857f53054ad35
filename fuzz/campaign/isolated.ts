/**
 * Runs a sequence in a process of its own, for findings that take the process along: endless loops and deaths.
 *
 * Slow (a process a run), and used for nothing else.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Difference, RunSequence } from '../lockstep/types';
import { printSequence } from '../sequence/print';
import type { Sequence } from '../sequence/types';
import { nodeFlags } from './worker-process';

const ENTRY = path.join(__dirname, `isolated-main${path.extname(__filename)}`);

/** What the process prints: how far it came, and the difference if there is one. */
export interface IsolatedAnswer {
  readonly difference: Difference | null;
}

/** Runs sequences alone; one that takes longer than `timeoutMs` hangs. */
export function isolatedRun(timeoutMs: number): RunSequence {
  return (sequence) => {
    const child = spawnSync(process.execPath, [...nodeFlags(), ENTRY], {
      input: printSequence(sequence),
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 24,
      encoding: 'utf8',
    });
    if ((child.error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') {
      return atLastStep(sequence, child.stdout, 'hang', `the step did not end within ${timeoutMs / 1000} s`);
    }
    if (child.status === 0)
      return (JSON.parse(child.stdout.slice(child.stdout.indexOf('{'))) as IsolatedAnswer).difference;
    const how = child.signal ?? `exit status ${child.status}`;
    return atLastStep(sequence, child.stdout, 'died', `the process ended with ${how}\n${child.stderr.slice(-600)}`);
  };
}

/** The process printed a dot before each operation: the last is the one that it did not survive. */
function atLastStep(sequence: Sequence, printed: string, rule: 'hang' | 'died', detail: string): Difference {
  const step = (printed.match(/^\.*/)?.[0].length ?? 0) - 1;
  const operation = sequence.operations[step] ?? null;
  return { step, operation, rule, foundBy: rule === 'hang' ? 'hang' : 'crash', detail };
}

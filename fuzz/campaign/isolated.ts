/**
 * Runs a sequence in a process of its own, for findings that take the process along: endless loops and deaths.
 *
 * Slow (a process a run), and used for nothing else.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Difference } from '../lockstep/types';
import type { RunAnywhere } from '../minimize/minimize';
import { printSequence } from '../sequence/print';
import type { Sequence } from '../sequence/types';
import { nodeFlags } from './worker-process';

const ENTRY = path.join(__dirname, `isolated-main${path.extname(__filename)}`);

/** What the process prints: how far it came, and the difference if there is one. */
export interface IsolatedAnswer {
  readonly difference: Difference | null;
}

/** Loading may take long on a busy machine; it is not the sequence's fault. */
const START_LIMIT_MS = 60_000;

/** Runs sequences alone; a step that takes longer than `timeoutMs` hangs. */
export function isolatedRun(timeoutMs: number): RunAnywhere {
  return (sequence) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...nodeFlags(), ENTRY]);
      let printed = '';
      let complaint = '';
      let hung = false;
      const giveUp = (): void => {
        hung = true;
        child.kill('SIGKILL');
      };
      let timer = setTimeout(giveUp, START_LIMIT_MS);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        clearTimeout(timer);
        timer = setTimeout(giveUp, timeoutMs);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint = (complaint + text).slice(-600);
      });
      child.on('error', reject).on('close', (code, signal) => {
        clearTimeout(timer);
        if (printed === '') reject(new Error(`a process to run the sequence in cannot be started: ${complaint}`));
        else if (hung)
          resolve(atLastStep(sequence, printed, 'hang', `the step did not end within ${timeoutMs / 1000} s`));
        else if (code === 0) resolve((JSON.parse(printed.slice(printed.indexOf('{'))) as IsolatedAnswer).difference);
        else resolve(atLastStep(sequence, printed, 'died', `the process ended with ${signal ?? code}\n${complaint}`));
      });
      child.stdin.on('error', () => {}).end(printSequence(sequence));
    });
}

/** The process printed a dot before each operation: the last is the one that it did not survive. */
function atLastStep(sequence: Sequence, printed: string, rule: 'hang' | 'died', detail: string): Difference {
  const step = (printed.match(/^!(\.*)/)?.[1]?.length ?? 0) - 1;
  const operation = sequence.operations[step] ?? null;
  return { step, operation, rule, foundBy: rule === 'hang' ? 'hang' : 'crash', detail };
}

/**
 * A verb in this process, for tests: what it prints, and its exit code.
 */
import { Command } from 'commander';
import { cleanUp } from '../cleanup';
import type { RunAction } from '../verb';

/** @throws what the verb throws. Standard output stays mocked until the test restores it. */
export async function runVerb(
  define: (command: Command, run: RunAction) => void,
  args: readonly string[],
): Promise<{ text: string; code: number }> {
  let text = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((more) => {
    text += String(more);
    return true;
  });
  let code = -1;
  const command = new Command();
  define(command, (action) => async (...given) => {
    code = await action(...given);
  });
  try {
    await command.parseAsync([...args], { from: 'user' });
  } finally {
    cleanUp();
  }
  return { text, code };
}

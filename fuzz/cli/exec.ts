/**
 * `exec`: answers each line as an external target does, so that the project itself can be driven by anything.
 *
 * The wire's rules: exactly one answer a line, without waiting for further input. Lines are answered as they come in;
 * answers are gathered while input is at hand and written when it is drained, so a batch costs one write. When the
 * reader of the answers is slow, reading pauses: memory does not grow with the input.
 */
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { pipeline, type Readable, type Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Command } from 'commander';
import { CouldNotRun, EXIT, UsageError } from '../base/errors';
import { CommandLineError } from '../base/shell-words';
import { isComment } from '../sequence/parse';
import { type AnswerLine, createAnswering } from '../targets/answering';
import { type OutsideTarget, parseTarget, type Target } from '../targets/list';
import { isMuted } from './closed-pipe';
import type { Runner } from './verb';

const FLUSH_AT = 1 << 16;

/** Writes, and waits while the other side is slow. Resolves false when nobody reads any more. */
function write(output: Writable, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (output.destroyed || output.writableEnded || isMuted(output)) resolve(false);
    else if (output.write(text)) resolve(true);
    else {
      const done = (open: boolean) => () => {
        output.off('drain', onDrain);
        output.off('close', onClose);
        output.off('error', onClose);
        resolve(open);
      };
      const onDrain = done(true);
      const onClose = done(false);
      output.once('drain', onDrain);
      output.once('close', onClose);
      output.once('error', onClose);
    }
  });
}

/** Splits chunks at line feeds; the rest of a line waits for the next chunk. */
export class LineSplitter {
  private pieces: string[] = [];

  /** The lines that this chunk completes. */
  push(chunk: string): string[] {
    const lines = chunk.split('\n');
    const rest = lines.pop()!;
    if (lines.length > 0 && this.pieces.length > 0) {
      lines[0] = this.pieces.join('') + lines[0];
      this.pieces = [];
    }
    if (rest !== '') this.pieces.push(rest);
    return lines;
  }

  /** A last line without a line feed. */
  end(): string[] {
    const rest = this.pieces.join('');
    this.pieces = [];
    return rest === '' ? [] : [rest];
  }
}

/** Answers lines until the input ends or nobody reads the answers. Blank lines and comments get no answer. */
export async function answerStream(input: Readable, output: Writable, answer: AnswerLine): Promise<void> {
  const splitter = new LineSplitter();
  const answerAll = async (lines: readonly string[]): Promise<boolean> => {
    let text = '';
    for (const line of lines) {
      if (isComment(line)) continue;
      text += `${answer(line)}\n`;
      if (text.length >= FLUSH_AT) {
        if (!(await write(output, text))) return false;
        text = '';
      }
    }
    return text === '' || write(output, text);
  };
  input.setEncoding('utf8');
  for await (const chunk of input) {
    if (!(await answerAll(splitter.push(chunk as string)))) return;
  }
  await answerAll(splitter.end());
}

async function openInput(file: string): Promise<Readable> {
  if (file === '-') return process.stdin;
  const stream = createReadStream(file);
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', (error) => reject(new CouldNotRun(`cannot read ${file}: ${error.message}`)));
  });
  // A pipeline, for an error of the file reaches who reads the archive. Its own end needs nobody to be told.
  return file.endsWith('.gz') ? pipeline(stream, createGunzip(), () => undefined) : stream;
}

/** Reading fails for a reason of the user's: no permission, a folder, a damaged archive. */
function unreadable(file: string, error: unknown): CouldNotRun {
  return new CouldNotRun(`cannot read ${file}: ${(error as Error).message}`);
}

/**
 * A program on the wire, or the live kernel, answers in our place: it gets the lines that are not comments.
 *
 * However it ends, neither the program nor the input is left open: the command would wait for them for ever.
 */
async function passOn(file: string, input: Readable, target: OutsideTarget): Promise<number> {
  const words = programOf(target);
  const child = spawn(words[0], words.slice(1), { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new CouldNotRun(`cannot start the target ${target.name}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(EXIT.nothing);
      else reject(new CouldNotRun(`the target ${target.name} ended with ${signal ?? `exit status ${code}`}`));
    });
  });
  // A target that ends early closes its input; how it ended is what is reported.
  child.stdin.on('error', () => undefined);
  const passed = passLines(input, child.stdin).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    await Promise.race([ended, passed]);
    child.stdin.end();
    return await ended;
  } finally {
    child.kill('SIGKILL');
    input.destroy();
  }
}

/** All lines but comments, as fast as they are taken. */
async function passLines(input: Readable, output: Writable): Promise<void> {
  const splitter = new LineSplitter();
  const clean = (lines: readonly string[]): string =>
    lines
      .filter((line) => !isComment(line))
      .map((line) => `${line}\n`)
      .join('');
  input.setEncoding('utf8');
  for await (const chunk of input) {
    if (!(await write(output, clean(splitter.push(chunk as string))))) return;
  }
  await write(output, clean(splitter.end()));
}

/** Other verbs take several. */
function refuseList(text: string): void {
  const isList =
    text.includes(',') && text.split(',').some((name) => ['src', 'oracle', 'kernel'].includes(name.trim()));
  if (isList) throw new UsageError(`--target '${text}': exec asks one: src, oracle, kernel or a command`);
}

/** The target that is to answer. */
function readTarget(text: string): Target {
  refuseList(text);
  try {
    return parseTarget(text);
  } catch (error) {
    if (error instanceof CommandLineError) throw new UsageError(`--target '${text}': ${error.message}`);
    throw error;
  }
}

/** Its program; the kernel's helper is built if need be. */
function programOf(target: OutsideTarget): readonly string[] {
  try {
    return target.words();
  } catch (error) {
    throw new CouldNotRun((error as Error).message);
  }
}

export interface ExecOptions {
  readonly target: string;
}

/** Runs the verb. @throws UsageError for a target that makes no sense; CouldNotRun if the file or the target fails. */
export async function runExec(file: string, options: ExecOptions): Promise<number> {
  const target = readTarget(options.target);
  const input = await openInput(file);
  if (target.kind === 'outside') return passOn(file, input, target);
  try {
    await answerStream(input, process.stdout, createAnswering(target));
  } catch (error) {
    throw unreadable(file, error);
  }
  return EXIT.nothing;
}

export function define(command: Command, run: Runner): void {
  command
    .argument('[file]', 'a sequence file, or - for standard input', '-')
    .option('--target <name>', 'who answers: src, oracle, kernel or a command', 'src')
    .addHelpText('after', '\nOne answer a line, the header included, without waiting for further input.')
    .action(run((file: string, options: ExecOptions) => runExec(file, options)));
}

/**
 * A target that is the past: answers that were recorded, in a file, in place of a program that computes them.
 *
 *     case.ndjson          case.out.ndjson
 *     header       ----    {"ok":true,"name":"recorded",…}
 *     operation    ----    {"ret":0}
 *     operation    ----    {"unsupported":true}        not known: compared with nothing
 *     header       ----    {"ok":true,…}               the next sequence of the file
 *
 * `import strace --answers` writes such files; what any target printed for a file of sequences is one, too.
 *
 * Rules that hold here:
 * - The n-th sequence of a file has the n-th answers. They are answers to that sequence and no other: one with another
 *   number of operations is refused, and so is one more than there are.
 * - Nothing is computed: answers are passed on as the text that they are.
 */
import { readText } from '../../sequence/files';
import { parseJson, SequenceError } from '../../sequence/parse';
import type { Exchange, Greeting } from '../process/target';

export interface RecordedSequence {
  /** The line of its header's answer, from 1. */
  readonly line: number;
  readonly header: string;
  readonly answers: string[];
  /** Of which sequence, in words, if the file says so. */
  readonly note: string | null;
  readonly ops: readonly string[];
  readonly name: string;
}

type Raw = Readonly<Record<string, unknown>>;

const isRecord = (raw: unknown): raw is Raw => typeof raw === 'object' && raw !== null && !Array.isArray(raw);
const textOf = (raw: unknown): string | null => (typeof raw === 'string' ? raw : null);

function begin(text: string, raw: Raw, line: number): RecordedSequence {
  const ops = Array.isArray(raw.ops) ? raw.ops.filter((op) => typeof op === 'string') : [];
  return { line, header: text, answers: [], note: textOf(raw.note), ops, name: textOf(raw.name) ?? 'recorded' };
}

/** @throws SequenceError at the first line that is no answer */
export function parseRecorded(text: string): RecordedSequence[] {
  const sequences: RecordedSequence[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const json = parseJson(line);
    if (typeof json === 'string') throw new SequenceError(i + 1, json);
    if (!isRecord(json.value)) throw new SequenceError(i + 1, 'not an answer: a JSON object expected');
    if (json.value.ok === true) sequences.push(begin(line, json.value, i + 1));
    else if (sequences.length === 0) throw new SequenceError(i + 1, 'an answer before that of a header: {"ok":true,…}');
    else sequences.at(-1)!.answers.push(line);
  });
  if (sequences.length === 0) throw new SequenceError(0, 'no answers: {"ok":true,…} expected first');
  return sequences;
}

/** The answers of a file, one sequence after the other. */
export class Recorded {
  private next = 0;

  private constructor(
    private readonly file: string,
    private readonly sequences: readonly RecordedSequence[],
  ) {}

  /** @throws SequenceError with the file's name for what is no file of answers; what reading throws */
  static read(file: string): Recorded {
    try {
      return new Recorded(file, parseRecorded(readText(file)));
    } catch (error) {
      if (!(error instanceof SequenceError)) throw error;
      throw new SequenceError(0, `${file}: ${error.message}`);
    }
  }

  get count(): number {
    return this.sequences.length;
  }

  get greeting(): Greeting {
    const ops = new Set(this.sequences.flatMap(({ ops }) => ops));
    return { name: this.sequences[0].name, ops: [...ops], files: [], headers: null, lacks: [] };
  }

  /**
   * The answers to the next sequence, or to the one with a number from 0.
   * @throws SequenceError if the file has none for a sequence with so many operations
   */
  exchange(operations: number, number = this.next): Exchange {
    const sequence = this.sequences[number];
    if (sequence === undefined) {
      throw new SequenceError(0, `${this.file}: answers to ${this.count} sequences, none to sequence ${number + 1}`);
    }
    const { answers, header, line } = sequence;
    if (answers.length !== operations) {
      const what = `${answers.length} answers from line ${line} on, for a sequence of ${operations} operations`;
      throw new SequenceError(0, `${this.file}: ${what}`);
    }
    this.next = number + 1;
    return { header, answers };
  }
}

/** How many answers of an exchange are known: all but `{"unsupported":true}`. */
export function knownAnswers({ answers }: Exchange): number {
  return answers.filter((answer) => !/^\{"unsupported":true\}\s*$/.test(answer)).length;
}

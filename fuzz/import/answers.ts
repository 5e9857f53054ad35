/**
 * The answers that a log recorded, as a target would have given them: a line for the header, then one for each
 * operation.
 *
 *     {"ok":true,"name":"recorded","ops":["brk","mmap"],"operations":3,"note":"…"}
 *     {"ret":1048576}
 *     {"unsupported":true}          what the log does not tell
 *     {"ret":"ENOMEM"}
 *
 * So `program < case.ndjson > case.out.ndjson` by a program that is the past. `operations` and `note` say of which
 * sequence.
 */
import type { Made, RecordedAnswer } from './imported';

const RECORDED = 'recorded';

const line = (answer: RecordedAnswer): string =>
  answer === null ? '{"unsupported":true}' : `{"ret":${JSON.stringify(answer)}}`;

/** The lines for a sequence, each with its end. */
export function answerLines({ sequence, answers }: Made): string {
  const ops = [...new Set(sequence.operations.map(({ op }) => op))].sort();
  const { note } = sequence.header;
  const header = {
    ok: true,
    name: RECORDED,
    ops,
    operations: sequence.operations.length,
    ...(note === undefined ? {} : { note }),
  };
  const lines = sequence.operations.map((_, i) => line(answers[i] ?? null));
  return `${[JSON.stringify(header), ...lines].join('\n')}\n`;
}

/**
 * The recorded answers of a log: one line for each line of the sequence, and the oracle gives those that are known.
 */
import { domainNamed } from '../domains';
import type { MmHeader } from '../domains/mm/header';
import { makeOracleMm } from '../domains/mm/oracle-mm';
import { parseSequences } from '../sequence/parse';
import { printSequence } from '../sequence/print';
import { parseRecorded } from '../targets/recorded/recorded';
import { answerLines } from './answers';
import { importStrace } from './strace/import';

const LOG = `7 execve("/bin/x", ["x"], 0x7f) = 0
7 brk(NULL) = 0x1000000
7 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
7 mprotect(0x500000, 4096, PROT_READ) = 0
7 munmap(0x7f0000000001, 4096) = -1 EINVAL (Invalid argument)
7 fork() = 8
8 mremap(0x7f0000000000, 8192, 12288, MREMAP_MAYMOVE) = 0x7f0000010000
`;

describe('answers of a log', () => {
  const made = [...importStrace([{ name: 'log', content: LOG }])];

  it('are a line for each line', () => {
    const lines = made.map((one) => answerLines(one).trimEnd().split('\n'));
    expect(lines[0].slice(1)).toEqual([
      '{"ret":135168}',
      expect.stringMatching(/^\{"ret":\d+\}$/),
      '{"unsupported":true}',
      '{"ret":0}',
      '{"ret":"EINVAL"}',
    ]);
    expect(JSON.parse(lines[0][0])).toEqual({
      ok: true,
      name: 'recorded',
      ops: ['brk', 'mmap', 'mprotect', 'munmap'],
      operations: 5,
      note: 'x, address space 1 of the log',
    });
    made.forEach(({ sequence }, i) => {
      expect(lines[i]).toHaveLength(printSequence(sequence).trimEnd().split('\n').length);
    });
  });

  it('are what the oracle answers, but where the log does not tell', () => {
    const recorded = parseRecorded(made.map(answerLines).join(''));
    const sequences = parseSequences(made.map(({ sequence }) => printSequence(sequence)).join(''));
    let compared = 0;
    for (const [i, { header, operations }] of sequences.entries()) {
      const mm = makeOracleMm(header as MmHeader);
      for (const [k, operation] of operations.entries()) {
        const spec = domainNamed('mm')?.spec(operation.op);
        if (spec === undefined) throw new Error(operation.op);
        const answer = JSON.stringify({ ret: spec.apply(mm, operation) });
        if (recorded[i].answers[k] === '{"unsupported":true}') continue;
        expect(recorded[i].answers[k]).toBe(answer);
        compared++;
      }
    }
    expect(compared).toBe(4 + 6);
  });

  it('are counted in the report', () => {
    const { report } = importStrace([{ name: 'log', content: LOG }]);
    expect(report.counts().comparable).toEqual({ results: 10, operations: 12 });
    expect(report.toText()).toContain('results in the log that a replay can be compared with: 10 of 12');
  });
});

/**
 * The referee with real targets: programs that are right, that lie, that die; and the live kernel.
 */
import { join } from 'node:path';
import { INVARIANTS } from '../domains/invariants';
import type { Header, Operation } from '../format/types';
import { kernelTrouble } from '../targets/kernel/build';
import { createJudging, type Judging } from './judging';

const testing = join(__dirname, '..', 'targets', 'process', 'testing');
const program = (name: string): string => `'${process.execPath}' '${join(testing, name)}'`;
const tree: Header = { format: 'maple-fuzz/1', domain: 'tree', ranges: false };
const loads: Operation[] = Array.from({ length: 4 }, (_, index) => ({ op: 'load', index }));

let judging: Judging;

function judge(targets: string): Judging {
  judging = createJudging(targets, INVARIANTS);
  return judging;
}

afterEach(() => judging.close());

describe('targets outside of this process', () => {
  it('agree: the example that only ever answers an empty tree', () => {
    expect(judge(`src,oracle,${program('good.cjs')}`).runSequence({ header: tree, operations: loads })).toBeNull();
  });

  it('lie, and stand alone', () => {
    const name = program('good.cjs');
    const operations: Operation[] = [
      ...loads,
      { op: 'store_range', first: 3, last: 4, value: 9 },
      { op: 'load', index: 3 },
    ];
    expect(judge(`src,oracle,${name}`).runSequence({ header: tree, operations })).toMatchObject({
      step: 4,
      operation: { op: 'store_range' },
      rule: 'content',
      alone: name,
      detail: `${name} stands alone. only src and oracle: [3,4,9]; only ${name}: nothing`,
    });
  });

  it('die, and the next sequence is judged again', () => {
    const { runSequence } = judge(`oracle,${program('crashes.cjs')}`);
    expect(runSequence({ header: tree, operations: loads })).toMatchObject({
      rule: 'target-died',
      foundBy: 'crash',
      step: 1,
    });
    expect(runSequence({ header: tree, operations: [] })).toBeNull();
  });

  it.each([
    ['too-few.cjs', 'too-few-answers'],
    ['too-many.cjs', 'too-many-answers'],
    ['endless.cjs', 'too-many-answers'],
  ])('%s: no answer is taken for that of a dump which was put in', (name, rule) => {
    const stores: Operation[] = loads.map((_, i) => ({ op: 'store_range', first: i, last: i, value: null }));
    const { runSequence } = judge(`src,oracle,${program(name)}`);
    expect(runSequence({ header: tree, operations: stores })).toMatchObject({ rule, foundBy: 'protocol' });
  });

  it('lack operations, which is known from the first answer and leaves the rest comparable', () => {
    const { lacking, runSequence } = judge(`src,oracle,${program('good.cjs')}`);
    expect(lacking('tree')).toContain('mas_walk');
    expect(lacking('tree')).not.toContain('load');
    expect(runSequence({ header: tree, operations: loads })).toBeNull();
  });

  it('are not asked about allocations that fail, which are between src and oracle', () => {
    const operations: Operation[] = [...loads, { op: 'store_range', first: 3, last: 4, value: 9, fail: 1 }];
    expect(judge(`src,oracle,${program('good.cjs')}`).runSequence({ header: tree, operations })).toBeNull();
  });

  it('that cannot start are named in one line', () => {
    const { runSequence } = judge('src,oracle,/nowhere/driver');
    expect(() => runSequence({ header: tree, operations: loads })).toThrow(
      /^cannot start the target \/nowhere\/driver/,
    );
  });
});

(kernelTrouble() === null ? describe : describe.skip)('the live kernel as a judge', () => {
  const header: Header = { format: 'maple-fuzz/1', domain: 'mm', pages: 64, brk: 40 };

  it('agrees with src and oracle', () => {
    const operations: Operation[] = [
      { op: 'mmap', addr: 0, len: 16384, prot: 'rw-', flags: ['private', 'fixed'], file: null, offset: 0 },
      { op: 'touch', addr: 4096 },
      { op: 'mprotect', addr: 4096, len: 4096, prot: 'r--' },
      { op: 'fork' },
      { op: 'mprotect', addr: 4096, len: 4096, prot: 'rw-' },
      { op: 'brk', addr: 41 * 4096 },
      { op: 'munmap', addr: 0, len: 64 * 4096 },
    ];
    const { lacking, runSequence, takeNotes } = judge('src,oracle,kernel');
    expect(runSequence({ header, operations })).toBeNull();
    expect(lacking('mm')).toContain('mbind');
    expect(takeNotes()).toEqual([]);
    const lacked: Operation = {
      op: 'mmap',
      addr: 0,
      len: 4096,
      prot: 'rw-',
      flags: ['private'],
      file: 'closer',
      offset: 0,
    };
    expect(runSequence({ header, operations: [lacked, ...operations] })).toBeNull();
    expect(takeNotes()).toEqual([['kernel lacks mmap closer, and sat out the rest of a sequence', 1]]);
  });

  it('has no trees', () => {
    expect(() => judge('src,oracle,kernel').runSequence({ header: tree, operations: [] })).toThrow(/has mm only/);
  });
});

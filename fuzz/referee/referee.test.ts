/**
 * The referee with real targets: programs that are right, that lie, that die; and the live kernel.
 */
import { join } from 'node:path';
import { INVARIANTS } from '../domains/invariants';
import { SrcTree } from '../domains/tree/src-tree';
import type { Header, Operation, Sequence } from '../format/types';
import { kernelTrouble } from '../targets/kernel/build';
import { type InsideTarget, ORACLE, parseTargets, SRC, type Target } from '../targets/list';
import { createTargetRuns, type TargetRuns } from './target-runs';

const testing = join(__dirname, '..', 'targets', 'process', 'testing');
const program = (name: string): string => `'${process.execPath}' '${join(testing, name)}'`;
const tree: Header = { format: 'maple-fuzz/1', domain: 'tree', ranges: false };
const loads: Operation[] = Array.from({ length: 4 }, (_, index) => ({ op: 'load', index }));

let runs: TargetRuns;

function runsOf(targets: string | readonly Target[]): TargetRuns {
  const list = typeof targets === 'string' ? parseTargets(targets) : targets;
  runs = createTargetRuns(list, { invariants: INVARIANTS });
  return runs;
}

afterEach(() => {
  runs.close();
  jest.restoreAllMocks();
});

/** A target in this process that is neither src nor oracle. */
function third(make: InsideTarget['make']): InsideTarget {
  return { kind: 'inside', name: 'third', make };
}

describe('a third target in this process', () => {
  const lost: InsideTarget = third(() => {
    throw new Error('no such tree here');
  });
  const forgetful = third((header) => {
    const subject = ORACLE.make(header);
    if (subject.domain === 'tree') subject.tree.storeRange = () => 0;
    return subject;
  });
  const store: Operation = { op: 'store_range', first: 3, last: 4, value: 9 };
  const sequence: Sequence = { header: tree, operations: [...loads, store, { op: 'load', index: 3 }] };

  it('is asked, and agrees', () => {
    expect(runsOf([SRC, ORACLE, third(ORACLE.make)]).runSequence(sequence)).toBeNull();
  });

  it('whose factory throws is a finding', () => {
    expect(runsOf([SRC, ORACLE, lost]).runSequence(sequence)).toMatchObject({
      rule: 'target-threw',
      foundBy: 'crash',
      step: -1,
      alone: 'third',
      detail: expect.stringContaining('no such tree here'),
    });
  });

  it('that throws in the middle is a finding at that operation', () => {
    const target = third((header) => {
      const subject = ORACLE.make(header);
      const storeRange = (): never => {
        throw new RangeError('out of nodes');
      };
      if (subject.domain === 'tree') subject.tree.storeRange = storeRange;
      return subject;
    });
    expect(runsOf([SRC, ORACLE, target]).runSequence(sequence)).toMatchObject({
      rule: 'target-threw',
      step: 4,
      operation: store,
      alone: 'third',
    });
  });

  it('that answers wrongly stands alone, wherever it is named', () => {
    for (const targets of [
      [SRC, ORACLE, forgetful],
      [SRC, forgetful, ORACLE],
      [forgetful, SRC, ORACLE],
    ]) {
      expect(runsOf(targets).runSequence(sequence)).toMatchObject({ rule: 'content', step: 4, alone: 'third' });
    }
    expect(runsOf([SRC, forgetful]).runSequence(sequence)).toMatchObject({ rule: 'content', step: 4 });
    expect(
      runsOf([forgetful, third(ORACLE.make)].map((target, i) => ({ ...target, name: `target ${i}` }))).runSequence(
        sequence,
      ),
    ).toMatchObject({ rule: 'content', step: 4 });
  });

  it('hides no difference of src and oracle, right or wrong', () => {
    // The planted mistake: src finds nothing at the index 3.
    const right = SrcTree.prototype.load;
    jest.spyOn(SrcTree.prototype, 'load').mockImplementation(function load(this: SrcTree, index: number) {
      return index === 3 ? null : right.call(this, index);
    });
    const alone = runsOf([SRC, ORACLE]).runSequence(sequence);
    expect(alone).toMatchObject({ step: 5, rule: 'answer', actual: { ret: null }, expected: { ret: 9 } });
    for (const target of [third(ORACLE.make), third(SRC.make)]) {
      expect(runsOf([SRC, ORACLE, target]).runSequence(sequence)).toEqual(alone);
      expect(runsOf([target, ORACLE, SRC]).runSequence(sequence)).toEqual(alone);
    }
    // Its own are met only behind those of the pair, but for what comes before.
    expect(runsOf([SRC, third(ORACLE.make)]).runSequence(sequence)).toMatchObject({ step: 5, rule: 'answer' });
  });

  it('is told from src and oracle by what it is, not by its name', () => {
    const impostor: InsideTarget = { ...forgetful, name: 'src' };
    expect(runsOf([impostor, ORACLE]).runSequence(sequence)).toMatchObject({ rule: 'content', step: 4 });
    expect(() => runsOf([SRC, ORACLE, impostor])).toThrow('the same name');
  });
});

describe('targets outside of this process', () => {
  it('agree: the example that only ever answers an empty tree', () => {
    expect(runsOf(`src,oracle,${program('good.cjs')}`).runSequence({ header: tree, operations: loads })).toBeNull();
  });

  it('lie, and stand alone', () => {
    const name = program('good.cjs');
    const operations: Operation[] = [
      ...loads,
      { op: 'store_range', first: 3, last: 4, value: 9 },
      { op: 'load', index: 3 },
    ];
    expect(runsOf(`src,oracle,${name}`).runSequence({ header: tree, operations })).toMatchObject({
      step: 4,
      operation: { op: 'store_range' },
      rule: 'content',
      alone: name,
      detail: `${name} stands alone. only src and oracle: [3,4,9]; only ${name}: nothing`,
    });
  });

  it('die, and the next sequence is compared again', () => {
    const { runSequence } = runsOf(`oracle,${program('crashes.cjs')}`);
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
    const { runSequence } = runsOf(`src,oracle,${program(name)}`);
    expect(runSequence({ header: tree, operations: stores })).toMatchObject({ rule, foundBy: 'protocol' });
  });

  it('lack operations, which is known from the first answer and leaves the rest comparable', () => {
    const { lacking, runSequence } = runsOf(`src,oracle,${program('good.cjs')}`);
    expect(lacking('tree')).toContain('mas_walk');
    expect(lacking('tree')).not.toContain('load');
    expect(runSequence({ header: tree, operations: loads })).toBeNull();
  });

  it('are not asked about allocations that fail, which are between src and oracle', () => {
    const operations: Operation[] = [...loads, { op: 'store_range', first: 3, last: 4, value: 9, fail: 1 }];
    expect(runsOf(`src,oracle,${program('good.cjs')}`).runSequence({ header: tree, operations })).toBeNull();
  });

  it('that cannot start are named in one line', () => {
    const { runSequence } = runsOf('src,oracle,/nowhere/driver');
    expect(() => runSequence({ header: tree, operations: loads })).toThrow(
      /^cannot start the target \/nowhere\/driver/,
    );
  });
});

(kernelTrouble() === null ? describe : describe.skip)('the live kernel as a target', () => {
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
    const { lacking, runSequence, takeRemarks } = runsOf('src,oracle,kernel');
    expect(runSequence({ header, operations })).toBeNull();
    expect(lacking('mm')).toContain('mbind');
    expect(takeRemarks()).toEqual([]);
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
    expect(takeRemarks()).toEqual([['kernel lacks mmap closer, and sat out the rest of a sequence', 1]]);
  });

  it('has no trees', () => {
    expect(() => runsOf('src,oracle,kernel').runSequence({ header: tree, operations: [] })).toThrow(/has mm only/);
  });
});

/**
 * The referee with real targets: programs that are right, that lie, that die; and the live kernel.
 */
import { join } from 'node:path';
import { INVARIANTS } from '../domains/invariants';
import { SrcTree } from '../domains/tree/src-tree';
import type { TreeSubject } from '../domains/tree/subject';
import type { Header, Operation, Sequence } from '../format/types';
import { runOn } from '../lockstep/run';
import { kernelTrouble } from '../targets/kernel/build';
import { type InsideTarget, ORACLE, parseTargets, SRC, type Target } from '../targets/list';
import { neverCompared } from './compared';
import { createTargetRuns, type TargetRuns } from './target-runs';

const DOCS = join(__dirname, '..', '..', 'docs', 'examples');
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
    const subject = ORACLE.make(header) as TreeSubject;
    subject.storeRange = () => 0;
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
      const subject = ORACLE.make(header) as TreeSubject;
      subject.storeRange = () => {
        throw new RangeError('out of nodes');
      };
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
      // It dies at its fourth line; the process that was asked line by line had no greeting to answer before.
      step: 2,
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

describe('a dialect', () => {
  const store = (first: number, last: number, value: number): Operation => ({ op: 'store_range', first, last, value });
  const operations = [store(1, 4, 7), store(5, 9, 7), store(20, 21, 8), store(22, 30, 9)];

  it('joins: equal neighbours of all are joined before they are compared with this one', () => {
    const name = `${process.execPath} ${join(DOCS, 'joining.cjs')}`;
    expect(runsOf(`src,oracle,${name}`).runSequence({ header: tree, operations })).toBeNull();
    expect(runs.takeCompared()[name]).toMatchObject({ comparedSteps: 4 });
    const split = [...operations, store(7, 7, 66), store(8, 8, 7)];
    expect(runs.runSequence({ header: tree, operations: split })).toBeNull();
  });

  it('hides: what one does not model is compared among the others', () => {
    const map: Operation = {
      op: 'mmap',
      addr: 0,
      len: 8192,
      prot: 'rw-',
      flags: ['private', 'fixed'],
      file: null,
      offset: 0,
    };
    const mm: Header = { format: 'maple-fuzz/1', domain: 'mm', pages: 16 };
    const name = program('hides-flags.cjs');
    expect(runsOf(`src,oracle,${name}`).runSequence({ header: mm, operations: [map] })).toBeNull();
    expect(runsOf(`src,oracle,${name} rd`).runSequence({ header: mm, operations: [map] })).toMatchObject({
      rule: 'content',
    });
  });

  it('declared: a difference that the user says is right is counted, and no finding', () => {
    const declared = [{ op: 'load', expected: { ret: null }, actual: { ret: 5 }, reason: 'fives for nothing' }];
    const odd = third((header) => {
      const subject = ORACLE.make(header) as TreeSubject;
      subject.load = () => 5;
      return subject;
    });
    runs = createTargetRuns([SRC, ORACLE, odd], { invariants: [], declared });
    expect(runs.runSequence({ header: tree, operations: loads })).toBeNull();
    expect(runs.takeRemarks()).toEqual([['third differed as declared: fives for nothing', 1]]);
    expect(runs.takeCompared().third).toMatchObject({
      comparedSteps: 0,
      satOut: { 'a declared difference: fives for nothing': 1 },
    });
    const stored: Operation[] = [store(1, 1, 2), { op: 'load', index: 1 }];
    expect(runs.runSequence({ header: tree, operations: stored })).toMatchObject({ step: 1, alone: 'third' });
  });
});

describe('a target that dies with answers it has not flushed', () => {
  const name = program('dies-unflushed.cjs');

  it('is run again line by line: the operation that killed it is blamed', () => {
    expect(runsOf(`src,oracle,${name}`).runSequence({ header: tree, operations: loads })).toMatchObject({
      rule: 'target-died',
      step: 3,
      operation: { op: 'load', index: 3 },
      alone: name,
    });
  });

  it('is not blamed for an operation if it survives that', () => {
    const once = program('dies-in-a-hurry.cjs');
    const found = runsOf(`src,oracle,${once}`).runSequence({ header: tree, operations: loads });
    expect(found).toMatchObject({ rule: 'target-died', step: 4, operation: null });
    expect(found!.detail).toContain('asked line by line it did not die');
  });

  it('had answered wrongly before: that comes first', () => {
    const operations: Operation[] = [{ op: 'store_range', first: 1, last: 1, value: 5 }, ...loads];
    expect(runsOf(`src,oracle,${name}`).runSequence({ header: tree, operations })).toMatchObject({
      rule: 'content',
      step: 0,
    });
  });
});

describe('how much was compared', () => {
  const sequence: Sequence = { header: tree, operations: loads };
  const none = { satOut: {}, repeated: 0, unstable: 0 };
  const all = { sequences: 1, steps: 4, comparedSequences: 1, comparedSteps: 4, ...none };

  it('is everything between src and oracle, in all that they are run by', () => {
    runsOf([SRC, ORACLE]).runSequence(sequence);
    expect(runs.takeCompared()).toEqual({ src: all, oracle: all });
    runOn(runs.lockstep, sequence);
    expect(runs.takeCompared()).toEqual({ src: all, oracle: all });
    runs.runAgain(sequence);
    runs.runVariantsOf(sequence)(sequence);
    expect(runs.takeCompared().src).toMatchObject({ sequences: 0, comparedSteps: 0 });
  });

  it('is nothing with a target that lacks the first operation', () => {
    const name = program('no-ranges.cjs');
    const operations: Operation[] = [{ op: 'mas_walk', r: 0 }, ...loads];
    runsOf(`src,oracle,${name}`).runSequence({ header: tree, operations });
    expect(runs.takeCompared()).toEqual({
      src: { ...all, steps: 5, comparedSteps: 5 },
      oracle: { ...all, steps: 5, comparedSteps: 5 },
      [name]: {
        sequences: 1,
        steps: 5,
        comparedSequences: 0,
        comparedSteps: 0,
        satOut: { 'want of mas_walk': 1 },
        repeated: 1,
        unstable: 0,
      },
    });
  });

  it('is nothing between src and a target that refuses: no one is left to compare with', () => {
    const refusing: Sequence = { header: { ...tree, ranges: true }, operations: loads };
    const name = program('no-ranges.cjs');
    runsOf(`src,${name}`).runSequence(refusing);
    expect(neverCompared(runs.takeCompared())).toEqual(['src', name]);
  });

  it('ends, for the targets, at an allocation that fails', () => {
    const operations: Operation[] = [...loads, { op: 'erase', index: 3, fail: 1 }];
    runsOf([SRC, ORACLE, third(ORACLE.make)]).runSequence({ header: tree, operations });
    expect(runs.takeCompared().third).toMatchObject({
      steps: 5,
      comparedSteps: 4,
      satOut: { 'an allocation that fails': 1 },
    });
  });
});

describe('a target that answers otherwise when it is asked again', () => {
  it('is counted, and each finding with it says so', () => {
    let made = 0;
    const moody = third((header) => {
      const subject = ORACLE.make(header) as TreeSubject;
      if (made++ % 2 === 1) subject.load = () => 5;
      return subject;
    });
    runsOf([SRC, ORACLE, moody]);
    expect(runs.runSequence({ header: tree, operations: loads })).toBeNull();
    expect(runs.takeCompared().third).toMatchObject({ repeated: 1, unstable: 1 });
    expect(runs.runSequence({ header: tree, operations: loads })).toBeNull();
    const found = runs.runSequence({ header: tree, operations: loads });
    expect(found).toMatchObject({ step: 0, alone: 'third' });
    expect(found!.detail).toContain('third is not stable: asked twice, it answered otherwise in 1 of 1 sequences');
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
    expect(lacking('mm')).not.toContain('mmap');
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

  it('has no trees: it sits them out, and nothing can be drawn for it there', () => {
    const runs = runsOf('src,oracle,kernel');
    expect(runs.runSequence({ header: tree, operations: [] })).toBeNull();
    const { kernel } = runs.takeCompared();
    expect(kernel).toMatchObject({ sequences: 1, comparedSequences: 0 });
    expect(Object.keys(kernel.satOut)).toEqual([expect.stringMatching(/has mm only/)]);
    expect(() => runs.lackingBy('tree')).toThrow(/has mm only/);
    runs.close();
  });
});

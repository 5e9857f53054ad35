import type { Answer, DumpVma } from '../format/types';
import { mm } from './mm';
import { tree } from './tree';

const entries = (...all: [number | string, number | string, number][]): Answer => ({ ret: { entries: all } });
const none = { hides: [], joins: false };

describe('a dialect of the tree', () => {
  const dump = entries([1, 4, 7], [5, 9, 7], [10, 12, 8], [20, 21, 8]);

  it('joins equal neighbours, and nothing else', () => {
    const joined = entries([1, 9, 7], [10, 12, 8], [20, 21, 8]);
    expect(tree.referee.inDialect(dump, { ...none, joins: true })).toEqual(joined);
    expect(tree.referee.inDialect(joined, { ...none, joins: true })).toEqual(joined);
    expect(tree.referee.inDialect(dump, none)).toEqual(dump);
  });

  it('joins indexes that only 64 bits have', () => {
    const far = entries(['max-5000000000', 'max-4999999990', 7], ['max-4999999989', 'max-2', 7]);
    expect(tree.referee.inDialect(far, { ...none, joins: true })).toEqual(entries(['max-5000000000', 'max-2', 7]));
  });

  it('hides values: then only where something is stored is compared', () => {
    expect(tree.referee.inDialect(dump, { hides: ['value'], joins: true })).toEqual(entries([1, 12, 1], [20, 21, 1]));
  });

  it('leaves other answers alone', () => {
    expect(tree.referee.inDialect({ ret: 5 }, { hides: ['value'], joins: true })).toEqual({ ret: 5 });
  });
});

describe('a dialect of the address space', () => {
  const vma = (start: number, more: Partial<DumpVma> = {}): DumpVma => ({
    start: start * 4096,
    end: (start + 1) * 4096,
    flags: 'rd wr ac',
    file: null,
    pgoff: 0,
    ...more,
  });
  const dump = (...vmas: DumpVma[]): Answer => ({ vmas, brk: 8192 });

  it('hides flags and fields', () => {
    expect(mm.referee.inDialect(dump(vma(1, { name: 'x' })), { hides: ['ac', 'name', 'brk'], joins: false })).toEqual({
      vmas: [vma(1, { flags: 'rd wr' })],
      brk: null,
    });
  });

  it('joins what differs only in what is hidden; files where the offset runs on', () => {
    const hidden = { hides: ['ac'], joins: true };
    const flags = 'rd wr';
    expect(mm.referee.inDialect(dump(vma(1), vma(2, { flags }), vma(4)), hidden)).toEqual(
      dump(vma(1, { flags, end: 3 * 4096 }), vma(4, { flags })),
    );
    const file = (start: number, pgoff: number): DumpVma => vma(start, { file: 'a', flags, pgoff });
    expect(mm.referee.inDialect(dump(file(1, 5), file(2, 6), file(3, 9)), hidden)).toEqual(
      dump({ ...file(1, 5), end: 3 * 4096 }, file(3, 9)),
    );
  });

  it('what a target says beside the mappings is not compared', () => {
    const more = { ...dump(vma(1)), features: ['split'], work: { walks: 3 } } as unknown as Answer;
    expect(mm.referee.isSame(more, dump(vma(1)))).toBe(true);
    expect(mm.referee.isSame(more, dump(vma(2)))).toBe(false);
  });
});

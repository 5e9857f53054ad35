/**
 * Listings of mappings as a tree and as an address space; and all imported files of the corpus.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OracleTree } from '../../../oracle/tree';
import { mm } from '../../domains/mm';
import type { MmHeader } from '../../domains/mm/header';
import { tree } from '../../domains/tree';
import { MAX_INDEX } from '../../format/types';
import { parseSequences } from '../../sequence/parse';
import { printSequence } from '../../sequence/print';
import { flagsOf, layoutOf } from '../testing/check';
import { importMaps } from './import';

const MAPS = `00400000-00402000 r-xp 00000000 08:01 131                        /usr/bin/demo
00402000-00403000 rw-p 00002000 08:01 131                        /usr/bin/demo
01474000-01495000 rw-p 00000000 00:00 0                          [heap]
7f1b3d7d6000-7f1b3d7d8000 rw-s 00001000 00:05 77                 /memfd:a b (deleted)
7f1b3d7d8000-7f1b3d7d9000 ---p 00000000 00:00 0 
7ffe00000000-7ffe00021000 rw-p 00000000 00:00 0                  [stack]
7ffe001f0000-7ffe001f2000 r-xp 00000000 00:00 0                  [vdso]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]
`;

const asTree = (text: string, options = {}) => importMaps(text, { domain: tree, ...options });
const asMm = (text: string, options = {}) => importMaps(text, { domain: mm, ...options });

describe('maps as a tree', () => {
  it('are one store each, in order, the top counted from max', () => {
    const imported = asTree(MAPS, { note: 'demo', origin: 'a test' });
    const { sequence } = imported.make(0);
    const { header, operations } = sequence;
    expect(header).toMatchObject({ domain: 'tree', ranges: true, origin: 'a test' });
    expect(header.note).toBe('demo: the 8 mappings of a process, in order');
    expect(operations[0]).toEqual({ op: 'store_range', first: 0x400000, last: 0x401fff, value: 1 });
    const top = { first: MAX_INDEX - 0x9fffff, last: MAX_INDEX - 0x9ff000 };
    expect(operations[7]).toEqual({ op: 'store_range', ...top, value: 8 });
    expect(operations[8]).toEqual({ op: 'dump' });
    expect(printSequence(sequence)).toContain('"first":"max-10485759","last":"max-10481664"');
    expect(imported.report.counts()).toMatchObject({ lines: 8, kept: { mapping: 8 } });
  });

  it('count pages where addresses are too large for indexes', () => {
    const high = `fff000000000-fff000004000 rw-p 00000000 00:00 0
ffffb0000000000-ffffb0000010000 rw-p 00000000 00:00 0
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]
`;
    const { header, operations } = asTree(high).make(0).sequence;
    expect(header.note).toContain('in pages');
    expect(operations.slice(0, 2)).toEqual([
      { op: 'store_range', first: 0xfff000000, last: 0xfff000003, value: 1 },
      { op: 'store_range', first: 0xffffb0000000, last: 0xffffb000000f, value: 2 },
    ]);
    expect(operations[2]).toEqual({ op: 'store_range', first: MAX_INDEX - 2559, last: MAX_INDEX - 2559, value: 3 });
    expect(layoutOf(asMm(high).make(0).sequence)).toEqual(['0+4 rw-p', '20+16 rw-p']);
  });
});

describe('maps as an address space', () => {
  it('are mapped at their places, the heap by brk, the stack growing down', () => {
    const imported = asMm(MAPS);
    const { sequence } = imported.make(0);
    const layout = layoutOf(sequence);
    expect(layout.map((one) => one.replace(/^\d+/, ''))).toEqual([
      '+2 r-xp a',
      '+1 rw-p a',
      '+33 rw-p',
      '+2 rw-s b',
      '+1 ---p',
      '+33 rw-p',
      '+2 r-xp',
    ]);
    expect(layout[1]).toMatch(/^2\+/);
    expect((sequence.header as MmHeader).brk).toBeDefined();
    expect(flagsOf(sequence)[5]).toContain('gd');
    const { skipped, lost } = imported.report.counts();
    expect(skipped).toEqual({ '[vsyscall]': { 'a page of the kernel, in no tree of a process': 1 } });
    expect(lost).toEqual([]);
  });

  it('of arm64 are all there', () => {
    const arm = `aaaad2490000-aaaad2498000 r-xp 00000000 fd:01 12 /srv
ffff8c430000-ffff8c432000 r--p 00000000 00:00 0 [vvar]
ffffd2b6b000-ffffd2b8c000 rw-p 00000000 00:00 0 [stack]
`;
    expect(layoutOf(asMm(arm).make(0).sequence)).toHaveLength(3);
  });

  it('have their names', () => {
    const named = `7f0000000000-7f0000001000 rw-p 00000000 00:00 0 [anon:libc_malloc]
7f0000001000-7f0000002000 rw-p 00000000 00:00 0 [anon:other, (name)]
7f0000002000-7f0000003000 rw-s 00000000 00:01 9 [anon_shmem:pool]
`;
    const { operations } = asMm(named).make(0).sequence;
    const names = operations.filter(({ op }) => op === 'set_vma_name').map(({ name }) => name);
    expect(names).toEqual(['libc_malloc', 'other, (name)', 'pool']);
    expect(layoutOf(asMm(named).make(0).sequence)).toHaveLength(3);
  });

  it('stay as many as listed, also where nothing listed tells them apart', () => {
    const row = (pages: number[], heap: number): string =>
      pages
        .map((page) => `0${page}000000-0${page + 1}000000 rw-p 00000000 00:00 0 ${page === heap ? '[heap]' : ''}\n`)
        .join('');
    for (const heap of [1, 2, 3, 4, 9]) {
      const { sequence } = asMm(row([1, 2, 3, 4], heap)).make(0);
      expect(layoutOf(sequence)).toEqual(['0+4096 rw-p', '4096+4096 rw-p', '8192+4096 rw-p', '12288+4096 rw-p']);
      if (heap < 9) expect(sequence.operations[heap - 1].op).toBe('brk');
    }
  });

  it('of files that share a path are told apart by their inodes', () => {
    const two = `7f0000000000-7f0000001000 rw-s 00000000 00:01 8 /memfd:x (deleted)
7f0000001000-7f0000002000 rw-s 00001000 00:01 9 /memfd:x (deleted)
`;
    expect(layoutOf(asMm(two).make(0).sequence)).toEqual(['0+1 rw-s a', '1+1 rw-s b']);
  });
});

describe('damaged listings', () => {
  it.each([
    ['no listing', 'hello\n', 'line 1: not a line of /proc/PID/maps, or of another listing of mappings: hello'],
    ['raw bytes', '\x1b[31m\x00\x01\n', 'listing of mappings: \\x00\\x01'],
    ['a log', '7 mmap(NULL, 1) = 0x7\n', 'it looks like a log of strace (import strace)'],
    ['nothing', '\n', 'no mapping found'],
    ['a sum', '00400000-7ffe00021000 ---p 00000000 00:00 0 [rollup]\n', 'a sum of mappings'],
    [
      'mostly other lines',
      `${MAPS.split('\n')[0]}\na\nb\nc\nd\n${MAPS.split('\n')[1]}\n`,
      'line 2: not a line of a listing',
    ],
  ])('%s is refused', (_title, text, what) => {
    expect(() => asTree(text)).toThrow(what);
  });

  it.each([
    ['a damaged line', '7ffe00021000-7ffe0002 rw-p', 'its line is damaged'],
    ['an end before the start', '7ffe00041000-7ffe00031000 rw-p 00000000 00:00 0', 'it ends before it starts'],
    ['an overlap', '7ffe00020000-7ffe00022000 rw-p 00000000 00:00 0', 'it starts within the one of line 6'],
  ])('%s loses a mapping', (_title, line, reason) => {
    const { report } = asTree(MAPS.replace('7ffe001f', `${line}\n7ffe001f`));
    expect(report.counts().lost).toMatchObject([{ name: 'mapping', reason, firstLine: 7 }]);
    expect(report.counts().badLines.first).toEqual([{ line: 7, text: line }]);
  });

  it('a cut last line and other lines within lose none', () => {
    const { report } = asTree(`${MAPS.replace('7ffe001f', 'a remark\n7ffe001f')}7fff0000-`);
    expect(report.isWrong).toBe(false);
    expect(report.counts().badLines.count).toBe(2);
    expect(report.counts().kept).toEqual({ mapping: 8 });
  });
});

describe('the imported files of the corpus', () => {
  const corpus = join(__dirname, '..', '..', '..', 'corpus');
  const files = ['tree', 'mm'].flatMap((domain) =>
    readdirSync(join(corpus, domain))
      .filter((name) => /^(?:maps|trace)-.*\.ndjson$/.test(name))
      .map((name) => join(domain, name)),
  );

  it('are there', () => expect(files.length).toBeGreaterThanOrEqual(15));

  it.each(files)('%s parses, and says what it is and from where', (file) => {
    const text = readFileSync(join(corpus, file), 'utf8');
    const sequences = parseSequences(text);
    expect(sequences.map(printSequence).join('')).toBe(text);
    for (const { header } of sequences) {
      expect(header.note).toBeTruthy();
      expect(header.origin).toMatch(/Linux/);
    }
    expect(statSync(join(corpus, file)).size).toBeLessThan(100_000);
  });

  it('trees hold what was listed', () => {
    const [{ operations }] = parseSequences(readFileSync(join(corpus, 'tree', 'maps-bash.ndjson'), 'utf8'));
    const tree = new OracleTree(true);
    for (const { op, first, last, value } of operations) {
      if (op === 'store_range') tree.storeRange(first as number, last as number, value as number);
    }
    expect(tree.count).toBe(operations.length - 1);
  });
});

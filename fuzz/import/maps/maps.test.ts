/**
 * Listings of mappings as a tree and as an address space; and all imported files of the corpus.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OracleTree } from '../../oracle/tree';
import { parseSequences } from '../sequence/parse';
import { printSequence } from '../sequence/print';
import { MAX_INDEX, type MmHeader } from '../sequence/types';
import { makeMm } from '../targets/in-process';
import { importMaps, importMapsToMm } from './maps';

const MAPS = `00400000-00402000 r-xp 00000000 08:01 131                        /usr/bin/demo
00402000-00403000 rw-p 00002000 08:01 131                        /usr/bin/demo
01474000-01495000 rw-p 00000000 00:00 0                          [heap]
7f1b3d7d6000-7f1b3d7d8000 rw-s 00001000 00:05 77                 /memfd:a b (deleted)
7f1b3d7d8000-7f1b3d7d9000 ---p 00000000 00:00 0 
7ffe00000000-7ffe00021000 rw-p 00000000 00:00 0                  [stack]
7ffe001f0000-7ffe001f2000 r-xp 00000000 00:00 0                  [vdso]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]
`;

describe('maps as a tree', () => {
  it('are one store each, in order, the top counted from max', () => {
    const { sequences, report } = importMaps(MAPS, { note: 'demo', origin: 'a test' });
    const { header, operations } = sequences[0];
    expect(header).toMatchObject({ domain: 'tree', ranges: true, origin: 'a test' });
    expect(header.note).toBe('demo: the 8 mappings of a process, in order');
    expect(operations[0]).toEqual({ op: 'store_range', first: 0x400000, last: 0x401fff, value: 1 });
    expect(operations[7]).toEqual({
      op: 'store_range',
      first: MAX_INDEX - 0x9fffff,
      last: MAX_INDEX - 0x9ff000,
      value: 8,
    });
    expect(operations[8]).toEqual({ op: 'dump' });
    expect(printSequence(sequences[0])).toContain('"first":"max-10485759","last":"max-10481664"');
    expect(report.counts()).toMatchObject({ lines: 8, kept: { mapping: 8 } });
  });
});

describe('maps as an address space', () => {
  it('are mapped at their places, the heap by brk, the stack growing down', () => {
    const { sequences, report } = importMapsToMm(MAPS);
    const header = sequences[0].header as MmHeader;
    const mm = makeMm('oracle', header);
    for (const operation of sequences[0].operations) {
      const { addr, len, offset } = operation as unknown as { addr: number; len: number; offset: number };
      if (operation.op === 'brk') expect(mm.brk(addr)).toBe(addr);
      else if (operation.op === 'mmap') {
        const { prot, flags, file } = operation as unknown as { prot: string; flags: string[]; file: string | null };
        expect(mm.mmap(addr, len, prot, flags, file, offset)).toBe(addr);
      }
    }
    const { vmas } = mm.dump();
    expect(vmas).toHaveLength(7);
    expect(vmas.map(({ start, end }) => end - start)).toEqual([
      0x2000, 0x1000, 0x21000, 0x2000, 0x1000, 0x21000, 0x2000,
    ]);
    expect(vmas[1]).toMatchObject({ start: vmas[0].end, file: 'a', pgoff: 2 });
    expect(vmas[2].start).toBe(header.brk! * 4096);
    expect(vmas[3]).toMatchObject({ file: 'b', pgoff: 1 });
    expect(vmas[5].flags).toContain('gd');
    expect(report.counts().skipped).toEqual({ '[vsyscall]': { 'above the user address space': 1 } });
  });
});

describe('damaged listings', () => {
  it.each([
    ['no listing', 'hello\n', 'line 1: not a line of /proc/PID/maps: hello'],
    ['a cut line', `${MAPS}7fff0000-`, 'line 9: not a line'],
    ['an end before the start', '2000-1000 rw-p 00000000 00:00 0\n', 'line 1: the mapping ends at 1000'],
    ['an overlap', '1000-3000 rw-p 0 00:00 0\n2000-4000 rw-p 0 00:00 0\n', 'line 2: the mapping starts at 2000'],
    ['nothing', '\n', 'no mapping found'],
    ['a place in the middle', '8000000000000000-8000000000001000 rw-p 0 00:00 0\n', 'neither below 2^52'],
  ])('%s', (_title, text, what) => {
    expect(() => importMaps(text)).toThrow(what);
  });
});

describe('the imported files of the corpus', () => {
  const corpus = join(__dirname, '..', '..', 'corpus');
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

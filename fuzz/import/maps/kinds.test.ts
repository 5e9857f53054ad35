/**
 * Listings as other programs print them, whole and inside reports: which kind they are, and what they list.
 */
import { gzipSync } from 'node:zlib';
import { mm } from '../../domains/mm';
import type { Content } from '../input';
import { flagsOf, layoutOf, layouts } from '../testing/check';
import { importMaps } from './import';
import { FORMATS } from './read';

const asMm = (content: Content, format?: string) =>
  importMaps(content, format === undefined ? { domain: mm } : { domain: mm, format });

/** The layout without the places of islands, which depend on the window. */
const shapeOf = (content: Content): string[] => layouts(asMm(content))[0].map((one) => one.replace(/^\d+/, ''));

const PLAIN = `00400000-00401000 r-xp 00000000 08:01 12                                 /bin/p
00600000-00601000 rw-p 00000000 08:01 12                                 /bin/p
014e3000-01504000 rw-p 00000000 00:00 0                                  [heap]
`;
const PLAIN_SHAPE = ['+1 r-xp a', '+1 rw-p a', '+33 rw-p'];

describe('lines of maps', () => {
  it.each<[string, Content]>([
    ['indented', PLAIN.replace(/^/gm, '   ').trimEnd()],
    ['with tabs', PLAIN.replace(/ +/g, '\t')],
    ['behind a logger', PLAIN.replace(/^(?=.)/gm, 'Nov 30 14:00:01 host p[7]: ')],
    [
      'of a glibc crash',
      `*** Error in \`./p': free(): invalid pointer: 0x014e3010 ***\n` +
        `======= Memory map: ========\n${PLAIN}Aborted (core dumped)\n`,
    ],
    ['of the JVM', `# A fatal error\nDynamic libraries:\n${PLAIN}\nVM Arguments:\njava_command: X\n`],
    ['of Ruby', `[BUG] Segmentation fault at 0x0\n* Process memory map:\n\n${PLAIN}\n\n[NOTE]\n`],
    ['quoted in a mail', `Hi,\n${PLAIN.replace(/^(?=.)/gm, '> ')}\nregards\n`],
    ['with CRLF and a mark', `\ufeff${PLAIN.replace(/\n/g, '\r\n')}`],
    ['compressed', gzipSync(PLAIN)],
  ])('%s', (_name, content) => {
    expect(shapeOf(content)).toEqual(PLAIN_SHAPE);
  });

  it('two listings in one report are two sequences', () => {
    expect(layouts(asMm(`before\n${PLAIN}between\n${PLAIN}after\n`))).toHaveLength(2);
  });
});

describe('smaps', () => {
  it('has flags, which become flags and advice', () => {
    const block = (lines: string, flags: string): string => `${lines}
Size:                 16 kB
KernelPageSize:        4 kB
Rss:                   4 kB
Shared_Hugetlb:        0 kB
THPeligible:           0
ProtectionKey:         0
VmFlags: ${flags} 
`;
    const text =
      block('00400000-00401000 r-xp 00000000 08:01 12  /bin/p', 'rd ex mr mw me dw') +
      block('7f0000000000-7f0000004000 rw-p 00000000 00:00 0 ', 'rd wr mr mw me lo ac dd') +
      block('7f0000004000-7f0000008000 rw-p 00000000 00:00 0 ', 'rd wr mr mw me rr dc nr wf hg mg') +
      block('7f0000008000-7f000000c000 rw-p 00000000 00:00 0 ', 'rd wr mr mw me lo lf ac sr nh sl') +
      block('7f000000c000-7f0000010000 rw-p 00000000 00:00 0 ', 'rd wr mr mw me gd ac') +
      block('7f0000010000-7f0000011000 r--p 00000000 08:01 12  /bin/p', 'rd mr mw me') +
      block('7f0000011000-7f0000012000 r--p 00001000 08:01 12  /bin/p', 'rd mr mw me ac');
    const { sequence } = asMm(text).make(0);
    const sorted = (codes: string): string => codes.split(' ').sort().join(' ');
    expect(flagsOf(sequence).map(sorted)).toEqual(
      [
        'rd ex mr mw me',
        'rd wr mr mw me lo ac dd',
        'rd wr mr mw me rr dc nr wf hg mg',
        'rd wr mr mw me lo lf ac sr nh sl',
        'rd wr mr mw me gd ac',
        'rd mr mw me',
        'rd mr mw me ac',
      ].map(sorted),
    );
  });

  it('of old Android has names below', () => {
    const text = `12c00000-12c40000 rw-p 00000000 00:00 0 
Size:                256 kB
Name:           [anon:dalvik-main space]
12c40000-12c80000 rw-p 00000000 00:00 0 
Name:           [anon:other]
`;
    expect(
      asMm(text)
        .make(0)
        .sequence.operations.filter(({ op }) => op === 'set_vma_name'),
    ).toHaveLength(2);
  });
});

describe('pmap', () => {
  it.each([
    [
      'plain',
      `7389:   ./srv --port 1
0000555555554000      4K r---- srv
0000555555555000      8K r-x-- srv
00007ffff7fc1000     16K rw-s- zero (deleted)
00007ffffffde000    132K rw---   [ stack ]
 total              160K
`,
    ],
    [
      '-x',
      `7389:   ./srv --port 1
Address           Kbytes     RSS   Dirty Mode  Mapping
0000555555554000       4       4       0 r---- srv
0000555555555000       8       8       0 r-x-- srv
00007ffff7fc1000      16       0       0 rw-s- zero (deleted)
00007ffffffde000     132      12      12 rw---   [ stack ]
---------------- ------- ------- ------- 
total kB             160      24      12
`,
    ],
    [
      '-d',
      `7389:   ./srv --port 1
Address           Kbytes Mode  Offset           Device    Mapping
0000555555554000       4 r---- 0000000000000000 0fe:00000 srv
0000555555555000       8 r-x-- 0000000000002000 0fe:00000 srv
00007ffff7fc1000      16 rw-s- 0000000000000000 000:00001 zero (deleted)
00007ffffffde000     132 rw--- 0000000000000000 000:00000   [ stack ]
mapped: 160K    writeable/private: 132K    shared: 16K
`,
    ],
    [
      '-X',
      `7389:   ./srv --port 1
         Address Perm   Offset Device  Inode Size  Rss Pss THPeligible Mapping
    555555554000 r--p 00000000  fe:00 260875    4    8   8           0 srv
    555555555000 r-xp 00002000  fe:00 260875    8   20  20           0 srv
    7ffff7fc1000 rw-s 00000000  00:01   1033   16    0   0           0 zero (deleted)
    7ffffffde000 rw-p 00000000  00:00      0  132   12  12           0 [stack]
                                             ==== ==== === =========== 
                                              160   40  40           0 KB 
`,
    ],
    [
      '-XX',
      `7389:   ./srv --port 1
         Address Perm   Offset Device  Inode Size  Rss              VmFlags Mapping
    555555554000 r--p 00000000  fe:00 260875    4    8          rd mr mw me srv
    555555555000 r-xp 00002000  fe:00 260875    8   20       rd ex mr mw me srv
    7ffff7fc1000 rw-s 00000000  00:01   1033   16    0 rd wr sh mr mw me ms zero (deleted)
    7ffffffde000 rw-p 00000000  00:00      0  132   12 rd wr mr mw me gd ac [stack]
                                             ==== ==== 
                                              160   40 KB 
`,
    ],
  ])('%s', (_name, text) => {
    const imported = asMm(text);
    expect(imported.report.badLines).toBe(0);
    expect(layouts(imported)[0].map((one) => one.replace(/^\d+/, ''))).toEqual([
      '+1 r--p a',
      '+2 r-xp a',
      '+4 rw-s b',
      '+33 rw-p',
    ]);
    expect(flagsOf(imported.make(0).sequence)[3]).toContain('gd');
  });
});

describe('debuggers and crash reports', () => {
  const GDB = `process 1234
Mapped address spaces:

          Start Addr           End Addr       Size     Offset  Perms  objfile
      0x555555554000     0x555555556000     0x2000        0x0  r--p   /p
      0x555555556000     0x555555557000     0x1000     0x2000  r-xp   /p
      0x7ffff7fc0000     0x7ffff7fc4000     0x4000        0x0  rw-p   
`;

  it('gdb with protections, and without', () => {
    expect(shapeOf(GDB)).toEqual(['+2 r--p a', '+1 r-xp a', '+4 rw-p']);
    const old = GDB.replace('  Perms', '').replace(/ {2}r[-w][-x]p/g, '');
    const imported = asMm(old);
    expect(layoutOf(imported.make(0).sequence)).toHaveLength(3);
    expect(Object.keys(imported.report.counts().notes)[0]).toMatch(/^protections that are not in the listing/);
  });

  it('tombstones of Android, whose ends are inclusive', () => {
    const text = `*** *** *** *** *** *** *** ***
pid: 7, tid: 7, name: p  >>> p <<<
memory map (3 entries): (fault address prefixed with --->)
    00000055'5a2f0000-00000055'5a2f1fff r--         0      2000  /system/bin/p (BuildId: 0a1b)
--->Fault address falls at 00000055'5a2f2000 between mapped regions
    00000055'5a2f4000-00000055'5a2f4fff r-x      2000      1000  /system/bin/p (BuildId: 0a1b) (load bias 0x1000)
    0000007f'a1b2c000-0000007f'a1b2ffff rw-         0      4000  [anon:libc_malloc]

--------- log main
`;
    expect(shapeOf(text)).toEqual(['+2 r--p a', '+1 r-xp a', '+4 rw-p']);
    expect(shapeOf(text.replace(/^/gm, '11-30 14:00:00.000  1234  1234 F DEBUG   : '))).toHaveLength(3);
    expect(shapeOf('400a7000-400a7fff r-- /system/lib/x.so\n400a8000-400a9fff rw- \n')).toEqual([
      '+1 r--p a',
      '+2 rw-p',
    ]);
  });

  it('sanitizers', () => {
    const text = `==7==ERROR: AddressSanitizer: SEGV on unknown address
Process memory map follows:
\t0x000000400000-0x000000401000\t/p
\t0x000000401000-0x000000403000\t/p
\t0x7fff7000000-0x7fff7004000\t
End of process memory map.
`;
    expect(shapeOf(text)).toEqual(['+1 r--p a', '+2 rw-p a', '+4 r--p']);
  });

  it('crash reports of Tizen', () => {
    expect(
      shapeOf('Maps Information\n400a7000 400a8000 r-xp /usr/lib/x.so\nbe8e0000 be901000 rwxp [stack:7]\n'),
    ).toEqual(['+1 r-xp a', '+33 rwxp']);
  });
});

describe('perf script', () => {
  const event = (pid: number, at: string, len: string, rest: string): string =>
    `p ${pid} [001]   935.1: PERF_RECORD_MMAP2 ${pid}/${pid}: [0x${at}(0x${len}) @ ${rest}\n`;

  it('shows what was mapped, the later over the earlier, for each process', () => {
    const text = `swapper 0 0.0: PERF_RECORD_MMAP -1/0: [0xffffffff81000000(0x1276f48) @ \
0xffffffff81000000]: x [kernel.kallsyms]_text
perf-exec 0 0.0: PERF_RECORD_COMM: perf-exec:7/7
${event(7, '400000', '4000', '0 fe:00 9 0]: r--p /old')}p 7 935.1: PERF_RECORD_COMM exec: p:7/7
${event(7, '558f85753000', '4000', '0 fe:00 26 0]: r--p /p')}\
${event(7, '558f85754000', '1000', '0x1000 <0a1b2c>]: r-xp /p')}p 7 935.2: 250000 cycles: 7f81 _start+0x0 (/p)
p 7 935.3: PERF_RECORD_FORK(8:8):(7:7)
${event(8, '7f8180000000', '2000', '0 00:00 0 0]: rw-p //anon')}`;
    const imported = asMm(text);
    expect([...imported].map(({ sequence }) => sequence.header.note)).toEqual([
      'the 3 mappings of process 7',
      'the 4 mappings of process 8',
    ]);
    expect(layouts(imported)).toEqual([
      ['0+1 r--p a', '1+1 r-xp b', '2+2 r--p a'],
      expect.arrayContaining(['0+1 r--p a', '1+1 r-xp b', '2+2 r--p a']),
    ]);
    expect(imported.report.counts().skipped).toEqual({ mapping: { 'of the kernel': 1 } });
    expect(imported.report.isWrong).toBe(false);
  });
});

describe('images of CRIU', () => {
  const vma = (start: string, end: string, rest: object) => ({ start, end, pgoff: 0, shmid: 0, fd: -1, ...rest });
  const anon = {
    prot: 'PROT_READ | PROT_WRITE',
    flags: 'MAP_PRIVATE | MAP_ANON',
    status: 'VMA_AREA_REGULAR | VMA_ANON_PRIVATE',
  };
  const IMAGE = {
    magic: 'MM',
    entries: [
      {
        mm_start_brk: '0x4c2abc',
        mm_brk: '0x4c5123',
        vmas: [
          vma('0x400000', '0x402000', {
            shmid: 3,
            prot: 'PROT_READ | PROT_EXEC',
            flags: 'MAP_PRIVATE | MAP_DENYWRITE',
            status: 'VMA_AREA_REGULAR | VMA_FILE_PRIVATE',
          }),
          vma('0x4c3000', '0x4c6000', { ...anon, status: 'VMA_AREA_REGULAR | VMA_AREA_HEAP | VMA_ANON_PRIVATE' }),
          vma('0x7f0000000000', '0x7f0000001000', { ...anon, madv: '0x10000' }),
          vma('0x7f0000002000', '0x7f0000003000', {
            ...anon,
            flags: 'MAP_SHARED | MAP_ANON',
            status: 'VMA_AREA_REGULAR | VMA_ANON_SHARED',
          }),
        ],
      },
    ],
  };
  const SHAPE = ['+2 r-xp a', '+3 rw-p', '+1 rw-p', '+1 rw-s'];

  it('as crit prints them, the heap to the byte', () => {
    const { sequence } = asMm(JSON.stringify(IMAGE, null, 4)).make(0);
    expect(layoutOf(sequence).map((one) => one.replace(/^\d+/, ''))).toEqual(SHAPE);
    const brk = sequence.operations.find(({ op }) => op === 'brk');
    expect((brk?.addr as number) % 4096).toBe(0x123);
    expect(flagsOf(sequence)[2]).toContain('dd');
  });

  it('with numbers, and as the old image of mappings alone', () => {
    const numbers = JSON.stringify(IMAGE, (key, value) => {
      if (key === 'prot') return value.includes('EXEC') ? 5 : 3;
      if (key === 'flags') return (value.includes('SHARED') ? 1 : 2) + (value.includes('ANON') ? 0x20 : 0);
      if (key === 'status') return value.includes('HEAP') ? 0x221 : value.includes('FILE') ? 0x41 : 0x201;
      return typeof value === 'string' && value.startsWith('0x') ? Number(value) : value;
    });
    expect(shapeOf(numbers)).toEqual(SHAPE);
    expect(shapeOf(JSON.stringify({ magic: 'VMAS', entries: IMAGE.entries[0].vmas }))).toEqual(SHAPE);
  });

  it.each([
    ['no JSON', '{"magic": ', 'not JSON of crit'],
    ['another image', '{"magic":"PAGEMAP","entries":[{"vaddr":1}]}', 'JSON without mappings'],
  ])('%s is refused', (_name, text, what) => {
    expect(() => asMm(text)).toThrow(what);
  });
});

describe('--format', () => {
  it('forces a kind', () => {
    expect(FORMATS).toEqual(['maps', 'pmap', 'gdb', 'tombstone', 'asan', 'tizen', 'smaps', 'perf', 'criu']);
    expect(layouts(asMm(PLAIN, 'maps'))).toEqual(layouts(asMm(PLAIN)));
    expect(layouts(asMm(PLAIN, 'smaps'))).toEqual(layouts(asMm(PLAIN)));
    expect(() => asMm(PLAIN, 'pmap')).toThrow('line 1: not a line of pmap: 00400000-00401000');
    expect(() => asMm(PLAIN, 'criu')).toThrow('not JSON of crit');
  });
});

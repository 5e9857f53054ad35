/**
 * Single calls, and where they leave the mappings.
 */
import { differences, flagsOf, layouts } from '../../testing/check';
import { importStrace } from '../import';

const imported = (log: string) =>
  importStrace([
    { name: 'log', content: `9 execve("/bin/x", ["x"], 0x7f) = 0\n${log.replace(/^/gm, '9 ').slice(0, -2)}` },
  ]);

/** The layout at the end; the oracle answers as the log says, and nothing is lost. */
function layoutOf(log: string): string[] {
  const made = imported(log);
  expect(made.report.counts().lost).toEqual([]);
  expect(differences(made)).toEqual([]);
  return layouts(made)[0];
}

const ANON = 'MAP_PRIVATE|MAP_ANONYMOUS, -1, 0';

describe('mmap', () => {
  it('is mmap2 and old_mmap on 32 bits; an old strace counts offsets in pages', () => {
    for (const [first, second] of [
      ['0', '0x2000'],
      ['0', '0x2'],
    ]) {
      expect(
        layoutOf(`brk(NULL) = 0x8e0e000
old_mmap(NULL, 4096, PROT_READ, ${ANON}) = 0xb6f40000
mmap2(NULL, 16384, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_DENYWRITE, 3, ${first}) = 0xb6f45000
mmap2(0xb6f47000, 8192, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 3, ${second}) = 0xb6f47000
`),
      ).toEqual(['0+1 r--p', '5+4 r-xp a']);
    }
  });

  it('old_mmap has its arguments in memory', () => {
    const args = '{addr=NULL, length=8192, prot=PROT_READ, flags=MAP_PRIVATE|MAP_ANONYMOUS, fd=-1, offset=0}';
    expect(layoutOf(`old_mmap(${args}) = 0xb6f40000\n`)).toEqual(['0+2 r--p']);
  });

  it.each([
    ['arm64', '0xffff88000000'],
    ['x86 with five levels', '0xfffff000000000'],
    ['beyond 2^56', '0xffffb0000000000'],
  ])('reaches the addresses of %s', (_name, at) => {
    expect(layoutOf(`mmap(NULL, 12288, PROT_READ, ${ANON}) = ${at}\nmunmap(${at}, 4096) = 0\n`)).toEqual(['0+2 r--p']);
  });

  it('loses an address that it cannot hold to the byte', () => {
    const made = imported('munmap(0xfffff000000001, 4096) = 0\n');
    expect(made.report.counts().lost).toMatchObject([{ name: 'munmap' }]);
  });

  it('passes over the tag of an address', () => {
    expect(
      layoutOf(`mmap(NULL, 8192, PROT_READ, ${ANON}) = 0x7f72c12f0000
mprotect(0xb400007f72c12f0000, 4096, PROT_NONE) = 0
`),
    ).toEqual(['0+1 ---p', '1+1 r--p']);
  });

  it.each(['PROT_READ|PROT_SEM', 'PROT_READ|PROT_BTI', 'PROT_READ|PROT_MTE', '0x9', '0x21 /* PROT_READ|PROT_MTE */'])(
    'with %s is readable',
    (prot) => {
      expect(layoutOf(`mmap(NULL, 4096, ${prot}, ${ANON}) = 0x7f72c12f0000\n`)).toEqual(['0+1 r--p']);
    },
  );

  it('MAP_DROPPABLE is memory that is neither dumped nor inherited', () => {
    const log = `mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_DROPPABLE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
mmap(NULL, 4096, PROT_READ|PROT_WRITE, ${ANON}) = 0x7f72c12ef000
munmap(0x7f72c12f1000, 4096) = 0
`;
    expect(layoutOf(log)).toEqual(['0+1 rw-p', '1+1 rw-p']);
    const [{ sequence }] = imported(log);
    expect(flagsOf(sequence)[1]).toBe('rd wr mr mw me nr wf dd');
  });

  it('MAP_HUGETLB takes whole huge pages', () => {
    const flags = 'MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB';
    expect(layoutOf(`mmap(NULL, 4096, PROT_READ, ${flags}, -1, 0) = 0x7f72c1200000\n`)).toEqual(['0+512 r--s']);
    const sized = `${flags}|16<<MAP_HUGE_SHIFT`;
    expect(layoutOf(`mmap(NULL, 4096, PROT_READ, ${sized}, -1, 0) = 0x7f72c1200000\n`)).toEqual(['0+16 r--s']);
  });

  it('on an old kernel fixed_noreplace is a hint', () => {
    expect(
      layoutOf(`mmap(NULL, 4096, PROT_READ, ${ANON}) = 0x7f72c12f0000
mmap(0x7f72c12f0000, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE, -1, 0) = 0x7f72c12ef000
`),
    ).toEqual(['0+1 ---p', '1+1 r--p']);
  });

  it('/dev/zero is memory', () => {
    const zero = 'MAP_PRIVATE, 3</dev/zero<char 1:5>>, 0x1000';
    expect(layoutOf(`mmap(NULL, 4096, PROT_READ, ${zero}) = 0x7f72c12f0000\n`)).toEqual(['0+1 r--p']);
  });
});

describe('files', () => {
  const map = (fd: string, page: number, offset: number): string =>
    `mmap(0x7f72c12f${page}000, 4096, PROT_READ, MAP_SHARED|MAP_FIXED, ${fd}, 0x${offset}000) = 0x7f72c12f${page}000\n`;
  const RESERVED = `mmap(NULL, 32768, PROT_NONE, ${ANON}) = 0x7f72c12f0000\nmunmap(0x7f72c12f0000, 32768) = 0\n`;

  it('a memfd is told by its descriptor, deleted or not', () => {
    const one = '5</memfd:pool>(deleted)';
    expect(layoutOf(RESERVED + map(one, 0, 0) + map('6</memfd:pool (deleted)>', 1, 1))).toEqual([
      '0+1 r--s a',
      '1+1 r--s b',
    ]);
    expect(layoutOf(RESERVED + map(one, 0, 0) + map('5</memfd:pool (deleted)>', 1, 1))).toEqual(['0+2 r--s a']);
  });

  it('a memfd that the log shows being made is told by that', () => {
    const log = `memfd_create("x", MFD_CLOEXEC) = 5
${map('5', 0, 0)}dup(5) = 6
${map('6', 1, 1)}close(5) = 0
memfd_create("x", MFD_CLOEXEC) = 5
${map('5', 2, 2)}`;
    expect(layoutOf(RESERVED + log)).toEqual(['0+2 r--s a', '2+1 r--s b']);
  });

  it('a file stays the same while it is deleted', () => {
    expect(layoutOf(RESERVED + map('3</tmp/x>', 0, 0) + map('4</tmp/x>(deleted)', 1, 1))).toEqual(['0+2 r--s a']);
  });

  it('an opened file is told by its path, without -y too', () => {
    const opened = (path: string) => `openat(AT_FDCWD, "${path}", O_RDONLY) = 3\n`;
    expect(
      layoutOf(
        RESERVED + opened('/a') + map('3', 0, 0) + opened('/b') + map('3', 1, 1) + opened('/b') + map('3', 2, 2),
      ),
    ).toEqual(['0+1 r--s a', '1+2 r--s b']);
  });

  it('two files side by side never share a letter', () => {
    const many = Array.from({ length: 8 }, (_, i) => map(`3</f${i}>`, i, i)).join('');
    expect(layoutOf(RESERVED + many)).toHaveLength(8);
    // The fourth file would be "a" again, and lies next to the first.
    const beside = map('3</f0>', 1, 0) + map('3</f1>', 3, 0) + map('3</f2>', 5, 0) + map('3</f3>', 2, 1);
    expect(layoutOf(RESERVED + beside)).toEqual(['0+1 r--s a', '1+1 r--s c', '2+1 r--s b', '4+1 r--s c']);
  });

  it('paths may have commas, brackets and arrows', () => {
    expect(layoutOf(RESERVED + map('3</a,b(c)[d]>', 0, 0))).toEqual(['0+1 r--s a']);
    expect(layoutOf(`${RESERVED}read(4<TCP:[1.2.3.4:5->6.7.8.9:80]>, "x", 1) = 1\n${map('3</a>', 0, 0)}`)).toEqual([
      '0+1 r--s a',
    ]);
  });
});

describe('mprotect with PROT_GROWSDOWN', () => {
  const STACK =
    `mmap(0x7f72c12f0000, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_GROWSDOWN|MAP_ANONYMOUS, ` +
    `-1, 0) = 0x7f72c12f0000\n`;

  it('begins at the start of the mapping', () => {
    expect(layoutOf(`${STACK}mprotect(0x7f72c12f2000, 4096, PROT_READ|PROT_GROWSDOWN) = 0\n`)).toEqual([
      '0+3 r--p',
      '3+1 rw-p',
    ]);
    expect(
      layoutOf(`${STACK}mprotect(0x7f72c12f0000, 4096, PROT_NONE) = 0
mprotect(0x7f72c12f2000, 4096, PROT_READ|PROT_GROWSDOWN) = 0
`),
    ).toEqual(['0+1 ---p', '1+2 r--p', '3+1 rw-p']);
  });

  it('proves a stack that the log does not show', () => {
    const log = 'mprotect(0x7ffd00001000, 4096, PROT_READ|PROT_EXEC|PROT_GROWSDOWN) = 0\n';
    expect(layoutOf(log)).toEqual(['0+1 r-xp']);
    expect(flagsOf(imported(log).make(0).sequence)[0]).toContain('gd');
  });

  it('of something else is lost; one that failed is not', () => {
    const plain = `mmap(NULL, 4096, PROT_READ, ${ANON}) = 0x7f72c12f0000\n`;
    const line = 'mprotect(0x7f72c12f0000, 4096, PROT_READ|PROT_GROWSDOWN)';
    expect(imported(`${plain}${line} = 0\n`).report.lostCalls).toBe(1);
    expect(imported(`${plain}${line} = -1 EINVAL (Invalid argument)\n`).report.lostCalls).toBe(0);
  });
});

describe('memory that calls map without saying how long', () => {
  it('shmat has the length of shmget, shmdt removes what is left', () => {
    const attached = `shmget(IPC_PRIVATE, 20000, IPC_CREAT|0600) = 7
shmat(7, NULL, 0) = 0x7f72c12f0000
mprotect(0x7f72c12f1000, 4096, PROT_READ) = 0
`;
    expect(layoutOf(attached)).toEqual(['0+1 rw-s', '1+1 r--s', '2+3 rw-s']);
    const over = `${attached}mmap(0x7f72c12f2000, 4096, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, \
-1, 0) = 0x7f72c12f2000
munmap(0x7f72c12f0000, 4096) = 0
shmdt(0x7f72c12f0000) = 0
`;
    expect(layoutOf(over)).toEqual(['0+1 ---p']);
  });

  it('of a segment that was there before, its length is asked for', () => {
    expect(
      layoutOf(`shmget(0x1234, 0, 000) = 8
shmctl(8, IPC_STAT, {shm_perm={uid=0, mode=0600}, shm_segsz=8192, shm_cpid=1}) = 0
shmat(8, NULL, SHM_RDONLY) = 0x7f72c12f0000
`),
    ).toEqual(['0+2 r--s']);
  });

  it('map_shadow_stack maps, by name and by number', () => {
    for (const name of ['map_shadow_stack', 'syscall_0x1c5']) {
      expect(layoutOf(`${name}(NULL, 8192, 0x1) = 0x7f72c12f0000\n`)).toEqual(['0+2 rw-p']);
    }
  });

  it('io_setup maps a ring where its length is certain', () => {
    const log = 'io_setup(4096, [0x7f72c12f0000]) = 0\n';
    expect(layoutOf(log)).toEqual(['0+65 rw-s']);
    expect(layoutOf(`${log}io_destroy(0x7f72c12f0000) = 0\n`)).toEqual([]);
  });
});

describe('userfaultfd', () => {
  const MAPPED = `mmap(NULL, 16384, PROT_READ, ${ANON}) = 0x7f72c12f0000\n`;
  const range = (at: string, len: number): string =>
    `{range={start=${at}, len=${len}}, mode=UFFDIO_REGISTER_MODE_MISSING`;
  const register = (name: string, fd: number, at: string): string =>
    `ioctl(${fd}, ${name}, ${range(at, 0x1000)}, ioctls=1<<_UFFDIO_COPY}) = 0\n`;

  it('registers and unregisters, in any spelling', () => {
    for (const name of ['UFFDIO_REGISTER', '_IOC(_IOC_READ|_IOC_WRITE, 0xaa, 0, 0x20)', '0xc020aa00']) {
      expect(layoutOf(MAPPED + register(name, 3, '0x7f72c12f1000'))).toEqual(['0+1 r--p', '1+1 r--p', '2+2 r--p']);
    }
    const both =
      `${MAPPED}${register('UFFDIO_REGISTER', 3, '0x7f72c12f1000')}` +
      `ioctl(3, UFFDIO_UNREGISTER, {start=0x7f72c12f1000, len=0x1000}) = 0\n`;
    expect(layoutOf(both)).toEqual(['0+4 r--p']);
  });

  it('is over when it is closed', () => {
    const log =
      `${MAPPED}${register('UFFDIO_REGISTER', 3, '0x7f72c12f1000')}` +
      `${register('UFFDIO_REGISTER', 4, '0x7f72c12f2000')}`;
    expect(layoutOf(log)).toHaveLength(4);
    expect(layoutOf(`${log}close(3) = 0\n`)).toEqual(['0+2 r--p', '2+1 r--p', '3+1 r--p']);
  });
});

describe('brk', () => {
  it('need not start at a page', () => {
    const log = `brk(NULL) = 0x4c2abc
brk(0x4e3abc) = 0x4e3abc
brk(0x4c4000) = 0x4c4000
brk(0x4c2abc) = 0x4c2abc
brk(0x4c5001) = 0x4c5001
`;
    expect(layoutOf(log)).toEqual(['0+3 rw-p']);
  });

  it('may have been above the start when the log began', () => {
    expect(layoutOf('brk(NULL) = 0x4c5000\nbrk(0x4c4000) = 0x4c4000\nbrk(0x4c6000) = 0x4c6000\n')).toEqual([
      '0+2 rw-p',
    ]);
  });
});

describe('an old strace', () => {
  it('knows PR_SET_VMA by its number, and not the name that it gives', () => {
    const name = (at: string, len: number, text: string): string =>
      `prctl(0x53564d41 /* PR_??? */, 0, ${at}, ${len}, ${text}) = 0\n`;
    const log = `mmap2(NULL, 16384, PROT_READ, ${ANON}) = 0xb6f40000
${name('0xb6f40000', 4096, '0xb6f5b8f9')}${name('0xb6f41000', 4096, '0xb6f5b8f9')}\
${name('0xb6f42000', 4096, '0xb6f5b900')}`;
    expect(layoutOf(log)).toEqual(['0+2 r--p', '2+1 r--p', '3+1 r--p']);
    expect(layoutOf(`${log}${name('0xb6f40000', 16384, 'NULL')}`)).toEqual(['0+4 r--p']);
  });

  it.each([
    ['SYS_983045(0xb6f40000, 0, 0, 0) = 0', 0],
    ['syscall_983042(0xb6f40000, 0xb6f41000, 0) = 0', 0],
    ['SYS_318(0x7ffe, 0x8, 0) = 8', 0],
    ['SYS_325(0x7ffe000, 0x1000, 0) = 0', 1],
    ['syscall_0x1ff(0x7ffe000, 0x1000, 0) = 0', 1],
    ['SYS_511(0x7ffe000, 0x1000, 0) = -1 (errno 38)', 0],
  ])('knows calls by number only: %s', (line, lost) => {
    expect(imported(`${line}\n`).report.lostCalls).toBe(lost);
  });
});

describe('mremap', () => {
  it('takes along what it moves', () => {
    expect(
      layoutOf(`mmap(NULL, 8192, PROT_READ, MAP_SHARED, 3</f>, 0) = 0x7f72c12f0000
mremap(0x7f72c12f0000, 8192, 12288, MREMAP_MAYMOVE) = 0x7f72c12e0000
mmap(0x7f72c12e3000, 4096, PROT_READ, MAP_SHARED|MAP_FIXED, 3</g>, 0x3000) = 0x7f72c12e3000
`),
    ).toEqual(['0+3 r--s a', '3+1 r--s b']);
  });
});

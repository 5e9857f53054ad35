/**
 * Logs of every shape, small, and what becomes of them. What a log says that a call answered, the oracle answers too:
 * that is the proof that an import keeps the real layout.
 */
import type { MmHeader } from '../../domains/mm/header';
import type { Operation } from '../../format/types';
import type { Imported } from '../imported';
import { differences, opsOf } from '../testing/check';
import { importStrace as importFiles } from './import';

const START = `100 execve("/usr/bin/demo", ["demo", "a) = b"], 0x7ffe /* 35 vars */) = 0
100 brk(NULL)                         = 0x55e8ec3a8000
100 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fc9fb351000
`;

const importStrace = (text: string): Imported => importFiles([{ name: 'log', content: text }]);
const sequencesOf = (text: string) => [...importStrace(text)].map(({ sequence }) => sequence);

/** What a line adds to a sequence that begins as above. */
function added(log: string, sequence = 0): readonly Operation[] {
  return sequencesOf(START + log)[sequence].operations.slice(2);
}

const countsOf = (log: string) => importStrace(START + log).report.counts();
const skippedOf = (log: string): unknown => countsOf(log).skipped;
const lostOf = (log: string): string[] =>
  countsOf(log).lost.map(({ name, reason, count }) => `${count} ${name}: ${reason}`);

describe('a call becomes an operation', () => {
  it('with a chosen address as a hint, a fixed one as it is, neighbours side by side', () => {
    const operations = added(`100 mmap(NULL, 4096, PROT_READ, MAP_SHARED, 3, 0x2000) = 0x7fc9fb350000
100 mmap(0x7fc9fb352000, 5000, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_NORESERVE|MAP_STACK, \
-1, 0) = 0x7fc9fb352000
`);
    expect(operations[0]).toMatchObject({ len: 4096, prot: 'r--', flags: ['shared'], file: 'a', offset: 8192 });
    expect(operations[1]).toMatchObject({
      len: 5000,
      prot: '---',
      flags: ['private', 'fixed', 'noreserve'],
      file: null,
    });
    expect((operations[1].addr as number) - (operations[0].addr as number)).toBe(8192);
  });

  it('in any of strace’s spellings', () => {
    const plain = added(`100 mprotect(0x7fc9fb351000, 4096, PROT_READ|PROT_EXEC) = 0\n`);
    expect(plain[0]).toMatchObject({ op: 'mprotect', len: 4096, prot: 'r-x' });
    for (const spelled of [
      '100 mprotect(0x7fc9fb351000, 0x1000, 0x5) = 0',
      '100 mprotect(0x7fc9fb351000, 4096, 0x5 /* PROT_READ|PROT_EXEC */) = 0',
      '100 02:51:49 mprotect(0x7fc9fb351000, 4096, PROT_READ|PROT_EXEC) = 0',
      '100 02:51:49.014647 mprotect(0x7fc9fb351000, 4096, PROT_READ|PROT_EXEC) = 0 <0.000012>',
      '100 1795408899.313069 mprotect(0x7fc9fb351000, 4096, PROT_READ|PROT_EXEC) = 0',
      '100      0.000301 [  10] [00007f9763169c47] mprotect(0x7fc9fb351000, 4096, PROT_READ|PROT_EXEC) = 0',
      '[pid 100] mprotect(0x7fc9fb351000, 4096, PROT_READ|PROT_EXEC) = 0',
    ]) {
      expect(added(`${spelled}\n`)).toEqual(plain);
    }
  });

  it('for each call that the format has', () => {
    const log = `100 munmap(0x7fc9fb352000, 4096) = 0
100 mremap(0x7fc9fb351000, 4096, 8192, MREMAP_MAYMOVE) = 0x7fc9fb351000
100 mremap(0x7fc9fb351000, 8192, 16384, MREMAP_MAYMOVE) = 0x7fc9fb112000
100 madvise(0x7fc9fb112000, 4096, MADV_DONTFORK) = 0
100 madvise(0x7fc9fb112000, 4096, 0xb) = 0
100 mlock(0x7fc9fb113000, 4096) = 0
100 mlock2(0x7fc9fb114000, 4096, MLOCK_ONFAULT) = 0
100 munlock(0x7fc9fb114000, 4096) = 0
100 mlockall(MCL_CURRENT|MCL_FUTURE) = 0
100 munlockall() = 0
100 mbind(0x7fc9fb112000, 4096, MPOL_BIND, [0x1], 64, 0) = 0
100 prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7fc9fb112000, 4096, "heap") = 0
100 mmap(NULL, 65536, PROT_READ|PROT_WRITE, MAP_SHARED, 3</dev/shm/a,b>, 0x2000) = 0x7fc9fb152000
100 remap_file_pages(0x7fc9fb152000, 4096, PROT_NONE, 2, MAP_FILE) = 0
100 syscall_0x1ce(0x7fc9fb112000, 0x1000, 0, 0xffffffff, 0, 0) = 0
100 brk(0x55e8ec3c9000) = 0x55e8ec3c9000
`;
    const operations = added(log);
    expect(opsOf(operations)).toEqual([
      ...['munmap', 'mremap', 'mremap', 'madvise', 'madvise', 'mlock', 'mlock', 'munlock', 'mlockall', 'munlockall'],
      ...['mbind', 'set_vma_name', 'mmap', 'remap_file_pages', 'mseal', 'brk'],
    ]);
    expect(operations[1].flags).toEqual(['maymove']);
    expect(operations[2]).toMatchObject({ old_len: 8192, new_len: 16384, flags: ['maymove', 'fixed'] });
    expect(operations[4]).toMatchObject({ advice: 'dofork' });
    expect(operations[6]).toMatchObject({ onfault: true });
    expect(operations[8]).toMatchObject({ flags: ['current', 'future'] });
    expect(operations[10]).toMatchObject({ policy: 1 });
    expect(operations[11]).toMatchObject({ name: 'heap' });
    expect(differences(importStrace(START + log))).toEqual([]);
  });

  it('with a heap that starts where the break first was', () => {
    const sequences = sequencesOf(`${START}100 brk(0x55e8ec3c9000) = 0x55e8ec3c9000\n`);
    const header = sequences[0].header as MmHeader;
    expect(sequences[0].operations[0]).toEqual({ op: 'brk', addr: 0 });
    expect(sequences[0].operations[2].addr).toBe(header.brk! * 4096 + 0x21000);
  });
});

describe('what the log does not show', () => {
  it('is mapped first where a call proves that it was there', () => {
    const operations = added(`100 mprotect(0x539000, 12288, PROT_READ) = 0
100 munmap(0x700000, 4096) = 0
`);
    expect(opsOf(operations)).toEqual(['mmap', 'mprotect', 'munmap']);
    expect(operations[0]).toMatchObject({ addr: operations[1].addr, len: 12288, flags: ['private', 'fixed'] });
  });

  it('gives way where the kernel chose a place that seems taken', () => {
    const log = '100 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fc9fb351000\n';
    expect(added(log)[0]).toMatchObject({ flags: ['private', 'fixed'] });
    expect(differences(importStrace(START + log))).toEqual([]);
  });
});

describe('a failed call', () => {
  it('is kept if it fails again', () => {
    const log = `100 munmap(0x7fc9fb351001, 4096) = -1 EINVAL (Invalid argument)
100 mmap(0x7fc9fb351000, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE, -1, 0) \
= -1 EEXIST (File exists)
100 mmap(NULL, 0, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 EINVAL (Invalid argument)
100 munmap(0x7fc9fb352000, 4096) = 0
100 mprotect(0x7fc9fb351000, 8192, PROT_READ) = -1 ENOMEM (Cannot allocate memory)
100 madvise(0x7fc9fb352000, 4096, MADV_DONTNEED) = -1 ENOMEM (Cannot allocate memory)
100 mlock(0x7fc9fb352000, 4096) = -1 ENOMEM (Cannot allocate memory)
100 mremap(0x7fc9fb352000, 4096, 8192, 0) = -1 EFAULT (Bad address)
100 mseal(0x7fc9fb351000, 8192, 0) = -1 ENOMEM (Cannot allocate memory)
100 mmap(0x7fc9fb352000, 4096, PROT_READ, MAP_SHARED|MAP_ANONYMOUS|MAP_FIXED, -1, 0) = 0x7fc9fb352000
100 mremap(0x7fc9fb351000, 4096, 8192, 0) = -1 ENOMEM (Cannot allocate memory)
`;
    expect(added(log)).toHaveLength(11);
    expect(differences(importStrace(START + log))).toEqual([]);
  });

  it('is skipped and counted if the log does not tell why', () => {
    const log = `100 mmap(NULL, 99999999999, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, \
-1, 0) = -1 ENOMEM (Cannot allocate memory)
100 mprotect(0x7fc9fb351000, 4096, PROT_READ) = -1 EACCES (Permission denied)
100 munmap(0x7fc9fb351000, 4096) = ?
`;
    expect(added(log)).toEqual([]);
    expect(skippedOf(log)).toEqual({
      mmap: { 'failed with ENOMEM for a reason that the mappings do not show': 1 },
      mprotect: { 'failed with EACCES for a reason that the mappings do not show': 1 },
      munmap: { 'the process ended in it': 1 },
    });
  });
});

describe('what does not become an operation', () => {
  it('is skipped by call and reason if it changes no mapping, or failed', () => {
    const log = `100 msync(0x7fc9fb351000, 4096, MS_SYNC) = 0
100 wait4(-1, NULL, 0, NULL) = 101
100 madvise(0x7fc9fb351000, 4096, MADV_COLLAPSE) = 0
100 mmap(NULL, 18446744073709551615, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 ENOMEM (Cannot allocate memory)
100 mprotect(0x7fc9fb351000, 4096, PROT_READ|PROT_ODD) = -1 EINVAL (Invalid argument)
100 ioctl(1, TCGETS, {c_iflag=ICRNL}) = 0
100 prctl(PR_SET_NAME, "x") = 0
100 personality(0xffffffff) = 0 (PER_LINUX)
100 munmap(0x7fc9fb351000, 4096) = 0 (INJECTED)
`;
    expect(skippedOf(log)).toEqual({
      msync: { 'changes no mapping': 1 },
      wait4: { 'not an operation of the format': 1 },
      madvise: { 'an advice about single pages': 1 },
      mmap: { 'failed with ENOMEM': 1 },
      mprotect: { 'failed with EINVAL': 1 },
      ioctl: { 'changes no mapping': 1 },
      prctl: { 'changes no mapping': 1 },
      personality: { 'changes no mapping': 1 },
      munmap: { 'never reached the kernel': 1 },
    });
    expect(lostOf(log)).toEqual([]);
  });

  it.each([
    ['madvise(0x7fc9fb351000, 4096, MADV_SOMETHING) = 0', '1 madvise: an advice that the format does not have'],
    ['mprotect(0x7fc9fb351000, 4096, PROT_READ|PROT_ODD) = 0', '1 mprotect: its arguments were not understood'],
    ['mmap(NULL, 4096, PROT_READ, MAP_ODD, -1, 0) = 0x7f', '1 mmap: its arguments were not understood'],
    ['mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3 = 0x7f', '1 mmap: its line is damaged'],
    ['mremap(0x7fc9fb351000, {4096}, 8192, 0) = 0x7f', '1 mremap: its arguments were not understood'],
    ['pkey_mprotect(0x7fc9fb351000, 4096, PROT_READ, 1) = 0', '1 pkey_mprotect: its protection key is left out'],
    ['munmap(0x7fc9fb351000, 4096) = 0a', '1 munmap: its result was not understood'],
    [
      'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fc9',
      '1 mmap: what it returned is no address',
    ],
    ['fork() = x', '1 fork: its result was not understood'],
    ['execve("/bin/x", ["x"], 0x7f) = x', '1 execve: its result was not understood'],
    ['shmat(7, NULL, 0) = 0x7fc9fb300000', '1 shmat: the log does not show how long it is'],
    ['shmdt(0x7fc9fb300000) = 0', '1 shmdt: what it removes was mapped before the log began'],
    ['io_setup(32, [0x7fc9fb300000]) = 0', '1 io_setup: the length of the ring depends on'],
    ['uselib("/lib/x") = 0', '1 uselib: not an operation of the format'],
    ['prctl(PR_SET_MM, PR_SET_MM_BRK, 0x1000, 0, 0) = 0', '1 prctl: PR_SET_MM'],
    ['prctl(PR_SET_MEMORY_MERGE, 1, 0, 0, 0) = 0', '1 prctl: PR_SET_MEMORY_MERGE'],
    ['arch_prctl(0x5001, 0x1) = 0', '1 arch_prctl: the log does not show what it maps'],
    ['personality(PER_LINUX|READ_IMPLIES_EXEC) = 0 (PER_LINUX)', '1 personality: READ_IMPLIES_EXEC'],
    ['ioctl(3, UFFDIO_REGISTER, 0x7ffe) = 0', '1 ioctl: its arguments were not understood'],
    ['syscall_0x9999(0x1, 0x2) = 0', '1 syscall_0x9999: not an operation of the format'],
    ['clone3(0x7ffe, 88) = 101', '1 clone3: its arguments were not understood'],
    ['<... mmap resumed>) = 0x7fc9fb300000', '1 mmap: its beginning is not in the log'],
    ['set_mempolicy_home_node(0x7fc9fb351000, 4096, 0, 0) = 0', '1 set_mempolicy_home_node: not an operation'],
    ['process_madvise(3, [{iov_base=0x7f, iov_len=1}], 1, MADV_DONTDUMP, 0) = 1', '1 process_madvise: an advice to'],
  ])('is lost if it changed mappings: %s', (line, what) => {
    // One more line, as the last line of a log may be cut without loss.
    const log = `100 ${line}\n100 getpid() = 100\n`;
    expect(lostOf(log).map((text) => text.slice(0, what.length))).toEqual([what]);
    expect(importStrace(START + log).report.toText()).toContain(`LOST ${what.split(':')[0]}, which `);
  });
});

describe('processes', () => {
  const CHILD = '101 mprotect(0x7fc9fb351000, 4096, PROT_READ) = 0\n';
  const PARENT = '100 munmap(0x7fc9fb351000, 4096) = 0\n';

  it('a fork goes on in a copy, also when the child is seen first', () => {
    const clone = '100 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7fc9) = 101\n';
    const cut = `100 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
${CHILD}100 <... clone resumed>, child_tidptr=0x7fc9) = 101
`;
    for (const log of [clone + CHILD + PARENT, cut + PARENT]) {
      expect(opsOf(added(log))).toEqual(['munmap']);
      expect(opsOf(added(log, 1))).toEqual(['fork', 'mprotect']);
      expect(differences(importStrace(START + log))).toEqual([]);
    }
  });

  it('a thread works on the same address space, in any spelling', () => {
    for (const flags of ['flags=CLONE_VM|CLONE_FS', 'flags=0x3d0f00', '{flags=CLONE_VM|CLONE_FS, child_tid=0x7f}']) {
      const name = flags.startsWith('{') ? 'clone3' : 'clone';
      const log = `100 ${name}(${name === 'clone' ? 'child_stack=0x7f, ' : ''}${flags}) = 101\n${CHILD}${PARENT}`;
      const sequences = sequencesOf(START + log);
      expect(sequences).toHaveLength(1);
      expect(opsOf(added(log))).toEqual(['mprotect', 'munmap']);
    }
  });

  it('a vfork shares until the child begins a program of its own', () => {
    const log = `100 vfork( <unfinished ...>
101 execve("/usr/lib/cc1", ["cc1"], 0x7f <unfinished ...>
100 <... vfork resumed>)              = 101
101 <... execve resumed>)             = 0
101 brk(NULL)                         = 0x1000000
100 munmap(0x7fc9fb351000, 4096) = 0
`;
    const sequences = sequencesOf(START + log);
    expect(sequences.map(({ operations }) => opsOf(operations))).toEqual([['brk', 'mmap', 'munmap'], ['brk']]);
    expect(sequences.map(({ header }) => header.note)).toEqual([
      'demo, address space 1 of the log',
      'cc1, address space 2 of the log',
    ]);
  });

  it('a failed execve changes nothing; children without work are left out', () => {
    const log = `100 fork() = 101
101 execve("/usr/bin/none", ["none"], 0x7f) = -1 ENOENT (No such file or directory)
101 exit_group(1) = ?
101 +++ exited with 1 +++
100 --- SIGCHLD {si_signo=SIGCHLD, si_pid=101} ---
${PARENT}`;
    const { report } = importStrace(START + log);
    const sequences = sequencesOf(START + log);
    expect(sequences).toHaveLength(1);
    expect(report.counts().notes).toEqual({ 'forked children that did nothing to their memory': 1 });
  });

  it('are told apart by their break where the log lacks them', () => {
    const sequences = sequencesOf(`7 brk(NULL) = 0x1000000
7 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
8 mprotect(0x7f0000000000, 4096, PROT_READ) = 0
9 brk(NULL) = 0x5000000
7 brk(NULL) = 0x9000000
`);
    expect(sequences.map(({ operations }) => opsOf(operations))).toEqual([
      ['brk', 'mmap', 'mprotect'],
      ['brk'],
      ['brk'],
    ]);
  });

  it('have no names at first in a log on standard error, and remarks in the middle of its lines', () => {
    const sequences = sequencesOf(`execve("/bin/dash", ["dash"], 0x7ffc /* 35 vars */) = 0
mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLDstrace: Process 20987 attached
, child_tidptr=0x7f5df1491a10) = 20987
[pid 20987] munmap(0x7f0000000000, 4096 <unfinished ...>
[pid 20986] mprotect(0x7f0000000000, 4096, PROT_READ) = 0
[pid 20987] <... munmap resumed>)       = 0
[pid 20987] +++ exited with 0 +++
munmap(0x7f0000000000, 4096) = 0
`);
    expect(sequences.map(({ operations }) => opsOf(operations))).toEqual([
      ['mmap', 'mprotect', 'munmap'],
      ['mmap', 'fork', 'munmap'],
    ]);
  });
});

describe('calls of threads that overlap', () => {
  it('what frees counts from its beginning, what allocates from its end', () => {
    const log = `100 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 101
101 munmap(0x7fc9fb351000, 8192 <unfinished ...>
100 mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fc9fb351000
101 <... munmap resumed>)               = 0
100 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>
101 munmap(0x7fc9fb352000, 4096) = 0
100 <... mmap resumed>)                 = 0x7fc9fb352000
`;
    expect(opsOf(added(log))).toEqual(['munmap', 'mmap', 'munmap', 'mmap']);
    expect(added(log).map(({ flags }) => flags)).toEqual([undefined, ['private'], undefined, ['private']]);
  });

  it('a call without its other half is counted', () => {
    const log = `100 munmap(0x7fc9fb351000, 8192 <unfinished ...>
101 <... mprotect resumed>) = 0
`;
    expect(skippedOf(log)).toEqual({ munmap: { 'its end is not in the log': 1 } });
    expect(lostOf(log)).toEqual(['1 mprotect: its beginning is not in the log']);
  });
});

describe('logs of single threads', () => {
  const main = (time: string): string => `${time}execve("/bin/x", ["x"], 0x7f) = 0
${time}mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
${time}clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 12
`;

  it('are merged by time', () => {
    const [{ sequence }] = importFiles([
      {
        name: 'log.11',
        content: `${main('10.5 ').replaceAll('10.5', '1700000010.5')}1700000030.0 munmap(0x7f0000000000, 4096) = 0\n`,
      },
      { name: 'log.12', content: '1700000020.0 mprotect(0x7f0000000000, 4096, PROT_READ) = 0\n' },
    ]);
    expect(opsOf(sequence.operations)).toEqual(['mmap', 'mprotect', 'munmap']);
  });

  it('or by who made whom', () => {
    const imported = importFiles([
      { name: 'log.11', content: `${main('')}munmap(0x7f0000000000, 4096) = 0\n` },
      { name: 'log.12', content: 'mprotect(0x7f0000000000, 4096, PROT_READ) = 0\n' },
    ]);
    expect(opsOf(imported.make(0).sequence.operations)).toEqual(['mmap', 'mprotect', 'munmap']);
    expect(Object.keys(imported.report.counts().notes)).toEqual([
      'logs of single threads without times, put together by who made whom',
    ]);
  });
});

describe('the real time of a call', () => {
  it('is its end for what allocates, with -T', () => {
    // Thread 12 asks first, waits for the lock, and is given what 11 frees.
    const [{ sequence }] = importFiles([
      {
        name: 'log.11',
        content: `1700000010.0 execve("/bin/x", ["x"], 0x7f) = 0 <0.1>
1700000011.0 mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <0.1>
1700000012.0 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 12 <0.1>
1700000021.0 munmap(0x7f0000000000, 8192) = 0 <0.3>
`,
      },
      {
        name: 'log.12',
        content: `1700000020.0 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <2.0>
`,
      },
    ]);
    expect(opsOf(sequence.operations)).toEqual(['mmap', 'munmap', 'mmap']);
    expect(sequence.operations[2].flags).toEqual(['private']);
  });

  it('is not known without -T: what then contradicts itself is lost', () => {
    const START_OF_11 = `1700000010.0 execve("/bin/x", ["x"], 0x7f) = 0
1700000011.0 mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
1700000012.0 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 12
`;
    const { report } = importFiles([
      { name: 'log.11', content: `${START_OF_11}1700000021.0 munmap(0x7f0000000000, 8192) = 0\n` },
      {
        name: 'log.12',
        content: '1700000020.0 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n',
      },
    ]);
    expect(report.counts().lost).toMatchObject([{ name: 'mmap', count: 1 }]);
    expect(report.toText()).toContain('calls of threads had another order (record with -ttt -T, or without -ff)');
  });

  it('goes on after midnight', () => {
    const [{ sequence }] = importFiles([
      {
        name: 'log.11',
        content: `23:59:58 execve("/bin/x", ["x"], 0x7f) = 0
23:59:59 mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
23:59:59 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 12
00:00:03 munmap(0x7f0000000000, 8192) = 0
`,
      },
      { name: 'log.12', content: '23:59:59 getpid() = 11\n00:00:02 mprotect(0x7f0000000000, 4096, PROT_READ) = 0\n' },
    ]);
    expect(opsOf(sequence.operations)).toEqual(['mmap', 'mprotect', 'munmap']);
  });
});

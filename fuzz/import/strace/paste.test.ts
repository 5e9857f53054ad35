/**
 * Logs as people have them: every flag of strace, what a terminal, a mail or a cut did to them, qemu-user's spelling.
 */
import { gzipSync } from 'node:zlib';
import type { Content } from '../input';
import { differences, layouts } from '../testing/check';
import { importStrace } from './import';

const imported = (content: Content) => importStrace([{ name: 'log', content }]);
const layoutsOf = (content: Content) => layouts(imported(content));

/** Two pages, of which the first goes. */
const LOG = `execve("./p", ["./p"], 0x7ffe /* 9 vars */) = 0
mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
munmap(0x7f72c12f0000, 4096) = 0
getpid() = 7
`;
const LEFT = [['0+1 rw-p']];
const lines = LOG.trimEnd().split('\n');
/** Something in front of each line. */
const prefixed = (prefix: (i: number) => string): string => lines.map((line, i) => `${prefix(i)}${line}\n`).join('');

/** Each line cut after so many characters. */
const wrapped = (text: string, width: number): string => text.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n');

describe('a log in any wrapping', () => {
  it.each<[string, Content]>([
    ['-r', prefixed((i) => `     0.00024${i} `)],
    ['-r with a process', prefixed((i) => `812      0.00024${i} `)],
    ['-tt -r', prefixed((i) => `02:51:49.01464${i} (+     0.000301) `)],
    ['-t', prefixed(() => '02:51:49 ')],
    ['--timestamps=unix,s', prefixed(() => '812 1795408899 ')],
    ['--timestamps=unix,ns', prefixed(() => '812 1795408899.123456789 ')],
    ['-n -i', prefixed(() => '[ 231] [00007f9763169c47] ')],
    ['-i without an address', prefixed(() => '[????????????????] ')],
    ['-Y with -o', prefixed(() => '812<(sd) x> ')],
    ['-Y on a terminal', prefixed(() => '[pid   812<bash>] ')],
    ['-T', LOG.replace(/\n/g, ' <0.000012>\n')],
    ['-k', LOG.replace(/\n/g, '\n > /usr/lib/libc.so.6(mmap+0x26) [0xf5000]\n > unexpected_backtracing_error\n')],
    [
      '-e write=1',
      LOG.replace(/\n/g, '\n | 00000  68 65 6c 6c 6f 0a                                 hello.           |\n'),
    ],
    ['a byte order mark', `\ufeff${LOG}`],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(LOG, 'utf16le')])],
    ['CRLF', LOG.replace(/\n/g, '\r\n')],
    ['gzip', gzipSync(LOG)],
    ['a mail', prefixed(() => '> ')],
    ['an answered mail', prefixed(() => '>> > ')],
    ['colours', prefixed(() => '\u001b[1m\u001b[0m')],
    ['a mail that was wrapped', LOG.replace('PROT_WRITE, ', 'PROT_WRITE,\n').replace(') = 0x7f', ')\n= 0x7f')],
    ['a mail that was wrapped anywhere', wrapped(LOG, 29)],
    ['a mail that was wrapped within a result', LOG.replace('0x7f72c12f0000\n', '0x7f72c1\n2f0000\n')],
    ['32 bits', `strace: [ Process PID=812 runs in 32 bit mode. ]\n${LOG}`],
    ['seccomp', `strace: Requested path "/x" resolved into "/y"\n${LOG}`],
    ['no end of the last line', LOG.trimEnd()],
  ])('%s', (_name, content) => {
    const made = imported(content);
    expect(layouts(made)).toEqual(LEFT);
    expect(differences(made)).toEqual([]);
    expect(made.report.isWrong).toBe(false);
    expect(made.report.badLines).toBe(0);
  });

  it('-C and -c end with a table', () => {
    const table = `% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 66.67    0.000123          12        10         1 mmap
 33.33    0.000061           6        10           munmap
------ ----------- ----------- --------- --------- ----------------
100.00    0.000184                    20         1 total
`;
    const made = imported(`${prefixed(() => '812 ')}${table}${prefixed(() => '813 ')}`);
    expect(layouts(made)).toEqual([...LEFT, ...LEFT]);
    expect(made.report.badLines).toBe(0);
    const columns = `syscall              calls     seconds
---------------- --------- -----------
execve                   1    0.002087
---------------- --------- -----------
total                    1    0.002087
`;
    expect(imported(LOG + columns).report.badLines).toBe(0);
    expect(() => imported(table)).toThrow('the log has only a table of counts (strace -c), no calls');
  });
});

describe('numbers in place of names', () => {
  it.each([
    ['-X raw', '0x3', '0x22', '-1 (errno 22)'],
    [
      '-X verbose',
      '0x3 /* PROT_READ|PROT_WRITE */',
      '0x22 /* MAP_PRIVATE|MAP_ANONYMOUS */',
      '-1 EINVAL (Invalid argument)',
    ],
    ['comments in comments', '0x3', '0x28 /* 0x8 /* MAP_??? */|MAP_ANONYMOUS */', '-1 EINVAL (Invalid argument)'],
    ['unknown names', 'PROT_READ|0x2 /* PROT_??? */', '0x8 /* MAP_??? */|MAP_ANONYMOUS', '-22'],
  ])('%s', (_name, prot, flags, error) => {
    const made = imported(`7 mmap(NULL, 8192, ${prot}, ${flags}, -1, 0) = 0x7f72c12f0000
7 munmap(0x7f72c12f0001, 4096) = ${error}
7 munmap(0x7f72c12f0000, 4096) = 0
`);
    expect(layouts(made)).toEqual(LEFT);
    expect(differences(made)).toEqual([]);
    expect(made.report.counts().kept).toEqual({ mmap: 1, munmap: 2 });
  });
});

describe('texts', () => {
  it.each([
    ['hexadecimal', '"\\x2f\\x62\\x69\\x6e\\x2f\\x6c\\x73"', '"\\x61\\x62"', 'ls', 'ab'],
    ['octal', '"/bin/\\154s"', '"a\\142\\0"', 'ls', 'ab\0'],
    ['quotes', '"/bin/l\\"s"', '"a\\\\b\\n"', 'l"s', 'a\\b\n'],
    [
      'cut',
      '"/a/program whose path is lon"...',
      '"a name that is longer than thirt"...',
      'program whose path is lon',
      'a name that is longer than thirt',
    ],
  ])('%s', (_name, program, name, asProgram, asName) => {
    const [{ sequence }] = imported(`8 execve(${program}, ["x"], 0x7ffe /* 9 vars */) = 0
8 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
8 prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7f72c12f0000, 4096, ${name}) = 0
`);
    expect(sequence.header.note).toBe(`${asProgram}, address space 1 of the log`);
    expect(sequence.operations[1].name).toBe(asName);
  });
});

describe('a log on standard error', () => {
  const FORK = 'clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD';
  const CHILD = '[pid   812] munmap(0x7f72c12f1000, 4096) = 0\n';

  it.each([
    [
      'the remark within the line that begins the call',
      `${FORK}strace: Process 812 attached\n <unfinished ...>\n` +
        `${CHILD}[pid   811] <... clone resumed>, child_tidptr=0x7f) = 812\n[pid   811] getpid() = 811\n`,
    ],
    [
      'the remark within a whole call',
      `${FORK}strace: Process 812 attached\n, child_tidptr=0x7f) = 812\n${CHILD}[pid   811] getpid() = 811\n`,
    ],
    ['the remark on its own', `${FORK}, child_tidptr=0x7f) = 812\nstrace: Process 812 attached\n${CHILD}`],
    ['no remark (-q)', `${FORK} <unfinished ...>\n${CHILD}[pid   811] <... clone resumed>, child_tidptr=0x7f) = 812\n`],
    [
      'an old strace',
      `${FORK}Process 812 attached (waiting for parent)\n, child_tidptr=0x7f) = 812\n` +
        `Process 812 resumed (parent 811 ready)\n` +
        `${CHILD}`,
    ],
    [
      'the remark in the call that follows',
      `${FORK}, child_tidptr=0x7f) = 812\nwait4(-1, strace: Process 812 attached\n <unfinished ...>\n` +
        `${CHILD}[pid   811] <... wait4 resumed>NULL, 0, NULL) = 812\n`,
    ],
    [
      'a strace of long ago',
      'clone(Process 812 attached\nchild_stack=0, flags=SIGCHLD, child_tidptr=0x7f) = 812\n' +
        '[pid   811] wait4(-1, Process 811 suspended\n <unfinished ...>\n' +
        '[pid   812] munmap(0x7f72c12f1000, 4096) = 0\nProcess 811 resumed\n',
    ],
  ])('names processes only when there are two: %s', (_name, fork) => {
    const made = imported(`${LOG}${fork}[pid   812] +++ exited with 0 +++
--- SIGCHLD {si_signo=SIGCHLD, si_pid=812} ---
mprotect(0x7f72c12f1000, 4096, PROT_READ) = 0
+++ exited with 0 +++
`);
    expect(layouts(made)).toEqual([['0+1 r--p'], []]);
    expect(made.report.badLines).toBe(0);
    expect(made.report.counts().notes).not.toHaveProperty('processes taken for threads of the first');
  });

  it('goes on without a name with whoever is left', () => {
    const made = imported(`${LOG}${FORK}, child_tidptr=0x7f) = 812
strace: Process 812 attached
[pid   811] exit_group(0) = ?
[pid   811] +++ exited with 0 +++
munmap(0x7f72c12f1000, 4096) = 0
`);
    expect(layouts(made)).toEqual([['0+1 rw-p'], []]);
  });

  it('has the name of the first in front with -p', () => {
    const made = imported(`strace: Process 811 attached
mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
clone(child_stack=NULL, flags=SIGCHLD) = 812
strace: Process 812 attached
[pid   811] munmap(0x7f72c12f0000, 4096) = 0
[pid   812] munmap(0x7f72c12f0000, 8192) = 0
strace: Process 811 detached
`);
    expect(layouts(made)).toEqual([['0+1 r--p'], []]);
  });
});

describe('a program that prints into its log', () => {
  it.each([
    ['one line', 'write(1, "hello\\n", 6hello\n)                  = 6\n'],
    ['several', 'write(1, "a\\n\\nmain(): b\\n> c\\n", 12a\n\nmain(): b\n> c\n)          = 12\n'],
    ['without an end of line', 'write(1, "hello", 5hello)                  = 5\n'],
    ['brackets', 'write(1, ")(\\n", 3)(\n)                  = 3\n'],
  ])('%s', (_name, output) => {
    const made = imported(LOG.replace('getpid', `${output}getpid`));
    expect(layouts(made)).toEqual(LEFT);
    expect(made.report.badLines).toBe(0);
    expect(made.report.counts().skipped.write).toBeDefined();
  });

  it('and whose output could be the rest of a result', () => {
    const made = imported(LOG.replace('munmap', 'a\nmunmap'));
    expect(layouts(made)).toEqual(LEFT);
    expect(made.report.badLines).toBe(1);
  });

  it('and writes no end of a line before one of strace', () => {
    const made = imported(LOG.replace('munmap', 'fork() = 9\nok[pid     7] munmap'));
    expect(layouts(made)).toEqual(LEFT);
    expect(made.report.counts().notes).toEqual({
      'lines of strace behind output of the program': 1,
      'forked children that did nothing to their memory': 1,
    });
  });

  it('and whose lines are found between whole calls', () => {
    const made = imported(LOG.replace('munmap', 'Hello from the program: 5 = 5\nmunmap'));
    expect(layouts(made)).toEqual(LEFT);
    expect(made.report.counts().badLines).toEqual({
      count: 1,
      first: [{ line: 3, text: 'Hello from the program: 5 = 5' }],
    });
  });
});

describe('exec by a thread', () => {
  const BEGIN = `1 execve("/bin/a", ["a"], 0x7ffe) = 0
1 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
1 clone3({flags=CLONE_VM|CLONE_THREAD, stack_size=0x7fff80} => {parent_tid=[2]}, 88) = 2
1 futex(0x7f72, FUTEX_WAIT, 2, NULL <unfinished ...>
`;
  const END = `1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
`;

  it.each([
    [
      'as it says',
      '2 execve("/bin/b", ["b"], 0x7ffe <unfinished ...>\n1 <... futex resumed>) = ?\n' +
        '1 +++ superseded by execve in pid 2 +++\n1 <... execve resumed>) = 0\n',
    ],
    [
      'as a newer strace says',
      '2 execve("/bin/b", ["b"], 0x7ffe <pid changed to 1 ...>\n' +
        '1 +++ superseded by execve in pid 2 +++\n1 <... execve resumed>) = 0\n',
    ],
    ['as -qq does not say', '2 execve("/bin/b", ["b"], 0x7ffe <unfinished ...>\n1 <... execve resumed>) = 0\n'],
  ])('goes on under the id of the process: %s', (_name, exec) => {
    const made = imported(BEGIN + exec + END);
    expect([...made].map(({ sequence }) => sequence.header.note)).toEqual([
      'a, address space 1 of the log',
      'b, address space 2 of the log',
    ]);
    expect(layouts(made)).toEqual([['0+2 r--p'], ['0+1 r--p']]);
    expect(made.report.isWrong).toBe(false);
  });
});

describe('ids that do not agree', () => {
  it('-z shows a child before the call that made it', () => {
    const made = imported(`900 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
901 munmap(0x7f72c12f0000, 4096) = 0
900 clone(child_stack=NULL, flags=SIGCHLD) = 901
900 mprotect(0x7f72c12f0000, 8192, PROT_NONE) = 0
`);
    expect(layouts(made)).toEqual([['0+2 ---p'], ['0+1 r--p']]);
    expect(made.report.counts().notes).toEqual({});
  });

  it('an id that is used again is not that of the child before', () => {
    const made = imported(`900 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
900 fork() = 901
901 munmap(0x7f72c12f0000, 8192) = 0
901 +++ exited with 0 +++
900 munmap(0x7f72c12f0000, 4096) = 0
900 fork() = 901
901 mprotect(0x7f72c12f1000, 4096, PROT_NONE) = 0
`);
    expect(layouts(made)).toEqual([['0+1 r--p'], [], ['0+1 ---p']]);
  });

  it('a child is found by its turn in another pid namespace', () => {
    const made = imported(`900 execve("/bin/a", ["a"], 0x7ffe) = 0
900 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
900 clone(child_stack=NULL, flags=SIGCHLD) = 5
901 munmap(0x7f72c12f0000, 4096) = 0
900 mprotect(0x7f72c12f0000, 8192, PROT_NONE) = 0
`);
    expect(layouts(made)).toEqual([['0+2 ---p'], ['0+1 r--p']]);
  });

  it('--decode-pids tells both', () => {
    const made = imported(`900 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
900 fork() = 5 /* 901 in strace's PID NS */
901 munmap(0x7f72c12f0000, 4096) = 0
`);
    expect(layouts(made)).toEqual([['0+2 r--p'], ['0+1 r--p']]);
  });

  it('a child is known whose maker never returns', () => {
    const made = imported(`900 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72c12f0000
900 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
901 munmap(0x7f72c12f0000, 4096) = 0
900 +++ killed by SIGKILL +++
`);
    expect(layouts(made)).toEqual([['0+2 r--p'], ['0+1 r--p']]);
  });
});

describe('qemu-user', () => {
  it('its -strace is read', () => {
    const made = imported(`12345 brk(NULL) = 0x0000000000012000
12345 mmap(NULL,8192,PROT_READ|PROT_WRITE,MAP_PRIVATE|MAP_ANONYMOUS,-1,0) = 0x0000004000801000
12345 mprotect(0x0000004000801000,4096,PROT_READ) = 0
12345 write(1,0x4000801000,6)hello
 = 6
12345 munmap(0x0000004000801001,4096) = -1 errno=22 (Invalid argument)
12345 mremap(274886299648,4096,8192,1,0,0) = 274886307840
12345 exit_group(0)
`);
    expect(layouts(made)).toEqual([['0+1 rw-p', '1+2 r--p']]);
  });
});

describe('damage', () => {
  it('a cut last line is counted and shown', () => {
    for (const cut of ['mmap(NULL, 81', '[pid', '<... munm', 'munmap(0x7f72c12f1000, 4096)', '812 0']) {
      const made = imported(`${LOG}${cut}`);
      expect(layouts(made)).toEqual(LEFT);
      expect(made.report.isWrong).toBe(false);
      expect(made.report.counts().badLines).toEqual({ count: 1, first: [{ line: 5, text: cut }] });
    }
  });

  it('a bad line within is passed over, and shown without raw bytes', () => {
    const made = imported(
      Buffer.concat([Buffer.from(`${LOG}\x1b]0;evil\x07\xe9`, 'latin1'), Buffer.from('\nclose(3) = 0\n')]),
    );
    expect(layouts(made)).toEqual(LEFT);
    expect(made.report.isWrong).toBe(false);
    expect(made.report.toText()).toContain('    line 5: \\x1b]0;evil\\x07\\u{fffd}\n');
  });

  it('a mapping call in a bad line is lost, unless it failed', () => {
    const lost = (line: string) => imported(LOG.replace('getpid', `${line}\ngetpid`)).report.counts().lost;
    expect(lost('munmap(0x7f72c12f1000, 40')).toMatchObject([
      { name: 'munmap', reason: 'its line is damaged', firstLine: 4 },
    ]);
    expect(lost('xx mmap(NULL, 4096, PROT_READ = 0x7f')).toHaveLength(1);
    expect(lost('xx mmap(NULL, 4096, PROT_READ = -1 ENOMEM')).toEqual([]);
    expect(lost('the mmap() of the program')).toEqual([]);
  });

  it.each([
    [
      'a text',
      'Dear all,\nmy program is broken.\n',
      'line 1: not a line of strace: Dear all, (and 1 more, against 0 that are)',
    ],
    ['raw bytes', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 10]), 'line 1: not a line of strace: \\x7fELF\\x02\\x01'],
    ['mostly text', `a\nb\nc\nd\ne\nf\n${LOG}`, 'line 1: not a line of strace: a (and 5 more, against 4 that are)'],
  ])('%s is refused with its first bad line', (_name, content, what) => {
    expect(() => imported(content)).toThrow(what);
  });

  it('a resumption of another call loses both', () => {
    const { lost } = imported(`${LOG}7 mmap(NULL, 1 <unfinished ...>\n7 <... brk resumed>) = 0\n`).report.counts();
    expect(lost.map(({ name }) => name)).toEqual(['mmap', 'brk']);
  });

  it('a gzip file that was cut gives what is left', () => {
    const long = `${LOG}${'getpid() = 7\n'.repeat(2000)}`;
    expect(layoutsOf(gzipSync(long, { level: 0 }).subarray(0, 9000))).toEqual(LEFT);
  });

  it('a program that does nothing is an empty address space, where there is no other', () => {
    expect(layoutsOf('\ufeff1 execve("/bin/x", ["x"], 0xbe8e8c74 /* 24 vars */) = 0\n')).toEqual([[]]);
    expect(layoutsOf(`execve("/bin/y", ["y"], 0x7f) = 0\n${LOG}`)).toEqual(LEFT);
  });

  it('an empty log gives nothing', () => {
    expect(imported('').count).toBe(0);
  });
});

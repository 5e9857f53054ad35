/**
 * The live kernel: its helper is built as a user's would be, and must give every recorded answer again.
 * Skipped, by name, where there is no Linux or no C compiler.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, MmDump, Operation } from '../../format/types';
import { readText } from '../../sequence/files';
import { ProcessTarget, plainHeader } from '../process/target';
import { buildHelper, cacheFolder, helperSource, kernelTrouble, programName } from './build';
import { declaredDifference, REFERENCE, releaseOf, VERSION_DIFFERENCES } from './versions';

const GOLDEN = join(__dirname, '..', '..', '..', 'corpus', 'golden', 'mm');
const trouble = kernelTrouble();
const live = trouble === null ? describe : describe.skip;

const linesOf = (file: string): string[] =>
  readText(file)
    .split('\n')
    .filter((line) => line.trim() !== '');

const operationOf = (line: string): Operation => {
  try {
    return (JSON.parse(line) as Operation | null) ?? { op: 'none' };
  } catch {
    return { op: 'none' };
  }
};

live(`the live kernel${trouble === null ? '' : ` (${trouble})`}`, () => {
  let target: ProcessTarget;

  beforeAll(async () => {
    target = await ProcessTarget.start([buildHelper()], { domain: 'mm' });
  });

  afterAll(() => target.close());

  /** How many answers were recorded, and how many of them were held against the kernel's. */
  const counted = { recorded: 0, compared: 0 };

  /** The first line that the kernel answers otherwise, unless its version explains it. */
  async function firstDifference(name: string): Promise<string | null> {
    const [header, ...lines] = linesOf(join(GOLDEN, `${name}.ndjson.gz`));
    const [, ...wanted] = linesOf(join(GOLDEN, `${name}.out.ndjson.gz`));
    const { answers, failure } = await target.exchange(header, lines);
    if (failure !== undefined) return `${failure.rule} ${failure.detail}`;
    const history: Operation[] = [];
    counted.recorded += wanted.length;
    for (const [i, want] of wanted.entries()) {
      const operation = operationOf(lines[i]);
      if (operation.op !== 'dump') history.push(operation);
      const writing = history.at(-1) ?? operation;
      counted.compared++;
      if (answers[i] === want || (want.startsWith('{"error"') && answers[i].startsWith('{"error"'))) continue;
      const [expected, actual] = [JSON.parse(want), JSON.parse(answers[i])] as [Answer, Answer];
      if ('unsupported' in actual) return null;
      if (declaredDifference(target.greeting.name, writing, expected, actual, history)) return null;
      return `line ${i + 2}: ${lines[i]}\nexpected ${want}\ngot      ${answers[i]}`;
    }
    return null;
  }

  it('gives every recorded answer again', async () => {
    const names = readdirSync(GOLDEN)
      .filter((name) => name.endsWith('.out.ndjson.gz'))
      .map((name) => name.replace('.out.ndjson.gz', ''));
    expect(names.length).toBeGreaterThan(100);
    const found: string[] = [];
    for (const name of names) {
      const difference = await firstDifference(name);
      if (difference !== null) found.push(`${name}: ${difference}`);
    }
    expect(found).toEqual([]);
    const share = counted.compared / counted.recorded;
    const isReference = releaseOf(target.greeting.name)?.join('.') === REFERENCE;
    // An older kernel, or one without a zero page, leaves a file at the first difference that its nature explains.
    const isPlain = isReference && !target.greeting.name.includes('no zero page');
    expect(share).toBeGreaterThanOrEqual(isPlain ? 1 : isReference ? 0.8 : 0.3);
  }, 30_000);

  it('says what it is and what it can do', () => {
    expect(target.greeting.name).toMatch(/^Linux \d+\.\d+/);
    expect(target.greeting.ops).toEqual(expect.arrayContaining(['mmap', 'munmap', 'mremap', 'touch', 'fork', 'dump']));
    expect(target.greeting.files).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  });

  it('starts each sequence clean, whatever the one before sealed, forked or left mapped', async () => {
    const header = JSON.stringify({ format: 'maple-fuzz/1', domain: 'mm', pages: 16, brk: 8 });
    const mess = [
      '{"op":"mmap","addr":0,"len":16384,"prot":"rw-","flags":["shared","fixed"],"file":"dev","offset":0}',
      '{"op":"mmap","addr":16384,"len":8192,"prot":"rw-","flags":["private","fixed"],"file":null,"offset":0}',
      '{"op":"brk","addr":40000}',
      '{"op":"mseal","addr":16384,"len":4096}',
      '{"op":"fork"}',
      '{"op":"fork"}',
    ];
    for (let round = 0; round < 3; round++) {
      const { answers } = await target.exchange(header, ['{"op":"dump"}', ...mess, '{"op":"dump"}']);
      expect(answers[0]).toBe('{"vmas":[],"brk":32768}');
      expect(answers.at(-1)).toContain('"brk":40000');
    }
  });

  it('knows what is not its own from what is nobody’s, and refuses what leaves the window', async () => {
    const lines = [
      '{"op":"mmap","addr":0,"len":4096,"prot":"rw-","flags":["private"],"file":"nosplit"}',
      '{"op":"mmap","addr":0,"len":4096,"prot":"rw-","flags":["private"],"file":"closer"}',
      '{"op":"touch","addr":0,"fail":1}',
      '{"op":"madvise","addr":0,"len":4096,"advice":"collapse"}',
      '{"op":"sing"}',
      'not JSON',
      '{"op":"munmap","addr":4096,"len":1099511627776}',
      '{"op":"touch","addr":1048576}',
      '{"op":"brk","addr":0}',
      '{"op":"mmap","addr":0,"len":4096,"prot":"rwz","flags":["private"],"file":null}',
      '{"op":"mmap","addr":0,"len":4096,"prot":"rw-","flags":["private","shared"],"file":null}',
    ];
    const { answers } = await target.exchange(plainHeader('mm'), lines);
    const kinds = answers.map((answer) => Object.keys(JSON.parse(answer))[0]);
    expect(kinds).toEqual([...Array(4).fill('unsupported'), ...Array(7).fill('error')]);
  });

  it.each([
    ['{"format":"maple-fuzz/1","domain":"tree"}', 'error'],
    ['{"format":"maple-fuzz/2","domain":"mm"}', 'error'],
    ['{"format":"maple-fuzz/1","domain":"mm","pages":1048577}', 'error'],
    ['{"format":"maple-fuzz/1","domain":"mm","pages":4,"brk":4}', 'error'],
    ['{"format":"maple-fuzz/1","domain":"mm","memlock":"4"}', 'error'],
    ['{"format":"maple-fuzz/1","domain":"mm","bottom_up":true}', 'unsupported'],
    ['{"format":"maple-fuzz/1","domain":"mm","kernel":"2.6"}', 'unsupported'],
  ])('does not take the header %s', async (header, kind) => {
    const exchange = await target.exchange(header, ['{"op":"dump"}']);
    expect(Object.keys(JSON.parse(exchange.header))).toEqual([kind]);
    expect(Object.keys(JSON.parse(exchange.answers[0]))).toEqual(['error']);
  });
});

live('a header that says which kernel', () => {
  it('is taken if it is the reference or the running one', async () => {
    const target = await ProcessTarget.start([buildHelper()], { domain: 'mm' });
    const running = /^Linux (\d+\.\d+)/.exec(target.greeting.name)![1];
    for (const kernel of [REFERENCE, running]) {
      const header = JSON.stringify({ format: 'maple-fuzz/1', domain: 'mm', kernel });
      expect(await target.exchange(header, ['{"op":"dump"}'])).toMatchObject({ answers: ['{"vmas":[],"brk":null}'] });
    }
    await target.close();
  });
});

it('the helper has another name for another compiler, flag, machine or source', () => {
  const names = [
    programName('cc', 'int main', ['-O2'], 'x64'),
    programName('clang', 'int main', ['-O2'], 'x64'),
    programName('cc', 'int main', ['-O2', '-g'], 'x64'),
    programName('cc', 'int main', ['-O2'], 'arm64'),
    programName('cc', 'void main', ['-O2'], 'x64'),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(programName('cc', 'int main', ['-O2'], 'x64')).toBe(names[0]);
});

live('building the helper', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-build-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH,
    XDG_CACHE_HOME: folder,
    ...more,
  });

  it('happens once, and again when the source or the compiler changes', () => {
    const source = join(folder, 'helper.c');
    writeFileSync(source, 'int main(void) { return 0; }\n');
    const first = buildHelper(env(), source);
    expect(buildHelper(env(), source)).toBe(first);
    expect(buildHelper(env({ CC: 'cc -O1' }), source)).not.toBe(first);
    writeFileSync(source, 'int main(void) { return 1; }\n');
    expect(buildHelper(env(), source)).not.toBe(first);
    expect(readdirSync(cacheFolder(env()))).toHaveLength(3); // no drafts are left
  });

  it.each([
    [
      'no compiler',
      { CC: '/nowhere/cc' },
      /^kernel: needs a C compiler, and \/nowhere\/cc cannot be run .*; CC names another$/,
    ],
    ['a compiler that fails', { CC: 'false' }, /^kernel: false does not compile the helper/],
  ])('%s is one line', (_name, more, message) => {
    expect(() => buildHelper(env(more))).toThrow(message);
  });

  it('says so when the cache cannot be written', () => {
    mkdirSync(join(folder, 'file'), { recursive: true });
    writeFileSync(join(folder, 'file', 'maple-fuzz'), '');
    expect(() => buildHelper({ PATH: process.env.PATH, XDG_CACHE_HOME: join(folder, 'file') })).toThrow(
      /^kernel: cannot write the helper to/,
    );
  });

  it('uses no library but the system’s', () => {
    expect(readFileSync(helperSource(), 'utf8')).not.toMatch(/#include "/);
  });
});

describe('differences by version', () => {
  const move: Operation = {
    op: 'mremap',
    addr: 0,
    old_len: 8192,
    new_len: 8192,
    flags: ['maymove', 'fixed'],
    new_addr: 16384,
  };
  const [moved, refused] = [{ ret: 16384 }, { ret: 'EFAULT' }] as Answer[];

  it.each([
    ['Linux 6.18.44', false],
    ['Linux 6.17.0', false],
    ['Linux 6.16.9-generic', true],
    ['Linux 5.10.0', true],
    ['Darwin 24.0', false],
  ])('%s', (name, declared) => {
    expect(declaredDifference(name, move, moved, refused) !== null).toBe(declared);
  });

  it('are declared for one operation and, where it matters, one kind of answer', () => {
    const vma = { start: 0, end: 8192, flags: 'rd wr mr mw me ac', file: null, pgoff: 0 };
    const one: Answer = { vmas: [vma], brk: null };
    const two: Answer = {
      vmas: [
        { ...vma, end: 4096 },
        { ...vma, start: 4096 },
      ],
      brk: null,
    };
    const protect: Operation = { op: 'mprotect', addr: 0, len: 4096, prot: 'rw-' };
    expect(declaredDifference('Linux 6.12.1', protect, one, two)?.reason).toMatch(/never faulted/);
    expect(declaredDifference('Linux 6.12.1', protect, two, one)).toBeNull();
    expect(declaredDifference('Linux 6.12.1', protect, { ret: 0 }, { ret: 'EINVAL' })).toBeNull();
    expect(declaredDifference('Linux 6.1.0', { op: 'touch', addr: 0 }, moved, refused)).toBeNull();
  });

  it('never concern the reference itself', () => {
    const [major, minor] = releaseOf(`Linux ${REFERENCE}.0`)!;
    for (const { until, property } of VERSION_DIFFERENCES) {
      if (until === undefined) expect(property).toBeDefined();
      else {
        const [a, b] = until.split('.').map(Number);
        expect(a < major || (a === major && b <= minor)).toBe(true);
      }
    }
  });

  it('excuse a kernel without a zero page for what an anon_vma decides, after pages were read in, and for nothing else', () => {
    const name = 'Linux 6.18.44, no zero page';
    const vma = { start: 0, end: 8192, flags: 'rd mr mw me', file: null, pgoff: 0 };
    const whole: Answer = { vmas: [vma], brk: null };
    const split: Answer & MmDump = {
      vmas: [
        { ...vma, end: 4096, flags: 'rd mr mw me ac' },
        { ...vma, start: 4096 },
      ],
      brk: null,
    };
    const locked: Answer = { vmas: [{ ...vma, flags: 'rd mr mw me lo' }], brk: null };
    const hole: Answer = { vmas: [{ ...vma, end: 4096 }], brk: null };
    const protect: Operation = { op: 'mprotect', addr: 0, len: 4096, prot: 'r--' };
    const populate: Operation = {
      op: 'mmap',
      addr: 0,
      len: 8192,
      prot: 'r--',
      flags: ['private', 'populate'],
      file: null,
    };
    const history = [populate, protect];
    expect(declaredDifference(name, protect, whole, split, history)?.reason).toMatch(/zero page/);
    const file = { ...vma, start: 12288, end: 16384, flags: 'rd sh mr mw me ms' };
    const unseen: Answer = { vmas: [...split.vmas, { ...file, policy: null }], brk: null };
    const seen: Answer = { vmas: [vma, { ...file, policy: 2 }], brk: null };
    expect(declaredDifference(name, protect, seen, unseen, history)?.reason).toMatch(/zero page/);
    expect(declaredDifference(name, protect, whole, split, [protect])).toBeNull();
    expect(declaredDifference('Linux 6.18.44', protect, whole, split, history)).toBeNull();
    for (const other of [locked, hole]) expect(declaredDifference(name, protect, whole, other, history)).toBeNull();
  });
});

live('what an extension asks of the live kernel', () => {
  let target: ProcessTarget;

  beforeAll(async () => {
    target = await ProcessTarget.start([buildHelper()], { domain: 'mm' });
  });

  afterAll(() => target.close());

  const map = (addr: number, len: number) =>
    JSON.stringify({ op: 'mmap', addr, len, prot: 'rw-', flags: ['private', 'fixed'], file: null });

  async function dumpAfter(header: object, lines: readonly string[]): Promise<{ rets: unknown[]; dump: MmDump }> {
    const all = [...lines, '{"op":"dump"}'];
    const { answers } = await target.exchange(JSON.stringify({ format: 'maple-fuzz/1', domain: 'mm', ...header }), all);
    const parsed = answers.map((answer) => JSON.parse(answer) as { ret?: unknown; unsupported?: true; why?: string });
    return { rets: parsed.slice(0, -1).map(({ ret, why }) => ret ?? why), dump: parsed.at(-1) as unknown as MmDump };
  }

  it('maps a window of a million pages', async () => {
    const { rets, dump } = await dumpAfter({ pages: 2 ** 20 }, [map(2 ** 32 - 8192, 8192), map(0, 3 * 2 ** 20)]);
    expect(rets).toEqual([2 ** 32 - 8192, 0]);
    expect(dump.vmas.map(({ start, end }) => [start, end])).toEqual([
      [0, 3 * 2 ** 20],
      [2 ** 32 - 8192, 2 ** 32],
    ]);
  });

  it('reads policies and contexts back, and leaves open the policy of a file', async () => {
    const shared = '{"op":"mmap","addr":16384,"len":4096,"prot":"rw-","flags":["shared","fixed"],"file":"a"}';
    const bind = (addr: number, policy: number) => JSON.stringify({ op: 'mbind', addr, len: 4096, policy });
    const watch = (addr: number, ctx: number) => JSON.stringify({ op: 'uffd_register', addr, len: 4096, ctx });
    const lines = [map(0, 16384), shared, bind(0, 1), bind(4096, 3), watch(8192, 2), watch(12288, 1), watch(8192, 3)];
    const { rets, dump } = await dumpAfter({ pages: 8 }, [...lines, '{"op":"touch","addr":8192}']);
    expect(rets).toEqual([0, 16384, 0, 0, 0, 0, 'EBUSY', 0]);
    const told = dump.vmas.map(({ start, policy, uffd }) => [start, policy, uffd]);
    expect(told).toEqual([
      [0, 1, undefined],
      [4096, 3, undefined],
      [8192, undefined, 2],
      [12288, undefined, 1],
      [16384, null, undefined],
    ]);
  });

  it('unregisters through one descriptor, and not a range with another one’s', async () => {
    const watch = (addr: number, ctx: number) => JSON.stringify({ op: 'uffd_register', addr, len: 4096, ctx });
    const forget = (len: number) => JSON.stringify({ op: 'uffd_unregister', addr: 0, len });
    const { rets, dump } = await dumpAfter({ pages: 4 }, [
      map(0, 8192),
      watch(0, 1),
      watch(4096, 2),
      forget(8192),
      forget(4096),
    ]);
    expect(rets).toEqual([0, 0, 0, 'EINVAL', 0]);
    expect(dump.vmas.map(({ uffd }) => uffd)).toEqual([undefined, 2]);
  });

  it('keeps limits of mappings and of locked memory, and counts what the window has', async () => {
    const lock = '{"op":"mlock","addr":0,"len":12288}';
    const limits = { pages: 16, counters: true, max_map_count: 3, memlock: 3 };
    const { rets, dump } = await dumpAfter(limits, [
      map(0, 12288),
      map(20480, 4096),
      map(32768, 4096),
      map(49152, 4096),
      lock,
    ]);
    expect(rets).toEqual([0, 20480, 32768, 49152, 0]);
    expect(dump.counters).toEqual({ map_count: 4, total_vm: 6, data_vm: 6, exec_vm: 0, stack_vm: 0, locked_vm: 3 });
    const more = await dumpAfter(limits, [
      map(0, 16384),
      '{"op":"mlock","addr":0,"len":16384}',
      '{"op":"mlockall","flags":["current"]}',
    ]);
    expect(more.rets).toEqual([0, 'ENOMEM', 'a limit of locked memory counts the whole process']);
  });
});

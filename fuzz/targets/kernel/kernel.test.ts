/**
 * The live kernel: its helper is built as a user's would be, and must give every recorded answer again.
 * Skipped, by name, where there is no Linux or no C compiler.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Operation } from '../../format/types';
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

  /** The first line that the kernel answers otherwise, unless its version explains it. */
  async function firstDifference(name: string): Promise<string | null> {
    const [header, ...lines] = linesOf(join(GOLDEN, `${name}.ndjson.gz`));
    const [, ...wanted] = linesOf(join(GOLDEN, `${name}.out.ndjson.gz`));
    const { answers, failure } = await target.exchange(header, lines);
    if (failure !== undefined) return `${failure.rule} ${failure.detail}`;
    let writing: Operation = { op: 'none' };
    for (const [i, want] of wanted.entries()) {
      const operation = operationOf(lines[i]);
      if (operation.op !== 'dump') writing = operation;
      if (answers[i] === want || (want.startsWith('{"error"') && answers[i].startsWith('{"error"'))) continue;
      const [expected, actual] = [JSON.parse(want), JSON.parse(answers[i])] as [Answer, Answer];
      if ('unsupported' in actual || declaredDifference(target.greeting.name, writing, expected, actual)) return null;
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
      '{"op":"mbind","addr":0,"len":4096,"policy":1}',
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
    ['{"format":"maple-fuzz/1","domain":"mm","pages":512}', 'error'],
    ['{"format":"maple-fuzz/1","domain":"mm","pages":4,"brk":4}', 'error'],
    ['{"format":"maple-fuzz/1","domain":"mm","memlock":4}', 'unsupported'],
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
    for (const row of VERSION_DIFFERENCES) {
      const [a, b] = row.until.split('.').map(Number);
      expect(a < major || (a === major && b <= minor)).toBe(true);
    }
  });
});

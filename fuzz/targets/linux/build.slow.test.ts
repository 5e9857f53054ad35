/**
 * From a tree to a program. What is cached, and every complaint, is tested with small trees of our own and a compiler
 * that only pretends; the driver itself on the kernel's source, where Debian's package, a compiler and liburcu are
 * installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readText } from '../../sequence/files';
import { dependenciesOf, driverFolder, firstError, lacksUrcu, linuxCommand } from './build';
import { parseLinuxSpec, sourceOf } from './source';

const GOLDEN = join(__dirname, '..', '..', '..', 'corpus', 'golden', 'tree');
const PACKAGES = ['6.12', '6.1'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-linux-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const TREE: Readonly<Record<string, string>> = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 99\nSUBLEVEL = 1\n',
  'include/linux/maple_tree.h': 'int mtree_dup(struct maple_tree *mt);\n',
  'lib/maple_tree.c': '\n',
  'tools/testing/shared/linux.c': '\n',
  'tools/testing/shared/maple-shared.h': '#error "said by the test"\n',
};

function newTree(files = TREE): string {
  const root = join(folder, 'tree');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** Says what it was called with, and that everything was made of Makefile and maple_tree.h. */
const FAKE_COMPILER = `
test "$1" = --version && { echo fake 1.0; exit 0; }
echo "$@" >> "$LOG"
while test $# -gt 0; do
  case $1 in -o) out=$2;; -MF) rule=$2;; esac
  shift
done
echo '#!/bin/sh' > "$out"; chmod +x "$out"
test -z "$rule" || printf '%s: \\\\\\n %s\\n' "$out" "$TREE_ROOT/include/linux/maple_tree.h" > "$rule"
`;

interface Fake {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  runs(): number;
}

function newFake(): Fake {
  const root = newTree();
  const compiler = join(folder, 'fake.sh');
  const log = join(folder, 'log');
  writeFileSync(compiler, FAKE_COMPILER);
  writeFileSync(log, '');
  const env = {
    PATH: process.env.PATH,
    CC: `sh ${compiler}`,
    XDG_CACHE_HOME: join(folder, 'cache'),
    LOG: log,
    TREE_ROOT: root,
  };
  return { root, env, runs: () => readFileSync(log, 'utf8').split('\n').length - 1 };
}

describe('the program', () => {
  it('is made once, with what the headers have, and found again', () => {
    const { root, env, runs } = newFake();
    const command = linuxCommand(`${root} readers`, env);
    expect(command).toEqual([expect.stringMatching(/\/cache\/maple-fuzz\/linux-[0-9a-f]{16}$/), 'readers']);
    expect(runs()).toBe(4);
    const said = readFileSync(join(folder, 'log'), 'utf8');
    expect(said).toContain('-DHAVE_DUP=1');
    expect(said).not.toContain('-DHAVE_ALLOC_CYCLIC');
    expect(said).toContain('-DLINUX_VERSION="6.99.1"');
    expect(linuxCommand(root, env)).toEqual([command[0]]);
    expect(runs()).toBe(4);
  });

  it('is another after an edit of what it is made of, and the first again after that is undone', () => {
    const { root, env, runs } = newFake();
    const header = join(root, 'include/linux/maple_tree.h');
    const [first] = linuxCommand(root, env);
    writeFileSync(join(root, 'lib', 'other.c'), 'no part of it');
    expect(linuxCommand(root, env)).toEqual([first]);
    expect(runs()).toBe(4);
    writeFileSync(header, `${TREE['include/linux/maple_tree.h']}\n`);
    const [second] = linuxCommand(root, env);
    expect(second).not.toBe(first);
    expect(runs()).toBe(8);
    writeFileSync(header, TREE['include/linux/maple_tree.h']);
    expect(linuxCommand(root, env)).toEqual([first]);
  });

  it('is another with asan and with nodebug, and each has its flags', () => {
    const { root, env } = newFake();
    const programs = ['', ' asan', ' nodebug', ' asan nodebug'].map((words) => linuxCommand(root + words, env)[0]);
    expect(new Set(programs).size).toBe(4);
    const said = readFileSync(join(folder, 'log'), 'utf8').split('\n');
    expect(said.filter((line) => line.includes('-fsanitize=address,undefined'))).toHaveLength(8);
    expect(said.filter((line) => line.includes('-DNODEBUG=1'))).toHaveLength(2);
  });

  it('leaves the tree, and nothing but programs and lists in the cache', () => {
    const { root, env } = newFake();
    linuxCommand(root, env);
    expect(execFileSync('find', [root, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n').sort()).toEqual(
      Object.keys(TREE)
        .map((name) => join(root, name))
        .sort(),
    );
    const left = readdirSync(join(folder, 'cache', 'maple-fuzz'));
    expect(left.filter((name) => !/^linux-[0-9a-f]{16}(\.files)?$/.test(name))).toEqual([]);
  });
});

describe('what cannot be built is one line', () => {
  const env = (): NodeJS.ProcessEnv => ({ ...process.env, XDG_CACHE_HOME: join(folder, 'cache') });

  it('for a folder that is no tree, or headers only', () => {
    expect(() => linuxCommand(folder, env())).toThrow(
      /^linux: \S+ is no Linux tree: it has no Makefile with a VERSION$/,
    );
    const { 'lib/maple_tree.c': _, ...headers } = TREE;
    expect(() => linuxCommand(newTree(headers), env())).toThrow(/headers only; all of the source is needed$/);
  });

  it('without a compiler', () => {
    expect(() => linuxCommand(newTree(), { ...env(), CC: 'no-such-compiler' })).toThrow(
      /^linux: a C compiler is needed, and no-such-compiler cannot be run; CC names another$/,
    );
  });

  it('for an error in the tree: its place, what it is, and where all of it is; the build folder is gone', () => {
    if (spawnSync('cc', ['--version']).status !== 0) return;
    const root = newTree();
    const cache = join(folder, 'cache', 'maple-fuzz');
    let message = '';
    try {
      linuxCommand(root, { ...env(), CC: 'cc' });
    } catch (error) {
      message = (error as Error).message;
    }
    const place = join(root, 'tools/testing/shared/maple-shared.h');
    expect(message).toMatch(/^linux: \S+:1:2: error: #error "said by the test" \(all of it: \S+\.log\)$/);
    expect(message).toContain(`linux: ${place}:1:2`);
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^linux-[0-9a-f]{16}\.log$/)]);
    expect(readFileSync(join(cache, readdirSync(cache)[0]), 'utf8')).toContain('said by the test');
  });

  it.each([
    ['rcupdate.h:5:10: fatal error: urcu.h: No such file or directory', true],
    ['linux.c:12:10: fatal error: urcu/uatomic.h: No such file or directory', true],
    ['/usr/bin/ld: cannot find -lurcu: No such file or directory', true],
    ['lib/maple_tree.c:12:10: fatal error: linux/xarray.h: No such file or directory', false],
  ])('%j: liburcu is lacking: %j', (log, lacks) => {
    expect(lacksUrcu(log)).toBe(lacks);
  });

  it('the first error counts, not the warnings before it', () => {
    expect(firstError('a.c: In function f:\na.c:1:2: warning: w\na.c:3:4: error: e\na.c:5:6: error: g\n')).toBe(
      'a.c:3:4: error: e',
    );
    expect(firstError('\nld: no\n')).toBe('ld: no');
  });
});

it('a rule of the compiler’s names its files, blanks and all', () => {
  expect(dependenciesOf('out\\ put.o: a.c \\\n  /x/with\\ blank.h b$$c.h\n')).toEqual([
    'a.c',
    '/x/with blank.h',
    'b$c.h',
  ]);
});

/** Why the driver of a package cannot be tried here, or null. */
function lacking(version: string): string | null {
  const tarball = `/usr/src/linux-source-${version}.tar.xz`;
  if (spawnSync('cc', ['--version']).status !== 0) return 'no C compiler';
  if (spawnSync('cc', ['-E', '-include', 'urcu.h', '-x', 'c', '/dev/null'], { stdio: 'ignore' }).status !== 0) {
    return 'no liburcu (liburcu-dev)';
  }
  return existsSync(tarball) ? null : `no ${tarball} (linux-source-${version})`;
}

function answersOf(command: readonly string[], text: string): string[] {
  const { stdout, stderr, status } = spawnSync(command[0], command.slice(1), {
    input: text,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const answers = stdout.split('\n').filter((line) => line !== '');
  if (status !== 0) answers.push(`ended with ${status}: ${stderr}`);
  return answers;
}

interface Recorded {
  readonly ret?: unknown;
  readonly mas?: readonly unknown[];
  readonly error?: unknown;
  readonly ok?: unknown;
}

/** A recorded error may have any text, and a status null is any. */
function agrees(want: Recorded, got: Recorded): boolean {
  if (want.error !== undefined) return got.error !== undefined;
  if (want.ok !== undefined) return got.ok === true;
  const mas = want.mas?.[2] === null ? got.mas?.slice(0, 2) : got.mas;
  const wanted = want.mas?.[2] === null ? want.mas.slice(0, 2) : want.mas;
  return JSON.stringify([want.ret, wanted]) === JSON.stringify([got.ret, mas]);
}

/** The first line of a recorded sequence that is answered otherwise. */
function firstDifference(command: readonly string[], name: string): string | null {
  const lines = readText(join(GOLDEN, `${name}.ndjson.gz`));
  const wanted = readText(join(GOLDEN, `${name}.out.ndjson.gz`)).split('\n');
  const answers = answersOf(command, lines);
  for (const [i, want] of wanted.entries()) {
    if (want === '') continue;
    if (answers[i] === undefined || !answers[i].startsWith('{')) return `${name}: answer ${i}: ${answers[i]}`;
    if (!agrees(JSON.parse(want) as Recorded, JSON.parse(answers[i]) as Recorded)) {
      return `${name}: answer ${i}: ${want} is ${answers[i]}`;
    }
  }
  return null;
}

describe.each(PACKAGES)('the driver of Linux %s', (version) => {
  const trouble = lacking(version);
  const real = trouble === null ? it : it.skip;
  const named = (name: string): string => (trouble === null ? name : `${name} (${trouble})`);
  let command: string[] = [];
  const make = (): string[] => {
    if (command.length === 0) command = linuxCommand(`/usr/src/linux-source-${version}.tar.xz`);
    return command;
  };

  real(
    named('is built out of the tarball, and says what it is'),
    () => {
      const [greeting] = answersOf(make(), '{"format":"maple-fuzz/1","domain":"tree","ranges":true}\n');
      expect(JSON.parse(greeting)).toMatchObject({
        ok: true,
        name: expect.stringMatching(new RegExp(`^linux-${version.replace('.', '\\.')}(\\.\\d+)? lib/maple_tree\\.c$`)),
        ops: expect.arrayContaining(['store_range', 'mas_store_prealloc', 'dump']),
        headers: ['ranges'],
        fail: true,
      });
    },
    600_000,
  );

  real(
    named('refuses what is not valid, line by line, and goes on'),
    () => {
      const lines = [
        '{"op":"load","index":1}',
        '{"format":"maple-fuzz/2","domain":"tree"}',
        '{"format":"maple-fuzz/1","domain":"mm"}',
        '{"format":"maple-fuzz/1","domain":"tree"}',
        '{"op":"store_range","first":-1,"last":9,"value":1}',
        '{"op":"store_range","first":"max-4294967295","last":"max","value":1}',
        '{"op":"store_range","first":4503599627370495,"last":"max","value":1}',
        '{"op":"store_range","first":1,"last":9}',
        '{"op":"store_range","first":1,"last":9,"value":1073741824}',
        '{"op":"insert_range","first":1,"last":9,"value":null}',
        '{"op":"load","index":1,"fail":1}',
        '{"op":"mas_walk","r":4}',
        '{"op":"sing"}',
        '{"op":"load","index":1',
        '[]',
        '{"last":9e0, "first":5.0 ,"op":"store_range","value":1,"more":{"a":[1,{"b":"\\"}"}]}}',
        '{"op":"load","index":7}',
      ];
      const kinds = answersOf(make(), `${lines.join('\n')}\n`).map(
        (answer) => Object.keys(JSON.parse(answer) as object)[0],
      );
      expect(kinds).toEqual([...Array(3).fill('error'), 'ok', ...Array(11).fill('error'), 'ret', 'ret']);
    },
    600_000,
  );

  real(
    named('answers ENOMEM where an allocation fails, and nothing has changed'),
    () => {
      const lines = [
        '{"format":"maple-fuzz/1","domain":"tree","ranges":true}',
        '{"op":"store_range","first":5,"last":9,"value":1}',
        '{"op":"mas_set_range","first":12,"last":20}',
        '{"op":"mas_store","value":2,"fail":1}',
        '{"op":"store_range","first":5,"last":5,"value":3,"fail":100}',
        '{"op":"dump"}',
      ];
      const [, ...answers] = answersOf(make(), `${lines.join('\n')}\n`);
      expect(answers.slice(1, 3)).toEqual([
        '{"ret":0,"mas":[12,20,"start"]}',
        version === '6.1'
          ? expect.any(String)
          : expect.stringMatching(/^\{"ret":(0|"ENOMEM"),"mas":\[12,20,"(active|start)"\]\}$/),
      ]);
      expect(answers.at(-1)).toMatch(/^\{"ret":\{"entries":\[\[5,5,3\],\[6,9,1\]/);
    },
    600_000,
  );

  const recorded = version === '6.1' ? it.skip : real;
  recorded(
    named(
      version === '6.1'
        ? 'gives recorded answers again (those are of 6.8 and later)'
        : 'gives every recorded answer again',
    ),
    () => {
      const names = readdirSync(GOLDEN)
        .filter((name) => name.endsWith('.out.ndjson.gz'))
        .map((name) => name.replace('.out.ndjson.gz', ''));
      expect(names.length).toBeGreaterThan(100);
      expect(names.map((name) => firstDifference(make(), name)).filter((difference) => difference !== null)).toEqual(
        [],
      );
    },
    600_000,
  );
});

describe('the last words of the driver', () => {
  const trouble = lacking('6.12');
  const real = trouble === null ? it : it.skip;

  real(
    `name the place in the user's file, behind the answers so far${trouble === null ? '' : ` (${trouble})`}`,
    () => {
      const { root } = sourceOf(parseLinuxSpec('/usr/src/linux-source-6.12.tar.xz')).open(folder);
      const file = join(root, 'lib', 'maple_tree.c');
      const before = readFileSync(file, 'utf8');
      const planted = before.replace(
        /^void mas_pause\(struct ma_state \*mas\)\n\{\n/m,
        (start) => `${start}\tMAS_BUG_ON(mas, mas->index == 4711);\n\tif (mas->index == 4712)\n\t\tmas->tree = NULL;\n`,
      );
      expect(planted).not.toBe(before);
      writeFileSync(file, planted);
      const line = planted.slice(0, planted.indexOf('4711')).split('\n').length;
      const [program] = linuxCommand(root, { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') });
      const wordsAt = (index: number): { answers: number; last: string | undefined; signal: string | null } => {
        const lines = [
          '{"format":"maple-fuzz/1","domain":"tree"}',
          `{"op":"mas_set","index":${index}}`,
          '{"op":"mas_pause"}',
          '{"op":"store_range","first":1,"last":2,"value":3}',
          '{"op":"mas_walk"}',
          '{"op":"load","index":1}',
        ];
        const { stdout, stderr, signal } = spawnSync(program, { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
        return { answers: stdout.split('\n').length - 1, last: stderr.trim().split('\n').at(-1), signal };
      };
      expect(wordsAt(4711)).toEqual({
        answers: 2,
        last: `kernel check failed: lib/maple_tree.c:${line} mas_pause: mas->index == 4711`,
        signal: 'SIGABRT',
      });
      expect(wordsAt(4712)).toEqual({
        answers: 4,
        last: expect.stringMatching(/^kernel crash: SIGSEGV (lib|include\/linux)\/\S+:\d+ \w+: address 0/),
        signal: 'SIGSEGV',
      });
    },
    600_000,
  );
});

it('the sources of the driver are where they are looked for', () => {
  expect(readdirSync(driverFolder())).toEqual(expect.arrayContaining(['tree.c', 'compat.h', 'crash.h', 'wire.h']));
});

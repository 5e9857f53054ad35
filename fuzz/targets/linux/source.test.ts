/**
 * What stands behind `linux:`, and how a revision or a tarball becomes files; git and tar are real, the trees are
 * tiny.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseLinuxSpec, sourceOf } from './source';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-source-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

const TREE = {
  Makefile: 'VERSION = 6\n',
  'lib/maple_tree.c': 'old\n',
  'include/linux/deep/er.h': 'h\n',
  'drivers/big.c': 'not needed\n',
};

function newRepository(): string {
  const root = join(folder, 're po');
  write(root, TREE);
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { encoding: 'utf8' });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '-m', 'first');
  git('tag', 'v1');
  write(root, { 'lib/maple_tree.c': 'new\n' });
  git('commit', '--quiet', '--all', '-m', 'second');
  return root;
}

describe('what stands behind linux:', () => {
  it('is a path and words', () => {
    expect(parseLinuxSpec(`'${folder}' readers asan`)).toEqual({
      written: folder,
      path: folder,
      revision: null,
      buildWords: ['asan'],
      runWords: ['readers'],
    });
  });

  it('may name a revision, which may have an @ itself, as may the path', () => {
    const odd = join(folder, 'a@b');
    mkdirSync(odd);
    expect(parseLinuxSpec(`${odd}@HEAD@{1}`)).toMatchObject({ path: odd, revision: 'HEAD@{1}' });
    expect(parseLinuxSpec(odd)).toMatchObject({ path: odd, revision: null });
    expect(parseLinuxSpec('~')).toMatchObject({ path: homedir() });
  });

  it.each([
    ['', /^linux: the path of a Linux tree expected/],
    ['/nowhere/at/all@v6.18', /^linux: \/nowhere\/at\/all@v6\.18: there is no such file or folder$/],
    ['/ fast', /^linux: fast is none of the words behind the path: asan, nodebug, raw, readers, work$/],
    ['/etc/passwd', /^linux: \/etc\/passwd is neither a folder nor a tarball/],
  ])('%j is refused', (text, words) => {
    expect(() => sourceOf(parseLinuxSpec(text))).toThrow(words);
  });
});

describe('a revision', () => {
  it('gives the needed files as they were, and is the same whatever it is called', () => {
    const root = newRepository();
    const source = sourceOf(parseLinuxSpec(`'${root}@v1'`));
    expect(source.changes).toBe(false);
    expect(source.identity).toEqual(sourceOf(parseLinuxSpec(`'${root}@HEAD~1'`)).identity);
    expect(source.identity).not.toEqual(sourceOf(parseLinuxSpec(`'${root}@HEAD'`)).identity);
    const cache = join(folder, 'cache');
    const opened = source.open(cache);
    expect(readFileSync(join(opened.root, 'lib/maple_tree.c'), 'utf8')).toBe('old\n');
    expect(existsSync(join(opened.root, 'include/linux/deep/er.h'))).toBe(true);
    expect(existsSync(join(opened.root, 'drivers'))).toBe(false);
    opened.remove();
    expect(readdirSync(cache)).toEqual([]);
    expect(readFileSync(join(root, 'lib/maple_tree.c'), 'utf8')).toBe('new\n');
  });

  it('that is none is one line', () => {
    const root = newRepository();
    expect(() => sourceOf(parseLinuxSpec(`'${root}@v9'`))).toThrow(/^linux: .*re po@v9: git knows no revision v9 in /);
    mkdirSync(join(folder, 'plain'));
    expect(() => sourceOf(parseLinuxSpec(`${join(folder, 'plain')}@v1`))).toThrow(/git knows no revision v1/);
  });
});

describe('a tarball', () => {
  it('gives the needed files below its one folder', () => {
    write(join(folder, 'linux-source-9'), TREE);
    const tarball = join(folder, 'linux-source-9.tar.gz');
    execFileSync('tar', ['-czf', tarball, '-C', folder, 'linux-source-9']);
    const { root, remove } = sourceOf(parseLinuxSpec(tarball)).open(join(folder, 'cache'));
    expect(readdirSync(root).sort()).toEqual(['Makefile', 'include', 'lib']);
    expect(existsSync(join(root, 'include/linux/deep/er.h'))).toBe(true);
    remove();
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  });

  it('of something else is one line, and leaves nothing', () => {
    const tarball = join(folder, 'x.tar');
    write(folder, { 'x.tar': 'no tarball' });
    expect(() => sourceOf(parseLinuxSpec(tarball)).open(join(folder, 'cache'))).toThrow(
      /is no tarball of a Linux tree$/,
    );
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  });
});

it('a tree is read where it is', () => {
  const source = sourceOf(parseLinuxSpec(folder));
  expect(source.changes).toBe(true);
  expect(source.open('/nowhere').root).toBe(folder);
});

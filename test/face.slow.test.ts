/**
 * The library as its users see it: the names that it exports, and its types as an old and as the newest compiler read
 * them, with the declarations themselves checked.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as face from '../src';

const ROOT = join(__dirname, '..');

it('the library exports what users need, and no more', () => {
  expect(Object.keys(face).sort()).toEqual(
    [
      ...['AddressSpace', 'MapleState', 'MapleTree', 'MmFile', 'MAX_INDEX', 'PAGE_SIZE'],
      ...['PROT_NONE', 'PROT_READ', 'PROT_WRITE', 'PROT_EXEC'],
      ...['MAP_FIXED', 'MAP_FIXED_NOREPLACE', 'MAP_GROWSDOWN', 'MAP_GROWSUP', 'MAP_LOCKED', 'MAP_NORESERVE'],
      ...['MAP_POPULATE', 'MAP_PRIVATE', 'MAP_SHARED', 'MREMAP_DONTUNMAP', 'MREMAP_FIXED', 'MREMAP_MAYMOVE'],
      ...['MCL_CURRENT', 'MCL_FUTURE', 'MCL_ONFAULT'],
    ].sort(),
  );
});

/** Runs a compiler; what it complains of. */
function compile(compiler: string, args: readonly string[], cwd: string): string {
  const tsc = join(dirname(require.resolve(`${compiler}/package.json`)), 'bin', 'tsc');
  try {
    return execFileSync(process.execPath, [tsc, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return `${(error as { stdout: string }).stdout}failed`;
  }
}

/** A user's program. What is wrong in it must be seen: an error that is expected and does not come is one. */
const PROGRAM = `
import { AddressSpace, MAP_FIXED, MAP_PRIVATE, MapleState, MapleTree, MCL_CURRENT, MmFile, MREMAP_MAYMOVE, PROT_READ,
  PROT_WRITE } from 'maple-fuzz';
import type { Entry, MmErrno, TreeErrno, TreeOptions, Vma } from 'maple-fuzz';

const options: TreeOptions = { ranges: true, innerSlots: 8 };
const tree: MapleTree<string> = new MapleTree<string>(options);
const stored: 0 | TreeErrno = tree.storeRange(1, 2, 'a');
const state: MapleState<string> = new MapleState(tree, 1);
const entry: string | null = state.find(10);
const all: Entry<string>[] = [...MapleTree.build(all0(), options)];
const where: [value: string, next: number] | null = tree.find(0, 9);
function all0(): Entry<string>[] { return [[1, 2, 'b']]; }
for (const [first, last, value] of tree.dup()) console.log(first + last, value.length);
class Named extends MapleTree<string> { readonly name = 'n'; }
new Named().storeRange(1, 1, 'x');
// @ts-expect-error a number is no string
tree.storeRange(1, 2, 5);
// @ts-expect-error the nodes are no part of the library
tree.root;
// @ts-expect-error
tree.pool;
// @ts-expect-error
state.leaf;
// @ts-expect-error index changes by set
state.index = 5;
// @ts-expect-error no pool from outside
new MapleTree({}, {});

const ring = new MmFile('ring', {
  sizePages: 4,
  ops: { mmap(vma) { vma.addFlags('io'); return 0; }, maySplit: () => 'EINVAL' },
});
// @ts-expect-error numbers of errors are no part of the library
new MmFile('x', { ops: { mmap: () => -22 } });
const space: AddressSpace = new AddressSpace({ endPage: 64, brkPage: 32 });
const addr: number | MmErrno = space.mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, ring);
const done: 0 | MmErrno = space.mprotect(0, 4096, PROT_READ);
space.mremap(0, 4096, 8192, MREMAP_MAYMOVE);
space.mremap(0, 4096, 4096, 0);
space.mlockall(MCL_CURRENT);
const child: AddressSpace = space.fork();
const vmas: readonly Vma[] = child.vmas();
// @ts-expect-error flags of a mapping are no protection
space.mprotect(0, 4096, MAP_PRIVATE);
// @ts-expect-error nor are they the other way round
space.mmap(0, 4096, PROT_READ, PROT_WRITE);
// @ts-expect-error neither private nor shared
space.mmap(0, 4096, PROT_READ, 0);
// @ts-expect-error units have to be said
new AddressSpace({ end: 64 });
// @ts-expect-error mappings change by system calls
vmas[0].addr = 4;
// @ts-expect-error the state is no part of the library
space.mm;
export { addr, all, done, entry, stored, where };
`;

describe('the declarations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-face-'));
  const installed = join(folder, 'node_modules', 'maple-fuzz');

  beforeAll(() => {
    const config = { extends: join(ROOT, 'tsconfig.build.json'), include: [join(ROOT, 'src', 'index.ts')] };
    const compilerOptions = { emitDeclarationOnly: true, rootDir: ROOT, outDir: join(installed, 'dist') };
    const typeRoots = [join(ROOT, 'node_modules', '@types')];
    const build = { ...config, compilerOptions: { ...compilerOptions, typeRoots } };
    writeFileSync(join(folder, 'build.json'), JSON.stringify(build));
    expect(compile('typescript', ['-p', 'build.json'], folder)).toBe('');
    cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    writeFileSync(join(folder, 'user.ts'), PROGRAM);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022'];
  const user = [...flags, '--lib', 'es2022,dom', '--module', 'node16', '--skipLibCheck', 'false', 'user.ts'];

  it.each(['typescript54', 'typescript', 'typescript7'])(
    'are understood by %s',
    (compiler) => expect(compile(compiler, user, folder)).toBe(''),
    120_000,
  );

  it('lead to nothing of the inside', () => {
    const listed = compile('typescript', [...user, '--listFilesOnly'], folder).split('\n');
    const ours = listed.filter((file) => file.includes('maple-fuzz/dist')).map((file) => file.split('dist/src/')[1]);
    const expected = ['index', 'maple-tree/api', 'maple-tree/layout', 'mm/api', 'mm/mman', 'mm/page'];
    expect(ours.sort()).toEqual(expected.map((name) => `${name}.d.ts`));
  });

  it('say what every method does', () => {
    for (const file of ['maple-tree/api.d.ts', 'mm/api.d.ts']) {
      const lines = readFileSync(join(installed, 'dist', 'src', file), 'utf8').split('\n');
      const bare = lines.filter((line, i) => /^ {4}(new |\[|\w+)[^:]*\(/.test(line) && !/\*\/$/.test(lines[i - 1]));
      expect(bare).toEqual([]);
    }
  });
});

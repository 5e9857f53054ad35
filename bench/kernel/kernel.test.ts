/** Tests of what happens where the kernel's source or a compiler is absent: a sentence, never a crash. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildKernel } from './kernel';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-kernel-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('buildKernel', () => {
  it('says that there is no compiler', () => {
    expect(buildKernel(folder, undefined, 'no-such-compiler')).toEqual({
      missing: 'no C compiler (no-such-compiler)',
    });
  });

  it('says which source file is not there', () => {
    const compiler = process.execPath; // answers --version like any compiler
    expect(buildKernel(folder, join(folder, 'nowhere'), compiler)).toEqual({
      missing: expect.stringContaining('maple_tree.h is not there'),
    });
  });

  it('passes on what the compiler complains about', () => {
    for (const file of ['include/linux/maple_tree.h', 'lib/maple_tree.c']) {
      mkdirSync(join(folder, 'source', file, '..'), { recursive: true });
      writeFileSync(join(folder, 'source', file), 'this is not C');
    }
    const built = buildKernel(join(folder, 'cache'), join(folder, 'source'), process.execPath);
    expect(built).toEqual({ missing: expect.stringContaining('failed') });
  });
});

/**
 * The verb as users call it: what goes where, exit codes, one line for each kind of wrong input.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSequences } from '../sequence/parse';

const ROOT = join(__dirname, '..', '..');
const LOG = `1 execve("/bin/x", ["x"], 0x7f) = 0
1 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000
1 fork() = 2
2 munmap(0x7f0000000000, 4096) = 0
1 msync(0x7f0000000000, 4096, MS_SYNC) = 0
`;
const MAPS = '00400000-00402000 r-xp 00000000 08:01 131 /usr/bin/demo\n';

function importing(args: readonly string[], input = '') {
  const run = spawnSync(process.execPath, [join(ROOT, 'bin', 'maple-fuzz.js'), 'import', ...args], {
    input,
    encoding: 'utf8',
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

describe('import', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-import-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes sequences to standard output, the report beside it', () => {
    const strace = importing(['strace', '-', '--note', 'demo'], LOG);
    expect(strace.status).toBe(0);
    expect(parseSequences(strace.out).map(({ header }) => header.note)).toEqual([
      'demo: x, address space 1 of the log',
      'demo: x, address space 2 of the log, a forked child',
    ]);
    expect(strace.err).toBe('5 lines: 2 sequences, 2 calls kept\n  skipped 1 msync: changes no mapping\n');
    const maps = importing(['maps', '-', '--domain', 'mm', '--json'], MAPS);
    expect(parseSequences(maps.out)[0].operations.map(({ op }) => op)).toEqual(['mmap', 'dump']);
    expect(JSON.parse(maps.err)).toMatchObject({ lines: 1, sequences: 1, kept: { mapping: 1 } });
  });

  it('writes a file for each sequence into a folder', () => {
    const log = join(folder, 'demo.log');
    writeFileSync(log, LOG);
    const run = importing(['strace', log, '--out', `${folder}/made/`, '--json']);
    expect(run.status).toBe(0);
    expect(readdirSync(join(folder, 'made'))).toEqual(['demo-1.ndjson', 'demo-2.ndjson']);
    expect(JSON.parse(run.out).files).toHaveLength(2);
    expect(parseSequences(readFileSync(join(folder, 'made', 'demo-2.ndjson'), 'utf8'))[0].header.origin).toBe(
      'demo.log',
    );
  });

  it('refuses what it cannot read, in one line, and writes nothing', () => {
    const out = join(folder, 'none.ndjson');
    expect(importing(['strace', '-', '--out', out], `${LOG}1 mmap(NULL, 40`)).toEqual({
      status: 3,
      out: '',
      err: 'maple-fuzz: -: line 6: not a line of strace: 1 mmap(NULL, 40\n',
    });
    expect(readdirSync(folder)).not.toContain('none.ndjson');
    expect(importing(['maps', '-', '--domain', 'nets'], MAPS)).toMatchObject({ status: 2, out: '' });
    expect(importing(['maps', join(folder, 'absent')])).toMatchObject({ status: 3, out: '' });
  });
});

/**
 * The verb as users call it: what goes where, exit codes, one line for each kind of wrong input.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseSequences } from '../sequence/parse';
import { Recorded } from '../targets/recorded/recorded';

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
    expect(strace.err).toBe(
      '5 lines: 2 sequences, 2 calls kept\n  skipped 1 msync: changes no mapping\n' +
        '  results in the log that a replay can be compared with: 4 of 4\n',
    );
    const maps = importing(['maps', '-', '--domain', 'mm', '--format', 'maps', '--json'], MAPS);
    expect(parseSequences(maps.out)[0].operations.map(({ op }) => op)).toEqual(['mmap', 'dump']);
    expect(JSON.parse(maps.err)).toMatchObject({ lines: 1, sequences: 1, kept: { mapping: 1 }, lost: [] });
  });

  it('writes a file for each sequence and its answers into a folder', () => {
    const log = join(folder, 'demo.log.gz');
    writeFileSync(log, gzipSync(LOG));
    const run = importing(['strace', log, '--out', `${folder}/made/`, '--answers', `${folder}/made/`, '--json']);
    expect(run.status).toBe(0);
    expect(readdirSync(join(folder, 'made'))).toEqual([
      'demo-1.ndjson',
      'demo-1.out.ndjson',
      'demo-2.ndjson',
      'demo-2.out.ndjson',
    ]);
    expect(JSON.parse(run.out).files).toHaveLength(4);
    const made = readFileSync(join(folder, 'made', 'demo-2.ndjson'), 'utf8');
    expect(parseSequences(made)[0].header.origin).toBe('demo.log.gz');
    const recorded = Recorded.read(join(folder, 'made', 'demo-2.out.ndjson'));
    expect(recorded.exchange(3).answers).toEqual(['{"ret":65536}', '{"ret":0}', '{"ret":0}']);
  });

  it('writes all answers into one file, for the sequences in order', () => {
    const answers = join(folder, 'all.out.ndjson');
    const run = importing(['strace', '-', '--forks', 'all', '--answers', answers], LOG);
    expect(run.status).toBe(0);
    expect(Recorded.read(answers).count).toBe(parseSequences(run.out).length);
    const alone = importing(['strace', '-', '--forks', 'none'], LOG);
    expect(parseSequences(alone.out)).toHaveLength(1);
    expect(alone.err).toContain('forked children not written, of 1 (--forks all writes each): 1\n');
  });

  it('writes nothing if the layout would be wrong, unless it is told to', () => {
    const log = `${LOG}1 shmat(7, NULL, 0) = 0x7f0000001000\n1 getpid() = 1\n`;
    const out = join(folder, 'lost.ndjson');
    const refused = importing(['strace', '-', '--out', out], log);
    expect(refused).toMatchObject({ status: 3, out: '' });
    expect(refused.err).toContain(
      'LOST 1 shmat, which maps shared memory: the log does not show how long it is (trace shmget too) (first: line 6)',
    );
    expect(refused.err).toContain('maple-fuzz: -: 1 change of mappings was not understood');
    expect(readdirSync(folder)).not.toContain('lost.ndjson');
    const lossy = importing(['strace', '-', '--lossy'], log);
    expect(lossy.status).toBe(0);
    expect(parseSequences(lossy.out)).toHaveLength(2);
    expect(lossy.err).toContain('LOST 1 shmat');
    const listing = importing(['maps', '-'], `${MAPS}00500000-005 rw-p\n${MAPS.replaceAll('0040', '0060')}`);
    expect(listing).toMatchObject({ status: 3, out: '' });
  });

  it('refuses what is mostly something else, in one line, and writes nothing', () => {
    const out = join(folder, 'none.ndjson');
    expect(importing(['strace', '-', '--out', out], 'Dear all,\n\x1b[2J\x07\n')).toEqual({
      status: 3,
      out: '',
      err: 'maple-fuzz: -: line 1: not a line of strace: Dear all, (and 1 more, against 0 that are)\n',
    });
    expect(readdirSync(folder)).not.toContain('none.ndjson');
    expect(importing(['maps', '-'], 'x\n')).toMatchObject({ status: 3, out: '' });
    expect(importing(['maps', join(folder, 'absent')])).toMatchObject({ status: 3, out: '' });
  });

  it.each([
    [
      ['maps', '-', '--domain', 'nets'],
      "option '--domain <name>' argument 'nets' is invalid. Allowed choices are tree, mm.",
    ],
    [
      ['maps', '-', '--format', 'nets'],
      "option '--format <kind>' argument 'nets' is invalid. Allowed choices are auto, maps, pmap",
    ],
    [['strace', '-', '--forks', 'some'], '--forks some: auto, all, none or a number expected'],
  ])('%j is wrong usage', (args, what) => {
    const run = importing(args, MAPS);
    expect(run).toMatchObject({ status: 2, out: '' });
    expect(run.err).toContain(what);
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CampaignFolder } from '../campaign/settings';
import { type CampaignFlags, readCampaignFlags } from './campaign-options';

const NOW = new Date(2026, 0, 31, 22, 0);
const TARGET = { target: 'src,oracle' };
const read = (flags: CampaignFlags) => readCampaignFlags({ ...TARGET, ...flags }, NOW);

describe('the flags of a campaign', () => {
  it.each<[CampaignFlags, RegExp]>([
    [{ workers: '0' }, /--workers 0: a whole number from 1/],
    [{ until: 'dawn' }, /--until dawn: a time of day/],
    [{ stopOn: 'never' }, /--stop-on never: first, a number of findings, or idle:30m/],
    [{ memory: 'lots' }, /--memory lots/],
    [{ minimizeShare: '120%' }, /--minimize-share 120%/],
    [{ for: '8 hours' }, /--for 8 hours/],
    [{ runs: '-3' }, /--runs -3: a number of sequences from 1 expected/],
    [{ runs: '0' }, /--runs 0: a number of sequences from 1 expected/],
    [{ for: '0' }, /--for 0: a time such as 60s, 10m or 8h expected/],
    [{ without: 'mmap', domain: 'tree' }, /--without mmap: no such operation/],
    [{ domain: 'forest' }, /--domain forest: tree or mm/],
    [{ only: 'stor_range' }, /--only stor_range: no such operation/],
    [{ only: 'dump' }, /leave no operation/],
    [{ requireCompared: '101%' }, /--require-compared 101%: a share from 0% to 100%/],
    [{ resume: 'x', seed: 'y' }, /--seed does not go with --resume/],
    [{ resume: 'x', feedback: false }, /--no-feedback does not go with --resume/],
    [{ resume: 'x', stepTimeout: '3s' }, /--step-timeout does not go with --resume/],
  ])('refuses %j', (flags, message) => {
    expect(() => read(flags)).toThrow(message);
  });

  describe('a folder of known findings', () => {
    let folder: string;
    beforeEach(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-flags-'));
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    it('may be empty, or a campaign without findings: nothing is known', () => {
      expect(read({ known: folder }).flags.known.size).toBe(0);
      fs.writeFileSync(path.join(folder, 'campaign.json'), '{}');
      fs.writeFileSync(path.join(folder, 'SUMMARY.md'), '');
      expect(read({ known: folder }).flags.known.size).toBe(0);
    });

    it('must be there, and be what it is meant to be', () => {
      expect(() => read({ known: path.join(folder, 'absent') })).toThrow(/no such folder/);
      fs.writeFileSync(path.join(folder, 'package.json'), '{}');
      expect(() => read({ known: folder })).toThrow(/no findings there, and it is neither empty nor a campaign/);
    });
  });

  it('runs for a minute unless it is told how it ends', () => {
    expect(read({}).flags.stop).toEqual({ forMs: 60_000 });
    expect(read({ runs: '5' }).flags.stop).toEqual({ runs: 5 });
    expect(read({ stopOn: 'first' }).flags.stop).toEqual({ forMs: 60_000, findings: 1 });
    expect(read({ stopOn: 'idle:30m' }).flags.stop).toEqual({ idleMs: 1_800_000 });
    expect(read({ until: '07:00' }).flags.stop).toEqual({ untilMs: new Date(2026, 1, 1, 7, 0).getTime() });
  });

  it('takes from --only which domains there is anything to do in', () => {
    expect(read({ only: 'store_range,erase' }).settings?.domain).toBe('tree');
    expect(read({ only: 'mmap' }).settings?.domain).toBe('mm');
    expect(read({ only: 'mmap,erase' }).settings?.domain).toBeNull();
  });

  it('draws a seed of its own each time', () => {
    expect(read({}).settings?.seed).not.toBe(read({}).settings?.seed);
  });

  it('goes on with a campaign without settings of its own', () => {
    expect(read({ resume: 'campaigns/x', for: '2h', feedback: true })).toMatchObject({
      folder: 'campaigns/x',
      settings: null,
    });
  });

  it('names a folder after when it began and the seed', () => {
    expect(read({ seed: 'a b/c' }).folder).toMatch(/^campaigns\/20260\d\d\d-\d{6}-a_b_c$/);
  });
});

describe('a campaign that goes on', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-resumed-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** A campaign that was begun with these flags, and is resumed with those, the next morning at eight. */
  function resume(begun: CampaignFlags, given: CampaignFlags = {}) {
    const { settings } = read({ domain: 'tree', ...begun });
    new CampaignFolder(folder).create(settings!);
    return readCampaignFlags({ ...TARGET, ...given, resume: folder }, new Date(2026, 1, 1, 8, 0));
  }

  it('has the flags that it was begun with', () => {
    const begun = { for: '8h', stopOn: '5', workers: '2', memory: '900', minimizeShare: '40%', onFinding: 'mail' };
    expect(resume({ ...begun, requireCompared: '90%' })).toMatchObject({
      ...{ settings: null, onFinding: 'mail', words: begun },
      flags: {
        ...{ stop: { forMs: 8 * 3_600_000, findings: 5 }, limit: '8h or 5', workers: 2, memoryMb: 900 },
        ...{ minimizeShare: 0.4, requiredShare: 0.9 },
      },
    });
  });

  it('takes another limit in the place of its own, and keeps the rest', () => {
    const begun = { for: '8h', runs: '100', stopOn: '5', memory: '900' };
    expect(resume(begun, { for: '16h' })).toMatchObject({
      words: { for: '16h', stopOn: '5', memory: '900' },
      flags: { stop: { forMs: 16 * 3_600_000, findings: 5 } },
    });
    expect(resume(begun, { for: '16h' }).flags.stop.runs).toBeUndefined();
    expect(resume(begun, { memory: '1000' }).flags).toMatchObject({ stop: { runs: 100 }, memoryMb: 1000 });
  });

  it('ends at the moment that a time of day meant when it was begun', () => {
    const until = new Date(2026, 1, 1, 7, 0).getTime();
    expect(resume({ until: '07:00' }).flags).toMatchObject({ stop: { untilMs: until }, limit: 'until 07:00' });
  });

  it('finds the known findings from anywhere', () => {
    const known = path.relative(process.cwd(), fs.mkdtempSync(path.join(folder, 'known-')));
    expect(resume({ known }).words.known).toBe(path.resolve(known));
  });
});

describe('--workers', () => {
  const said = () => jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  afterEach(() => jest.restoreAllMocks());

  it('is cut to four a core, and that is said', () => {
    const written = said();
    const most = 4 * os.availableParallelism();
    expect(read({ workers: '100000' }).flags.workers).toBe(most);
    expect(written.mock.calls[0][0]).toMatch(`--workers 100000: ${most} on ${os.availableParallelism()} cores`);
  });

  it('is cut to the number of sequences', () => {
    const written = said();
    expect(read({ workers: '3', runs: '1' }).flags.workers).toBe(1);
    expect(written.mock.calls[0][0]).toMatch('--workers 3: 1 for 1 sequences are the most');
    written.mockClear();
    expect(read({ runs: '1' }).flags.workers).toBe(1);
    expect(written).not.toHaveBeenCalled();
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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
    [{ runs: '-3' }, /--runs -3/],
    [{ domain: 'forest' }, /--domain forest: tree or mm/],
    [{ only: 'stor_range' }, /--only stor_range: no such operation/],
    [{ only: 'dump' }, /leave no operation/],
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

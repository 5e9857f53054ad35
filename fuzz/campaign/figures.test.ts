/**
 * The figures of a campaign: summed up, drawn, and told at the end.
 */
import { stripVTControlCharacters } from 'node:util';
import { checkOutput, statusOutput } from './screen';
import type { StatusView } from './status';
import { closingLines, summaryText } from './summary';
import { FakeCampaign } from './testing/fakes';
import { Totals } from './totals';

const FIGURES = {
  ...{ sequences: 10, steps: 1000, rejects: 2, minimizeMs: 5, memoryMb: 1 },
  split: { generate: 1, src: 2, oracle: 1, invariants: 0 },
  operations: { load: [9, 0, 1, 0], erase: [3, 2, 1, 1] } as const,
  features: [
    [7, 1],
    [8, 2],
  ] as const,
  notes: [['lacks x', 1]] as const,
  compared: {
    src: {
      ...{ sequences: 9, steps: 80, comparedSequences: 9, comparedSteps: 80, satOut: {} },
      ...{ repeated: 0, unstable: 0 },
    },
  },
};

const view = (ranMs: number): StatusView => ({
  ...{ seed: 's', ranMs, limit: '1h', workers: 1, findingsNew: 0, findingsKnown: 0, findingsWaiting: 0, failing: 0 },
  ...{ steps: 5, sequences: 4, stepsPerSecond: 3, sequencesPerSecond: 2, features: 1, sinceNewMs: 0, rejects: 0 },
  split: { generate: 0, src: 0, oracle: 0, invariants: 0 },
  ...{ limitMs: null, isEnding: false, findingsFolded: 0, latest: [] },
  ...{ mustReach: { reached: 1, total: 2 }, kept: 0, parents: 0, deaths: 0, memoryMb: 1, operations: [] },
});

describe('totals', () => {
  it('add up what workers report', () => {
    const totals = new Totals();
    totals.add(FIGURES);
    totals.add({ ...FIGURES, features: [[7, 1]], notes: [['lacks x', 4]] });
    expect(totals).toMatchObject({ sequences: 20, steps: 2000, rejects: 4, minimizeMs: 10 });
    expect(totals.operationRows()).toContainEqual({ name: 'erase', tried: 6, changed: 4, refused: 2, yield: 2 });
    expect([...totals.notes]).toEqual([['lacks x', 5]]);
    expect(totals.onceAndTwice()).toEqual([0, 2]);
    expect(totals.shares()).toEqual({ generate: 0.25, src: 0.5, oracle: 0.25, invariants: 0 });
  });

  it('have rates of the last ten seconds, and none before a second look', () => {
    const totals = new Totals();
    expect([totals.rates(0).steps, totals.shares().src]).toEqual([0, 0]);
    for (let second = 1; second <= 20; second++) {
      totals.add({ ...FIGURES, steps: second <= 8 ? 0 : 100 });
      expect(totals.rates(second * 1000).steps).toBeLessThanOrEqual(100);
    }
    expect(totals.rates(20_000)).toEqual({ steps: 100, sequences: 10 });
  });
});

describe('output', () => {
  let written = '';
  const out = (isTTY: boolean) =>
    ({ isTTY, rows: 30, write: (text: string) => (written += text) }) as unknown as NodeJS.WriteStream;
  beforeEach(() => {
    written = '';
  });

  it('is a line each half minute in a log; the first at once, for check after half a minute', () => {
    for (const [output, count] of [
      [statusOutput(out(false), false), 3],
      [checkOutput(out(false), false), 2],
    ] as const) {
      written = '';
      for (let ms = 0; ms <= 60_000; ms += 1000) output.show(view(ms));
      expect(written.trimEnd().split('\n')).toHaveLength(count);
    }
  });

  it('is a row each time for machines', () => {
    const output = statusOutput(out(true), true);
    for (const ms of [0, 1000]) output.show(view(ms));
    const rows = written.trimEnd().split('\n');
    expect(rows.map((row) => (JSON.parse(row) as { status: StatusView }).status.ranMs)).toEqual([0, 1000]);
  });

  it('is drawn over itself on a terminal, as high as it was', () => {
    const output = statusOutput(out(true), false);
    output.show(view(0));
    const height = written.split('\n').length - 1;
    written = '';
    output.show(view(1000));
    expect(written).toContain(`\x1b[${height}A`);
    output.finish(view(2000));
    written = '';
    output.show(view(3000));
    expect(written).not.toContain('\x1b[0A');
    expect(stripVTControlCharacters(written)).toContain('maple-fuzz');
  });

  it('makes room in the line of check for what else is said', () => {
    const output = checkOutput(out(true), false);
    output.clear();
    expect(written).toBe('');
    output.show(view(0));
    output.clear();
    expect(written.endsWith('\r\x1b[K')).toBe(true);
    output.finish(view(1000));
    expect(written.endsWith('features\n')).toBe(true);
  });
});

it('the summary and the last lines say why it ended, what was found, who died and how targets fared', async () => {
  const campaign = new FakeCampaign({ stop: { runs: 32 } });
  const name = campaign.addFinding('dup');
  campaign.journal.write({ finding: 3, slug: 'dup-answer', folder: name });
  campaign.journal.write({ finding: 4, slug: 'dup-answer', folder: null });
  campaign.journal.write({ died: 9, how: 'SIGKILL', again: 'it passed' });
  campaign.journal.write({ started: '1970-01-01T00:00:00.500Z' });
  const [worker] = campaign.start();
  campaign.doRange(worker);
  worker.say({ order: 'halt' });
  campaign.clock.pass(40_000);
  worker.finish(false);
  worker.die('exit status 0');
  campaign.clock.pass(100);
  const result = await campaign.result;
  result.totals.add(FIGURES);
  const settings = campaign.folder.readSettings();
  const text = summaryText(settings, result);
  for (const part of [
    'with 1 worker and ended because 32 sequences are done.',
    `- new: answer at dup. 1 operation (not minimized), of its kind seen 2 times: \`findings/${name}\``,
    '- began 1970-01-01T00:00:00.500Z, was killed\n- resumed 1970-01-01T00:00:01.000Z, ended 1970-01-01T00:00:41',
    ': 32 sequences are done\n- domains: tree\n- targets: src, oracle\n- flags: `--no-feedback`',
    '- compared with src: 9 of 9 sequences, 80 of 80 steps',
    '- sequence 9: SIGKILL; run again: it passed',
    '- 1 times: lacks x',
    'Missing ',
  ]) {
    expect(text).toContain(part);
  }
  const lines = closingLines(campaign.folder, settings, result).map(stripVTControlCharacters);
  expect(lines).toContain('findings  1 new, 0 known');
  expect(lines).toContain(`          ${campaign.folder.findings}/${name}/README.txt`);
  expect(lines.at(-1)).toBe(`go on     npx maple-fuzz fuzz --resume ${campaign.folder.folder} --runs 64`);
});

import { stripVTControlCharacters } from 'node:util';
import { renderLine, renderScreen, type StatusView, short } from './status';

const view: StatusView = {
  seed: 'a'.repeat(64),
  ranMs: 3_723_000,
  limit: '8h',
  limitMs: 28_800_000,
  isEnding: false,
  workers: 2,
  findingsNew: 1,
  findingsKnown: 2,
  findingsWaiting: 1,
  findingsFolded: 0,
  latest: [],
  failing: 9,
  steps: 123_456_789,
  sequences: 456_789,
  stepsPerSecond: 212_345,
  sequencesPerSecond: 812,
  split: { generate: 0.2, src: 0.3, oracle: 0.1, invariants: 0.4 },
  features: 4321,
  sinceNewMs: 61_000,
  mustReach: { reached: 40, total: 41 },
  rejects: 12,
  kept: 321,
  parents: 45,
  deaths: 1,
  memoryMb: 412.4,
  operations: Array.from({ length: 40 }, (_, i) => ({
    name: `operation_${i}`,
    tried: 1000 * i,
    changed: 900 * i,
    refused: 100 * i,
    yield: i,
  })),
};

describe('the status screen', () => {
  it('fits 80 columns and the rows there are', () => {
    const lines = renderScreen(view, 24).map(stripVTControlCharacters);
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('shows what is asked of it', () => {
    const text = stripVTControlCharacters(renderScreen(view, 60).join('\n'));
    for (const part of [
      '1h 2m of 8h',
      '1 new, 2 known, 1 to minimize',
      '212k steps/s',
      'generating 20%, src 30%, oracle 10%, invariants 40%',
      'last new 1m 1s ago',
      '321 sequences kept, 45 of them to breed from',
      '40 of 41, 1 missing',
      '12 rejects',
      '412 MB',
      '1 died',
      'operation_39',
      'yield',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('lists the operations most tried first, and says how many it left out', () => {
    const lines = renderScreen(view, 24).map(stripVTControlCharacters);
    const rows = lines.filter((l) => l.includes('operation_'));
    expect(rows[0]).toContain('operation_39');
    expect(lines.at(-1)).toContain(`and ${40 - rows.length} more`);
  });

  it('names the last findings with their age, within its columns', () => {
    const latest = [
      { sentence: 'structure at bulk: gap[1]', ageMs: 5000 },
      { sentence: 'x'.repeat(200), ageMs: 65_000 },
    ];
    const lines = renderScreen({ ...view, latest }, 24).map(stripVTControlCharacters);
    expect(lines).toContain('  last found    5.0s ago: structure at bulk: gap[1]');
    expect(lines.find((line) => line.includes('1m 5s ago: xxx'))).toMatch(/x…$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('never shows more time than there is, and says that it is ending, and what was folded', () => {
    const late = { ...view, ranMs: 55_000, limit: '40s', limitMs: 40_000, isEnding: true, findingsWaiting: 16 };
    const text = stripVTControlCharacters(renderScreen({ ...late, findingsNew: 35, findingsFolded: 4 }, 24).join('\n'));
    expect(text).toContain('40s of 40s, ending: minimizing 16\n');
    expect(text).toContain('35 new (4 folded), 2 known, 16 to minimize');
    expect(renderLine(late)).toMatch(/^40s: .* features, ending: minimizing 16$/);
  });

  it('is one line in a log', () => {
    expect(renderLine(view)).toBe(
      '1h 2m: 457k sequences, 123M steps (212k/s), 1 new and 2 known findings, 4321 features',
    );
  });

  it.each([
    [0, '0'],
    [9999, '9999'],
    [12_345, '12.3k'],
    [123_456, '123k'],
    [1_234_567, '1.23M'],
    [12e9, '12.00G'],
  ])('shortens %d to %s', (n, text) => expect(short(n)).toBe(text));
});

import { formatDuration, parseDuration } from '../base/duration';
import { flagToGoOn, parseStopOn, parseUntil, reasonToStop, type StopFlags } from './stopping';

const quiet = { nowMs: 1000, ranMs: 1000, sequences: 10, newFindings: 0, lastNewMs: 1000 };

describe('when a campaign ends', () => {
  it.each([
    ['60s', 60_000],
    ['8h', 28_800_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['15', 15_000],
    ['', null],
    ['8 h', null],
    ['h', null],
    ['5x', null],
    ['1000d', 86_400_000_000],
    ['99999999h', null],
  ])('reads the duration %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it('takes the next time the clock shows it', () => {
    const now = new Date(2026, 0, 31, 22, 0);
    expect(parseUntil('07:00', now)).toBe(new Date(2026, 1, 1, 7, 0).getTime());
    expect(parseUntil('23:15', now)).toBe(new Date(2026, 0, 31, 23, 15).getTime());
    expect(parseUntil('24:00', now)).toBeNull();
    expect(parseUntil('7', now)).toBeNull();
  });

  it.each([
    ['first', { findings: 1 }],
    ['5', { findings: 5 }],
    ['idle:30m', { idleMs: 1_800_000 }],
    ['0', null],
    ['idle:', null],
    ['never', null],
  ])('reads --stop-on %s', (text, flags) => expect(parseStopOn(text)).toEqual(flags));

  it('goes on until one of the limits is met', () => {
    expect(reasonToStop({}, quiet)).toBeNull();
    expect(reasonToStop({ forMs: 1001, runs: 11, findings: 1, idleMs: 1 }, quiet)).toBeNull();
    expect(reasonToStop({ forMs: 1000 }, quiet)).toMatch(/time is up/);
    expect(reasonToStop({ runs: 10 }, quiet)).toMatch(/10 sequences/);
    expect(reasonToStop({ findings: 1 }, { ...quiet, newFindings: 1 })).toBe('a finding');
    expect(reasonToStop({ idleMs: 500 }, { ...quiet, lastNewMs: 500 })).toMatch(/nothing new/);
    expect(reasonToStop({ untilMs: new Date(1970, 0, 1, 7, 5).getTime() }, { ...quiet, nowMs: 1e9 })).toBe(
      'it is 07:05',
    );
  });

  it('writes durations with two units at most', () => {
    expect([1500, 42_000, 60_000, 90_000, 5_400_000, 90_000_000].map(formatDuration)).toEqual([
      '1.5s',
      '42s',
      '1m',
      '1m 30s',
      '1h 30m',
      '1d 1h',
    ]);
  });
});

it.each([
  [{ forMs: 1000 }, '--for 2.0s'],
  [{ forMs: 90 * 60_000 }, '--for 3h'],
  [{ runs: 10 }, '--runs 20'],
  [{ findings: 1 }, '--stop-on 4'],
  [{ idleMs: 1 }, ''],
  [{}, ''],
] as [StopFlags, string][])('names the flag that leads beyond the limit %j', (flags, text) => {
  const state = { ...quiet, ranMs: 6e6, newFindings: 3 };
  expect(flagToGoOn(flags, state)).toBe(text);
  if (text === '') return;
  const [name, word] = text.split(' ');
  const further = { '--for': { forMs: parseDuration(word) ?? 0 }, '--runs': { runs: Number(word) } }[name];
  expect(reasonToStop(further ?? { findings: Number(word) }, { ...state, ranMs: flags.forMs ?? 0 })).toBeNull();
});

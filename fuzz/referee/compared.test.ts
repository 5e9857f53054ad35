import {
  type Compared,
  ComparedTally,
  comparedLines,
  comparedShare,
  mergeCompared,
  neverCompared,
  notGreen,
} from './compared';

function tally(): ComparedTally {
  const counted = new ComparedTally(['src', 'kernel']);
  counted.add('src', { steps: 10, comparedSteps: 10, satOut: null });
  counted.add('kernel', { steps: 10, comparedSteps: 4, satOut: 'want of dev' });
  counted.add('kernel', { steps: 20, comparedSteps: 0, satOut: 'the header' });
  return counted;
}

it('counts a sequence that was compared up to some step, and begins anew once taken', () => {
  const counted = tally();
  const { src, kernel } = counted.take();
  expect(src).toMatchObject({ sequences: 1, steps: 10, comparedSequences: 1, comparedSteps: 10, satOut: {} });
  expect(kernel).toMatchObject({ sequences: 2, steps: 30, comparedSequences: 1, comparedSteps: 4 });
  expect(kernel.satOut).toEqual({ 'want of dev': 1, 'the header': 1 });
  expect(comparedShare(kernel)).toBeCloseTo(4 / 30);
  expect(neverCompared(counted.take())).toEqual(['src', 'kernel']);
});

it('is merged as plain data, also over JSON', () => {
  const one = JSON.parse(JSON.stringify(tally().take())) as Compared;
  const more = new ComparedTally(['kernel', 'driver']);
  more.add('kernel', { steps: 1, comparedSteps: 1, satOut: 'the header' });
  more.addRepeat('kernel', false);
  more.addRepeat('kernel', true);
  expect(mergeCompared([one, more.take()])).toEqual({
    src: { sequences: 1, steps: 10, comparedSequences: 1, comparedSteps: 10, satOut: {}, repeated: 0, unstable: 0 },
    kernel: {
      sequences: 3,
      steps: 31,
      comparedSequences: 2,
      comparedSteps: 5,
      satOut: { 'want of dev': 1, 'the header': 2 },
      repeated: 2,
      unstable: 1,
    },
    driver: { sequences: 0, steps: 0, comparedSequences: 0, comparedSteps: 0, satOut: {}, repeated: 0, unstable: 0 },
  });
});

it('is a line for each target', () => {
  expect(comparedLines(tally().take())).toEqual([
    'compared with src: 1 of 1 sequences, 10 of 10 steps',
    'compared with kernel: 1 of 2 sequences, 4 of 30 steps; not compared further: 1 for want of dev; 1 for the header',
  ]);
});

describe('a run that found nothing is green', () => {
  const { kernel, src } = tally().take();
  const none = { ...kernel, comparedSequences: 0, comparedSteps: 0 };

  it.each([
    ['with something compared with each', { src, kernel }, { sequences: 2, share: null }, null],
    ['with enough compared', { src, kernel }, { sequences: 2, share: 4 / 30 }, null],
    ['not without a sequence', {}, { sequences: 0, share: null }, 'no sequence was run, so nothing was compared'],
    [
      'not with a target left out',
      { src, kernel: none },
      { sequences: 2, share: null },
      'nothing was compared with kernel',
    ],
    [
      'not with too little compared',
      { src, kernel },
      { sequences: 2, share: 0.9 },
      '--require-compared 90%: compared were 13.3% of the steps with kernel',
    ],
    [
      'not with a hair too little, which is rounded down',
      { kernel: { ...kernel, comparedSteps: 29.999 } },
      { sequences: 2, share: 1 },
      '--require-compared 100%: compared were 99.9% of the steps with kernel',
    ],
  ])('%s', (_name, compared: Compared, required, complaint) => expect(notGreen(compared, required)).toBe(complaint));
});

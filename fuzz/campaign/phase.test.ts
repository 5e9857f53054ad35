import { Phase } from './phase';

it('a campaign moves to its end and never back; the first reason stands', () => {
  const phase = new Phase();
  expect(phase.end('one', 7)).toBe(true);
  expect(phase.end('another', 8, 'hurried')).toBe(false);
  expect(phase).toMatchObject({ name: 'ending', reason: 'one', sinceMs: 7 });
  phase.hurry();
  expect(phase.name).toBe('hurried');
  phase.finish();
  phase.hurry();
  expect(phase.name).toBe('over');
});

it('Ctrl-C is in a hurry from the beginning', () => {
  const phase = new Phase();
  expect(phase.end('it was interrupted', 1, 'hurried')).toBe(true);
  expect(phase.name).toBe('hurried');
});

import { debug, hit } from '../../src/debug';
import { eventOf, FeatureCollector, operationOf, rowsOf } from './features';

/** Above what src records. */
const ANSWER = 2 ** 17 - 64;

function words(feature: number): string {
  const event = eventOf(feature);
  return `${operationOf(feature)}: ${event < ANSWER ? `event ${event}` : `answer ${event - ANSWER}`}`;
}

function step(collector: FeatureCollector, row: number, events: number[], ret: number | string | null): void {
  debug.eventCount = 0;
  for (const event of events) hit(event);
  collector.step(row, ret);
}

const operationRow = (domain: string, op: string): number => rowsOf(domain).get(op) as number;

describe('FeatureCollector', () => {
  it('counts a feature once a sequence, by operation and event', () => {
    const collector = new FeatureCollector();
    const load = operationRow('tree', 'load');
    const mmap = operationRow('mm', 'mmap');
    collector.begin();
    step(collector, load, [3, 3, 70000], null);
    step(collector, load, [3], null);
    step(collector, mmap, [3], 'ENOMEM');
    expect(collector.reached.map(words)).toEqual([
      'load: event 3',
      'load: event 70000',
      'load: answer 1',
      'mmap: event 3',
      'mmap: answer 8',
    ]);
    collector.begin();
    step(collector, load, [3], 5);
    expect(collector.reached.map(words)).toEqual(['load: event 3', 'load: answer 2']);
  });

  it('tells the operations of both domains apart, and names each', () => {
    expect(operationRow('tree', 'dump')).not.toBe(operationRow('mm', 'dump'));
    expect(operationOf(operationRow('mm', 'munmap') * 2 ** 17 + 5)).toBe('munmap');
  });
});

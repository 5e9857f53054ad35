/**
 * A campaign's sequences do not depend on how many workers run them: those that are bred from earlier ones least of
 * all.
 */
import fs from 'node:fs';
import path from 'node:path';
import { EPOCH } from './epochs';
import { Ground, MINUTES, ranges, timesDone } from './testing/command';

const ground = new Ground('workers');

it(
  'runs the same 10,000 sequences, and keeps the same, whatever the number of workers',
  async () => {
    const runs = 10_000;
    const [one, two] = [1, 2].map((n) => ground.at(`workers-${n}`)) as [string, string];
    const common = [
      '--seed',
      'same',
      '--runs',
      String(runs),
      '--only',
      'store_range,erase,load,mas_set,mas_store,mas_next,dup',
    ];
    await ground.command.fuzz([...common, '--out', one, '--workers', '1']);
    await ground.command.fuzz([...common, '--out', two, '--workers', '2']);
    expect(timesDone(one, runs).every((t) => t === 1)).toBe(true);
    expect(ranges(two)).toEqual(ranges(one));
    // Of the epoch that is not complete, more may lie there than will be kept.
    const complete = Math.floor(runs / EPOCH) * EPOCH;
    const kept = (campaign: string) =>
      fs.readdirSync(path.join(campaign, 'corpus')).filter((name) => Number.parseInt(name, 10) < complete);
    const names = kept(one).sort();
    expect(kept(two).sort()).toEqual(names);
    const texts = (campaign: string) =>
      names.map((name) => fs.readFileSync(path.join(campaign, 'corpus', name), 'utf8'));
    expect(texts(two)).toEqual(texts(one));
    expect(texts(one).some((text) => text.includes('bred from'))).toBe(true);
  },
  20 * MINUTES,
);

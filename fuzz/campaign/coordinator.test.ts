/**
 * A campaign's parts together, with a clock and workers that the test moves: what is handed out, what becomes of those
 * who die, and how it ends.
 */
import fs from 'node:fs';
import path from 'node:path';
import { readFacts } from '../findings/store';
import { FakeCampaign } from './testing/fakes';

const HEADER = '{"format":"maple-fuzz/1","domain":"tree","ranges":false}\n';
const DUP = '{"op":"dup"}\n';

describe('ranges', () => {
  it('are handed out a few ahead, to its end', async () => {
    const campaign = new FakeCampaign({ workers: 2, stop: { runs: 200 } });
    const [first, second] = campaign.start();
    expect([first.work, second.work]).toEqual([
      ['0-32', '32-64', '64-96'],
      ['96-128', '128-160', '160-192'],
    ]);
    campaign.doRange(first);
    expect(first.work).toEqual(['32-64', '64-96', '192-200']);
    for (const worker of [first, second]) while (worker.orders.length > 0) campaign.doRange(worker);
    campaign.clock.pass(100);
    expect([first.work, second.work]).toEqual([['stop'], ['stop']]);
    for (const worker of [first, second]) worker.die('exit status 0');
    campaign.clock.pass(100);
    expect(await campaign.result).toMatchObject({ reason: '200 sequences are done', view: { sequences: 200 } });
  });

  it('wait for the epochs that their sequences are bred from', () => {
    const campaign = new FakeCampaign({}, { feedback: true });
    const [worker] = campaign.start();
    while (worker.orders.length > 0 && worker.work[0] !== '2016-2048') campaign.doRange(worker);
    expect(worker.work).toEqual(['2016-2048']);
    campaign.clock.pass(100);
    expect(worker.work).toEqual(['2016-2048', '2048-2080', '2080-2112']);
  });
});

describe('a worker that dies', () => {
  /** In sequence 5; the one that takes its place. */
  function dieInFive(campaign: FakeCampaign, how: string) {
    campaign.writeSlot(0, { from: 0, to: 32, next: 5, steps: 50 });
    campaign.made[0].die(how);
    return campaign.next();
  }

  it('leaves a sequence that runs once more, alone, and then its other ranges', () => {
    const campaign = new FakeCampaign({ stop: { runs: 96 } });
    campaign.start();
    const again = dieInFive(campaign, 'exit status 1');
    expect(again.orders).toEqual([{ order: 'careful', n: 5, how: 'exit status 1', addUsable: [] }]);
    expect(campaign.facts()).toContainEqual({ done: [0, 5], steps: 50 });
    again.finish();
    expect(again.work).toEqual(['6-32', '32-64', '64-96']);
  });

  it('is a finding if it dies again, with what was written down', () => {
    const campaign = new FakeCampaign();
    campaign.start();
    const again = dieInFive(campaign, 'hang');
    fs.writeFileSync(campaign.folder.carefulFile(0), `${HEADER}${DUP}${DUP}`);
    again.die('hang');
    const last = campaign.next();
    expect(last.work[0]).toBe('6-32');
    const [name] = campaign.store.read().keys();
    expect(readFacts(path.join(campaign.store.folder, name))).toMatchObject({
      ...{ rule: 'hang', operation: 'dup', n: 5, originalLength: 2, foundBy: 'hang' },
      detail: 'the step did not end within 10 s',
    });
    expect(campaign.facts().slice(-3)).toEqual([
      { died: 5, how: 'hang', again: 'it ended with hang' },
      { finding: 5, slug: 'dup-hang', folder: name },
      { done: [5, 6], steps: 0 },
    ]);
  });

  it('is killed from outside, or before an operation: that is no answer, but not for ever', () => {
    const campaign = new FakeCampaign();
    campaign.start();
    let again = dieInFive(campaign, 'SIGKILL');
    for (let time = 1; time < 10; time++) {
      expect(again.work).toEqual(['careful 5']);
      fs.writeFileSync(campaign.folder.carefulFile(0), time % 2 === 0 ? `${HEADER}${DUP}` : HEADER);
      again.die(time % 2 === 0 ? 'SIGKILL' : 'exit status 1');
      expect(campaign.store.read().size).toBe(0);
      again = campaign.next();
      expect(fs.existsSync(campaign.folder.carefulFile(0))).toBe(false);
    }
    fs.writeFileSync(campaign.folder.carefulFile(0), `${HEADER}${DUP}`);
    again.die('SIGKILL');
    expect([...campaign.store.read().values()]).toMatchObject([{ rule: 'died', operation: 'dup' }]);
  });

  it('while it minimized gives that finding up', () => {
    const campaign = new FakeCampaign();
    const name = campaign.addFinding('dup');
    const [worker] = campaign.start();
    campaign.clock.pass(1000);
    while (worker.work[0] !== `minimize ${name}`) campaign.doRange(worker);
    worker.die('exit status 7');
    expect(readFacts(path.join(campaign.store.folder, name))).toMatchObject({
      minimized: 'partly',
      detail: '\n(not minimized: the worker ended with exit status 7)',
    });
    expect(campaign.facts()).toContainEqual({ settled: name, as: name, duplicate: false });
  });

  it('before it is ready ends the campaign, by itself the third time, killed from outside the thirtieth', async () => {
    for (const [how, times] of [
      ['exit status 1', 3],
      ['SIGKILL', 30],
    ] as const) {
      const campaign = new FakeCampaign();
      campaign.result = campaign.coordinator.run();
      for (let time = 1; time <= times; time++) {
        expect(campaign.made).toHaveLength(time);
        campaign.made[time - 1].stderr = 'no such module';
        campaign.made[time - 1].die(how);
      }
      await expect(campaign.result).rejects.toThrow(`a worker cannot be started (${how}): no such module`);
    }
  });
});

describe('a worker that is silent', () => {
  it('is not killed as long as it waits for a processor, and killed when it has used its time', () => {
    const campaign = new FakeCampaign();
    const [worker] = campaign.start();
    // A busy machine: one percent of a processor, for ten minutes.
    for (let second = 0; second < 600; second++) {
      worker.cpuMs += 10;
      campaign.clock.pass(1000);
    }
    expect(worker.killedFor).toBeNull();
    worker.cpuMs += 4100;
    campaign.clock.pass(200);
    expect(worker.killedFor).toBe('hang');
  });

  it('begins its time anew with each word, and in a careful run with each operation that it wrote down', () => {
    const campaign = new FakeCampaign();
    const [worker] = campaign.start();
    for (let i = 0; i < 5; i++) {
      worker.cpuMs += 9000;
      campaign.clock.pass(200);
      worker.speak();
    }
    expect(worker.killedFor).toBeNull();
    campaign.writeSlot(0, { from: 0, to: 32, next: 5, steps: 50 });
    worker.die('hang');
    const careful = campaign.next();
    for (let i = 0; i < 5; i++) {
      fs.appendFileSync(campaign.folder.carefulFile(0), i === 0 ? HEADER : DUP);
      campaign.clock.pass(200);
      careful.cpuMs += 9000;
      campaign.clock.pass(200);
    }
    expect(careful.killedFor).toBeNull();
    careful.cpuMs += 2000;
    campaign.clock.pass(400);
    expect(careful.killedFor).toBe('hang');
  });

  it('has more time when targets outside take part, and any when it has nothing to do', () => {
    const campaign = new FakeCampaign({ stop: { runs: 32 } }, { strict: true });
    const [worker] = campaign.start();
    campaign.clock.pass(400);
    worker.cpuMs += 99_000;
    campaign.clock.pass(200);
    campaign.journal.write({ done: [0, 31], steps: 7 });
    worker.finish();
    worker.cpuMs += 1e9;
    campaign.clock.pass(1000);
    expect(worker.killedFor).toBeNull();
  });

  it('is killed when it outgrows its memory', () => {
    const campaign = new FakeCampaign({ memoryMb: 100 });
    const [worker] = campaign.start();
    worker.usedMb = 101;
    campaign.clock.pass(200);
    expect(worker.killedFor).toBe('memory');
  });
});

describe('the end', () => {
  it('minimizes what waits in one worker, piece by piece, for 30 seconds; the others end', async () => {
    const campaign = new FakeCampaign({ workers: 2, stop: { forMs: 1000 }, minimizeShare: 0 });
    const name = campaign.addFinding('dup');
    const [first, second] = campaign.start();
    campaign.clock.pass(1000);
    expect([first.told.at(-1), second.told.at(-1)]).toEqual([{ order: 'halt' }, { order: 'halt' }]);
    for (const worker of [first, second]) worker.finishRanges();
    expect([first.work, second.work]).toEqual([[`minimize ${name}`], ['stop']]);
    second.die('exit status 0');
    for (let piece = 0; piece < 14; piece++) {
      campaign.clock.pass(2000);
      first.finish(true);
      expect(first.work).toEqual([`minimize ${name}`]);
    }
    campaign.clock.pass(2000);
    first.finish(true);
    expect(first.work).toEqual(['stop']);
    first.die('exit status 0');
    campaign.clock.pass(100);
    expect(await campaign.result).toMatchObject({ reason: 'the time is up (1.0s)', findings: { fresh: [name] } });
  });

  it('waits for a worker that hangs; its sequence runs once more, and may be a finding', async () => {
    const campaign = new FakeCampaign({ stop: { forMs: 1000 } });
    const [worker] = campaign.start();
    campaign.writeSlot(0, { from: 0, to: 32, next: 5, steps: 50 });
    campaign.clock.pass(60_000);
    expect([worker.killedFor, worker.work.length]).toEqual([null, 3]);
    worker.cpuMs += 11_000;
    campaign.clock.pass(200);
    expect(worker.killedFor).toBe('hang');
    const again = campaign.next();
    expect(again.work).toEqual(['careful 5']);
    fs.writeFileSync(campaign.folder.carefulFile(0), `${HEADER}${DUP}`);
    campaign.clock.pass(400);
    again.cpuMs += 11_000;
    campaign.clock.pass(200);
    campaign.clock.pass(100);
    expect(campaign.made).toHaveLength(2);
    const { findings } = await campaign.result;
    expect([...findings.facts.values()]).toMatchObject([{ rule: 'hang', operation: 'dup', n: 5, minimized: 'no' }]);
  });

  it('comes after Ctrl-C without minimizing, and waits five seconds for a worker', async () => {
    const campaign = new FakeCampaign({ workers: 2 });
    campaign.addFinding('dup');
    const [first, second] = campaign.start();
    campaign.coordinator.interrupt(false);
    first.finishRanges();
    expect(first.work).toEqual(['stop']);
    first.die('exit status 0');
    campaign.clock.pass(5000);
    expect(second.state).toBe('ready');
    campaign.clock.pass(200);
    expect(await campaign.result).toMatchObject({ reason: 'it was interrupted', findings: { waiting: 1 } });
    expect(second.killedFor).toBe('stopped');
    expect(campaign.made).toHaveLength(2);
  });

  it('comes at once with the second Ctrl-C, and with an error of a worker', async () => {
    const campaign = new FakeCampaign();
    campaign.start();
    campaign.coordinator.interrupt(false);
    campaign.coordinator.interrupt(true);
    await expect(campaign.result).rejects.toThrow(`stopped at once; go on with --resume ${campaign.folder.folder}`);
    const broken = new FakeCampaign({
      onFinding: () => {
        throw new Error('told wrongly');
      },
    });
    const [worker] = broken.start();
    const name = broken.addFinding('dup');
    broken.journal.write({ settled: 'x', as: name, duplicate: false });
    broken.clock.pass(100);
    await expect(broken.result).rejects.toThrow('told wrongly');
    expect(worker.killedFor).toBe('stopped');
  });
});

it('a campaign that goes on knows what was done, counts its time, and says what is damaged', async () => {
  const campaign = new FakeCampaign({ stop: { runs: 64 } });
  campaign.journal.write({ done: [0, 32], steps: 3 });
  campaign.writeSlot(3, { from: 32, to: 64, next: 40, steps: 9 });
  fs.writeFileSync(campaign.folder.statsFile, '{"ranMs":60000}\n');
  fs.writeFileSync(campaign.folder.featuresFile, '{');
  const [worker] = campaign.start();
  expect(worker.work).toEqual(['40-64']);
  expect(campaign.warnings).toEqual([expect.stringMatching(/features\.json is damaged: .*begin anew$/)]);
  campaign.clock.pass(1000);
  expect(campaign.views.at(-1)).toMatchObject({ ranMs: 61_000, sequences: 40 });
});

describe('the time', () => {
  it('counts from the first step on, however long it takes to start', async () => {
    const campaign = new FakeCampaign({ stop: { forMs: 1000 } });
    campaign.result = campaign.coordinator.run();
    campaign.clock.pass(5000);
    campaign.made[0].begin();
    expect(campaign.made[0].work[0]).toBe('0-32');
    campaign.clock.pass(900);
    campaign.doRange(campaign.made[0]);
    campaign.clock.pass(200);
    expect(campaign.views.map(({ ranMs }) => ranMs)).toEqual([0, 0, 0, 0, 0, 1000]);
    while (campaign.made[0].work[0] !== 'stop') campaign.made[0].finish();
    campaign.made[0].die('exit status 0');
    campaign.clock.pass(100);
    const { wasOver, flagToGoOn, view } = await campaign.result;
    expect([wasOver, flagToGoOn, view.sequences]).toEqual([false, '--for 2.0s', 32]);
  });

  it('may be over before a campaign goes on', async () => {
    const campaign = new FakeCampaign({ stop: { forMs: 60_000 } });
    fs.writeFileSync(campaign.folder.statsFile, '{"ranMs":60000}\n');
    const [worker] = campaign.start();
    campaign.clock.pass(100);
    worker.finishRanges();
    worker.die('exit status 0');
    campaign.clock.pass(100);
    expect(await campaign.result).toMatchObject({
      wasOver: true,
      flagToGoOn: '--for 2m',
      reason: 'the time is up (1m)',
    });
  });
});

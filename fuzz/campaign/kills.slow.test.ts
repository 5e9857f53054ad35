/**
 * A campaign loses nothing, whenever it is killed: workers one by one, and all of it.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { listFindings } from '../findings/store';
import { ended, failing, Ground, highestDone, MINUTES, sleep, timesDone } from './testing/command';

const ground = new Ground('kills');

const children = (pid: number): number[] => {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
};

const TREE = ['--domain', 'tree', '--seed', 'kills'];

/** Numbers that look random, the same each time. */
let x = 1;
const draw = (below: number) => (x = (x * 48271) % 2147483647) % below;

/** Whether it was still there. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Starts a campaign, kills some of its workers one after the other, and then all of it. How many kills that were. */
async function startAndKill(args: readonly string[], most: number): Promise<number> {
  const child = ground.command.start(args, 'rare');
  const end = ended(child);
  let kills = 0;
  for (let some = 6 + draw(8); some > 0 && kills < most - 1; some--) {
    await sleep(80 + draw(400));
    const workers = children(child.pid!);
    if (workers.length > 0 && kill(workers[draw(workers.length)])) kills++;
  }
  await sleep(draw(400));
  // It does not end by itself, whatever happened to its workers.
  if (child.exitCode !== null) expect(await end).toBeNull();
  child.kill('SIGKILL');
  await end;
  return kills + 1;
}

it(
  'loses no finding and skips no sequence in 100 kills of workers and of everything',
  async () => {
    const calm = ground.at('calm');
    const killed = ground.at('killed');
    const common = ['--for', '1h', '--workers', '2'];
    let kills = await startAndKill([...TREE, ...common, '--out', killed], 100);
    while (kills < 100) kills += await startAndKill(['--resume', killed, ...common], 100 - kills);
    // As many sequences as came under way, and some more.
    const runs = Math.max(500, highestDone(killed) + 100);
    await ground.command.fuzz(['--resume', killed, '--runs', String(runs), '--workers', '2'], 'rare');
    await ground.command.fuzz([...TREE, '--runs', String(runs), '--out', calm], 'rare');
    expect(timesDone(killed, runs).indexOf(0)).toBe(-1);
    const expected = failing(calm).filter((n) => n < runs);
    expect(expected.length).toBeGreaterThan(0);
    expect(failing(killed).filter((n) => n < runs)).toEqual(expected);
    expect(listFindings(path.join(killed, 'findings')).length).toBeGreaterThan(0);
  },
  20 * MINUTES,
);

/**
 * What a second worker brings: a campaign with one worker and one with two, by the wall clock.
 *
 *     one worker     ====-----====-----====          = runs, - stands still (SIGSTOP)
 *     two workers    ----=====----=====----
 *
 * Both live all the time and one of them runs: what the machine's other work does to one slice it does to its neighbour
 * too, and nothing is measured before V8 is done compiling. Steps are counted from what the workers have on disk, to
 * the sequence.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readLines } from '../fuzz/base/files';
import type { Fact } from '../fuzz/campaign/journal';
import { CampaignFolder } from '../fuzz/campaign/settings';
import { readSlot } from '../fuzz/campaign/slot';
import { install } from './install';
import type { LoopRow } from './results';

export interface WorkersPlan {
  seed: string;
  rounds: number;
  /** How long each campaign runs before it is measured, and in each slice. */
  warmUpMs: number;
  sliceMs: number;
  /** The command to run; the packed and installed one if there is none. */
  bin?: string;
  progress(line: string): void;
}

/** After it was continued a campaign takes a moment to get going; that is not counted. */
const SETTLE_MS = 300;

class Campaign {
  private readonly folder: CampaignFolder;
  private readonly child: ChildProcess;

  constructor(
    bin: string,
    place: string,
    seed: string,
    private readonly workers: number,
  ) {
    const out = join(place, `workers-${workers}`);
    this.folder = new CampaignFolder(out);
    // It must not take its own standing still for a step that hangs.
    const flags = ['--for', '24h', '--workers', `${workers}`, '--seed', seed, '--step-timeout', '1h', '--out', out];
    this.child = spawn(process.execPath, [bin, 'fuzz', ...flags], { stdio: 'ignore', detached: true });
  }

  private signal(name: NodeJS.Signals): void {
    if (this.child.exitCode !== null) throw new Error(`the campaign with ${this.workers} workers ended by itself`);
    process.kill(-this.child.pid!, name);
  }

  /** Steps run so far. */
  private steps(): number {
    if (!existsSync(this.folder.journalFile)) return 0;
    let steps = 0;
    const done = new Set<number>();
    for (const fact of readLines<Fact>(this.folder.journalFile)) {
      if (!('done' in fact)) continue;
      steps += fact.steps;
      done.add(fact.done[0]);
    }
    for (let worker = 0; worker < this.workers; worker++) {
      const slot = readSlot(this.folder.slotFile(worker));
      if (slot !== null && !done.has(slot.from)) steps += slot.steps;
    }
    return steps;
  }

  /** Lets it run for a time; steps a second of wall clock. */
  async run(ms: number): Promise<number> {
    this.signal('SIGCONT');
    await setTimeout(SETTLE_MS);
    const before = this.steps();
    const start = performance.now();
    await setTimeout(ms);
    const rate = ((this.steps() - before) * 1000) / (performance.now() - start);
    this.signal('SIGSTOP');
    return rate;
  }

  stop(): void {
    this.signal('SIGSTOP');
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    process.kill(-this.child.pid!, 'SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}

/** Runs the two in turn. Steps a second of wall clock, not of CPU time as in the loop's other rows. */
export async function measureWorkers(plan: WorkersPlan): Promise<LoopRow[]> {
  const place = mkdtempSync(join(tmpdir(), 'maple-fuzz-workers-'));
  const campaigns: Campaign[] = [];
  try {
    if (plan.bin === undefined) plan.progress('workers, packing and installing');
    const bin = plan.bin ?? install(place);
    const rows = [1, 2].map((workers) => {
      const name = workers === 1 ? 'one worker' : 'two workers';
      return { name, about: 'a campaign on both domains, by the wall clock', rounds: [] as number[] };
    });
    for (const [i, { name }] of rows.entries()) {
      plan.progress(`${name}, warm-up`);
      campaigns.push(new Campaign(bin, place, plan.seed, i + 1));
      await campaigns[i].run(plan.warmUpMs);
    }
    for (let round = 0; round < plan.rounds; round++) {
      for (const i of round % 2 === 0 ? [0, 1] : [1, 0]) {
        plan.progress(`${rows[i].name}, round ${round + 1}`);
        rows[i].rounds.push(await campaigns[i].run(plan.sliceMs));
      }
    }
    return rows;
  } finally {
    for (const campaign of campaigns) await campaign.end();
    rmSync(place, { recursive: true, force: true });
  }
}

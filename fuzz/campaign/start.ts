/**
 * Starts a campaign or goes on with one: the folder, the lock, Ctrl-C, and what is written when it ends.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CouldNotRun, EXIT, reasonOf } from '../base/errors';
import { DiskFull, makeFolder, writeWhole } from '../base/files';
import { readUsage } from '../base/process-usage';
import { FindingsStore } from '../findings/store';
import { readmeFrom } from '../findings/texts';
import { notGreen } from '../referee/compared';
import { systemClock } from './clock';
import { type CampaignResult, Coordinator, type RunFlags } from './coordinator';
import { lock } from './lock';
import { statusOutput } from './screen';
import { CampaignFolder, type CampaignSettings, type RunWords } from './settings';
import { closingLines, summaryText } from './summary';
import { WorkerProcess } from './worker-process';

export interface StartOptions {
  readonly folder: string;
  /** What the sequences depend on; null to go on with the campaign in the folder. */
  readonly settings: CampaignSettings | null;
  readonly flags: Omit<RunFlags, 'onFinding'>;
  /** The flags as they were given, kept in the folder for the next time. */
  readonly words: RunWords;
  /** Run with a finding's folder as its last argument. */
  readonly onFinding: string | null;
  readonly json: boolean;
}

/** The commit of a checkout, for the record; null where there is none. */
export function presentCommit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: __dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

interface Opened {
  readonly folder: CampaignFolder;
  readonly settings: CampaignSettings;
  readonly unlock: () => void;
}

/** Two coordinators in one folder would hand out the same numbers, so it is locked before anything else. */
function open(options: StartOptions): Opened {
  const folder = new CampaignFolder(path.resolve(options.folder));
  if (options.settings === null) refuse(options, folder);
  try {
    makeFolder(folder.folder);
  } catch (error) {
    if (error instanceof DiskFull || error instanceof CouldNotRun) throw error;
    throw new CouldNotRun(`--out ${options.folder}: ${reasonOf(error)}`);
  }
  const unlock = lock(folder.lockFile);
  try {
    refuse(options, folder);
    const settings = options.settings ?? { ...folder.readSettings(), run: options.words };
    if (options.settings !== null) folder.create(settings);
    else folder.saveSettings(settings);
    return { folder, settings, unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}

function refuse(options: StartOptions, folder: CampaignFolder): void {
  if (options.settings === null && !folder.exists)
    throw new CouldNotRun(`${options.folder} holds no campaign (no campaign.json)`);
  if (options.settings !== null && folder.exists)
    throw new CouldNotRun(`${options.folder} holds a campaign; go on with --resume ${options.folder}`);
}

/** Runs the campaign to its end. Returns the exit code. */
export async function startCampaign(options: StartOptions): Promise<number> {
  const { folder, settings, unlock } = guarded(() => open(options));
  const output = statusOutput(process.stdout, options.json);
  if (options.json) process.stdout.write(`${JSON.stringify({ campaign: folder.folder, ...settings })}\n`);
  else process.stdout.write(`seed ${settings.seed}\ncampaign ${folder.folder}\n`);
  const onFinding = (name: string): void => tell(options.onFinding, path.join(folder.findings, name));
  if (readUsage(process.pid) === null)
    warn('this system has no /proc: a hang is counted by the clock on the wall, with 30 times --step-timeout');
  const coordinator = guarded(
    () =>
      new Coordinator(
        folder,
        settings,
        { ...options.flags, onFinding },
        {
          clock: systemClock,
          makeWorker: (worker, events) => new WorkerProcess({ worker, folder: folder.folder }, events),
          store: new FindingsStore(folder.findings),
          output,
          warn,
        },
      ),
  );
  let interrupts = 0;
  const onInterrupt = (): void => coordinator.interrupt(++interrupts > 1);
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  try {
    const result = await coordinator.run();
    writeWhole(folder.summaryFile, summaryText(settings, result));
    printEnd(folder, settings, result, options.json);
    return exitCode(result, options.flags.requiredShare);
  } catch (error) {
    if (error instanceof DiskFull) throw new CouldNotRun(error.message);
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
    unlock();
  }
}

function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof DiskFull) throw new CouldNotRun(error.message);
    throw error;
  }
}

function warn(line: string): void {
  process.stderr.write(`maple-fuzz: ${line}\n`);
}

/** @throws CouldNotRun if nothing new was found, and not enough compared to be glad of it. */
function exitCode({ findings, totals, view }: CampaignResult, share: number | null): number {
  if (findings.fresh.length > 0) return EXIT.finding;
  const complaint = notGreen(totals.compared, { sequences: view.sequences, share });
  if (complaint !== null) throw new CouldNotRun(complaint);
  return findings.known.length > 0 ? EXIT.onlyKnown : EXIT.nothing;
}

function printEnd(folder: CampaignFolder, settings: CampaignSettings, result: CampaignResult, json: boolean): void {
  const { fresh, known } = result.findings;
  if (json) {
    const { view, reason, totals } = result;
    const groups = result.findings.groups.map((group) => group.map(({ name }) => name));
    const end = { ended: reason, findings: { new: fresh, known, groups }, compared: totals.compared, ...view };
    process.stdout.write(`${JSON.stringify(end)}\n`);
    return;
  }
  // A worker that was told to end may have renamed the first in the meantime.
  const best = path.join(folder.findings, fresh[0] ?? '');
  const readme = path.join(best, 'README.txt');
  if (fresh.length > 0 && fs.existsSync(readme))
    process.stdout.write(`\n${readmeFrom(best, fs.readFileSync(readme, 'utf8'))}`);
  process.stdout.write(`${closingLines(folder, settings, result).join('\n')}\n`);
}

/** Runs the user's command; what it prints is the user's, and its failure is only mentioned. */
export function tell(command: string | null, folder: string): void {
  if (command === null) return;
  // The shell puts the folder in, so that it stays one argument whatever is in its name.
  const result = spawnSync('sh', ['-c', `${command} "$1"`, 'sh', folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 60_000,
  });
  if (result.status !== 0) warn(`--on-finding ended with ${result.status ?? result.signal}`);
}

/**
 * A worker died in a sequence, and again when the sequence was run alone: that is a finding, made from the operations
 * that were written down before each was applied.
 */
import fs from 'node:fs';
import { type FindingsStore, newFacts, slugOf } from '../findings/store';
import { FORMAT, type Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { printFailure } from '../report/printout';
import { judgeFlagsOf } from '../report/target-flags';
import { parseSequences } from '../sequence/parse';
import { printSequence } from '../sequence/print';
import type { Journal } from './journal';
import type { CampaignFolder, CampaignSettings } from './settings';
import type { Death } from './worker-process';

export interface DeathReport {
  readonly n: number;
  /** How the worker died the first time, and the second time. */
  readonly first: Death;
  readonly death: Death;
  readonly stderr: string;
  readonly worker: number;
}

/** Stores the finding and records it; sequence n counts as done. */
export function findingOfDeath(
  folder: CampaignFolder,
  settings: CampaignSettings,
  store: FindingsStore,
  journal: Journal,
  report: DeathReport,
): void {
  const sequence = readCareful(folder.carefulFile(report.worker));
  const difference = describeDeath(sequence, settings, report);
  const facts = newFacts(sequence ?? EMPTY, difference, {
    seed: settings.seed,
    n: report.n,
    version: settings.version,
  });
  const saved =
    sequence === null
      ? null
      : store.save(facts, {
          original: printSequence(named(sequence, settings, report.n)),
          readme: (place) =>
            printFailure(sequence, difference, {
              file: `${place}/original.ndjson`,
              ...judgeFlagsOf(settings.targets.join(',')),
            }),
        });
  journal.write({ died: report.n, how: report.first, again: `it ended with ${report.death}` });
  journal.write({ finding: report.n, slug: slugOf(facts.operation, facts.rule), folder: saved });
  journal.write({ done: [report.n, report.n + 1], steps: 0 });
  journal.flush();
}

/** Nothing was written down before the worker died. */
const EMPTY: Sequence = { header: { format: FORMAT, domain: 'tree', ranges: false }, operations: [] };

function named(sequence: Sequence, settings: CampaignSettings, n: number): Sequence {
  const origin = `maple-fuzz ${settings.version}, seed ${settings.seed}, sequence ${n}`;
  return { ...sequence, header: { ...sequence.header, origin } };
}

/** Why no worker can be started; what it wrote last, if anything. */
export function startFailureText(death: Death, stderr: string, memoryMb: number): string {
  if (death === 'memory')
    return `--memory ${memoryMb} is too small: a worker needs more MB than that before it runs anything`;
  const last = stderr.trim();
  return `a worker cannot be started (${death})${last === '' ? '' : `: ${last}`}`;
}

/** Whether a worker that was to run a sequence carefully came as far as an operation. */
export function cameToAnOperation(folder: CampaignFolder, worker: number): boolean {
  return (readCareful(folder.carefulFile(worker))?.operations.length ?? 0) > 0;
}

/** What was written down; null if not even the header was. */
function readCareful(file: string): Sequence | null {
  if (!fs.existsSync(file)) return null;
  // It may have died between making the file and writing the header, or in the middle of a line.
  const text = fs.readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole === '' ? null : (parseSequences(whole)[0] ?? null);
}

function describeDeath(
  sequence: Sequence | null,
  settings: CampaignSettings,
  { death, stderr }: DeathReport,
): Difference {
  const operations = sequence?.operations ?? [];
  const step = operations.length - 1;
  const operation = operations[step] ?? null;
  if (death === 'hang') {
    const detail = `the step did not end within ${settings.stepTimeoutMs / 1000} s`;
    return { step, operation, rule: 'hang', foundBy: 'hang', detail };
  }
  if (death === 'memory') {
    return { step, operation, rule: 'memory', foundBy: 'crash', detail: 'the worker outgrew its memory (--memory)' };
  }
  const last = stderr.trim().split('\n').slice(-6).join('\n');
  return { step, operation, rule: 'died', foundBy: 'crash', detail: `the process ended with ${death}\n${last}` };
}

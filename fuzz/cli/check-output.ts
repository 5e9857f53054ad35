/**
 * What the loop shows: the seed first, a line of status while it runs, each finding as it comes, a summary at the end.
 *
 * On a terminal the status is one line that is redrawn once a second; elsewhere it is a line of its own every half a minute.
 * With `--json` everything is one JSON object a line: {"seed":…}, {"status":…}, {"finding":…}, {"summary":…}, {"note":…}.
 */
import pc from 'picocolors';
import { formatDuration } from '../base/duration';
import type { LoopEvents, LoopStatus } from '../campaign/loop';
import type { Finding } from '../findings/check-findings';
import { noteText } from '../referee/target-remarks';
import { spellDifference } from '../report/json';
import { showFailure } from '../report/printout';
import { judgeFlagsOf } from '../report/target-flags';
import { type FuzzOptions, limitText } from './fuzz-options';

/** Where text goes; process.stdout but in tests. */
export interface Sink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const DRAW_MS = 1000;
const LOG_MS = 30_000;
/** Findings that the summary lists; the rest is a number. */
const LISTED = 12;

export class LoopOutput implements LoopEvents {
  private drawnMs = 0;
  private lineIsOpen = false;
  private readonly redraws: boolean;

  constructor(
    private readonly options: FuzzOptions,
    private readonly sink: Sink,
  ) {
    this.redraws = sink.isTTY === true && !options.json;
  }

  begin(): void {
    const { seed, domains, json } = this.options;
    if (json) this.row({ seed, domains, limit: limitText(this.options) });
    else this.line(`seed ${seed}: ${domains.join(' and ')} for ${limitText(this.options)}`);
  }

  onTick(status: LoopStatus): void {
    if (status.ranMs - this.drawnMs < (this.redraws ? DRAW_MS : LOG_MS)) return;
    this.drawnMs = status.ranMs;
    if (this.options.json) this.row({ status: figures(status) });
    else if (this.redraws) this.redraw(statusText(status));
    else this.line(statusText(status));
  }

  onFinding(finding: Finding): void {
    const { folder, sequence, difference } = finding;
    if (this.options.json) {
      const spelled = spellDifference(difference, sequence.header.domain);
      this.row({ finding: { folder, operations: sequence.operations.length, difference: spelled } });
      return;
    }
    this.line('');
    this.line(
      showFailure(sequence, difference, { file: `${folder}/minimal.ndjson`, ...judgeFlagsOf(this.options.target) }),
    );
    this.line('');
  }

  end(status: LoopStatus): void {
    if (this.options.json) {
      this.row({ summary: { seed: this.options.seed, ...figures(status) } });
      return;
    }
    this.line(statusText(status));
    for (const finding of status.findings.slice(0, LISTED)) this.line(findingText(finding));
    const more = status.findings.length - LISTED;
    if (more > 0) this.line(`  and ${more} more in ${this.options.out}`);
    this.line(status.findings.length === 0 ? pc.green('nothing found') : pc.red(countText(status)));
  }

  /** What was met about the targets outside, how often. */
  note(text: string, times: number): void {
    if (this.options.json) this.row({ note: text, times });
    else this.line(noteText([text, times]));
  }

  private row(value: unknown): void {
    this.sink.write(`${JSON.stringify(value)}\n`);
  }

  private line(text: string): void {
    if (this.lineIsOpen) this.sink.write('\r\x1b[K');
    this.lineIsOpen = false;
    this.sink.write(`${text}\n`);
  }

  private redraw(text: string): void {
    this.sink.write(`\r\x1b[K${text}`);
    this.lineIsOpen = true;
  }
}

function figures(status: LoopStatus): Record<string, number> {
  const { ranMs, sequences, steps, seen } = status;
  return { ranMs, sequences, steps, stepsPerSecond: rate(status), failing: seen, findings: status.findings.length };
}

function rate(status: LoopStatus): number {
  return status.ranMs === 0 ? 0 : Math.round((status.steps * 1000) / status.ranMs);
}

function statusText(status: LoopStatus): string {
  const { sequences, steps, ranMs, findings } = status;
  const found = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  return `${formatDuration(ranMs)}: ${sequences} sequences, ${steps} steps, ${rate(status)} steps/s, ${found}`;
}

function countText(status: LoopStatus): string {
  const { length } = status.findings;
  return `${length} ${length === 1 ? 'finding' : 'findings'} (${status.seen} failing sequences)`;
}

function findingText({ folder, sequence, difference, count, minimized }: Finding): string {
  const { length } = sequence.operations;
  const size = `${length} ${length === 1 ? 'operation' : 'operations'}${minimized ? '' : ', not fully minimized'}`;
  const place = difference.operation?.op ?? 'the end';
  return `  ${pc.bold(difference.rule)} at ${place}: ${size}, seen ${count === 1 ? 'once' : `${count} times`}, ${folder}`;
}

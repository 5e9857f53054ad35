/**
 * Draws the status: over itself once a second on a terminal, as a line every half minute in a log, as JSON rows for a
 * machine.
 */
import readline from 'node:readline';
import { renderLine, renderScreen, type StatusView } from './status';

const LINE_EVERY_MS = 30_000;

export interface StatusOutput {
  /** Called about once a second. */
  show(view: StatusView): void;
  /** The last state stays on the screen; what follows is written below it. */
  finish(view: StatusView): void;
}

/** For a terminal. */
class Screen implements StatusOutput {
  private drawn = 0;

  constructor(private readonly out: NodeJS.WriteStream) {}

  show(view: StatusView): void {
    const lines = renderScreen(view, Math.max(12, (this.out.rows ?? 24) - 1));
    if (this.drawn > 0) {
      readline.moveCursor(this.out, 0, -this.drawn);
      readline.cursorTo(this.out, 0);
    }
    readline.clearScreenDown(this.out);
    this.out.write(`${lines.join('\n')}\n`);
    this.drawn = lines.length;
  }

  finish(view: StatusView): void {
    this.show(view);
    this.drawn = 0;
  }
}

/** For a log file or a pipe: a line now and then, the first after `nextMs`. */
class Lines implements CheckOutput {
  constructor(
    private readonly out: NodeJS.WritableStream,
    private readonly render: (view: StatusView) => string = renderLine,
    private nextMs = 0,
  ) {}

  show(view: StatusView): void {
    if (view.ranMs < this.nextMs) return;
    this.nextMs = view.ranMs + LINE_EVERY_MS;
    this.finish(view);
  }

  clear(): void {}

  finish(view: StatusView): void {
    this.out.write(`${this.render(view)}\n`);
  }
}

const renderRow = (view: StatusView): string => JSON.stringify({ status: view });

/** `--json`: a row each time, as in stats.ndjson. */
class Rows implements StatusOutput {
  constructor(private readonly out: NodeJS.WritableStream) {}

  show(view: StatusView): void {
    this.out.write(`${renderRow(view)}\n`);
  }

  finish(view: StatusView): void {
    this.show(view);
  }
}

/** One line that is redrawn, with room for what else is to be said in between. */
class RedrawnLine implements CheckOutput {
  private isOpen = false;

  constructor(private readonly out: NodeJS.WriteStream) {}

  show(view: StatusView): void {
    this.out.write(`\r\x1b[K${renderLine(view)}`);
    this.isOpen = true;
  }

  clear(): void {
    if (this.isOpen) this.out.write('\r\x1b[K');
    this.isOpen = false;
  }

  finish(view: StatusView): void {
    this.clear();
    this.out.write(`${renderLine(view)}\n`);
  }
}

/** A status among other lines. */
interface CheckOutput extends StatusOutput {
  /** Something else is about to be written. */
  clear(): void;
}

/** For `check`, which is quiet: a line, on a terminal too, and rows no more often than lines. */
export function checkOutput(out: NodeJS.WriteStream, json: boolean): CheckOutput {
  if (out.isTTY && !json) return new RedrawnLine(out);
  return new Lines(out, json ? renderRow : renderLine, LINE_EVERY_MS);
}

export function statusOutput(out: NodeJS.WriteStream, json: boolean): StatusOutput {
  if (json) return new Rows(out);
  return out.isTTY ? new Screen(out) : new Lines(out);
}

/**
 * Where in src events are recorded: `debug.hit` stands in one file, so the place is that of its caller.
 *
 * While a trace is made, the buffer of events is one that looks at the stack when something is put into it. That costs
 * far more than the event itself; outside of a trace it is the plain buffer.
 */
import { findSourceMap } from 'node:module';
import path from 'node:path';
import { debug } from '../../../src/debug';

const ROOT = path.join(__dirname, '..', '..', '..');
const FRAMES = 12;
const PLUMBING = /[\\/]debug\.[jt]s$/;

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The frames of the present stack, unmapped, which is far cheaper than a stack as text. */
function framesHere(): Frame[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  Error.prepareStackTrace = (_error, sites) =>
    sites.map((site) => ({
      file: site.getFileName() ?? '',
      line: site.getLineNumber() ?? 0,
      column: site.getColumnNumber() ?? 0,
    }));
  const frames = new Error().stack as unknown as Frame[];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return Array.isArray(frames) ? frames : [];
}

/** "src/mm/merge.ts:297", of the source where a map leads there. */
function spell({ file, line, column }: Frame): string {
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  const mapped = entry !== undefined && 'originalLine' in entry ? entry.originalLine + 1 : line;
  return `${path.relative(ROOT, file).split(path.sep).join('/')}:${mapped}`;
}

export class EventPlaces {
  /** The place of each event of the present step, by its position in the buffer. */
  readonly places: string[] = [];
  private readonly plain = debug.events;
  private readonly spelled = new Map<string, string>();
  private readonly inSrc = `${path.join(ROOT, 'src')}${path.sep}`;

  /** From now on places are noted. */
  begin(): void {
    debug.events = new Proxy(this.plain, {
      get: (buffer, key) => Reflect.get(buffer, key, buffer),
      set: (buffer, key, value) => {
        this.places[Number(key)] = this.here();
        return Reflect.set(buffer, key, value, buffer);
      },
    });
  }

  end(): void {
    debug.events = this.plain;
  }

  private here(): string {
    const frame = framesHere().find(({ file }) => file.startsWith(this.inSrc) && !PLUMBING.test(file));
    if (frame === undefined) return '';
    const key = `${frame.file}:${frame.line}:${frame.column}`;
    let text = this.spelled.get(key);
    if (text === undefined) this.spelled.set(key, (text = spell(frame)));
    return text;
  }
}

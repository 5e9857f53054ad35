/**
 * Where in src events are recorded, and assertions break: `hit` and `warn` stand in one file, so the place is that of
 * their callers.
 *
 * While a trace is made, the buffer of events is one that looks at the stack when something is put into it, and so is
 * the handler of assertions. That costs far more than the event itself; outside of a trace both are the plain ones.
 */
import { findSourceMap } from 'node:module';
import path from 'node:path';
import { debug, type WarnHandler } from '../../../src/debug';

const ROOT = path.join(__dirname, '..', '..', '..');
const FRAMES = 14;
/** Of the way to a broken assertion so many places are told. */
const WAY = 4;
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
  /** The first broken assertion: its place, and those that called it. */
  ofAssertion: readonly string[] = [];
  private readonly plain = debug.events;
  private handler: WarnHandler | null = null;
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
    const noting: WarnHandler = (rule, detail) => {
      if (this.ofAssertion.length === 0) this.ofAssertion = this.inSources().slice(0, WAY).map(this.spelledOnce);
      this.handler?.(rule, detail);
    };
    Object.defineProperty(debug, 'onWarn', {
      configurable: true,
      enumerable: true,
      get: () => (this.handler === null ? null : noting),
      set: (handler: WarnHandler | null) => {
        this.handler = handler;
      },
    });
  }

  end(): void {
    debug.events = this.plain;
    const value = this.handler;
    Object.defineProperty(debug, 'onWarn', { configurable: true, enumerable: true, writable: true, value });
  }

  private inSources(): Frame[] {
    return framesHere().filter(({ file }) => file.startsWith(this.inSrc) && !PLUMBING.test(file));
  }

  private here(): string {
    const [frame] = this.inSources();
    return frame === undefined ? '' : this.spelledOnce(frame);
  }

  private readonly spelledOnce = (frame: Frame): string => {
    const key = `${frame.file}:${frame.line}:${frame.column}`;
    let text = this.spelled.get(key);
    if (text === undefined) this.spelled.set(key, (text = spell(frame)));
    return text;
  };
}

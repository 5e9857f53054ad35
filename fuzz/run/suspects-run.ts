/**
 * The work of the process in suspects-main.ts: runs a case and its neighbours with blocks counted, and ranks what tells
 * the failing ones from the others.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { debug } from '../../src/debug';
import { domainOf } from '../domains';
import type { Sequence } from '../format/types';
import type { RunListener } from '../lockstep/run';
import type { Invariant } from '../lockstep/types';
import { failureKey } from '../minimize/minimize';
import { neighboursOf } from '../minimize/neighbours';
import { parseSequences } from '../sequence/parse';
import { type BlockCounts, type Counted, Lines, type Segment, segmentsOf } from './block-counts';
import { Runner } from './runner';
import type { Suspect, SuspectsOrder } from './suspects';

const MOST_NEIGHBOURS = 60;
/** So many suspects are told. */
const MOST_SUSPECTS = 12;
/** A neighbour may hang. */
const STEP_MS = 300;

/** What ran in the last step, and whether it failed as the case does; null if it does not count. */
interface Observed {
  readonly failed: boolean;
  readonly counted: Counted;
}

export function suspectsOf({ sequence, key }: SuspectsOrder, invariantsFile: string, counts: BlockCounts): Suspect[] {
  const { INVARIANTS } = require(invariantsFile) as { readonly INVARIANTS: readonly Invariant[] };
  const runner = new Runner(INVARIANTS, { thorough: true });
  const [original] = parseSequences(sequence);
  const itself = observe(runner, original, key, counts);
  if (itself === null || !itself.failed) return [];
  const neighbours = neighboursOf(domainOf(original.header), original, MOST_NEIGHBOURS);
  const observed = neighbours.map((one) => observe(runner, one, key, counts)).filter((one) => one !== null);
  return rank([itself, ...observed]);
}

function observe(runner: Runner, sequence: Sequence, key: string, counts: BlockCounts): Observed | null {
  const last = sequence.operations.length - 1;
  const watch = new SrcWatch(counts);
  let step = -1;
  let refused = false;
  const listener: RunListener = {
    begin: () => {},
    beforeStep: () => {
      watch.on = ++step === last;
    },
    afterStep: (_operation, answered) => {
      refused = answered.refused;
    },
  };
  const difference = runner.run(sequence, [listener], STEP_MS);
  const { counted } = watch;
  watch.end();
  if (counted === null || refused || step !== last) return null;
  if (difference === null) return { failed: false, counted };
  return failureKey(difference) === key ? { failed: true, counted } : null;
}

/**
 * Counts what runs while src applies an operation: the lockstep switches the debug hook on before and off after it.
 * What invariants run of src is not counted: after the first complaint the others are not asked.
 */
class SrcWatch {
  on = false;
  counted: Counted | null = null;

  constructor(counts: BlockCounts) {
    let isOn = false;
    Object.defineProperty(debug, 'on', {
      configurable: true,
      get: () => isOn,
      set: (on: boolean) => {
        if (this.on && this.counted === null && on !== isOn) {
          const taken = counts.take();
          if (!on) this.counted = taken;
        }
        isOn = on;
      },
    });
  }

  end(): void {
    Object.defineProperty(debug, 'on', { configurable: true, writable: true, value: false });
  }
}

/** Functions by what their most suspected block tells. Where nothing passed, nothing is told. */
export function rank(
  observed: readonly Observed[],
  lines: Pick<Lines, 'placeOf'> = new Lines(compiledText),
): Suspect[] {
  const failed = observed.map((one) => one.failed);
  if (failed.every((one) => one)) return [];
  const best = new Map<string, Ranked>();
  for (const segment of segmentsOf(observed.map(({ counted }) => counted))) {
    const ranked = rankedSegment(segment, failed);
    const name = `${segment.url}\n${segment.name}`;
    if (ranked.score > (best.get(name)?.score ?? 0)) best.set(name, ranked);
  }
  return [...best.values()]
    .sort((a, b) => b.score - a.score || Number(b.didRun) - Number(a.didRun))
    .slice(0, MOST_SUSPECTS)
    .map(({ segment, score }) => ({
      ...lines.placeOf(segment.url, segment.start),
      function: segment.name,
      score: Math.round(score * 1000) / 1000,
    }));
}

interface Ranked {
  readonly segment: Segment;
  readonly score: number;
  /** Whether it is suspected because it ran: such a one comes first. */
  readonly didRun: boolean;
}

/** By the higher of both: of "it ran", and of "it did not run". */
function rankedSegment(segment: Segment, failed: readonly boolean[]): Ranked {
  const ran = ochiai(segment.ran, failed);
  const ranNot = ochiai(
    segment.ran.map((one) => !one),
    failed,
  );
  return { segment, score: Math.max(ran, ranNot), didRun: ran >= ranNot };
}

function ochiai(seen: readonly boolean[], failed: readonly boolean[]): number {
  let both = 0;
  let seenCount = 0;
  let failedCount = 0;
  for (let i = 0; i < failed.length; i++) {
    if (seen[i]) seenCount++;
    if (failed[i]) failedCount++;
    if (seen[i] && failed[i]) both++;
  }
  return both === 0 ? 0 : both / Math.sqrt(seenCount * failedCount);
}

interface Compiler {
  compile(text: string, file: string): string;
}

/** What V8 compiled: in a checkout, what the checkout's compiler makes of a source. */
function compiledText(file: string): string {
  const text = fs.readFileSync(file, 'utf8');
  if (!file.endsWith('.ts')) return text;
  const root = path.join(__dirname, '..', '..', 'package.json');
  return (createRequire(root)('./scripts/compile.cjs') as Compiler).compile(text, file);
}

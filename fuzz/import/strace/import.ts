/**
 * Turns logs of `strace -f -e trace=%memory` into sequences for an address space, one for each address space.
 *
 *     lines (line.ts) -> calls (joiner.ts, merge.ts) -> processes (processes.ts) -> operations (calls/) -> a window
 *     (window.ts)
 */
import { mmHeader } from '../../domains/mm/header';
import { type Operation, PAGE } from '../../format/types';
import { chooseChildren, type Forks } from '../forks';
import { Imported, type ImportOptions, type Made, noteOf, type RecordedAnswer } from '../imported';
import { ImportReport } from '../report';
import { moveAnswer, moveOperation, spansOf, Window } from '../window';
import { mergedCalls, type StraceFile } from './merge';
import { Processes } from './processes';
import type { Space } from './space';

export interface StraceOptions extends ImportOptions {
  /** Which forked children are written; default `auto`. */
  readonly forks?: Forks;
}

/** The first page of the heap: a break need not lie at the start of a page. */
const heapOf = (heap: number | null): number | null => (heap === null ? null : Math.ceil(heap / PAGE) * PAGE);

/** If the break was first seen above where the heap turned out to start, it was brought there before the log began. */
function withFirstBreak(
  operations: readonly Operation[],
  answers: readonly RecordedAnswer[],
  heap: number | null,
): { readonly operations: readonly Operation[]; readonly answers: readonly RecordedAnswer[] } {
  const at = operations.findIndex(({ op }) => op === 'brk');
  const first = at < 0 ? null : answers[at];
  const wasThere = heap !== null && typeof first === 'number' && Math.ceil(first / PAGE) * PAGE > heap;
  if (!wasThere || operations[at].addr !== 0) return { operations, answers };
  return {
    operations: operations.toSpliced(at, 0, { op: 'brk', addr: first }),
    answers: answers.toSpliced(at, 0, null),
  };
}

function make(space: Space, options: ImportOptions, number: number): Made {
  const heap = heapOf(space.heap);
  const past = space.past();
  const { operations, answers } = withFirstBreak(past.operations, past.answers, heap);
  const window = new Window(
    operations.flatMap((operation) => spansOf(operation, heap)),
    space.growsdown,
  );
  const forked = space.parent === null ? '' : ', a forked child';
  const header = mmHeader({
    pages: window.pages,
    ...(heap === null ? {} : { brk: window.move(heap) / PAGE }),
    ...noteOf(options, `${space.program}, address space ${number} of the log${forked}`),
  });
  return {
    sequence: { header, operations: operations.map((operation) => moveOperation(operation, window, heap)) },
    answers: operations.map((operation, i) => moveAnswer(operation, answers[i], window, heap)),
  };
}

interface Candidate {
  readonly space: Space;
  readonly inherited: number;
  readonly own: number;
}

/** The address spaces to write, in the order of the log. */
function chosenSpaces(spaces: readonly Space[], forks: Forks, report: ImportReport): Space[] {
  const candidates: Candidate[] = spaces
    .filter((space) => !space.isIdle || space.isSeenToBegin)
    .map((space) => ({ space, inherited: space.inherited, own: space.operations.length }));
  const idle = spaces.filter((space) => space.parent !== null && space.isIdle).length;
  if (idle > 0) report.note('forked children that did nothing to their memory', idle);
  const children = candidates.filter(({ space }) => space.parent !== null);
  const done = candidates.reduce((sum, { own }) => sum + own, 0);
  const chosen = chooseChildren(children, done, forks);
  if (chosen.size < children.length) {
    const what = `forked children not written, of ${children.length} (--forks all writes each)`;
    report.note(what, children.length - chosen.size);
  }
  const written = candidates.filter((one) => one.space.parent === null || chosen.has(one)).map(({ space }) => space);
  const busy = written.filter((space) => !space.isIdle);
  // A log in which programs begin and do nothing is one of empty address spaces, and no mistake.
  return busy.length === 0 ? written : busy;
}

/** One log, or the logs of single threads (`-ff`). @throws ImportError if it is mostly no log of strace */
export function importStrace(files: readonly StraceFile[], options: StraceOptions = {}): Imported {
  const report = new ImportReport();
  const { calls, isGuess } = mergedCalls(files, report);
  const processes = new Processes(report, isGuess);
  for (const call of calls) processes.take(call);
  const spaces = chosenSpaces(processes.spaces, options.forks ?? 'auto', report);
  report.sequences = spaces.length;
  report.comparable = {
    results: spaces.reduce((sum, { results }) => sum + results, 0),
    operations: spaces.reduce((sum, { inherited, operations }) => sum + inherited + operations.length, 0),
  };
  return new Imported(
    report,
    spaces.map((space, i) => () => make(space, options, i + 1)),
  );
}

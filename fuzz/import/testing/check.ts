/**
 * For the tests of imports: what became of a piece of input, and what the oracle makes of it.
 */
import { domainNamed } from '../../domains';
import type { MmHeader } from '../../domains/mm/header';
import { makeOracleMm } from '../../domains/mm/oracle-mm';
import type { MmSubject } from '../../domains/mm/subject';
import { type DumpVma, type Operation, PAGE, type Sequence } from '../../format/types';
import { parseSequences } from '../../sequence/parse';
import { printSequence } from '../../sequence/print';
import type { Imported, Made } from '../imported';

export const opsOf = (operations: readonly Operation[]): string[] => operations.map(({ op }) => op);

/** Runs a sequence on the oracle, after print and parse; tells each answer. */
function run(made: Sequence, answered: (operation: Operation, ret: unknown) => void): MmSubject {
  const [sequence] = parseSequences(printSequence(made));
  const header = sequence.header as MmHeader;
  const mm = makeOracleMm(header);
  for (const operation of sequence.operations) {
    const spec = domainNamed('mm')?.spec(operation.op);
    if (spec === undefined) throw new Error(`no operation ${operation.op}`);
    answered(operation, spec.refuse?.(operation, header, mm) ?? spec.apply(mm, operation));
  }
  return mm;
}

function differencesOf({ sequence, answers }: Made): string[] {
  const found: string[] = [];
  let i = 0;
  run(sequence, (operation, ret) => {
    const recorded = answers[i++];
    if (recorded !== null && recorded !== ret) found.push(`${JSON.stringify(operation)}: ${recorded}, not ${ret}`);
  });
  return found;
}

/** Where the oracle answers other than the input says. */
export const differences = (imported: Imported): string[] => [...imported].flatMap(differencesOf);

function describeVma({ start, end, flags, file }: DumpVma, first: number): string {
  const has = (code: string): boolean => flags.split(' ').includes(code);
  const prot = `${has('rd') ? 'r' : '-'}${has('wr') ? 'w' : '-'}${has('ex') ? 'x' : '-'}${has('ms') ? 's' : 'p'}`;
  const where = `${start / PAGE - first}+${(end - start) / PAGE}`;
  return file === null ? `${where} ${prot}` : `${where} ${prot} ${file}`;
}

/** The mappings at the end: pages from the first one on, how many, protection, file: `0+2 rw-p a`. */
export function layoutOf(sequence: Sequence): string[] {
  const { vmas } = run(sequence, () => {}).dump();
  const first = vmas.length === 0 ? 0 : vmas[0].start / PAGE;
  return vmas.map((vma) => describeVma(vma, first));
}

/** Those that start in a part of the window, from its start on, without their files. */
export function layoutWithin(sequence: Sequence, start: number, length: number): string[] {
  const within = run(sequence, () => {})
    .dump()
    .vmas.filter((vma) => vma.start >= start && vma.start < start + length);
  return within.map((vma) => describeVma({ ...vma, file: null }, start / PAGE));
}

/** The codes of each mapping at the end. */
export function flagsOf(sequence: Sequence): string[] {
  return run(sequence, () => {})
    .dump()
    .vmas.map(({ flags }) => flags);
}

/** The layouts of all sequences. */
export const layouts = (imported: Imported): string[][] => [...imported].map(({ sequence }) => layoutOf(sequence));

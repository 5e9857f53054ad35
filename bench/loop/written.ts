/**
 * The ceiling of a fuzzer as fast-check's users write one: a command for each operation of the format, its arguments
 * drawn by fast-check's own arbitraries, and nothing done with them. What the loop (which draws by itself, and then
 * runs and checks) is worth beside it.
 */

import fc from 'fast-check';
import { MM_OPERATIONS } from '../../fuzz/domains/mm/operations';
import { TREE_OPERATIONS } from '../../fuzz/domains/tree/operations';
import { ADVICE, FILES, type FieldKind, MLOCKALL_FLAGS, MMAP_FLAGS, MREMAP_FLAGS } from '../../fuzz/format/kinds';
import type { FieldSpec } from '../../fuzz/format/spec';

import { type DomainName, PAGE } from '../../fuzz/format/types';
import { Nothing, runAll } from './ceiling';

const bytes = fc.nat(511).map((page) => page * PAGE);
const value = fc.integer({ min: 1, max: 2 ** 30 - 1 });

const ARBITRARIES: Record<FieldKind, fc.Arbitrary<unknown>> = {
  index: fc.maxSafeNat(),
  size: fc.nat(),
  value,
  'value-or-null': fc.option(value),
  state: fc.nat(3),
  entries: fc.array(fc.tuple(fc.nat(), fc.nat(), value), { maxLength: 8 }),
  address: bytes,
  length: bytes,
  offset: bytes,
  'page-offset': fc.nat(64),
  prot: fc.constantFrom('---', 'r--', 'rw-', 'r-x', 'rwx'),
  'mmap-flags': fc.subarray([...MMAP_FLAGS]),
  'mremap-flags': fc.subarray([...MREMAP_FLAGS]),
  'mlockall-flags': fc.subarray([...MLOCKALL_FLAGS]),
  advice: fc.constantFrom(...ADVICE),
  file: fc.option(fc.constantFrom(...FILES)),
  boolean: fc.boolean(),
  policy: fc.nat(3),
  'uffd-context': fc.integer({ min: 1, max: 3 }),
  name: fc.option(fc.constantFrom('heap', 'pool', 'x')),
  count: fc.integer({ min: 1, max: 8 }),
};

class Written extends Nothing {
  constructor(readonly operation: object) {
    super();
  }
}

function commandOf(op: string, fields: readonly FieldSpec[]): fc.Arbitrary<Written> {
  const drawn = Object.fromEntries(fields.map(({ name, kind }) => [name, ARBITRARIES[kind]]));
  return fc.record(drawn).map((args) => new Written({ op, ...args }));
}

const commands: Record<DomainName, fc.Arbitrary<Written>[]> = {
  tree: TREE_OPERATIONS.map(({ op, fields }) => commandOf(op, fields)),
  mm: MM_OPERATIONS.map(({ op, fields }) => commandOf(op, fields)),
};

/** As runCommands of ceiling.ts, with the operations of a domain. */
export function runWritten(domain: DomainName, lengths: readonly number[]): number {
  return runAll(commands[domain], lengths);
}

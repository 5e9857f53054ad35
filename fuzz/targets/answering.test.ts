/**
 * A domain that this project does not have answers on the wire as soon as it is in the list: nothing here is edited for
 * it.
 */
import { addDomain } from '../domains';
import type { Domain } from '../domains/domain';
import { tree } from '../domains/tree';
import { PLAIN } from '../format/answer-shape';
import { takeCount } from '../format/header';
import { field, type OperationSpec } from '../format/spec';
import type { Subject } from '../format/subject';
import type { Operation, Ret } from '../format/types';
import { createAnswering } from './answering';
import { ORACLE, SRC } from './list';

class Counter implements Subject {
  constructor(public value: number) {}

  failAllocation(): void {}
}

const row = (op: string, apply: (subject: Subject, operation: Operation) => Ret): OperationSpec => ({
  op,
  fields: [field('by', 'count')],
  writes: true,
  extension: false,
  inKernel: true,
  cursor: false,
  concernsAll: false,
  weight: 1,
  answer: PLAIN,
  about: 'counts',
  answers: 'the count',
  apply,
  refuse: (operation) => (Number(operation.by) > 100 ? 'by: more than 100' : null),
  unsupported: (operation) => operation.by === 13,
  variant: undefined,
});

const operations = [
  row('add', (subject, operation) => {
    const counter = subject as Counter;
    counter.value += Number(operation.by);
    return counter.value;
  }),
];

const counter: Domain = {
  ...tree,
  name: 'counter',
  operations,
  spec: (op) => operations.find((spec) => spec.op === op),
  header: {
    parse: (from, to) => takeCount(from, to, 'start', { low: 0, high: 9, unit: 'things' }),
    spell: () => ({}),
    smallest: { format: 'maple-fuzz/1', domain: 'counter' },
  },
  greeting: { units: ['things'] },
  subjects: {
    src: (header) => new Counter(Number(header.start)),
    oracle: (header) => new Counter(-Number(header.start)),
  },
};

it('answers for a third domain', () => {
  addDomain(counter);
  const [src, oracle] = [createAnswering(SRC), createAnswering(ORACLE)];
  const header = '{"format":"maple-fuzz/1","domain":"counter","start":5}';
  const greeting = JSON.parse(src(header)) as unknown;
  expect(greeting).toEqual({ ok: true, name: 'maple-fuzz src (counter)', ops: ['add'], units: ['things'] });
  oracle(header);
  expect(src('{"op":"add","by":2}')).toBe('{"ret":7}');
  expect(oracle('{"op":"add","by":2}')).toBe('{"ret":-3}');
  expect(src('{"op":"add","by":101}')).toBe('{"error":"add: by: more than 100"}');
  expect(src('{"op":"add","by":13}')).toBe('{"unsupported":true}');
  expect(src('{"op":"store_range"}')).toContain('an operation of the domain counter expected');
  expect(src('{"format":"maple-fuzz/1","domain":"counter","start":10}')).toContain('field start is 10');
  expect(src('{"format":"maple-fuzz/1","domain":"mmm"}')).toContain('or \\"counter\\" expected');
});

/**
 * Children of saved sequences: functions of their parents and their seed, of the parent's domain, different from it,
 * and runnable.
 */
import { allDomains, domainOf } from '../domains';
import type { Domain } from '../domains/domain';
import { INVARIANTS } from '../domains/invariants';
import { mm } from '../domains/mm';
import { tree } from '../domains/tree';
import { type DomainName, MAX_INDEX, type Sequence } from '../format/types';
import { createLockstep } from '../run/create';
import { parseOperation } from '../sequence/parse';
import { printOperation } from '../sequence/print';
import { mutate, nudge } from './mutate';
import { Breeder } from './scripted';
import { SequenceSource } from './source';
import { Stream } from './stream';

/** Two generated sequences of a domain. */
function parents(domain: Domain): [Sequence, Sequence] {
  const source = new SequenceSource({ seed: 'parents', domains: [domain], engine: 'direct' });
  const lockstep = createLockstep({ invariants: [] });
  const saved = [0, 1].map((n): Sequence => {
    const { header, operations } = source.run(n, lockstep);
    return { header, operations: [...operations] };
  });
  return [saved[0], saved[1]];
}

describe.each(allDomains())('children in the domain $name', (domain) => {
  const name = domain.name as DomainName;
  const [parent, other] = parents(domain);

  it('are functions of their parents and their seed', () => {
    const child = (seed: string): string => {
      const stream = new Stream();
      stream.startText(seed);
      return JSON.stringify(mutate(stream, domain, parent, other));
    };
    expect(child('a')).toBe(child('a'));
    expect(new Set(['a', 'b', 'c', 'd'].map(child)).size).toBe(4);
    expect(child('a')).not.toBe(JSON.stringify(parent.operations));
  });

  it('run on the lockstep to their end, with every hole filled by a complete operation', () => {
    const breeder = new Breeder(domainOf, {});
    const lockstep = createLockstep({ invariants: INVARIANTS });
    for (let n = 0; n < 30; n++) {
      const run = breeder.run(n, `child ${n}`, [parent, other], lockstep);
      expect([n, run.difference]).toEqual([n, null]);
      expect(run.header).toEqual(parent.header);
      for (const operation of run.operations) {
        expect(typeof parseOperation(JSON.parse(printOperation(operation, name)), name)).toBe('object');
      }
    }
  });

  it('are the same whatever ran before', () => {
    const lockstep = createLockstep({ invariants: [] });
    const alone = [...new Breeder(domainOf, {}).run(0, 'x', [parent, other], lockstep).operations];
    const used = new Breeder(domainOf, {});
    used.run(0, 'y', [other, parent], lockstep);
    expect([...used.run(0, 'x', [parent, other], lockstep).operations]).toEqual(alone);
  });
});

it('a nudged operation stays valid', () => {
  const stream = new Stream();
  stream.startText('nudge');
  for (const domain of allDomains()) {
    const name = domain.name as DomainName;
    for (const operation of parents(domain)[0].operations) {
      const nudged = nudge(stream, domain, operation);
      expect(nudged.op).toBe(operation.op);
      expect(typeof parseOperation(JSON.parse(printOperation(nudged, name)), name)).toBe('object');
    }
  }
});

describe('nudging at the ends of the format', () => {
  it.each([
    [mm, { op: 'brk', addr: MAX_INDEX }],
    [mm, { op: 'munmap', addr: 0, len: MAX_INDEX }],
    [tree, { op: 'alloc_range', size: 2 ** 52 - 1, min: 0, max: MAX_INDEX, value: 1 }],
  ] as const)('stays within what can be spelled: %#', (domain, operation) => {
    const name = domain.name as DomainName;
    const stream = new Stream();
    stream.startText('ends');
    for (let i = 0; i < 200; i++) {
      const nudged = nudge(stream, domain, operation);
      expect(typeof parseOperation(JSON.parse(printOperation(nudged, name)), name)).toBe('object');
    }
  });
});

/**
 * All verbs: name, one line for the overview, and where they live. Loading is put off until a verb is used.
 */
import type { VerbEntry, VerbModule } from './verb';

export const VERBS: readonly VerbEntry[] = [
  {
    name: 'fuzz',
    summary: 'search for differences with generated sequences',
    load: () => require('./fuzz') as VerbModule,
  },
  {
    name: 'check',
    summary: 'the corpus, then a short search: for CI',
    load: () => require('./check') as VerbModule,
  },
  {
    name: 'replay',
    summary: 'run saved sequences in lockstep, show the first difference',
    load: () => require('./replay') as VerbModule,
  },
  {
    name: 'minimize',
    summary: 'make a saved sequence that fails as short as it goes',
    load: () => require('./minimize') as VerbModule,
  },
  {
    name: 'exec',
    summary: 'answer each line of a sequence, as a target does',
    load: () => require('./exec') as VerbModule,
  },
  {
    name: 'import',
    summary: 'turn /proc/PID/maps or an strace log into a sequence',
    load: () => require('./import') as VerbModule,
  },
  {
    name: 'selftest',
    summary: 'plant known bugs in a copy of src, and see which are found',
    needsCheckout: 'selftest plants bugs in the sources',
    load: () => require('./selftest') as VerbModule,
  },
  {
    name: 'corpus',
    summary: 'list, add, cull and merge saved sequences by what they reach',
    load: () => require('./corpus') as VerbModule,
  },
];

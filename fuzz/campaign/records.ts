/**
 * What a campaign knows of itself: which sequences are done, what they reached, what was found, who died.
 *
 * All of it comes from the journal, in a campaign that goes on as in one that is resumed.
 */
import fs from 'node:fs';
import { readLines } from '../base/files';
import type { FindingFacts } from '../findings/finding';
import { type Group, groupsOf, marksOf } from '../findings/groups';
import type { FindingsStore } from '../findings/store';
import type { Clock } from './clock';
import { EPOCH, EpochBook } from './epochs';
import { type Fact, Journal } from './journal';
import { Ledger } from './ledger';
import type { CampaignFolder } from './settings';
import { readSlot } from './slot';

/** The findings in the campaign's folder, by what they are: all findings of a group are new, or known. */
export interface FindingNames {
  /** The new ones, the best of each group first. */
  readonly fresh: readonly string[];
  readonly known: readonly string[];
  /** The groups of the new ones, the one with the best finding first. */
  readonly groups: readonly Group[];
  readonly knownGroups: readonly Group[];
  /** How many of `fresh` and `known` are not minimized yet. */
  readonly waiting: number;
  /** Of all of them, by their names: a folder may have another name at the next look. */
  readonly facts: ReadonlyMap<string, FindingFacts>;
}

export const NO_FINDINGS: FindingNames = {
  fresh: [],
  known: [],
  groups: [],
  knownGroups: [],
  waiting: 0,
  facts: new Map(),
};

export class Records {
  readonly ledger: Ledger;
  readonly epochs = new EpochBook();
  readonly journal: Journal;
  /** How often a rule and operation failed, as sequence numbers: a killed worker may report one twice. */
  readonly seen = new Map<string, Set<number>>();
  readonly deaths: string[] = [];
  /** Findings that were minimized since the campaign started or was resumed, by their names. */
  readonly settled: string[] = [];
  /** Findings that turned out to be the same as others, and are gone. */
  folded = 0;
  /** Each run of the campaign: when it began, and when and why it ended; null if it was killed, or is under way. */
  readonly history: { began: string; ended: { at: string; reason: string } | null }[] = [];
  /** Time of earlier runs of this campaign, as its last row of figures has it. */
  earlierMs = 0;
  /** When a new feature or a new kind of finding was last learned of. */
  lastNewMs: number;

  constructor(
    private readonly folder: CampaignFolder,
    rangeLength: number,
    private readonly clock: Clock,
  ) {
    this.lastNewMs = clock.now();
    this.ledger = new Ledger(rangeLength);
    this.journal = new Journal(folder.journalFile);
  }

  /** Learns what an earlier run of this campaign left, killed workers' slots included. */
  recover(): void {
    this.readOn();
    for (const name of fs.readdirSync(this.folder.workers)) {
      const slot = name.endsWith('.slot') ? readSlot(`${this.folder.workers}/${name}`) : null;
      if (slot === null || slot.next <= slot.from || this.ledger.isDone(slot.next - 1)) continue;
      this.journal.write({ done: [slot.from, slot.next], steps: slot.steps });
    }
    this.readOn();
    this.ledger.restart();
    this.settled.length = 0;
    this.earlierMs = readLines<{ ranMs: number }>(this.folder.statsFile).at(-1)?.ranMs ?? 0;
  }

  /** Learns what was written to the journal since the last call, and completes epochs. */
  readOn(): void {
    for (const fact of this.journal.readOn()) this.learn(fact);
    this.closeEpochs();
  }

  private learn(fact: Fact): void {
    if ('done' in fact) {
      this.ledger.finish({ from: fact.done[0], to: fact.done[1] });
    } else if ('reached' in fact) {
      this.epochs.reached(fact.reached, fact.features);
      this.lastNewMs = this.clock.now();
    } else if ('finding' in fact) {
      const numbers = this.seen.get(fact.slug) ?? new Set<number>();
      if (numbers.size === 0) this.lastNewMs = this.clock.now();
      this.seen.set(fact.slug, numbers.add(fact.finding));
    } else if ('settled' in fact) {
      // The worker that settled it may have been killed before it said so; then another says it, and perhaps both did.
      if (!fact.duplicate && !this.settled.includes(fact.as)) this.settled.push(fact.as);
      if (fact.duplicate) this.folded++;
    } else if ('died' in fact) {
      this.deaths.push(`sequence ${fact.died}: ${fact.how}; run again: ${fact.again}`);
    } else if ('started' in fact) {
      this.history.push({ began: fact.started, ended: null });
    } else if ('ended' in fact) {
      const present = this.history.at(-1);
      if (present !== undefined) present.ended = { at: fact.ended, reason: fact.reason ?? 'not known' };
    }
  }

  /** An epoch is complete when all its sequences are done; what is not kept of it is removed. */
  private closeEpochs(): void {
    while (this.ledger.doneBelow >= (this.epochs.complete + 1) * EPOCH) {
      const { dropped } = this.epochs.close();
      for (const n of dropped) fs.rmSync(this.folder.keptFile(n), { force: true });
    }
  }

  /** How many sequences failed. */
  get failing(): number {
    let count = 0;
    for (const numbers of this.seen.values()) count += numbers.size;
    return count;
  }

  findings(store: FindingsStore, known: ReadonlySet<string>): FindingNames {
    const facts = store.read();
    const all = groupsOf([...facts].map(([name, its]) => ({ name, facts: its })));
    const isKnown = (group: Group): boolean => group.some((one) => marksOf(one.facts).some((mark) => known.has(mark)));
    const groups = all.filter((group) => !isKnown(group));
    const knownGroups = all.filter(isKnown);
    const namesOf = (some: readonly Group[]): string[] => some.flatMap((group) => group.map(({ name }) => name));
    const waiting = [...facts.values()].filter(({ minimized }) => minimized === 'no').length;
    return { fresh: namesOf(groups), known: namesOf(knownGroups), groups, knownGroups, waiting, facts };
  }
}

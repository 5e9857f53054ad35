/**
 * Runs sequence number n of a campaign: generated from the seed, recorded, or bred from others.
 *
 *     of each domain's own sequences     generated   recorded   generated   bred
 *                                        0, 4, 8 ..  1, 5, 9 .. 2, 6, 10 .. 3, 7, 11 ..
 *
 * Rules that hold here:
 * - What sequence n is depends on the settings, n, and the kept sequences of the epochs that n may use (epochs.ts). The
 *   worker, and what it ran before, do not matter.
 * - A recorded sequence runs once as it is; when all have run, its turns are for generated ones.
 * - A bred sequence has two parents, kept ones or recorded ones; they stand in its origin.
 * - Recorded sequences have operations and windows that some targets lack: they are for src and oracle alone.
 */

import fs from 'node:fs';
import { Damaged } from '../base/files';
import { allDomains, domainOf, domainsNamed } from '../domains';
import type { DomainName, Sequence } from '../format/types';
import { Breeder } from '../generate/scripted';
import { type GeneratedRun, SequenceSource } from '../generate/source';
import { Stream } from '../generate/stream';
import type { GenerateOptions } from '../generate/weights';
import { type RunListener, runOn } from '../lockstep/run';
import type { Lockstep } from '../lockstep/types';
import { readSequences } from '../sequence/files';
import { ownCorpus, readRecorded } from '../sequence/recorded';
import { epochOf, usableEpoch } from './epochs';
import type { CampaignFolder, CampaignSettings } from './settings';

/** The turns of a domain's sequences: see the head. */
const TURNS = 4;
const RECORDED_TURN = 1;
const BRED_TURN = 3;
/** In so many percent of the cases a parent is a recorded sequence, once others are kept. */
const RECORDED_PARENTS = 25;
/** Kept sequences of so many operations together stay in memory, some tens of megabytes: reading one costs as much as running a tenth of it. */
const CACHED = 200_000;

/** A sequence that was run, and what it was made from. */
export interface CampaignRun extends GeneratedRun {
  /** In words: a kept sequence's number, or what a recorded one says of itself. */
  readonly parents: readonly string[];
}

interface Parent {
  readonly name: string;
  readonly sequence: Sequence;
}

export function domainsOf(settings: CampaignSettings): readonly DomainName[] {
  return settings.domain === null ? allDomains().map(({ name }) => name as DomainName) : [settings.domain];
}

function generateOptions({ only, without, strict }: CampaignSettings): GenerateOptions {
  return { only: only ?? undefined, without, strict };
}

/** Generates the sequences of a campaign: those that are neither recorded nor bred. */
export function sourceOf(settings: CampaignSettings): SequenceSource {
  const domains = domainsNamed(domainsOf(settings));
  return new SequenceSource({ ...generateOptions(settings), seed: settings.seed, domains, engine: 'fast-check' });
}

export class Sequences {
  private readonly source: SequenceSource;
  private readonly breeder: Breeder;
  private readonly chooser = new Stream();
  /** Kept sequences that later ones may use, by domain, ascending. */
  private readonly usable = new Map<string, number[]>();
  /** The one that was used last stands last. */
  private readonly cache = new Map<number, Sequence>();
  private cachedOperations = 0;
  private readonly recorded: Partial<Record<DomainName, readonly Sequence[]>> = {};
  private readonly usesRecorded: boolean;

  constructor(
    private readonly settings: CampaignSettings,
    private readonly folder: CampaignFolder,
  ) {
    this.source = sourceOf(settings);
    this.breeder = new Breeder(domainOf, generateOptions(settings));
    const restricted = settings.only !== null || settings.without.length > 0 || settings.strict;
    this.usesRecorded = settings.feedback && !restricted;
  }

  /** Learns of kept sequences, those of one epoch after the other. */
  addUsable(numbers: readonly number[]): void {
    for (const n of numbers) this.usableOf(this.source.domainOf(n).name).push(n);
  }

  private usableOf(domain: string): number[] {
    let usable = this.usable.get(domain);
    if (usable === undefined) this.usable.set(domain, (usable = []));
    return usable;
  }

  run(n: number, lockstep: Lockstep, listeners?: readonly RunListener[]): CampaignRun {
    const domain = this.source.domainOf(n).name as DomainName;
    const own = Math.floor(n / domainsOf(this.settings).length);
    const round = Math.floor(own / TURNS);
    if (own % TURNS === RECORDED_TURN && round < this.recordedOf(domain).length) {
      return this.replay(n, this.recordedOf(domain)[round], lockstep, listeners);
    }
    if (own % TURNS !== BRED_TURN) return { ...this.source.run(n, lockstep, listeners), parents: [] };
    const parents = this.parentsOf(n, domain);
    if (parents === null) return { ...this.source.run(n, lockstep, listeners), parents: [] };
    const [parent, other] = parents;
    const seed = `${this.settings.seed}/${n}`;
    const run = this.breeder.run(n, seed, [parent.sequence, other.sequence], lockstep, listeners);
    return { ...run, parents: [parent.name, other.name] };
  }

  /** A recorded sequence, as it is. */
  private replay(n: number, sequence: Sequence, lockstep: Lockstep, listeners?: readonly RunListener[]): CampaignRun {
    const difference = runOn(lockstep, sequence, listeners);
    const { header, operations } = sequence;
    return { n, header, operations, difference, parents: [nameOf(sequence)] };
  }

  private recordedOf(domain: DomainName): readonly Sequence[] {
    if (!this.usesRecorded) return [];
    return (this.recorded[domain] ??= readRecorded(ownCorpus(), domain));
  }

  /** The two parents of sequence n; null if there is nothing to breed from. */
  private parentsOf(n: number, domain: DomainName): [Parent, Parent] | null {
    if (!this.settings.feedback) return null;
    const usable = usableFor(n, this.usableOf(domain));
    const recorded = this.recordedOf(domain);
    if (usable.length === 0 && recorded.length === 0) return null;
    this.chooser.startText(`${this.settings.seed}/${n}/parents`);
    return [this.chooseParent(usable, recorded), this.chooseParent(usable, recorded)];
  }

  private chooseParent(usable: readonly number[], recorded: readonly Sequence[]): Parent {
    const fromRecorded = recorded.length > 0 && (usable.length === 0 || this.chooser.chance(RECORDED_PARENTS));
    if (fromRecorded) {
      const sequence = recorded[this.chooser.below(recorded.length)];
      return { name: nameOf(sequence), sequence };
    }
    const n = this.choose(usable);
    return { name: `sequence ${n}`, sequence: this.load(n) };
  }

  /** What was kept late is rarer, so half of the choices are among the last eighth. */
  private choose(usable: readonly number[]): number {
    const late = this.chooser.chance(50) ? Math.ceil(usable.length / 8) : usable.length;
    return usable[usable.length - 1 - this.chooser.below(late)];
  }

  private load(n: number): Sequence {
    let sequence = this.cache.get(n);
    if (sequence === undefined) {
      sequence = readKept(this.folder.keptFile(n));
      this.cachedOperations += sequence.operations.length;
    }
    this.cache.delete(n);
    this.cache.set(n, sequence);
    for (const [oldest, { operations }] of this.cache) {
      if (this.cachedOperations <= CACHED || oldest === n) break;
      this.cache.delete(oldest);
      this.cachedOperations -= operations.length;
    }
    return sequence;
  }
}

/** @throws Damaged or SequenceError: the campaign's folder may have been tidied up. */
function readKept(file: string): Sequence {
  if (!fs.existsSync(file)) throw new Damaged(file, 'is not there any more; later sequences are made from it');
  return readSequences(file)[0];
}

/** Those of the kept sequences that sequence n may use: the worker may have been told of more, for a later one. */
function usableFor(n: number, kept: readonly number[]): readonly number[] {
  const epoch = usableEpoch(epochOf(n));
  let count = kept.length;
  while (count > 0 && epochOf(kept[count - 1]) > epoch) count--;
  return count === kept.length ? kept : kept.slice(0, count);
}

/** What a recorded sequence says of itself. */
function nameOf({ header, operations }: Sequence): string {
  const text = header.note ?? header.origin ?? `a recorded sequence of ${operations.length} operations`;
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}

/** What sequence n was made from, for the header of the file in which it is saved. */
export function originOf(settings: CampaignSettings, n: number, parents: readonly string[] = []): string {
  const word = parents.length === 1 ? 'recorded' : 'bred from';
  const bred = parents.length > 0 ? `, ${word} ${parents.join(' and ')}` : '';
  return `maple-fuzz ${settings.version}, seed ${settings.seed}, sequence ${n}${bred}`;
}

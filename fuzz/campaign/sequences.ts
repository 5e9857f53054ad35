/**
 * Runs sequence number n of a campaign: generated purely from the seed, or bred from sequences that were kept.
 *
 * Rules that hold here:
 * - What sequence n is depends on the settings, n, and the kept sequences of the epochs that n may use (epochs.ts). The
 *   worker, and what it ran before, do not matter.
 * - One sequence in four is bred, once there is something to breed from; its parents stand in its origin.
 */

import { Breeder } from '../generate/scripted';
import type { ViewedLockstep } from '../generate/source';
import { type GeneratedRun, SequenceSource } from '../generate/source';
import { Stream } from '../generate/stream';
import type { GenerateOptions } from '../generate/weights';
import { readSequences } from '../sequence/files';
import { printSequence } from '../sequence/print';
import type { Domain, Header, Operation, Sequence } from '../sequence/types';
import type { CampaignFolder, CampaignSettings } from './settings';

/** Every so many sequences, one is bred. */
const BREED_EVERY = 4;
/** So many kept sequences stay in memory. */
const CACHED = 256;

/** A sequence that was run, and what it was made from. */
export interface CampaignRun extends GeneratedRun {
  readonly parents: readonly number[];
}

export function domainsOf(settings: CampaignSettings): readonly Domain[] {
  return settings.domain === null ? ['tree', 'mm'] : [settings.domain];
}

export class Sequences {
  private readonly source: SequenceSource;
  private readonly breeder: Breeder;
  private readonly chooser = new Stream();
  /** Kept sequences that may be used, by domain, in the order in which they were kept. */
  private readonly usable: Record<Domain, number[]> = { tree: [], mm: [] };
  private readonly cache = new Map<number, Sequence>();

  constructor(
    private readonly settings: CampaignSettings,
    private readonly folder: CampaignFolder,
  ) {
    const generate: GenerateOptions = {
      only: settings.only ?? undefined,
      without: settings.without,
      strict: settings.strict,
    };
    this.source = new SequenceSource({
      ...generate,
      seed: settings.seed,
      domains: domainsOf(settings),
      engine: 'fast-check',
    });
    this.breeder = new Breeder(generate);
  }

  /** Learns of kept sequences that sequences from now on may use. */
  addUsable(numbers: readonly number[]): void {
    for (const n of numbers) this.usable[this.source.domainOf(n)].push(n);
  }

  run(n: number, lockstep: ViewedLockstep): CampaignRun {
    const parents = this.parentsOf(n);
    if (parents === null) return { ...this.source.run(n, lockstep), parents: [] };
    const [parent, other] = parents.map((p) => this.load(p)) as [Sequence, Sequence];
    return { ...this.breeder.run(n, `${this.settings.seed}/${n}`, parent, other, lockstep), parents };
  }

  /** The two parents of sequence n; null if it is generated. */
  private parentsOf(n: number): [number, number] | null {
    if (!this.settings.feedback) return null;
    // Of each domain's own sequences one in four, so that both are bred.
    const domains = domainsOf(this.settings).length;
    if (Math.floor(n / domains) % BREED_EVERY !== BREED_EVERY - 1) return null;
    const usable = this.usable[this.source.domainOf(n)];
    if (usable.length === 0) return null;
    this.chooser.startText(`${this.settings.seed}/${n}/parents`);
    return [this.choose(usable), this.choose(usable)];
  }

  /** What was kept late is rarer, so half of the choices are among the last eighth. */
  private choose(usable: readonly number[]): number {
    const late = this.chooser.chance(50) ? Math.ceil(usable.length / 8) : usable.length;
    return usable[usable.length - 1 - this.chooser.below(late)]!;
  }

  private load(n: number): Sequence {
    let sequence = this.cache.get(n);
    if (sequence !== undefined) return sequence;
    sequence = readSequences(this.folder.keptFile(n))[0]!;
    if (this.cache.size >= CACHED) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(n, sequence);
    return sequence;
  }
}

/** The sequence as it is saved: it stands alone, and its origin says where it came from. */
export function savedText(settings: CampaignSettings, run: CampaignRun, operations: readonly Operation[]): string {
  return printSequence({ header: withOrigin(settings, run), operations });
}

function withOrigin(settings: CampaignSettings, run: CampaignRun): Header {
  const bred = run.parents.length > 0 ? `, bred from ${run.parents.join(' and ')}` : '';
  return { ...run.header, origin: `maple-fuzz ${settings.version}, seed ${settings.seed}, sequence ${run.n}${bred}` };
}

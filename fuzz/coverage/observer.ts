/**
 * Stands between the generator and the lockstep, and takes note: figures, features, and, when a sequence is run
 * carefully, each operation on disk before it is applied.
 */

import type { LineFile } from '../base/files';
import { domainNamed } from '../domains';
import type { MmView } from '../domains/mm/view';
import type { TreeView } from '../domains/tree/view';
import type { DomainName, Header, Operation, Ret } from '../format/types';

import type { ViewedLockstep } from '../generate/source';
import type { Difference } from '../lockstep/types';
import { printHeader, printOperation } from '../sequence/print';
import { FeatureCollector, operationOf, operationRow } from './features';
import { printStep } from './fingerprint';

/** A lockstep that also shows what was answered last. */
export interface ObservedLockstep extends ViewedLockstep {
  readonly sides: { readonly ret: Ret; readonly refused: boolean };
}

/** Tried, changed something, refused, first to reach a feature. */
export type OperationCounts = [tried: number, changed: number, refused: number, found: number];

export class Observer implements ViewedLockstep {
  readonly features = new FeatureCollector();
  /** Operations applied since the worker started. */
  steps = 0;
  private taken = 0;
  /** Operations that the format itself refused, since it was last set to 0. */
  rejects = 0;
  /** A hash of all operations applied, with their arguments, and all answers given, in order, since it was last set to 0. */
  fingerprint = 0;
  readonly counts = new Map<string, OperationCounts>();
  /** Where to write operations before they are applied; null unless the sequence is run carefully. */
  log: LineFile | null = null;
  private inner: ObservedLockstep | null = null;
  private domain: DomainName = 'tree';

  constructor(private readonly locksteps: Readonly<Record<DomainName, () => ObservedLockstep>>) {}

  private readonly made: Partial<Record<DomainName, ObservedLockstep>> = {};

  begin(header: Header): Difference | null {
    this.domain = header.domain;
    this.inner = this.made[header.domain] ??= this.locksteps[header.domain]();
    this.features.begin();
    this.log?.appendLine(printHeader(header));
    return this.inner.begin(header);
  }

  step(operation: Operation): Difference | null {
    this.log?.appendLine(printOperation(operation, this.domain));
    const inner = this.inner!;
    const difference = inner.step(operation);
    this.steps++;
    const { ret, refused } = inner.sides;
    if (refused) this.rejects++;
    else this.note(operation, ret);
    return difference;
  }

  /** Operations applied since the last call. */
  takeSteps(): number {
    const steps = this.steps - this.taken;
    this.taken = this.steps;
    return steps;
  }

  /** Credits a new feature to its operation. */
  credit(feature: number): void {
    const counts = this.counts.get(operationOf(feature));
    if (counts !== undefined) counts[3]++;
  }

  private note(operation: Operation, ret: Ret): void {
    let counts = this.counts.get(operation.op);
    if (counts === undefined) this.counts.set(operation.op, (counts = [0, 0, 0, 0]));
    counts[0]++;
    if (typeof ret === 'string') counts[2]++;
    else if (domainNamed(this.domain)?.spec(operation.op)?.writes) counts[1]++;
    const row = operationRow(this.domain, operation.op);
    this.features.step(row, ret);
    this.fingerprint = printStep(this.fingerprint, operation, ret);
  }

  end(): Difference | null {
    return this.inner!.end();
  }

  view(): MmView | TreeView {
    return this.inner!.view();
  }
}

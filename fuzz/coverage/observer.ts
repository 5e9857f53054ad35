/**
 * Listens to runs, and takes note: figures, features, and, when a sequence is run carefully, each operation on disk
 * before it is applied.
 */
import type { LineFile } from '../base/files';
import { domainOf } from '../domains';
import type { DomainFormat } from '../format/domain';
import type { Header, Operation, Ret } from '../format/types';
import type { RunListener } from '../lockstep/run';
import type { Answered } from '../lockstep/types';
import { printHeader, printOperation } from '../sequence/print';
import { FeatureCollector, operationOf, rowsOf } from './features';
import { printStep } from './fingerprint';

/** Tried, changed something, refused, first to reach a feature. */
export type OperationCounts = [tried: number, changed: number, refused: number, found: number];

export class Observer implements RunListener {
  readonly features = new FeatureCollector();
  /** Operations applied since the worker started. */
  steps = 0;
  private taken = 0;
  /** Operations that the format itself refused, since it was last set to 0. */
  rejects = 0;
  /**
   * A hash of all operations applied, with their arguments, and all answers given, in order, since it was last set to
   * 0.
   */
  fingerprint = 0;
  readonly counts = new Map<string, OperationCounts>();
  /** Where to write operations before they are applied; null unless the sequence is run carefully. */
  log: LineFile | null = null;
  private domain!: DomainFormat;
  private rows: ReadonlyMap<string, number> = new Map();

  begin(header: Header): void {
    this.domain = domainOf(header);
    this.rows = rowsOf(header.domain);
    this.features.begin();
    this.log?.appendLine(printHeader(header));
  }

  beforeStep(operation: Operation): void {
    this.log?.appendLine(printOperation(operation, this.domain.name as Header['domain']));
  }

  afterStep(operation: Operation, { ret, refused }: Answered): void {
    this.steps++;
    if (refused) this.rejects++;
    else this.note(operation, ret);
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
    else if (this.domain.spec(operation.op)?.writes) counts[1]++;
    this.features.step(this.rows.get(operation.op) as number, ret);
    this.fingerprint = printStep(this.fingerprint, operation, ret);
  }
}

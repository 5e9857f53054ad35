/**
 * Runs one workload on one peer and times it; the child process around it is subject.ts. Small inputs are run on many
 * maps between two looks at the clock. What is not timed: reading files, filling, making values, the content's sum, and
 * destroying maps that are done with, as the C driver does.
 */
import { cpuNow, now } from './clock';
import { type Ops, readOps } from './inputs';
import type { Peer, RangeMap } from './peers/range-map';
import { type Columns, columnsOf, contentOf, doRows, dropCopies, mix, workloadNamed } from './workloads';

/** What a subject answers; nanoseconds in sum over `ops` operations. The C driver prints the same fields. */
export interface Measured {
  ops: number;
  cpu: number;
  /** Main thread only; NaN or null where it cannot be told. */
  main: number | null;
  wall: number;
  reps: number;
  hits: number;
  content: number;
  /** The run was cut off at the cap: ops says how far it came. */
  capped: boolean;
  /** Node memory of one map after the run, if the peer can tell. */
  bytes: number | null;
  /** Entries of one map after the run; counted only when the order says verify. */
  entries: number;
}

/** A workload that this peer does not do, or not in reasonable time. */
export interface Skipped {
  skipped: string;
}

export interface Order {
  workload: string;
  fill: string;
  ops: string;
  /** Nanoseconds of CPU to spend at least, by repeating. */
  minimum: number;
  /** Nanoseconds of CPU after which a pass is cut off. */
  cap: number;
  verify: boolean;
}

const MOST_MAPS = 64;
/** Rows between two looks at the clock in one pass. */
const SLICE = 4096;
const FILL_CAP = 20e9;

let kept: { peer: Peer; path: string; map: RangeMap } | undefined;

function fillMap(peer: Peer, filling: Ops, columns: Columns): RangeMap | undefined {
  const count = columns.count;
  if (peer.fromEntries && columns.window === 0 && count > 0)
    return peer.fromEntries(
      Array.from({ length: count }, (_, i) => ({ first: columns.a[i], last: columns.b[i], value: i + 1 })),
    );
  const map = peer.create(filling.ranges);
  map.prepare?.(count);
  const start = cpuNow();
  for (let i = 0; i < count; i += SLICE) {
    const end = Math.min(i + SLICE, count);
    if (columns.window > 0) mix(map, columns, i, end, 1);
    else doRows('insert', map, columns, i, end, 1);
    if (cpuNow() - start > FILL_CAP) return undefined;
  }
  return map;
}

/** One timed pass over the maps; false when it was cut off. */
function pass(order: Order, maps: RangeMap[], ops: Columns, firstValue: number, result: Measured): boolean {
  const whole = workloadNamed(order.workload).oneCall;
  const slice = whole ? Math.max(1, ops.count) : SLICE;
  let done = 0;
  let finished = true;
  const start = now();
  for (const map of maps) {
    let hits = 0;
    for (let i = 0; i < ops.count && finished; i += slice) {
      const end = Math.min(i + slice, ops.count);
      hits += doRows(order.workload, map, ops, i, end, firstValue);
      done += end - i;
      if (ops.count > SLICE && cpuNow() - start.cpu > order.cap) finished = end === ops.count;
    }
    result.hits = hits;
  }
  const end = now();
  result.cpu += end.cpu - start.cpu;
  result.main = (result.main ?? 0) + end.main - start.main;
  result.wall += end.wall - start.wall;
  result.ops += done;
  result.reps += maps.length;
  dropCopies();
  return finished;
}

function keptMap(peer: Peer, path: string, filling: Ops, columns: Columns): RangeMap | undefined {
  if (kept?.path !== path || kept.peer !== peer) {
    const map = fillMap(peer, filling, columns);
    if (map === undefined) return undefined;
    kept = { peer, path, map };
  }
  return kept.map;
}

export function runWorkload(peer: Peer, order: Order): Measured | Skipped {
  const reason = peer.cannot?.[order.workload];
  if (reason !== undefined) return { skipped: reason };
  const reads = workloadNamed(order.workload).onlyReads;
  const filling = readOps(order.fill);
  const fillColumns = columnsOf(filling);
  const ops = columnsOf(readOps(order.ops));
  const many = Math.min(MOST_MAPS, Math.floor(40_000 / (ops.count + 1)) + 1);
  const firstValue = fillColumns.count + 1;
  const result: Measured = {
    ops: 0,
    cpu: 0,
    main: 0,
    wall: 0,
    reps: 0,
    hits: 0,
    content: 0,
    capped: false,
    bytes: null,
    entries: 0,
  };
  do {
    const maps: RangeMap[] = [];
    for (let i = 0; i < many; i++) {
      const map = reads ? keptMap(peer, order.fill, filling, fillColumns) : fillMap(peer, filling, fillColumns);
      if (map === undefined) return { skipped: `filling takes over ${FILL_CAP / 1e9} s` };
      map.prepare?.(firstValue + ops.count);
      maps.push(map);
    }
    result.capped = !pass(order, maps, ops, firstValue, result);
    result.bytes = maps[0].bytes?.() ?? null;
    if (order.verify && result.reps === many && !result.capped) Object.assign(result, contentOf(maps[0]));
    if (!reads) for (const map of maps) map.destroy?.();
  } while (result.cpu < order.minimum && !result.capped);
  return result;
}

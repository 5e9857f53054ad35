/**
 * A process that is one peer: reads orders, answers measurements, one line each.
 *
 *     node -r ./scripts/register.cjs bench/subject.ts PEER
 *     run WORKLOAD FILL_FILE OPS_FILE MINIMUM_NS CAP_NS VERIFY   ->   {"ops":…,"cpu":…,…} or {"skipped":"…"}
 *
 * kernel/driver.c is the same for the kernel's C.
 */
import { createInterface } from 'node:readline';
import { peerNamed } from './peers';
import { type Order, runWorkload } from './run-workload';

export function parseOrder(line: string): Order {
  const [run, workload, fill, ops, minimum, cap, verify] = line.split(' ');
  if (run !== 'run' || verify === undefined) throw new Error(`not an order: ${line}`);
  return {
    workload: workload!,
    fill: fill!,
    ops: ops!,
    minimum: Number(minimum),
    cap: Number(cap),
    verify: verify === '1',
  };
}

if (require.main === module) {
  const peer = peerNamed(process.argv[2] ?? '');
  createInterface({ input: process.stdin }).on('line', (line) => {
    process.stdout.write(`${JSON.stringify(runWorkload(peer, parseOrder(line)))}\n`);
  });
}

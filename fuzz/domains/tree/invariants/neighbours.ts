/**
 * Next and previous of each entry are right: a walk up and a walk down meet the oracle's entries, each with its own
 * range and value, in their order.
 *
 *      up     5-9: 1  ->  20-29: 2  ->  30-39: 3
 *      down   5-9: 1  <-  20-29: 2  <-  30-39: 3
 */
import type { OracleTree } from '../../../../oracle/tree';
import { showIndex } from '../../../format/spelling';
import type { TreeInvariant } from '../context';
import { beginWalks, downAgrees, upAgrees, type Walk, walkDown, walkUp } from '../walks';

export const treeNeighbours: TreeInvariant = {
  name: 'neighbours',
  domain: 'tree',
  about: 'Walking up and walking down through a maple state meets every entry, in order, and nothing else.',
  moment: 'write',
  local: true,
  begin: beginWalks,
  check(context) {
    const { oracle } = context;
    // Without a node there are no slots to walk; what a state says of the root's entry is compared with each answer.
    if (oracle.root !== 'nodes') return null;
    const up = upAgrees(context) ? null : checkUp(walkUp(context), oracle);
    return up ?? (downAgrees(context) ? null : checkDown(walkDown(context), oracle));
  },
};

function checkUp(walk: Walk, oracle: OracleTree): string | null {
  let k = walk.entry;
  for (let i = 0; i < walk.count; i++) {
    if (walk.values[i] === 0) continue;
    const wrong = compare(walk, i, oracle, k);
    if (wrong !== null) return `up, entry ${k}: ${wrong}`;
    k++;
  }
  return !walk.ended || k === oracle.count ? null : `up: ${k} entries, expected ${oracle.count}`;
}

function checkDown(walk: Walk, oracle: OracleTree): string | null {
  for (let i = 0; i < walk.count; i++) {
    const k = walk.entry - i;
    const wrong = compare(walk, i, oracle, k);
    if (wrong !== null) return `down, entry ${k}: ${wrong}`;
  }
  if (!walk.ended || walk.count === walk.entry + 1) return null;
  return `down: ${walk.count} entries below ${showIndex(walk.begin)}, expected ${walk.entry + 1}`;
}

function compare(walk: Walk, i: number, oracle: OracleTree, k: number): string | null {
  if (k < 0 || k >= oracle.count) return `met ${met(walk, i)}, expected none`;
  const first = oracle.firstAt(k);
  const last = oracle.lastAt(k);
  const value = oracle.valueAt(k);
  if (walk.firsts[i] === first && walk.lasts[i] === last && walk.values[i] === value) return null;
  return `met ${met(walk, i)}, expected ${showIndex(first)}-${showIndex(last)}: ${value}`;
}

function met(walk: Walk, i: number): string {
  return `${showIndex(walk.firsts[i])}-${showIndex(walk.lasts[i])}: ${walk.values[i]}`;
}

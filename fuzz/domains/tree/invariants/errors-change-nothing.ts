/**
 * A write that answers an error changes nothing: not the content (which is compared with the oracle's), not the nodes.
 */
import type { TreeInvariant } from '../context';

const ERRORS: readonly unknown[] = ['EINVAL', 'EEXIST', 'EBUSY', 'ENOMEM'];

/** As it was before the operation. */
const before = { height: 0, root: 0, used: 0, reserved: 0 };

export const treeErrorsChangeNothing: TreeInvariant = {
  name: 'error-changes-nothing',
  domain: 'tree',
  about: 'An operation that answers an error leaves height, root, nodes and reservations as they were.',
  moment: 'write',
  local: true,
  before(context) {
    const { tree } = context.src;
    before.height = tree.height;
    before.root = tree.root;
    before.used = tree.pool.used;
    before.reserved = tree.pool.reservedLeaves + tree.pool.reservedInners;
    return null;
  },
  check(context) {
    const { operation, ret } = context;
    if (operation === null || typeof ret !== 'string' || !ERRORS.includes(ret)) return null;
    const { tree } = context.src;
    const now = { ...before };
    now.height = tree.height;
    now.root = tree.root;
    now.used = tree.pool.used;
    now.reserved = tree.pool.reservedLeaves + tree.pool.reservedInners;
    for (const name of Object.keys(before) as (keyof typeof before)[]) {
      if (now[name] !== before[name])
        return `${operation.op} answers ${ret}; ${name}: before ${before[name]}, after ${now[name]}`;
    }
    return null;
  },
};

// Plants a mistake in src for a test, from outside: `node --require plant.cjs`, and PLANT says which.
//
//   wrong   destroy forgets to empty the tree
//   hang    dup never returns
//   die     dup ends the process
//   rare    as wrong, but only in trees that hold more than 60 entries
//   leak    every duplicate is remembered for ever, with a megabyte
const Module = require('node:module');

const kept = [];
const plants = {
  wrong: (tree) => {
    tree.destroy = () => {};
  },
  rare: (tree) => {
    const { destroy } = tree;
    tree.destroy = function () {
      let entries = 0;
      for (const _ of this) entries++;
      if (entries <= 60) destroy.call(this);
    };
  },
  hang: (tree) => {
    tree.tryDup = () => {
      for (;;);
    };
  },
  die: (tree) => {
    tree.tryDup = () => process.kill(process.pid, 'SIGKILL');
  },
  leak: (tree) => {
    const { tryDup } = tree;
    tree.tryDup = function () {
      kept.push(Buffer.alloc(1 << 20, 1));
      return tryDup.call(this);
    };
  },
};

const load = Module._load;
const done = new Set();
Module._load = function (...args) {
  const exports = load.apply(this, args);
  const tree = typeof exports === 'object' && exports !== null ? exports.MapleTree : undefined;
  if (tree !== undefined && !done.has(tree)) {
    done.add(tree);
    plants[process.env.PLANT]?.(tree.prototype);
  }
  return exports;
};

// Plugins for Stryker: a test runner whose tests are the fuzzer's own sequences, a reporter of one line a mutant, and a
// rule that leaves out what runs only under `debug.on`.
//
// Why a runner: starting jest anew for each mutant takes longer than a hundred sequences do. Here the program stays
// loaded, and a mutant is one number that the instrumented code compares with. What one mutant leaves behind must not
// be blamed on the next, so:
// - each mutant gets a lockstep of its own;
// - when one is found, the same sequence runs once more without it; if that fails too, the program is loaded anew and
//   the mutant tried again.
//
// Mutants that loop for ever are stopped by counting how often the mutated place is reached in a sequence; those that
// loop elsewhere by a time limit on the sequence, so wide that load alone does not reach it.
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const { createRequire } = require('node:module');

/** A place that is reached more often than this in one sequence is in an endless loop. */
const HITS_OF_A_SEQUENCE = 2_000_000;

/** Milliseconds after which a sequence hangs; it takes some ten as a rule. */
const SEQUENCE_MS = 6000;

const SUCCESS = 0;

/** Calls `body`, but ends it with an error when the time is up, even within an endless loop. */
const limited = new vm.Script('globalThis.__limitedBody()');
function withLimit(body) {
  globalThis.__limitedBody = body;
  return limited.runInThisContext({ timeout: SEQUENCE_MS });
}

class SequenceRunner {
  static inject = ['options'];

  constructor(options) {
    const { seed, tree, mm } = options.sequences;
    this.seed = seed;
    this.tests = [];
    for (let n = 0; n < Math.max(tree, mm); n++) {
      if (n < tree) this.tests.push({ id: `tree ${n}`, domain: 'tree', n });
      if (n < mm) this.tests.push({ id: `mm ${n}`, domain: 'mm', n });
    }
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  get space() {
    return (globalThis.__stryker__ ??= {});
  }

  async init() {
    this.require = createRequire(path.join(process.cwd(), 'package.json'));
    this.require('./scripts/register.cjs');
  }

  async dispose() {}

  /** Loads the program, or loads it anew. */
  load() {
    const mine = (file) => file.startsWith(process.cwd() + path.sep) && !file.includes('node_modules');
    for (const file of Object.keys(require.cache)) if (mine(file)) delete require.cache[file];
    this.program = this.require('./scripts/mutation/sequences.ts');
  }

  fresh() {
    const make = (domain) => new this.program.SeededSequences(this.seed, domain);
    return { tree: make('tree'), mm: make('mm') };
  }

  async dryRun() {
    const { space } = this;
    space.activeMutant = undefined;
    space.hitCount = undefined;
    this.load();
    const sequences = this.fresh();
    const tests = [];
    for (const { id, domain, n } of this.tests) {
      space.currentTestId = id;
      const started = performance.now();
      const failure = sequences[domain].run(n);
      if (failure !== null)
        return { status: 'error', errorMessage: `without a mutant, sequence ${id} failed: ${failure}` };
      tests.push({ id, name: id, status: SUCCESS, timeSpentMs: performance.now() - started });
    }
    space.currentTestId = undefined;
    return { status: 'complete', tests, mutantCoverage: space.mutantCoverage };
  }

  /** The tests for a mutant: those that reach it, of the domain that its file is of if any do. */
  selected(testFilter, file) {
    const wanted = testFilter === undefined ? null : new Set(testFilter);
    const reaching = this.tests.filter(({ id }) => wanted === null || wanted.has(id));
    const domain = file.includes(path.join('src', 'mm')) ? 'mm' : 'tree';
    const own = reaching.filter((test) => test.domain === domain);
    return own.length > 0 ? own : reaching;
  }

  /** Runs the row up to its first failure: what failed and in which test, or nulls. */
  row(tests) {
    const { space } = this;
    let by = 'load';
    try {
      const sequences = this.fresh();
      for (const { id, domain, n } of tests) {
        by = id;
        space.hitCount = 0;
        const failure = withLimit(() => sequences[domain].run(n));
        if (failure !== null) return { by, failure };
      }
    } catch (error) {
      if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { by, failure: 'hang', hung: true };
      return { by, failure: `crash: ${error instanceof Error ? error.message : String(error)}` };
    }
    return { by: null, failure: null };
  }

  /** One attempt at a mutant, in the program as it is or, if `anew`, in one just loaded. */
  attempt({ activeMutant, mutantActivation }, tests, anew) {
    const { space } = this;
    space.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    space.hitLimit = HITS_OF_A_SEQUENCE;
    space.hitCount = 0;
    if (anew || this.program === undefined) this.load();
    space.activeMutant = activeMutant.id;
    const outcome = this.row(tests);
    const endless = outcome.hung === true || space.hitCount > HITS_OF_A_SEQUENCE;
    if (outcome.hung === true) this.program = undefined;
    space.activeMutant = undefined;
    space.hitCount = undefined;
    return { ...outcome, endless };
  }

  async mutantRun(run) {
    const tests = this.selected(run.testFilter, run.sandboxFileName);
    let { by, failure, endless } = this.attempt(run, tests, run.reloadEnvironment);
    if (failure !== null && this.program !== undefined && !run.reloadEnvironment) {
      // The same sequence without the mutant: if it fails as well, something was left behind by this mutant or one
      // before.
      const same = tests.filter(({ id }) => id === by);
      if (this.row(same).failure !== null) {
        ({ by, failure, endless } = this.attempt(run, tests, true));
        this.program = undefined;
      }
    }
    if (run.reloadEnvironment) this.program = undefined;
    if (endless) return { status: 'timeout', reason: `endless loop in sequence ${by}` };
    if (failure === null) return { status: 'survived', nrOfTests: tests.length };
    const nrOfTests = tests.findIndex(({ id }) => id === by) + 1;
    return { status: 'killed', killedBy: [by], failureMessage: failure, nrOfTests };
  }
}

/** Appends each mutant's result to a file as soon as it is known: a run that is stopped early has not run in vain. */
class LineReporter {
  static inject = ['options'];

  constructor(options) {
    this.file = path.resolve(options.lines.fileName);
    fs.mkdirSync(path.dirname(this.file), { recursive: true });
  }

  onMutantTested({ fileName, mutatorName, location, replacement, status, static: isStatic, statusReason, killedBy }) {
    const { start, end } = location;
    // As Stryker's --mutate takes it: lines from 1, columns from 0.
    const place = `${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
    const file = path.relative(process.cwd(), path.resolve(fileName));
    const by = killedBy?.[0];
    const line = { file, place, status, mutatorName, replacement, static: isStatic, by, why: statusReason };
    fs.appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

/**
 * Leaves out assertions and events: `if (debug.on) ...`, `if (debug.on && ...) ...`. Right code never trips an
 * assertion, so no run of it can tell one that was weakened; and events are for the fuzzer's reports, and decide
 * nothing.
 */
class DebugIgnorer {
  shouldIgnore(path) {
    if (!path.isIfStatement()) return undefined;
    let { test } = path.node;
    while (test.type === 'LogicalExpression' && test.operator === '&&') test = test.left;
    const isDebug = test.type === 'MemberExpression' && test.object.name === 'debug' && test.property.name === 'on';
    return isDebug ? 'only under debug.on' : undefined;
  }
}

exports.strykerPlugins = [
  { kind: 'Ignore', name: 'debug', injectableClass: DebugIgnorer },
  { kind: 'TestRunner', name: 'sequences', injectableClass: SequenceRunner },
  { kind: 'Reporter', name: 'lines', injectableClass: LineReporter },
];

/**
 * Measures all subjects side by side: for each size and workload a warm-up, then rounds in turn, A B C, C B A, A B C …,
 * so that whatever the machine does besides hits all of them alike. Subjects live as long as their size is measured.
 */
import { Child, startPeer } from './child';
import { writeInput } from './inputs';
import type { KernelPrograms } from './kernel/kernel';
import type { Cell } from './results';
import type { Measured, Order, Skipped } from './run-workload';

export const KERNEL_C = 'kernel-c';

/**
 * The warm-up is so many times as long as a measurement: with less, V8 was seen to compile in the first rounds still.
 */
const WARM_UP = 6;

export interface Plan {
  sizes: number[];
  workloads: string[];
  subjects: string[];
  rounds: number;
  minimumMs: number;
  capMs: number;
  seed: string;
  base: number;
  /** Folder for the inputs. */
  folder: string;
  kernel: KernelPrograms | undefined;
  /** Called with a line that says how far it is. */
  progress(line: string): void;
}

interface Subject {
  name: string;
  runs(order: Order): Promise<Measured | Skipped>;
  stop(): void;
}

function startKernel(programs: KernelPrograms): Subject {
  const plain = new Child(KERNEL_C, programs.driver, []);
  const debug = new Child(KERNEL_C, programs.debugDriver, []);
  return {
    name: KERNEL_C,
    runs: (order) => (order.workload === 'validate' ? debug : plain).run(order),
    stop: () => {
      plain.stop();
      debug.stop();
    },
  };
}

function start(name: string, plan: Plan): Subject | undefined {
  if (name === KERNEL_C) return plan.kernel && startKernel(plan.kernel);
  const child = startPeer(name);
  return { name, runs: (order) => child.run(order), stop: () => child.stop() };
}

const emptyCell = (workload: string, size: number, subject: string): Cell => ({
  workload,
  size,
  subject,
  rounds: [],
  main: [],
  wall: [],
  capped: false,
  bytes: null,
  entries: 0,
});

function note(cell: Cell, answer: Measured | Skipped, warmUp: boolean): void {
  if ('skipped' in answer) {
    cell.skipped = answer.skipped;
    return;
  }
  cell.capped ||= answer.capped;
  cell.bytes = answer.bytes;
  if (warmUp) {
    cell.entries = answer.entries;
    return;
  }
  cell.rounds.push(answer.cpu / answer.ops);
  cell.main.push((answer.main ?? Number.NaN) / answer.ops);
  cell.wall.push(answer.wall / answer.ops);
}

/** What each subject found in the warm-up, where all must agree. Cut-off runs saw less and are left out. */
function disagreement(where: string, answers: Map<string, Measured | Skipped>): string | undefined {
  const complete = [...answers].flatMap(([name, answer]) =>
    'skipped' in answer || answer.capped
      ? []
      : [{ name, said: `${answer.hits} hits, content ${answer.content} of ${answer.entries}` }],
  );
  if (new Set(complete.map((one) => one.said)).size < 2) return undefined;
  return `${where}: ${complete.map((one) => `${one.name} ${one.said}`).join('; ')}`;
}

async function measure(workload: string, size: number, subjects: Subject[], plan: Plan, disagreements: string[]) {
  const paths = writeInput(plan.folder, workload, size, plan.base, plan.seed);
  const order = { workload, ...paths, minimum: plan.minimumMs * 1e6, cap: plan.capMs * 1e6 };
  const cells = new Map(subjects.map((one) => [one.name, emptyCell(workload, size, one.name)]));
  const answers = new Map<string, Measured | Skipped>();
  for (const subject of subjects) {
    const answer = await subject.runs({ ...order, minimum: order.minimum * WARM_UP, verify: true });
    note(cells.get(subject.name)!, answer, true);
    answers.set(subject.name, answer);
  }
  const trouble = disagreement(`${workload} at ${size}`, answers);
  if (trouble !== undefined) disagreements.push(trouble);
  for (let round = 0; round < plan.rounds; round++) {
    const running = subjects.filter((one) => cells.get(one.name)!.skipped === undefined);
    for (const subject of round % 2 === 0 ? running : running.reverse())
      note(cells.get(subject.name)!, await subject.runs({ ...order, verify: false }), false);
  }
  return [...cells.values()];
}

/** Runs the whole plan. Rounds of one cell are numbered alike in all subjects: ratios can be taken round by round. */
export async function measureAll(plan: Plan): Promise<{ cells: Cell[]; disagreements: string[] }> {
  const cells: Cell[] = [];
  const disagreements: string[] = [];
  for (const size of plan.sizes) {
    const subjects = plan.subjects.flatMap((name) => start(name, plan) ?? []);
    try {
      for (const workload of plan.workloads) {
        plan.progress(`${workload} at ${size.toLocaleString('en')}`);
        cells.push(...(await measure(workload, size, subjects, plan, disagreements)));
      }
    } finally {
      for (const subject of subjects) subject.stop();
    }
  }
  return { cells, disagreements };
}

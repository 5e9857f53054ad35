/**
 * Which forked children are written, and that many forks cost neither time nor memory.
 */
import { BUDGET, chooseChildren } from './forks';
import { importStrace } from './strace/import';
import { layouts } from './testing/check';

const child = (inherited: number, own: number) => ({ inherited, own });

describe('the choice of children', () => {
  const children = [child(10, 1), child(20, 5), child(30, 5), child(40_000, 2), child(40_000, 3)];

  it.each([
    ['all', 'all' as const, [0, 1, 2, 3, 4]],
    ['none', 'none' as const, []],
    ['two: those that did most, of equals the one with the shortest past', 2, [1, 2]],
    ['auto: as long as there is room', 'auto' as const, [0, 1, 2, 4]],
  ])('%s', (_name, forks, expected) => {
    const chosen = chooseChildren(children, 100, forks);
    expect(children.flatMap((one, i) => (chosen.has(one) ? [i] : []))).toEqual(expected);
  });

  it('grows with what was done', () => {
    expect(chooseChildren(children, 100_000 / BUDGET, 'auto').size).toBe(5);
  });
});

/** A process that forks after each `between` calls; each child maps a page. */
function manyForks(forks: number, between: number): string {
  const lines = ['1 execve("/bin/x", ["x"], 0x7f) = 0'];
  for (let i = 0; i < forks; i++) {
    for (let k = 0; k < between; k++) {
      const at = (0x7f0000000000 + 8192 * (k % 50)).toString(16);
      lines.push(
        `1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${at}`,
        `1 munmap(0x${at}, 4096) = 0`,
      );
    }
    lines.push(
      `1 clone(child_stack=NULL, flags=SIGCHLD) = ${100 + i}`,
      `${100 + i} mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7e0000000000`,
    );
  }
  return `${lines.join('\n')}\n`;
}

describe('many forks', () => {
  it('share their past, and are written as far as the budget goes', () => {
    const content = manyForks(300, 20);
    const imported = importStrace([{ name: 'log', content }]);
    const { notes } = imported.report.counts();
    const left = notes['forked children not written, of 300 (--forks all writes each)'];
    expect(imported.count).toBe(1 + 300 - left);
    const operations = [...imported].reduce((sum, { sequence }) => sum + sequence.operations.length, 0);
    expect(operations).toBeLessThan(12_300 * (BUDGET + 1) + 50_000);
    expect(operations).toBeGreaterThan(12_300);
    expect(importStrace([{ name: 'log', content }], { forks: 'all' }).count).toBe(301);
    expect(importStrace([{ name: 'log', content }], { forks: 'none' }).count).toBe(1);
  });

  it('each have their own past and nothing of what came later', () => {
    const made = importStrace([{ name: 'log', content: manyForks(3, 1) }]);
    expect([...made].map(({ sequence }) => sequence.operations.length)).toEqual([6, 4, 6, 8]);
    expect(layouts(made)).toEqual([[], ['0+1 r--p'], ['0+1 r--p'], ['0+1 r--p']]);
  });

  it('of forks of forks have the past of all', () => {
    const chain = Array.from({ length: 1000 }, (_, i) => {
      const at = (0x7f0000000000 + 8192 * i).toString(16);
      const mapped = `${i + 1} mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${at}`;
      return `${mapped}\n${i + 1} fork() = ${i + 2}\n`;
    }).join('');
    const made = importStrace([{ name: 'log', content: chain }], { forks: 1 });
    expect(made.count).toBe(2);
    const last = importStrace([{ name: 'log', content: chain }], { forks: 'all' }).make(999);
    expect(last.sequence.operations).toHaveLength(1000 + 999);
  });
});

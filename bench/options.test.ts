/** Tests of the command line: what is chosen, and what is refused. */
import { parseOptions } from './options';

const refuse = (error: Error): never => {
  throw error;
};
const parse = (...argv: string[]) => parseOptions(argv, refuse);

describe('options', () => {
  it('measures everything unless told otherwise', () => {
    const all = parse();
    expect([all.tree, all.loop, all.start, all.workers]).toEqual([true, true, true, true]);
    expect(all.sizes).toEqual([1000, 100_000, 1_000_000]);
    expect(all.only).toContain('vma-mix');
    expect(all.subjects).toContain('kernel-c');
  });

  it('takes parts, sizes and names', () => {
    const some = parse('--loop', '--sizes', '10,20_000', '--only', 'load,erase', '--subjects', 'maple');
    expect([some.tree, some.loop, some.start, some.workers]).toEqual([false, true, false, false]);
    expect(some.sizes).toEqual([10, 20_000]);
    expect(some.only).toEqual(['load', 'erase']);
    expect(some.subjects).toEqual(['maple']);
  });

  it('is small with --quick, but for what is given beside it', () => {
    expect(parse('--quick').sizes).toEqual([1000]);
    expect(parse('--quick', '--sizes', '50').sizes).toEqual([50]);
    expect(parse('--quick').rounds).toBeLessThan(parse().rounds);
  });

  it.each([
    ['an unknown workload', ['--only', 'loads'], /loads is not one of append/],
    ['an unknown subject', ['--subjects', 'maple,oak'], /oak is not one of maple/],
    ['no number', ['--rounds', 'many'], /not a whole number/],
    ['no round', ['--rounds', '0'], /at least 1/],
    ['three files', ['--compare', 'a', 'b', 'c'], /one or two files/],
    ['an unknown flag', ['--turbo'], /unknown option/],
  ])('refuses %s', (_, argv, message) => {
    expect(() => parse(...argv)).toThrow(message);
  });
});

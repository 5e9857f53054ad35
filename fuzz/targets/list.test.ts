import { isDefaultPair, ORACLE, type OutsideTarget, parseTarget, parseTargets, SRC } from './list';

describe('what --target names', () => {
  it('tells apart what runs in this process, kernels, and commands', () => {
    const targets = parseTargets("src, oracle,kernel,linux:/tree@v6 asan,./driver --flag 'a,b'");
    expect(targets.slice(0, 2)).toEqual([SRC, ORACLE]);
    expect(targets.slice(2)).toMatchObject([
      { kind: 'outside', name: 'kernel', isKernel: true },
      { kind: 'outside', name: 'linux:/tree@v6 asan', isKernel: true },
      { kind: 'outside', name: "./driver --flag 'a,b'", isKernel: false },
    ]);
    expect((targets[4] as OutsideTarget).words()).toEqual(['./driver', '--flag', 'a,b']);
  });

  it('looks at a Linux tree when its program is wanted', () => {
    const [, tree] = parseTargets('src,linux:/nowhere');
    expect(() => (tree as OutsideTarget).words()).toThrow(/^linux: \/nowhere: /);
  });

  it('gives a command that comes twice two names', () => {
    expect(parseTargets('./d,./d,oracle').map(({ name }) => name)).toEqual(['./d', './d#2', 'oracle']);
  });

  it.each([
    ['src', 'at least two are needed'],
    ['src,src', 'src comes twice'],
    ['src,,oracle', 'a target without a name'],
    ["src,./d 'x", "a ' is not closed"],
  ])('refuses %s', (list, message) => {
    expect(() => parseTargets(list)).toThrow(message);
  });

  it('knows the pair that needs nothing started', () => {
    expect(isDefaultPair(parseTargets('src,oracle'))).toBe(true);
    expect(isDefaultPair(parseTargets('oracle,src'))).toBe(false);
    expect(isDefaultPair(parseTargets('src,kernel'))).toBe(false);
    expect(parseTarget(' oracle ')).toBe(ORACLE);
  });
});

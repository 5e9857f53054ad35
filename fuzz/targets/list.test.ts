import { isDefaultPair, ORACLE, parseTarget, parseTargets, SRC } from './list';

describe('what --target names', () => {
  it('tells apart what runs in this process, the kernel, and commands', () => {
    expect(parseTargets("src, oracle,kernel,./driver --flag 'a,b'")).toEqual([
      SRC,
      ORACLE,
      { kind: 'outside', name: 'kernel', words: null },
      { kind: 'outside', name: "./driver --flag 'a,b'", words: ['./driver', '--flag', 'a,b'] },
    ]);
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

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { quoteWord, splitCommand, splitList } from './shell-words';

describe('a command line without a shell', () => {
  it.each([
    ['./driver --flag', ['./driver', '--flag']],
    ["  a   'b c'  d ", ['a', 'b c', 'd']],
    ['a "b \\"c\\" \\\\ d"', ['a', 'b "c" \\ d']],
    ["a 'it is \\n'", ['a', 'it is \\n']],
    ['a\\ b c\\"', ['a b', 'c"']],
    ['pre\'fi x\'"ed"', ['prefi xed']],
    ["a ''", ['a', '']],
    ['echo $HOME *', ['echo', '$HOME', '*']],
  ])('%s', (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  it.each([
    ["a 'b", "command line: a ' is not closed: a 'b"],
    ['a "b', 'command line: a " is not closed: a "b'],
    ['a \\', 'command line: a backslash at the end: a \\'],
    ['  ', 'command line: it is empty'],
  ])('refuses %s', (text, message) => {
    expect(() => splitCommand(text)).toThrow(message);
  });
});

describe('a list of targets', () => {
  it.each([
    ['src', ['src']],
    ['src, oracle ,kernel', ['src', 'oracle', 'kernel']],
    ["src,sh -c 'a,b',x\\,y", ['src', "sh -c 'a,b'", 'x\\,y']],
  ])('%s', (text, items) => {
    expect(splitList(text)).toEqual(items);
  });

  it('refuses an empty name', () => {
    expect(() => splitList('src,,oracle')).toThrow('a target without a name');
  });
});

describe('a quoted word', () => {
  // A word of a command line cannot have a NUL; some strings are hard on purpose.
  const word = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
    fc.string({ unit: fc.constantFrom("'", '"', '\\', ' ', ',', '$', '`', '\n', '#', '~', 'a') }),
  );

  it('is the same word again, as part of a command', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(splitCommand(words.map(quoteWord).join(' '))).toEqual(words);
      }),
    );
  });

  it('does not fall apart in a list', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const items = words.map(quoteWord);
        expect(splitList(items.join(','))).toEqual(items);
      }),
    );
  });

  it('is the same word to a shell', () => {
    const words = fc.sample(word, { numRuns: 200, seed: 1 });
    const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${words.map(quoteWord).join(' ')}`], {
      encoding: 'utf8',
    });
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
  });
});

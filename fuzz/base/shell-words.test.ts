import { splitCommand, splitList } from './shell-words';

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

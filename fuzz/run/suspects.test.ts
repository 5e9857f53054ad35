/**
 * Suspects: what tells failing runs from passing ones, by V8's counts of blocks.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { FORMAT, type Sequence } from '../format/types';
import { type Counted, Lines, segmentsOf } from './block-counts';
import { findSuspects } from './suspects';
import { rank } from './suspects-run';

const URL = pathToFileURL(path.join(__dirname, '..', '..', 'src', 'made-up.js')).href;

/** A function from 100 to 200, with a block in it that ran so often. */
function counted(name: string, block: [start: number, end: number, count: number] | null): Counted {
  const ranges = [{ startOffset: 100, endOffset: 200, count: 1 }];
  if (block !== null) ranges.push({ startOffset: block[0], endOffset: block[1], count: block[2] });
  return new Map([[`${URL}\n100\n200\n${name}`, { functionName: name, isBlockCoverage: true, ranges }]]);
}

function together(...all: Counted[]): Counted {
  return new Map(all.flatMap((one) => [...one]));
}

const PLACES = { placeOf: (_url: string, offset: number) => ({ file: 'src/made-up.ts', line: offset }) };

it('cuts functions at all borders that any run had', () => {
  const segments = segmentsOf([counted('f', [120, 140, 0]), counted('f', null), new Map()]);
  expect(segments.map(({ start, ran }) => [start, ran])).toEqual([
    [100, [true, true, false]],
    [120, [false, true, false]],
    [140, [true, true, false]],
  ]);
});

it('suspects a block that runs in failing runs alone, and one that does not run there alone', () => {
  const runs = [
    { failed: true, counted: together(counted('merge', [150, 160, 1]), counted('close', [170, 180, 0])) },
    { failed: false, counted: together(counted('merge', [150, 160, 0]), counted('close', null)) },
    { failed: false, counted: together(counted('merge', [150, 160, 0]), counted('close', null)) },
  ];
  const suspects = rank(runs, PLACES);
  expect(suspects.map((one) => [one.function, one.line, one.score])).toEqual([
    ['merge', 150, 1],
    ['close', 170, 1],
  ]);
});

it('suspects nothing where nothing passed', () => {
  expect(rank([{ failed: true, counted: counted('f', null) }], PLACES)).toEqual([]);
});

it('finds lines through a source map, and counts lines without one', () => {
  const map = { version: 3, sources: ['made-up.ts'], names: [], mappings: ';AAGA' };
  const data = Buffer.from(JSON.stringify(map)).toString('base64');
  const text = `first\nsecond\n//# sourceMappingURL=data:application/json;base64,${data}\n`;
  expect(new Lines(() => text).placeOf(URL, 6)).toEqual({ file: 'src/made-up.ts', line: 4 });
  expect(new Lines(() => 'first\nsecond\n').placeOf(URL, 6)).toEqual({ file: 'src/made-up.js', line: 2 });
});

it('has no suspects of a case that does not fail', async () => {
  const sequence: Sequence = { header: { format: FORMAT, domain: 'tree' }, operations: [{ op: 'erase', index: 1 }] };
  expect(await findSuspects(sequence, 'content erase')).toEqual([]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allDomains } from '../domains';
import { mm } from '../domains/mm';
import { tree } from '../domains/tree';
import { indexText, parseAnyIndex, parseIndex } from '../format/spelling';
import { MAX_INDEX, type Operation } from '../format/types';
import { parseAnswer } from './answers';
import { findSequenceFiles, readSequences } from './files';
import { parseHeader } from './header';
import { parseOperation, parseSequences, SequenceError } from './parse';
import { canonical, printOperation, printSequence } from './print';

const TREE = '{"format":"maple-fuzz/1","domain":"tree"}';
const MM = '{"format":"maple-fuzz/1","domain":"mm","pages":8}';

function complaintOf(line: string, header = TREE): string {
  try {
    parseSequences(`${header}\n${line}\n`);
  } catch (error) {
    expect(error).toBeInstanceOf(SequenceError);
    return (error as Error).message;
  }
  return 'fine';
}

describe('spelling of an index', () => {
  it.each([
    [0, 0],
    [2 ** 52 - 2, 2 ** 52 - 2],
    ['max', MAX_INDEX],
    ['max-1', MAX_INDEX - 1],
    ['max-4294967294', MAX_INDEX - (2 ** 32 - 2)],
  ])('reads %p', (raw, index) => {
    expect(parseIndex(raw)).toBe(index);
    expect(JSON.parse(indexText(index))).toEqual(raw);
  });

  it.each([-1, 1.5, 2 ** 52 - 1, true, null, '5', 'Max', 'max-0', 'max-01', 'max-4294967295', 'max-', [1]])(
    'refuses %p',
    (raw) => {
      expect(parseIndex(raw)).toBeNaN();
    },
  );

  it('reads any N in an answer', () => {
    expect(parseAnyIndex('max-4294967296')).toBe(MAX_INDEX - 2 ** 32);
    expect(parseAnyIndex(JSON.parse(indexText(2 ** 52 - 1)))).toBe(2 ** 52 - 1);
  });
});

describe('a damaged file', () => {
  it.each([
    [
      '{"op":"store_range","first":-1,"last":2,"value":1}',
      'line 2: store_range: field first is -1; an index (0 to 2^52-2',
    ],
    [
      '{"op":"store_range","first":1,"last":2}',
      'line 2: store_range: field value is missing; a value (1 to 2^30-1) or null',
    ],
    ['{"op":"insert_range","first":1,"last":2,"value":null}', 'line 2: insert_range: field value is null; a value'],
    ['{"op":"store_range","first":1,"last":2,"value":1073741824}', 'field value is 1073741824'],
    ['{"op":"mas_set","r":4,"index":1}', 'line 2: mas_set: field r is 4; a state (0 to 3) expected'],
    ['{"op":"mas_set","r":null,"index":1}', 'field r is null'],
    ['{"op":"nosuch"}', 'line 2: field op is "nosuch"; an operation of the domain tree expected'],
    ['{"op":7}', 'field op is 7'],
    ['{"index":1}', 'field op is missing'],
    ['[]', 'line 2: not a JSON object'],
    ['null', 'line 2: not a JSON object'],
    ['{"op":"load","index":1', 'line 2: not JSON: '],
    ['{"op":"load","index":1,"fail":1}', 'field fail is only for operations that write'],
    ['{"op":"erase","index":1,"fail":0}', 'field fail is 0; an integer from 1 expected'],
    ['{"op":"bulk","entries":[[5,6,1],[6,7,2]]}', 'field entries is [[5,6,1],[6,7,2]]; a list of [first, last, value]'],
    ['{"format":"maple-fuzz/2","domain":"tree"}', 'line 2: header: field format is "maple-fuzz/2"'],
    ['{"format":"maple-fuzz/1","domain":"forest"}', 'header: field domain is "forest"; "tree" or "mm" expected'],
    ['{"format":"maple-fuzz/1","domain":"tree","ranges":1}', 'header: field ranges is 1; true or false expected'],
  ])('%s', (line, text) => {
    expect(complaintOf(line)).toContain(text);
  });

  it.each([
    [
      '{"op":"mmap","addr":0,"len":4096,"prot":"rwz","flags":["private"],"file":null}',
      'field prot is "rwz"; a text like "rw-"',
    ],
    [
      '{"op":"mmap","addr":0,"len":4096,"prot":"rw-","flags":"private","file":null}',
      'field flags is "private"; a list of',
    ],
    ['{"op":"mmap","addr":0,"len":4096,"prot":"rw-","flags":[],"file":null}', 'with exactly one of private, shared'],
    [
      '{"op":"mmap","addr":0,"len":4096,"prot":"rw-","flags":["private"],"file":"z"}',
      'field file is "z"; one of a, b, c, dev',
    ],
    ['{"op":"mmap","addr":0,"len":1.5,"prot":"rw-","flags":["private"],"file":null}', 'field len is 1.5'],
    ['{"op":"madvise","addr":0,"len":4096}', 'madvise: field advice is missing'],
    ['{"format":"maple-fuzz/1","domain":"mm","pages":0}', 'field pages is 0; an integer from 1'],
    ['{"format":"maple-fuzz/1","domain":"mm","pages":8,"brk":8}', 'field brk is 8; an integer from 0 to 7'],
  ])('%s', (line, text) => {
    expect(complaintOf(line, MM)).toContain(text);
  });

  it('names the right line behind comments and blank lines, and asks for a header first', () => {
    expect(() => parseSequences(`# a note\n\n${TREE}\n\n# more\n{"op":"erase"}\n`)).toThrow(
      'line 6: erase: field index',
    );
    expect(() => parseSequences('{"op":"dump"}\n')).toThrow('line 1: a header expected first');
    expect(() => parseSequences('# nothing\n\n')).toThrow('no sequence');
  });
});

describe('the parser', () => {
  it('fills in defaults and reads several sequences of one stream', () => {
    const text = `${TREE}\n{"op":"mas_walk"}\n${MM}\n{"op":"mlock","addr":0,"len":4096}\n${TREE}\n`;
    const sequences = parseSequences(text);
    expect(sequences.map((sequence) => sequence.operations.length)).toEqual([1, 1, 0]);
    expect(sequences[0].operations[0]).toEqual({ op: 'mas_walk', r: 0 });
    expect(sequences[1].operations[0]).toEqual({ op: 'mlock', addr: 0, len: 4096, onfault: false });
    expect(sequences[0].header).toMatchObject({ domain: 'tree', ranges: false });
  });

  it('reads every header field, and windows wider than a live kernel likes', () => {
    const mm = {
      format: 'maple-fuzz/1',
      domain: 'mm',
      pages: 5000,
      brk: 4,
      max_map_count: 9,
      memlock: 3,
      counters: true,
    };
    expect(parseHeader({ ...mm, kernel: '6.12', slots: [4, 5], note: 'x' })).toEqual({
      ...mm,
      kernel: '6.12',
      slots: [4, 5],
      note: 'x',
    });
    expect(parseHeader({ format: 'maple-fuzz/1', domain: 'mm' })).toMatchObject({ pages: 256 });
  });
});

/** One valid value of each kind of field, as it stands in JSON. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  index: 'max-3',
  size: 7,
  value: 5,
  'value-or-null': null,
  state: 2,
  entries: [
    [0, 1, 1],
    ['max-1', 'max', 2],
  ],
  address: 4096,
  length: 8192,
  offset: 4096,
  'page-offset': 3,
  prot: 'r-x',
  'mmap-flags': ['shared', 'fixed'],
  'mremap-flags': ['maymove', 'fixed'],
  'mlockall-flags': ['future'],
  advice: 'dontfork',
  file: 'a',
  boolean: true,
  policy: 2,
  'uffd-context': 1,
  name: 'heap "1"',
  count: 1,
};

describe('what is printed can be read', () => {
  it.each(allDomains().flatMap(({ name, operations }) => operations.map((spec) => [name, spec.op, spec] as const)))(
    '%s %s',
    (domain, _op, spec) => {
      const raw: Record<string, unknown> = { op: spec.op };
      for (const field of spec.fields) raw[field.name] = SAMPLES[field.kind];
      if (spec.writes) raw.fail = 2;
      const operation = parseOperation(raw, domain);
      expect(typeof operation).toBe('object');
      const text = printOperation(operation as Operation, domain);
      expect(JSON.parse(text)).toEqual(raw);
      expect(parseOperation(JSON.parse(text), domain)).toEqual(operation);
    },
  );

  it('leaves defaults out, and refuses an index that no sequence can spell', () => {
    expect(printOperation({ op: 'mas_set', r: 0, index: 5 }, 'tree')).toBe('{"op":"mas_set","index":5}');
    expect(() => printOperation({ op: 'load', index: 2 ** 52 - 1 }, 'tree')).toThrow(RangeError);
  });

  it('has one canonical form for what means the same', () => {
    const lengths = '"addr":0,"old_len":1,"new_len":1';
    const noted = MM.replace('}', ',"note":"x"}');
    const one = `${noted}\n{"op":"mremap",${lengths},"flags":["fixed","maymove"],"new_addr":4096}\n`;
    const two = `${MM}\n{"op":"mremap","new_addr":4096,${lengths},"flags":["maymove","fixed","fixed"]}\n`;
    const text = (source: string) => printSequence(canonical(parseSequences(source)[0]));
    expect(text(one)).toBe(text(two));
    const idle = `${MM}\n{"op":"mremap","addr":0,"old_len":1,"new_len":1,"flags":[],"new_addr":4096}\n`;
    expect(text(idle)).not.toContain('new_addr');
    expect(text(text(one))).toBe(text(one));
  });
});

describe('answers', () => {
  const spec = (op: string) => tree.spec(op)!;

  it('become numbers where they are indexes', () => {
    expect(parseAnswer({ ret: 'max-1' }, spec('alloc_range'))).toEqual({ ret: MAX_INDEX - 1 });
    expect(parseAnswer({ ret: 'EBUSY' }, spec('alloc_range'))).toEqual({ ret: 'EBUSY' });
    expect(parseAnswer({ ret: [3, 'max'] }, spec('find'))).toEqual({ ret: [3, MAX_INDEX] });
    expect(parseAnswer({ ret: null, mas: [1, 'max', 'none'] }, spec('mas_walk'))).toEqual({
      ret: null,
      mas: [1, MAX_INDEX, 'none'],
    });
    expect(parseAnswer({ ret: { entries: [[0, 'max', 3]] } }, spec('dump'))).toEqual({
      ret: { entries: [[0, MAX_INDEX, 3]] },
    });
  });

  it('are told apart from what is none', () => {
    expect(parseAnswer([], spec('load'))).toBe('not a JSON object');
    expect(parseAnswer({}, spec('load'))).toBe('"ret" is missing');
    expect(parseAnswer({ ret: null }, spec('mas_walk'))).toContain('"mas" is missing');
    expect(parseAnswer({ ret: 0 }, spec('dump'))).toContain('entries');
    expect(parseAnswer({ unsupported: true }, spec('load'))).toEqual({ unsupported: true });
  });

  it.each([
    ['store_range', { x: 1 }],
    ['load', [1]],
    ['load', true],
    ['load', { entries: [] }],
    ['alloc_range', null],
    ['alloc_range', -1],
    ['find', 0],
    ['find', [1]],
    ['find', [1, 'somewhere']],
    ['alloc_cyclic', [1, 2]],
    ['dump', { entries: [[1, 2], [3]] }],
    ['dump', { entries: [[1, 2, 'three']] }],
    ['dump', { entries: [null] }],
    ['dump', [1]],
  ])('%s does not return %j', (op, ret) => {
    expect(parseAnswer({ ret }, spec(op))).toMatch(/^"(ret|entries)" /);
  });

  it('may be wrong and of the right kind: errno names, and indexes that only 64 bits have', () => {
    const far = `max-${2n ** 63n}`;
    for (const op of ['store_range', 'find', 'alloc_cyclic']) {
      expect(parseAnswer({ ret: 'EIO' }, spec(op))).toEqual({ ret: 'EIO' });
    }
    expect(parseAnswer({ ret: [null, far] }, spec('find'))).toEqual({ ret: [null, far] });
    const dump = { ret: { entries: [[0, far, 3]] } };
    expect(parseAnswer(dump, spec('dump'))).toEqual(dump);
  });

  it('of a window are checked as well', () => {
    const dump = mm.spec('dump')!;
    const vma = { start: 0, end: 4096, flags: 'rd', file: null, pgoff: 0 };
    expect(parseAnswer({ vmas: [vma], brk: null }, dump)).toEqual({ vmas: [vma], brk: null });
    expect(parseAnswer({ vmas: [vma, { ...vma, end: null }], brk: null }, dump)).toContain('"vmas" has');
    expect(parseAnswer({ vmas: [null], brk: null }, dump)).toContain('"vmas" has null at 0');
    expect(parseAnswer({ vmas: [] }, dump)).toContain('"brk"');
    expect(parseAnswer({ ret: { vmas: [] } }, mm.spec('touch')!)).toContain('"ret" is');
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-sequences-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are found in a folder without the answers beside them, and a complaint names the file', () => {
    writeFileSync(join(folder, 'a.ndjson'), `${TREE}\n{"op":"dump"}\n`);
    writeFileSync(join(folder, 'a.out.ndjson'), '{}\n');
    writeFileSync(join(folder, 'b.ndjson'), `${TREE}\n{"op":"load"}\n`);
    writeFileSync(join(folder, 'notes.txt'), '');
    const files = findSequenceFiles([folder]);
    expect(files).toEqual([join(folder, 'a.ndjson'), join(folder, 'b.ndjson')]);
    expect(readSequences(files[0])).toHaveLength(1);
    const archive = join(folder, 'c.ndjson.gz');
    writeFileSync(archive, 'not compressed');
    expect(() => readSequences(archive)).toThrow(`${archive}: cannot be decompressed`);
    expect(() => readSequences(files[1])).toThrow(`${files[1]}: line 2: load: field index is missing`);
  });
});

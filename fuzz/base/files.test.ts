import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Journal } from '../campaign/journal';
import { readSlot, Slot } from '../campaign/slot';
import { Observer } from '../coverage/observer';
import { FORMAT } from '../format/types';
import { LineFile, makeFolder, moveFolder, readLines, writeWhole } from './files';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-files-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('files that survive kill -9', () => {
  it('leaves the old file when the new one cannot be written', () => {
    const file = path.join(folder, 'a.json');
    writeWhole(file, 'old');
    fs.mkdirSync(`${file}.${process.pid}.tmp`);
    expect(() => writeWhole(file, 'new')).toThrow();
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
  });

  it('leaves out a torn last line, and the next append ends it', () => {
    const file = path.join(folder, 'j.ndjson');
    fs.writeFileSync(file, '{"a":1}\n{"a":2}\n{"a":');
    expect(readLines(file)).toEqual([{ a: 1 }, { a: 2 }]);
    const lines = new LineFile(file);
    lines.append({ a: 3 });
    lines.close();
    expect(readLines(file)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it('cuts nothing off that another process is appending', () => {
    const file = path.join(folder, 'j.ndjson');
    fs.writeFileSync(file, '{"a":1}\n{"a":');
    // Somebody is in the middle of a line while others open the file and append to it.
    const lines = new LineFile(file);
    expect(fs.readFileSync(file, 'utf8')).toBe('{"a":1}\n{"a":');
    const size = jest.spyOn(fs, 'fstatSync').mockReturnValue(fs.statSync(file));
    fs.appendFileSync(file, '2}\n');
    lines.append({ a: 3 });
    size.mockRestore();
    lines.close();
    expect(readLines(file)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it('cuts nothing off when the disk fills up in the middle of a line', () => {
    const file = path.join(folder, 'j.ndjson');
    const [lines, others] = [new LineFile(file), new LineFile(file)];
    others.append({ a: 1 });
    const write = fs.writeSync;
    const short = jest.spyOn(fs, 'writeSync').mockImplementationOnce(((fd: number, bytes: Buffer) => {
      const done = write(fd, bytes, 0, 3);
      others.append({ a: 2 });
      return done;
    }) as typeof fs.writeSync);
    expect(() => lines.append({ a: 'lost' })).toThrow(/disk full/);
    short.mockRestore();
    lines.append({ a: 3 });
    lines.close();
    others.close();
    expect(readLines(file)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it('reads a journal on, without torn lines and not before a line has its end', () => {
    const file = path.join(folder, 'j.ndjson');
    const journal = new Journal(file);
    const fact = { started: 'ä' };
    fs.appendFileSync(file, '{"started":"tor');
    expect(journal.readOn()).toEqual([]);
    journal.write(fact);
    const bytes = Buffer.from(`${JSON.stringify(fact)}\n`);
    const middle = bytes.indexOf('ä') + 1;
    fs.appendFileSync(file, bytes.subarray(0, middle));
    expect(journal.readOn()).toEqual([fact]);
    fs.appendFileSync(file, bytes.subarray(middle));
    expect(journal.readOn()).toEqual([fact]);
    expect(journal.readOn()).toEqual([]);
    journal.close();
  });

  it('names a damaged line in the middle', () => {
    const file = path.join(folder, 'j.ndjson');
    fs.writeFileSync(file, '{"a":1}\nnonsense\n{"a":3}\n');
    expect(() => readLines(file)).toThrow(/line 2 is damaged: nonsense/);
  });

  it('makes a folder with those above it, and gives up where that cannot be', () => {
    makeFolder(path.join(folder, 'a', 'b', 'c'));
    makeFolder(path.join(folder, 'a', 'b', 'c'));
    expect(fs.statSync(path.join(folder, 'a', 'b', 'c')).isDirectory()).toBe(true);
    fs.writeFileSync(path.join(folder, 'file'), '');
    expect(() => makeFolder(path.join(folder, 'file', 'x'))).toThrow(/file/);
    expect(() => makeFolder(path.join(folder, 'file'))).toThrow(/is not a folder/);
    if (process.platform === 'linux') expect(() => makeFolder('/proc/nowhere/x')).toThrow(/nowhere/);
  });

  it('moves a folder once', () => {
    fs.mkdirSync(path.join(folder, 'x'));
    fs.mkdirSync(path.join(folder, 'y'));
    expect(moveFolder(path.join(folder, 'x'), path.join(folder, 'to', 'z'))).toBe(true);
    expect(moveFolder(path.join(folder, 'y'), path.join(folder, 'to', 'z'))).toBe(false);
  });

  it('flushes a finished folder, and then that it was moved', () => {
    const [from, to] = [path.join(folder, 'x'), path.join(folder, 'to', 'z')];
    fs.mkdirSync(from);
    const open = jest.spyOn(fs, 'openSync');
    const sync = jest.spyOn(fs, 'fsyncSync');
    moveFolder(from, to);
    expect(open.mock.calls.map(([name]) => name)).toEqual([from, path.join(folder, 'to')]);
    expect(sync.mock.calls.map(([fd]) => fd)).toEqual(open.mock.results.map(({ value }) => value));
    jest.restoreAllMocks();
  });

  it('keeps the place of a worker, and refuses a slot that was never written whole', () => {
    const file = path.join(folder, '0.slot');
    expect(readSlot(file)).toBeNull();
    const slot = new Slot(file);
    slot.write({ from: 128, to: 192, next: 130, steps: 12345 });
    slot.write({ from: 128, to: 192, next: 131, steps: 9 });
    slot.close();
    expect(readSlot(file)).toEqual({ from: 128, to: 192, next: 131, steps: 9 });
    fs.writeFileSync(file, '128 19');
    expect(readSlot(file)).toBeNull();
  });

  it('says of a slot and of a careful log, too, that the disk is full', () => {
    const slot = new Slot(path.join(folder, '0.slot'));
    const log = new LineFile(path.join(folder, '0.careful.ndjson'));
    const observer = new Observer();
    observer.log = log;
    const noRoom = jest.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    });
    expect(() => slot.write({ from: 0, to: 32, next: 1, steps: 0 })).toThrow(/disk full: cannot write .*0\.slot/);
    const header = { format: FORMAT, domain: 'tree', ranges: false } as const;
    expect(() => observer.begin(header)).toThrow(/disk full: cannot write .*0\.careful/);
    noRoom.mockRestore();
    slot.close();
    log.close();
  });
});

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CouldNotRun } from '../base/errors';
import { identityOf } from '../base/process-usage';
import { lock } from './lock';

let folder = '';
let file = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-lock-'));
  file = path.join(folder, 'lock');
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

const content = () => fs.readFileSync(file, 'utf8');
const deadPid = () => String(spawnSync(process.execPath, ['--version']).pid);

describe('the lock of a campaign', () => {
  it('is there until it is given back', () => {
    const unlock = lock(file);
    expect(content()).toMatch(new RegExp(`^${process.pid}\\b`));
    unlock();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('is refused while its process lives, with the file to remove if that is another by now', () => {
    fs.writeFileSync(file, String(process.ppid));
    expect(() => lock(file)).toThrow(new RegExp(`in use by process ${process.ppid};.* remove ${file}$`));
    expect(() => lock(file)).toThrow(CouldNotRun);
    expect(content()).toBe(String(process.ppid));
  });

  it('goes to one of two that start at the same moment', () => {
    const exists = jest.spyOn(fs, 'existsSync').mockReturnValue(false);
    fs.writeFileSync(file, String(process.ppid));
    expect(() => lock(file)).toThrow(/in use/);
    exists.mockRestore();
    expect(content()).toBe(String(process.ppid));
  });

  it('is refused while somebody is writing his number into it', () => {
    fs.writeFileSync(file, '');
    expect(() => lock(file)).toThrow(/in use by another process/);
  });

  it('is taken over from a dead process', () => {
    fs.writeFileSync(file, deadPid());
    lock(file);
    expect(content()).toMatch(new RegExp(`^${process.pid}\\b`));
    expect(fs.readdirSync(folder)).toEqual(['lock']);
  });

  it('is taken over from a killed process that nobody has reaped', async () => {
    // The shell starts a sleep and becomes another program, which never asks for the end of its child.
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const child = Number(
        await new Promise<string>((resolve) => shell.stdout.once('data', (text) => resolve(`${text}`))),
      );
      fs.writeFileSync(file, String(child));
      expect(() => lock(file)).toThrow(/in use by process/);
      process.kill(child, 'SIGKILL');
      while (!fs.readFileSync(`/proc/${child}/stat`, 'utf8').includes(') Z ')) await sleep(10);
      lock(file);
      expect(content()).toMatch(new RegExp(`^${process.pid} `));
    } finally {
      shell.kill('SIGKILL');
    }
  });

  it('is taken over where another program has the number by now, or the machine was started again', () => {
    const present = identityOf(process.ppid)!;
    fs.writeFileSync(file, `${process.ppid} ${present.start}`);
    expect(() => lock(file)).toThrow(/in use by process/);
    for (const start of [`1 ${present.start.split(' ')[1]}`, `${present.start.split(' ')[0]} another-boot`]) {
      fs.writeFileSync(file, `${process.ppid} ${start}`);
      lock(file);
      expect(content()).toMatch(new RegExp(`^${process.pid} `));
    }
  });

  it('is taken over although one that took it over was killed meanwhile', () => {
    fs.writeFileSync(file, deadPid());
    fs.writeFileSync(`${file}.takeover`, deadPid());
    lock(file);
    expect(fs.readdirSync(folder)).toEqual(['lock']);
  });

  it('is not taken from who took it over a moment before', () => {
    const dead = deadPid();
    fs.writeFileSync(file, dead);
    const read = fs.readFileSync;
    jest.spyOn(fs, 'readFileSync').mockImplementationOnce((...args: unknown[]) => {
      const text = Reflect.apply(read, fs, args) as string;
      fs.writeFileSync(file, String(process.ppid));
      return text;
    });
    expect(() => lock(file)).toThrow(/in use by process/);
    expect(content()).toBe(String(process.ppid));
  });

  it('is not taken over by two at a time', () => {
    fs.writeFileSync(file, deadPid());
    fs.writeFileSync(`${file}.takeover`, String(process.ppid));
    expect(() => lock(file)).toThrow(/lock\.takeover$/);
  });
});

/**
 * `--watch`: runs a command again at each save of a source, in a new process, for this one has loaded what was there
 * before.
 *
 *     save --> (50 ms for further saves) --> the run under way is ended --> a new one
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { splitCommand, splitList } from '../base/shell-words';

/** An editor may write several files, and a file in several steps. */
const SETTLE_MS = 50;

/** The sources of src and oracle lie beside those of fuzz, in a checkout as in a package. */
const ROOT = path.join(__dirname, '..', '..');

/** What to look at for a list of targets: folders of sources, and files of a command. */
export function watchedPlaces(target: string): string[] {
  const places = splitList(target).flatMap((name) => {
    if (name === 'src' || name === 'oracle') return [path.join(ROOT, name)];
    return splitCommand(name).filter((word) => fs.statSync(word, { throwIfNoEntry: false })?.isFile());
  });
  return [...new Set(places.map((place) => path.resolve(place)))];
}

/** Calls when something in the places was saved. A file that is replaced by another of its name counts too. */
function onSave(places: readonly string[], saved: (file: string) => void): () => void {
  const watchers = places.map((place) => {
    if (fs.statSync(place).isDirectory())
      return fs.watch(place, { recursive: true }, (_event, name) => saved(path.join(place, name ?? '')));
    return fs.watch(path.dirname(place), (_event, name) => {
      if (name === path.basename(place)) saved(place);
    });
  });
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

/** This command again, but for `--watch`. */
function startAgain(): ChildProcess {
  const args = process.argv.slice(2).filter((arg) => arg !== '--watch');
  return spawn(process.execPath, [...process.execArgv, process.argv[1], ...args], { stdio: 'inherit' });
}

/** Runs until Ctrl-C; the exit code of the last run that came to its end. */
export function runAtEachSave(places: readonly string[], say: (line: string) => void): Promise<number> {
  let code = 0;
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    child?.kill();
    const present = startAgain();
    const started = Date.now();
    child = present;
    present.once('exit', (status) => {
      if (child !== present || status === null) return;
      code = status;
      say(`(${((Date.now() - started) / 1000).toFixed(1)} s; waiting for a save, Ctrl-C ends it)`);
    });
  };
  return new Promise((resolve) => {
    const close = onSave(places, (file) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        say(`\nsaved ${path.relative('.', file)}`);
        run();
      }, SETTLE_MS);
    });
    process.once('SIGINT', () => {
      clearTimeout(timer);
      close();
      child?.kill();
      resolve(code);
    });
    run();
  });
}

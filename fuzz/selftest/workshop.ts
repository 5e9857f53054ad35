/**
 * A temporary copy of the program in which bugs are planted: compiled once, then one mutant at a time.
 *
 *     base/           everything compiled, once
 *     NAME/           hard links to base, but for the files that the mutant changes
 *
 * Nothing of a mutant ever touches the sources themselves.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { type Mutant, MutantError, mutatedSources } from './mutant';

const FOLDERS = ['src', 'oracle', 'fuzz'];

/** The checkout's own: TypeScript to CommonJS, types not checked (the test of the mutants checks theirs). */
interface Compiler {
  compile(source: string, file: string, once?: boolean): string;
}

export class Workshop {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-selftest-'));
  private readonly files: string[] = [];
  /** The sources as they were when the workshop opened: somebody may be at work on them. */
  private readonly sources = new Map<string, string>();
  private readonly compiler: Compiler;

  /** @param root the checkout */
  constructor(readonly root: string) {
    if (!fs.existsSync(path.join(root, 'src', 'debug.ts'))) {
      throw new MutantError('selftest plants bugs in the sources: it needs a checkout, not an installed package');
    }
    this.compiler = createRequire(path.join(root, 'package.json'))('./scripts/compile.cjs') as Compiler;
    for (const folder of FOLDERS) this.compileFolder(folder);
    fs.copyFileSync(path.join(root, 'package.json'), path.join(this.folder, 'base', 'package.json'));
    this.files.push('package.json');
  }

  private compileFolder(folder: string): void {
    for (const entry of fs.readdirSync(path.join(this.root, folder), { withFileTypes: true })) {
      const inside = path.join(folder, entry.name);
      if (entry.isDirectory()) this.compileFolder(inside);
      else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts')) {
        const source = fs.readFileSync(path.join(this.root, inside), 'utf8');
        this.sources.set(inside, source);
        const target = inside.replace(/\.ts$/, '.js');
        this.write('base', target, this.compiler.compile(source, path.join(this.root, inside)));
        this.files.push(target);
      }
    }
  }

  private write(where: string, file: string, text: string): void {
    const full = path.join(this.folder, where, file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, text);
  }

  /** A copy of the program with the mutant planted (null: none). Returns its folder. */
  plant(mutant: Mutant | null): string {
    const name = mutant?.name ?? 'unchanged';
    const changed = mutant === null ? new Map<string, string>() : this.mutate(mutant);
    for (const file of this.files) {
      const text = changed.get(file);
      if (text !== undefined) this.write(name, file, text);
      else this.link(name, file);
    }
    fs.symlinkSync(path.join(this.root, 'node_modules'), path.join(this.folder, name, 'node_modules'));
    return path.join(this.folder, name);
  }

  /** What a mutant changes, compiled. @throws MutantError if it does not fit or compile */
  mutate(mutant: Mutant): Map<string, string> {
    const compiled = new Map<string, string>();
    for (const [file, source] of mutatedSources(mutant, (name) => this.sources.get(name) ?? null)) {
      compiled.set(file.replace(/\.ts$/, '.js'), this.compileMutated(mutant, file, source));
    }
    return compiled;
  }

  private compileMutated(mutant: Mutant, file: string, source: string): string {
    try {
      return this.compiler.compile(source, path.join(this.root, file), true);
    } catch (error) {
      throw new MutantError(`${mutant.file}: ${file}: does not compile: ${(error as Error).message}`);
    }
  }

  private link(where: string, file: string): void {
    const full = path.join(this.folder, where, file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.linkSync(path.join(this.folder, 'base', file), full);
  }

  /** Removes the copy of one mutant. */
  clear(folder: string): void {
    fs.rmSync(folder, { recursive: true, force: true });
  }

  close(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

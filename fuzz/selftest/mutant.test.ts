import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mutatedSources, parseMutant, sourcesOf } from './mutant';

const TEXT = `name: off-by-one
retells: some-bug, 0123456789ab
expect: found
noticed by: answer
mechanism: The end is taken for exclusive
  in one place.

--- a/src/maple-tree/x.ts
+++ b/src/maple-tree/x.ts
@@ -1,3 +1,3 @@
 function f(a: number): number {
-  return a + 1;
+  return a;
 }
`;

describe('a planted bug', () => {
  it('is a head and a patch', () => {
    const mutant = parseMutant(TEXT, 'fuzz/mutants/off-by-one.patch');
    expect(mutant).toMatchObject({
      name: 'off-by-one',
      retells: 'some-bug, 0123456789ab',
      expect: 'found',
      known: null,
      kernelTest: null,
      mechanism: 'The end is taken for exclusive in one place.',
      domain: 'tree',
    });
  });

  it('is applied to the present sources, wherever the lines are now, or is an error', () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-mutant-'));
    const file = path.join(root, 'src', 'maple-tree', 'x.ts');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const mutant = parseMutant(TEXT, 'off-by-one.patch');
    expect(() => mutatedSources(mutant, sourcesOf(root))).toThrow(/no longer applies/);
    fs.writeFileSync(file, '// moved\n\n\nfunction f(a: number): number {\n  return a + 1;\n}\n');
    expect(mutatedSources(mutant, sourcesOf(root)).get('src/maple-tree/x.ts')).toContain('return a;');
    fs.writeFileSync(file, 'function f(a: number): number {\n  return a + 2;\n}\n');
    expect(() => mutatedSources(mutant, sourcesOf(root))).toThrow(
      /off-by-one.patch: no longer applies to src\/maple-tree\/x.ts/,
    );
    fs.rmSync(root, { recursive: true });
  });

  it.each([
    ['no head field', TEXT.replace('expect: found\n', ''), /no "expect"/],
    ['an unknown line', `what: ever\n${TEXT}`, /not a line of a head: what: ever/],
    ['an unknown expectation', TEXT.replace('found', 'hoped'), /expect is "hoped"/],
    ['no patch', TEXT.slice(0, TEXT.indexOf('---')), /no patch/],
    ['another name', TEXT.replace('name: off-by-one', 'name: other'), /its name is "other"/],
    ['a file that is not under src', TEXT.replaceAll('src/maple-tree', 'oracle'), /not a file under src/],
  ])('is refused with %s', (_what, text, message) => {
    expect(() => parseMutant(text, 'off-by-one.patch')).toThrow(message);
  });
});

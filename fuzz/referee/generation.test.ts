import { tree } from '../domains/tree';
import { operationNames } from '../format/domain';
import { generationFor } from './generation';
import type { Judging } from './judging';

/** Judges that know only these operations of the domain tree. */
function judges(known: Record<string, readonly string[]>): Judging {
  const lackingBy = new Map(
    Object.entries(known).map(([name, ops]) => [name, operationNames(tree).filter((op) => !ops.includes(op))]),
  );
  const lacking = () => [...lackingBy.values()].flat();
  return { outside: true, lacking, lackingBy: () => lackingBy } as unknown as Judging;
}

describe('what targets outside leave to generate', () => {
  it('is what all of them have', () => {
    const options = generationFor(judges({ a: ['load', 'store_range'], b: ['load', 'dump'] }), ['tree'], {});
    expect(options.strict).toBe(true);
    expect(options.without).toContain('store_range');
    expect(options.without).not.toContain('load');
  });

  it.each([
    [{ src: operationNames(tree), a: [] }, {}, /^cannot use the target a: .*name no operation of the domain tree$/],
    [{ src: operationNames(tree), a: ['dump'] }, {}, /^cannot use the target a: /],
    [{ a: ['load'] }, { only: ['erase'] }, /^cannot use the target a: .* that --only and --without leave$/],
    [{ a: ['load'], b: ['erase'] }, {}, /^cannot use these targets: .*in common$/],
    [{ a: operationNames(tree) }, { only: ['bulk'] }, /extensions, and nothing else is left/],
  ])('is nothing with %j and %j: one line, which names who', (known, asked, message) => {
    expect(() => generationFor(judges(known), ['tree'], asked)).toThrow(message);
  });
});

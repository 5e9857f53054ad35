import { scene } from './testing/scene';

describe('mseal', () => {
  it('seal, seal-args: all or nothing over holes; twice is fine', () => {
    const s = scene();
    s.map(0, 2, 'r--');
    s.map(3, 1, 'r--');
    expect(s.seal(1, 3)).toBe('ENOMEM');
    expect(s.seal(2, 1)).toBe('ENOMEM');
    expect(s.show()).toEqual(['0-2 rd', '3-4 rd']);
    expect(s.mm.mseal(1, 4096)).toBe('EINVAL');
    expect(s.mm.mseal(8192, 0)).toBe(0);
    expect(s.seal(1, 1)).toBe(0);
    expect(s.seal(1, 1)).toBe(0);
    expect(s.show()).toEqual(['0-1 rd', '1-2 rd sl', '3-4 rd']);
  });

  it('seal-join: sealed neighbours merge', () => {
    const s = scene();
    s.map(0, 4, 'r--');
    s.seal(1, 1);
    s.seal(2, 1);
    expect(s.show()).toEqual(['0-1 rd', '1-3 rd sl', '3-4 rd']);
    s.seal(0, 4);
    expect(s.show()).toEqual(['0-4 rd sl']);
  });

  it('runs into the limit of mappings with what came before sealed', () => {
    const s = scene({ maxMapCount: 2 });
    s.map(0, 2, 'r--');
    s.map(2, 2, '---');
    expect(s.seal(0, 3)).toBe('ENOMEM');
    expect(s.show()).toEqual(['0-2 rd sl', '2-4']);
  });
});

import { SortedVmas } from './sorted';
import { Vma } from './vma';

const vma = (start: number): Vma => new Vma(start, start + 1, 0, null, 0);

describe('the array that is cheap to insert into', () => {
  it('does what an array does', () => {
    const list = new SortedVmas();
    const model: Vma[] = [];
    let random = 1;
    for (let step = 0; step < 3000; step++) {
      random = (random * 48271) % 2147483647;
      const place = random % (model.length + 1);
      // More is put in than taken out, so that it has to grow, in runs of up to three.
      if (random % 5 < 4) {
        const added = vma(step);
        list.insert(place, added);
        model.splice(place, 0, added);
      } else {
        const n = Math.min(1 + (random % 3), model.length - place);
        list.remove(place, n);
        model.splice(place, n);
      }
    }
    expect(list.length).toBe(model.length);
    expect(model.length).toBeGreaterThan(200);
    expect([...list]).toEqual(model);
    model.forEach((expected, i) => {
      expect(list.at(i)).toBe(expected);
    });
  });

  it('has nothing below its first and above its last', () => {
    const list = new SortedVmas();
    list.insert(0, vma(1));
    list.insert(1, vma(2));
    list.remove(1, 1);
    expect(list.at(-1)).toBeUndefined();
    expect(list.at(1)).toBeUndefined();
  });

  it('is filled anew, whatever it held', () => {
    const list = new SortedVmas();
    for (let i = 0; i < 100; i++) list.insert(i, vma(i));
    const three = [vma(1), vma(2), vma(3)];
    list.fill(three);
    list.insert(1, vma(9));
    expect(Array.from(list, (v) => v.start)).toEqual([1, 9, 2, 3]);
  });

  it('becomes a copy that shares nothing, whatever it held', () => {
    for (const held of [0, 2, 100]) {
      const list = new SortedVmas();
      for (let i = 0; i < held; i++) list.insert(i, vma(i));
      const other = new SortedVmas();
      for (const start of [5, 7, 9]) other.insert(other.length, vma(start));
      other.remove(1, 1);
      list.copyFrom(other);
      list.insert(1, vma(6));
      list.at(2).start = 8;
      expect(Array.from(list, (v) => v.start)).toEqual([5, 6, 8]);
      expect(Array.from(other, (v) => v.start)).toEqual([5, 9]);
    }
  });
});

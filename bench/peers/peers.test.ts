/**
 * Every peer must do the same thing, or its times mean nothing: random operations against the plainest map there is.
 */
import { Random } from '../prng';
import { peers } from '.';
import type { RangeMap } from './range-map';

const SPACE = 300;

/** One slot an index. */
class Slots {
  readonly slots: { value: number; id: number }[] = Array.from({ length: SPACE + 100 }, () => ({ value: 0, id: 0 }));
  private ids = 0;

  store(first: number, last: number, value: number): void {
    const id = ++this.ids;
    const tail =
      last + 1 < this.slots.length && this.slots[last + 1].id === this.slots[last].id ? this.slots[last].id : 0;
    for (let i = first; i <= last; i++) this.slots[i] = { value, id };
    if (tail !== 0) {
      const cut = ++this.ids; // the rest behind is an entry of its own now
      for (let i = last + 1; i < this.slots.length && this.slots[i].id === tail; i++)
        this.slots[i] = { value: this.slots[i].value, id: cut };
    }
  }

  erase(index: number): boolean {
    const { id, value } = this.slots[index];
    if (value === 0) return false;
    for (let i = 0; i < this.slots.length; i++) if (this.slots[i].id === id) this.slots[i] = { value: 0, id: 0 };
    return true;
  }

  entries(): string[] {
    const found: string[] = [];
    for (let i = 0; i < this.slots.length; ) {
      const { id, value } = this.slots[i];
      let end = i;
      while (end + 1 < this.slots.length && this.slots[end + 1].id === id) end++;
      if (value !== 0) found.push(`${i}-${end}:${value}`);
      i = end + 1;
    }
    return found;
  }

  gap(low: number, high: number, size: number, highest: boolean): number {
    const fits = (start: number) => this.slots.slice(start, start + size).every((slot) => slot.value === 0);
    if (highest) {
      for (let end = high; end - size + 1 >= low; end--) if (fits(end - size + 1)) return end;
    } else for (let start = low; start + size - 1 <= high; start++) if (fits(start)) return start;
    return -1;
  }
}

function entriesOf(map: RangeMap): string[] {
  const found: string[] = [];
  map.each((first, last, value) => found.push(`${first}-${last}:${value}`));
  return found;
}

const total = (slots: Slots) => slots.slots.filter((slot) => slot.value !== 0).length;

describe.each(peers.map((peer) => [peer.name, peer] as const))('%s', (_, peer) => {
  it('agrees with one slot an index', () => {
    const random = new Random(`peers/${peer.name}`);
    const map = peer.create(true);
    const slots = new Slots();
    map.prepare?.(400);
    for (let step = 1; step <= 400; step++) {
      const first = random.below(SPACE);
      const last = first + random.below(20);
      const kind = random.below(8);
      if (kind < 4) {
        map.store(first, last, step);
        slots.store(first, last, step);
      } else if (kind < 5) {
        map.store(first, last, 0);
        slots.store(first, last, 0);
      } else if (kind < 6) expect(map.erase(first)).toBe(slots.erase(first));
      else expect(map.load(first)).toBe(slots.slots[first].value !== 0);
      const size = random.between(1, 8);
      if (!peer.cannot?.['gap-lowest'])
        expect(map.lowestGap(first, first + 60, size)).toBe(slots.gap(first, first + 60, size, false));
      if (!peer.cannot?.['gap-highest'])
        expect(map.highestGap(first, first + 60, size)).toBe(slots.gap(first, first + 60, size, true));
      if (step % 10 === 0) expect(entriesOf(map)).toEqual(slots.entries());
    }
    expect(map.forward()).toBe(total(slots));
    if (!peer.cannot?.backward) expect(map.backward()).toBe(total(slots));
    expect(map.validate()).toBe(true);
    const copy = map.duplicate();
    map.store(0, SPACE, 7);
    expect(entriesOf(copy)).toEqual(slots.entries());
  });

  it('fills from entries in any order as by stores', () => {
    if (!peer.fromEntries) return;
    const map = peer.fromEntries([
      { first: 20, last: 29, value: 1 },
      { first: 0, last: 4, value: 2 },
    ]);
    expect(entriesOf(map)).toEqual(['0-4:2', '20-29:1']);
  });
});

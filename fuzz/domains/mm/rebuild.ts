/**
 * Short sequences in an address space: a mapping, then operations of the kinds that the failing sequence has, in a
 * window of a few pages, at or beside the places of one another.
 *
 *     mmap 0..4      mprotect 1..2 r--      mprotect 1..2 rw-
 */

import type { DomainFormat } from '../../format/domain';
import type { FieldKind } from '../../format/kinds';
import { type FieldValue, type Operation, PAGE, type Sequence } from '../../format/types';
import type { Stream } from '../../generate/stream';
import type { ShortSequences } from '../../minimize/minimizing';
import { fieldKinds } from '../../minimize/simplify';
import type { Trial } from '../../minimize/trial';
import type { MmHeader } from './header';

/** The window, in pages. */
const WINDOW = 8;
/** Longer sequences than this are not made. */
const LONGEST = 5;

const MAPPING: Operation = {
  op: 'mmap',
  addr: 0,
  len: PAGE,
  prot: 'rw-',
  flags: ['private'],
  file: null,
  offset: 0,
};
/** What makes pieces of a mapping differ, or be alike again, whatever the failing sequence used for it. */
const COMMON: readonly Operation[] = [
  MAPPING,
  { op: 'munmap', addr: 0, len: PAGE },
  { op: 'mprotect', addr: 0, len: PAGE, prot: 'r--' },
  { op: 'touch', addr: 0 },
];

export class ShortMmSequences implements ShortSequences {
  /** Operations to choose from, each as often as the failing sequence has it, and the common ones. */
  private readonly kinds: readonly Operation[];
  /** The words that the failing sequence uses, by the kind of their field. */
  private readonly words = new Map<FieldKind, FieldValue[]>();
  /** Ranges of the sequence that is made, in pages. */
  private places: (readonly [first: number, pages: number])[] = [];

  private readonly domain: DomainFormat;
  private readonly header: MmHeader;

  constructor(
    private readonly stream: Stream,
    { domain, header, operations }: Trial,
    private readonly failing: Operation,
  ) {
    this.domain = domain;
    this.header = header as MmHeader;
    this.kinds = [...operations, ...COMMON];
    for (const operation of this.kinds) {
      for (const [name, kind] of fieldKinds(this.domain, operation)) {
        const value = operation[name];
        if (value === undefined) continue;
        const known = this.words.get(kind) ?? [];
        if (!known.some((other) => JSON.stringify(other) === JSON.stringify(value))) known.push(value);
        this.words.set(kind, known);
      }
    }
  }

  make(most: number): Sequence {
    const { stream, failing } = this;
    this.places = [];
    const count = stream.between(2, Math.min(most, LONGEST));
    const operations = [this.redrawn(MAPPING)];
    while (operations.length < count - 1) operations.push(this.redrawn(this.kinds[stream.below(this.kinds.length)]));
    operations.push(this.redrawn(failing));
    return { header: this.window(), operations };
  }

  vary(operations: readonly Operation[]): Operation[] {
    const { stream } = this;
    this.places = operations.map(placeOf);
    const varied = [...operations];
    for (let changes = stream.between(1, 2); changes > 0; changes--) {
      const at = stream.below(varied.length);
      varied[at] = this.changed(varied[at], at === varied.length - 1);
    }
    return varied;
  }

  /**
   * An operation with one argument drawn anew, or with another place; other than the failing one it may become another.
   */
  private changed(operation: Operation, isLast: boolean): Operation {
    const { stream } = this;
    if (!isLast && stream.chance(20)) return this.redrawn(this.kinds[stream.below(this.kinds.length)]);
    const drawn = this.redrawn(operation);
    const names = fieldKinds(this.domain, operation)
      .map(([name]) => name)
      .filter((name) => operation[name] !== undefined);
    if (names.length === 0) return operation;
    const name = names[stream.below(names.length)];
    if (name === 'addr' && drawn.len !== undefined) return { ...operation, addr: drawn.addr, len: drawn.len };
    return { ...operation, [name]: drawn[name] };
  }

  /** A small window with low limits, if there were limits. */
  private window(): MmHeader {
    const { stream, header } = this;
    if (stream.chance(10)) return header;
    const small: Record<string, unknown> = { ...header, pages: WINDOW };
    if (header.brk !== undefined) small.brk = Math.min(header.brk, stream.below(WINDOW >> 1));
    if (header.max_map_count !== undefined) small.max_map_count = stream.between(1, LONGEST);
    if (header.memlock !== undefined) small.memlock = stream.below(LONGEST);
    if (stream.chance(50)) small.slots = [4, 4];
    return small as unknown as MmHeader;
  }

  private redrawn(kind: Operation): Operation {
    const { stream } = this;
    const operation: Record<string, FieldValue | undefined> = { ...kind };
    const [first, pages] = this.place();
    this.places.push([first, pages]);
    for (const [name, fieldKind] of fieldKinds(this.domain, kind)) {
      if (operation[name] === undefined) continue;
      if (name === 'addr') operation[name] = first * PAGE;
      else if (fieldKind === 'address') operation[name] = this.place()[0] * PAGE;
      else if (name === 'len' || name === 'old_len') operation[name] = pages * PAGE;
      else if (fieldKind === 'length') operation[name] = (stream.chance(60) ? pages : stream.between(1, 4)) * PAGE;
      else if (fieldKind === 'offset' && stream.chance(60)) operation[name] = first * PAGE;
      else if (fieldKind === 'mmap-flags') operation[name] = this.mapFlags();
      else if (fieldKind === 'count') operation[name] = stream.between(1, 4);
      else operation[name] = this.word(fieldKind);
    }
    return operation as Operation;
  }

  /** Where an earlier operation was, or right before or behind it, or inside it; or anywhere. */
  private place(): readonly [first: number, pages: number] {
    const { stream, places } = this;
    const kind = stream.below(100);
    let [first, pages] = [stream.below(WINDOW), stream.between(1, 4)];
    if (places.length > 0 && kind < 70) {
      const [at, size] = places[stream.below(places.length)];
      if (kind < 20) [first, pages] = [at, size];
      else if (kind < 35) first = at + size;
      else if (kind < 50) first = at - pages;
      else first = at + stream.below(size);
    }
    first = Math.min(WINDOW - 1, Math.max(0, first));
    return [first, Math.min(pages, WINDOW - first)];
  }

  /** Mostly at the place that is asked for, and now and then with its pages there, or held there. */
  private mapFlags(): FieldValue {
    const { stream } = this;
    const flags = new Set(this.word('mmap-flags') as readonly string[]);
    if (!flags.has('fixed_noreplace') && stream.chance(75)) flags.add('fixed');
    if (stream.chance(25)) flags.add('populate');
    if (stream.chance(15)) flags.add('locked');
    return [...flags];
  }

  private word(kind: FieldKind): FieldValue {
    const known = this.words.get(kind)!;
    return known[this.stream.below(known.length)];
  }
}

/** The pages that an operation is about. */
function placeOf({ addr, len, old_len }: Operation): readonly [first: number, pages: number] {
  if (typeof addr !== 'number') return [0, 1];
  const length = len ?? old_len;
  return [Math.floor(addr / PAGE), typeof length === 'number' ? Math.max(1, Math.ceil(length / PAGE)) : 1];
}

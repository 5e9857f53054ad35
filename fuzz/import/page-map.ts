/**
 * Which pages are mapped, and what is known of each run of them.
 *
 *     firsts  [ 16, 40 ]        |....[ tag A ]......[ tag B ]...|
 *     ends    [ 20, 48 ]             16     20      40      48
 *
 * Rules that hold here:
 * - Runs ascend and do not overlap; `end` is exclusive. Neighbours stay two.
 * - A copy shares its arrays with the original until one of the two is written to, so that a fork costs nothing by
 *   itself.
 */
export interface Run<Tag> {
  readonly first: number;
  readonly end: number;
  readonly tag: Tag;
}

export class PageMap<Tag> {
  private firsts: number[] = [];
  private ends: number[] = [];
  private tags: Tag[] = [];
  private shared = false;

  copy(): PageMap<Tag> {
    const copy = new PageMap<Tag>();
    copy.firsts = this.firsts;
    copy.ends = this.ends;
    copy.tags = this.tags;
    copy.shared = this.shared = true;
    return copy;
  }

  /** The lowest place whose run ends above the page. */
  private placeOf(page: number): number {
    let [low, high] = [0, this.ends.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ends[middle] > page) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** What is known of a page; null if it is not mapped. */
  at(page: number): Run<Tag> | null {
    const place = this.placeOf(page);
    if (place === this.firsts.length || this.firsts[place] > page) return null;
    return { first: this.firsts[place], end: this.ends[place], tag: this.tags[place] };
  }

  /** The pieces of runs that lie in a range. */
  runs(first: number, end: number): Run<Tag>[] {
    const found: Run<Tag>[] = [];
    for (let place = this.placeOf(first); place < this.firsts.length && this.firsts[place] < end; place++) {
      const [from, to] = [Math.max(this.firsts[place], first), Math.min(this.ends[place], end)];
      found.push({ first: from, end: to, tag: this.tags[place] });
    }
    return found;
  }

  isFree(first: number, end: number): boolean {
    const place = this.placeOf(first);
    return place === this.firsts.length || this.firsts[place] >= end;
  }

  /** The pieces of a range that no run covers. */
  holes(first: number, end: number): [first: number, end: number][] {
    const holes: [number, number][] = [];
    let page = first;
    for (let place = this.placeOf(first); page < end; place++) {
      const taken = place < this.firsts.length ? this.firsts[place] : end;
      if (page < taken) holes.push([page, Math.min(taken, end)]);
      page = place < this.firsts.length ? this.ends[place] : end;
    }
    return holes;
  }

  /** Gives a range a tag, or with null unmaps it; runs that reach in are cut. */
  store(first: number, end: number, tag: Tag | null): void {
    if (first >= end) return;
    this.own();
    const place = this.placeOf(first);
    let after = place;
    while (after < this.firsts.length && this.firsts[after] < end) after++;
    const [firsts, ends, tags]: [number[], number[], Tag[]] = [[], [], []];
    const put = (from: number, to: number, what: Tag): void => {
      firsts.push(from);
      ends.push(to);
      tags.push(what);
    };
    if (place < after && this.firsts[place] < first) put(this.firsts[place], first, this.tags[place]);
    if (tag !== null) put(first, end, tag);
    if (place < after && this.ends[after - 1] > end) put(end, this.ends[after - 1], this.tags[after - 1]);
    this.firsts.splice(place, after - place, ...firsts);
    this.ends.splice(place, after - place, ...ends);
    this.tags.splice(place, after - place, ...tags);
  }

  private own(): void {
    if (!this.shared) return;
    this.firsts = [...this.firsts];
    this.ends = [...this.ends];
    this.tags = [...this.tags];
    this.shared = false;
  }
}

import { Ledger, type SequenceRange } from './ledger';

function drain(ledger: Ledger, limit: number): SequenceRange[] {
  const all: SequenceRange[] = [];
  for (let r = ledger.give(limit); r !== null; r = ledger.give(limit)) all.push(r);
  return all;
}

describe('Ledger', () => {
  it('hands out ascending ranges up to the limit', () => {
    expect(drain(new Ledger(10), 25)).toEqual([
      { from: 0, to: 10 },
      { from: 10, to: 20 },
      { from: 20, to: 25 },
    ]);
  });

  it('hands out again first what came back, and never what is done', () => {
    const ledger = new Ledger(10);
    drain(ledger, 30);
    ledger.finish({ from: 0, to: 14 });
    ledger.finish({ from: 20, to: 30 });
    ledger.putBack({ from: 14, to: 20 });
    expect(drain(ledger, 40)).toEqual([
      { from: 14, to: 20 },
      { from: 30, to: 40 },
    ]);
    expect(ledger.doneBelow).toBe(14);
    expect(ledger.count).toBe(24);
  });

  it('restarts with the gaps that an earlier run left', () => {
    const ledger = new Ledger(8);
    ledger.finish({ from: 16, to: 24 });
    ledger.finish({ from: 3, to: 8 });
    ledger.finish({ from: 40, to: 41 });
    ledger.restart();
    expect(drain(ledger, 48)).toEqual([
      { from: 0, to: 3 },
      { from: 8, to: 16 },
      { from: 24, to: 32 },
      { from: 32, to: 40 },
      { from: 41, to: 48 },
    ]);
  });

  it('never loses or repeats a number, whatever dies', () => {
    const ledger = new Ledger(7);
    const times = new Array<number>(500).fill(0);
    let x = 12345;
    const draw = (below: number) => (x = (x * 1103515245 + 12345) % 2147483648) % below;
    for (let r = ledger.give(500); r !== null; r = ledger.give(500)) {
      const reached = r.from + draw(r.to - r.from + 1);
      for (let n = r.from; n < reached; n++) times[n]++;
      ledger.finish({ from: r.from, to: reached });
      ledger.putBack({ from: reached, to: r.to });
    }
    expect(times.every((t) => t === 1)).toBe(true);
    expect(ledger.doneBelow).toBe(500);
  });
});

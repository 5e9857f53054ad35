import { accessBits, CODES, EXEC, flagsText, GROWS_DOWN, LOCKED, READ, SEALED, SHARED, WRITE } from './flags';

describe('flags', () => {
  it('has a bit for each code, in the kernel’s order', () => {
    expect(new Set(CODES).size).toBe(CODES.length);
    expect(CODES.length).toBeLessThan(31);
    CODES.forEach((code, i) => {
      expect(flagsText(1 << i)).toBe(code);
    });
    expect(flagsText(SEALED | LOCKED | GROWS_DOWN | SHARED | READ)).toBe('rd sh gd lo sl');
  });

  it('reads a protection', () => {
    expect(accessBits('---')).toBe(0);
    expect(accessBits('-w-')).toBe(WRITE);
    expect(accessBits('rwx')).toBe(READ | WRITE | EXEC);
  });
});

import type { Operation } from '../../format/types';
import type { MmHeader } from './header';
import { mmSpec } from './operations';

const HEADER: MmHeader = { format: 'maple-fuzz/1', domain: 'mm', pages: 4 };

function refusal(operation: Operation): string | null {
  return mmSpec(operation.op)!.refuse?.(operation, HEADER, null as never) ?? null;
}

describe('the window of 4 pages', () => {
  it.each([
    ['at its end, empty', { op: 'munmap', addr: 16384, len: 0 }],
    ['up to its end', { op: 'mprotect', addr: 12288, len: 4096, prot: 'r--' }],
    ['a second mapping of its last page', { op: 'mremap', addr: 12288, old_len: 0, new_len: 4096, flags: ['maymove'] }],
    ['a hint outside', { op: 'mmap', addr: 20480, len: 4096, prot: 'r--', flags: ['private'], file: null, offset: 0 }],
  ])('holds a range %s', (_where, operation) => {
    expect(refusal(operation)).toBeNull();
  });

  it.each([
    ['a page too far', { op: 'munmap', addr: 12288, len: 8192 }],
    [
      'to which more than fits is moved',
      { op: 'mremap', addr: 0, old_len: 4096, new_len: 8192, flags: ['maymove', 'fixed'], new_addr: 12288 },
    ],
    [
      'at its end, of which mremap would make a second mapping',
      { op: 'mremap', addr: 16384, old_len: 0, new_len: 4096, flags: ['maymove'] },
    ],
  ])('does not hold a range %s', (_where, operation) => {
    expect(refusal(operation)).toMatch(/^(new_)?addr: .*leave the window of 16384 bytes$/);
  });
});

/**
 * Makes vma.txt, the pattern of the VMA-like mix, from recordings of `strace -f -e trace=%memory`.
 *
 *     node -r ./scripts/register.cjs bench/patterns/derive.ts gcc.log python.log node.log > bench/patterns/vma.txt
 *
 * What a line of a recording becomes (page numbers, both ends inclusive):
 *
 *     m first last   mmap that the kernel placed: search the highest gap, then store
 *     f first last   mmap at a fixed place, or a heap that grows: store
 *     u first last   munmap, or a heap that shrinks: store nothing
 *     p first last   mprotect, madvise: load, then store something else
 *     -              a process ends; the next line belongs to another one
 *
 * Addresses are rebased: order and short distances stay, every stretch of more than LONG pages in which no call begins
 * or ends is shortened to LONG, so that thousands of processes fit side by side into one index space.
 */
import { readFileSync } from 'node:fs';

const PAGE = 4096;
const LONG = 64;

interface Call {
  process: number;
  kind: 'm' | 'f' | 'u' | 'p';
  first: number;
  last: number;
}

/** Joins the halves of calls that strace split because another thread came between. */
function wholeLines(text: string): string[] {
  const begun = new Map<string, string>();
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest);
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    if (unfinished) begun.set(pid, unfinished[1]);
    else if (resumed) lines.push(`${pid} ${begun.get(pid) ?? ''}${resumed[1]}`);
    else lines.push(line);
  }
  return lines;
}

const pagesOf = (address: number, bytes: number) => ({
  first: Math.floor(address / PAGE),
  last: Math.ceil((address + bytes) / PAGE) - 1,
});

function calls(text: string, sharedMemory: boolean): Call[] {
  const found: Call[] = [];
  const heaps = new Map<number, { start: number; end: number }>();
  for (const line of wholeLines(text)) {
    const [, pid, name, args, result] = /^(\d+) (\w+)\((.*)\) += (0x[0-9a-f]+|0)$/.exec(line) ?? [];
    if (!pid || !name || args === undefined || result === undefined) continue;
    const process = sharedMemory ? 0 : Number(pid);
    const parts = args.split(', ');
    const length = Number(parts[1]);
    if (name === 'mmap')
      found.push({ process, kind: args.includes('MAP_FIXED') ? 'f' : 'm', ...pagesOf(Number(result), length) });
    else if (name === 'munmap') found.push({ process, kind: 'u', ...pagesOf(Number(parts[0]), length) });
    else if (name === 'mprotect' || name === 'madvise')
      found.push({ process, kind: 'p', ...pagesOf(Number(parts[0]), length) });
    else if (name === 'brk') {
      const end = Number(result);
      const heap = heaps.get(process) ?? { start: end, end };
      if (end > heap.end) found.push({ process, kind: 'f', ...pagesOf(heap.start, end - heap.start) });
      if (end < heap.end) found.push({ process, kind: 'u', ...pagesOf(end, heap.end - end) });
      heaps.set(process, { start: heap.start, end });
    }
  }
  return found;
}

function rebased(ofOneProcess: Call[]): Call[] {
  const edges = [...new Set(ofOneProcess.flatMap((call) => [call.first, call.last + 1]))].sort((a, b) => a - b);
  const moved = new Map<number, number>();
  let at = LONG;
  edges.forEach((edge, i) => {
    if (i > 0) at += Math.min(edge - edges[i - 1], LONG);
    moved.set(edge, at);
  });
  return ofOneProcess.map((call) => ({ ...call, first: moved.get(call.first)!, last: moved.get(call.last + 1)! - 1 }));
}

function main(paths: string[]): void {
  process.stdout.write('# Made by derive.ts, which says what the letters mean. Pages, both ends inclusive.\n');
  for (const path of paths) {
    const text = readFileSync(path, 'utf8');
    const sharedMemory = text.includes('MAP_STACK'); // threads: one address space for all pids
    const all = calls(text, sharedMemory);
    for (const pid of new Set(all.map((call) => call.process))) {
      for (const call of rebased(all.filter((one) => one.process === pid)))
        process.stdout.write(`${call.kind} ${call.first} ${call.last}\n`);
      process.stdout.write('-\n');
    }
  }
}

main(process.argv.slice(2));

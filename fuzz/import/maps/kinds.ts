/**
 * The kinds of listing that go line by line: how a mapping stands in a line, and which other lines belong to the kind.
 *
 *     maps       00400000-00401000 r-xp 00000000 08:01 12   /bin/p        also smaps, crash reports
 *     pmap       0000555555554000       4       4       0 r---- srv       plain, -x, -d, -X, -XX
 *     gdb        0x555555554000  0x555555555000  0x1000  0x0  r--p  /p    info proc mappings
 *     tombstone  00000055'5a2f0000-00000055'5a2f1fff r--   0   2000  /p   Android; ends are inclusive
 *     asan       0x000000400000-0x000000401000   /p                       sanitizers
 *     tizen      400a7000 400a8000 r-xp /p
 *
 * Lines may be indented or stand behind what a logger writes in front.
 */
import { type Entry, hex, NO_ENTRY, withoutRemarks } from './listing';

export interface LineKind {
  readonly name: string;
  read(line: string): Entry | null;
  /** Lines that belong to the kind and are no mapping: heads, sums, attributes. */
  readonly belongs: RegExp;
  /** A line that is meant as a mapping, whole or not. */
  readonly looks: RegExp;
}

const kB = (text: string): number => Number(text) * 1024;
/** Behind whatever a logger writes. */
const START = '(?:^|[\\s:|>\\]])';
const PERMS = '([r-][w-][x-][psPS-])';

const MAPS = new RegExp(
  `${START}([0-9a-f]{4,16})-([0-9a-f]{4,16})\\s+${PERMS}\\s+([0-9a-f]+)\\s+` +
    `([0-9a-f]+:[0-9a-f]+)\\s+(\\d+)(?:\\s+(.*))?$`,
);

const maps: LineKind = {
  name: 'maps',
  read(line) {
    const found = MAPS.exec(line);
    if (found === null) return null;
    const [, first, end, perms, offset, device, inode, path] = found;
    return {
      ...NO_ENTRY,
      first: hex(first),
      end: hex(end),
      perms: perms.toLowerCase(),
      offset: hex(offset),
      path: withoutRemarks(path ?? ''),
      inode: inode === '0' ? '' : `${device} ${inode}`,
    };
  },
  belongs: /^\s*(?:VmFlags:.*|Name:\s.*|[A-Z]\w+(?:[ _]\w+)*:\s+\d+(?: kB)?)\s*$/,
  looks: /(?:^|[\s:|>\]])[0-9a-f]{6,16}-[0-9a-f]{0,16}(?:\s|$)/,
};

const MODE = '([r-][w-][x-][s-])([R-])?';
const ADDRESS = '^\\s*([0-9a-f]{8,16})\\s+';

/** Each with the groups address, size, mode, and what it has besides. */
const PMAP_ROWS: readonly RegExp[] = [
  // -x
  new RegExp(`${ADDRESS}(?<size>\\d+)\\s+(?:\\d+|-)\\s+(?:\\d+|-)\\s+(?<mode>${MODE})(?:\\s+(?<path>.*))?$`),
  // -d
  new RegExp(
    `${ADDRESS}(?<size>\\d+)\\s+(?<mode>${MODE})\\s+(?<offset>[0-9a-f]{16})\\s+` +
      `(?<device>[0-9a-f]+:[0-9a-f]+)(?:\\s+(?<path>.*))?$`,
  ),
  new RegExp(`${ADDRESS}(?<size>\\d+)K\\s+(?<mode>${MODE})(?:\\s+(?<path>.*))?$`),
  // -X, -XX
  new RegExp(
    [
      /^\s*([0-9a-f]{8,16})\s+(?<mode>[r-][w-][x-][ps])\s+(?<offset>[0-9a-f]+)\s+(?<device>[0-9a-f]+:[0-9a-f]+)/,
      /\s+(?<inode>\d+)\s+(?<size>\d+)(?:\s+\d+)*(?:\s+(?<flags>(?:rd|wr|ex|mr|sh)(?:\s[a-z0-9]{2})*))?/,
      /(?:\s+(?<path>\D.*|\d+\D.*))?$/,
    ]
      .map(({ source }) => source)
      .join(''),
  ),
];

/** pmap writes what has no file as `  [ anon ]`. */
function pmapPath(path: string): string {
  const name = /^\[\s*(.*?)\s*\]$/.exec(path.trim());
  if (name === null) return withoutRemarks(path);
  return name[1] === 'anon' ? '' : `[${name[1]}]`;
}

const pmap: LineKind = {
  name: 'pmap',
  read(line) {
    const found = PMAP_ROWS.map((row) => row.exec(line)).find((row) => row !== null);
    if (!found?.groups) return null;
    const { size, mode, path, offset, device, inode, flags } = found.groups;
    const first = hex(found[1]);
    const isShared = mode[3] === 's';
    return {
      first,
      end: first + kB(size),
      perms: `${mode.slice(0, 3)}${isShared ? 's' : 'p'}`,
      offset: offset === undefined ? null : hex(offset),
      path: pmapPath(path ?? ''),
      inode: inode === undefined || inode === '0' ? '' : `${device} ${inode}`,
      flags: flags?.split(/\s+/) ?? null,
    };
  },
  belongs: /^\s*(?:\d+:\s.*|Address\s.*|[-= ]+|total\s.*|mapped:.*|[\d\s]+KB?)\s*$/,
  looks: /^\s*[0-9a-f]{8,16}\s+(?:\d|[r-][w-])/,
};

const GDB = new RegExp(
  `${START}0x([0-9a-f]+)\\s+0x([0-9a-f]+)\\s+0x([0-9a-f]+)\\s+(?:0x)?([0-9a-f]+)(?:\\s+${PERMS})?(?:\\s+(\\S.*))?$`,
);

const gdb: LineKind = {
  name: 'gdb',
  read(line) {
    const found = GDB.exec(line);
    if (found === null) return null;
    const [, first, end, size, offset, perms, path] = found;
    if (hex(end) - hex(first) !== hex(size)) return null;
    return {
      ...NO_ENTRY,
      first: hex(first),
      end: hex(end),
      perms: perms ?? null,
      offset: hex(offset),
      path: withoutRemarks(path ?? ''),
    };
  },
  belongs: /^\s*(?:process \d+|Mapped address spaces:|Start Addr\s.*|warning:.*|--Type <RET>.*)\s*$/,
  looks: /^\s*0x[0-9a-f]{5,16}\s+0x/,
};

const ANDROID_ADDRESS = "([0-9a-f]{8}(?:'?[0-9a-f]{8})?)";
const TOMBSTONE = new RegExp(
  `${START}${ANDROID_ADDRESS}-${ANDROID_ADDRESS}\\s+([r-][w-][x-])(?:\\s+([0-9a-f]+)\\s+([0-9a-f]+))?(?:\\s+(\\S.*))?$`,
);
const LAST_BYTE = 0xfff;

const tombstone: LineKind = {
  name: 'tombstone',
  read(line) {
    const found = TOMBSTONE.exec(line);
    if (found === null) return null;
    const [, first, last, perms, offset, , path] = found;
    const end = hex(last) % 4096 === LAST_BYTE ? hex(last) + 1 : hex(last);
    return {
      ...NO_ENTRY,
      first: hex(first),
      end,
      perms: `${perms}p`,
      offset: offset === undefined ? null : hex(offset),
      path: withoutRemarks(path ?? ''),
    };
  },
  belongs: /(?:memory map\b.*|--->.*)$/,
  looks: /(?:^|[\s:|>])[0-9a-f]{8}(?:'?[0-9a-f]{8})?-/,
};

const ASAN = /^\s*0x([0-9a-f]+)-0x([0-9a-f]+)(?:\s+([r-][w-][x-][ps-]))?(?:\s+(\S.*))?$/;

const asan: LineKind = {
  name: 'asan',
  read(line) {
    const found = ASAN.exec(line);
    if (found === null) return null;
    const [, first, end, perms, path] = found;
    return { ...NO_ENTRY, first: hex(first), end: hex(end), perms: perms ?? null, path: withoutRemarks(path ?? '') };
  },
  belongs: /^(?:Process (?:memory|module) map follows:|End of process (?:memory|module) map\.)$/,
  looks: /^\s*0x[0-9a-f]+-/,
};

const TIZEN = /^\s*([0-9a-f]{8,16}) ([0-9a-f]{8,16}) ([r-][w-][x-][ps])(?:\s+(\S.*))?$/;

const tizen: LineKind = {
  name: 'tizen',
  read(line) {
    const found = TIZEN.exec(line);
    if (found === null) return null;
    const [, first, end, perms, path] = found;
    return { ...NO_ENTRY, first: hex(first), end: hex(end), perms, path: withoutRemarks(path ?? '') };
  },
  belongs: /^Maps Information$/,
  looks: /^\s*[0-9a-f]{8,16} [0-9a-f]{8}/,
};

export const LINE_KINDS: readonly LineKind[] = [maps, pmap, gdb, tombstone, asan, tizen];

/** The attributes that smaps has below a mapping. */
export function attributeOf(line: string): { readonly flags?: readonly string[]; readonly path?: string } | null {
  const flags = /^\s*VmFlags:\s*(.*)$/.exec(line);
  if (flags !== null) return { flags: flags[1].trim().split(/\s+/) };
  const name = /^\s*Name:\s+(\[.*\])\s*$/.exec(line);
  return name === null ? null : { path: name[1] };
}

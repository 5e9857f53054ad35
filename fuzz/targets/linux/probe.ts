/**
 * What a Linux tree has, read from the text of its headers: a pure function, so that it is tested without a tree.
 *
 *   include/linux/maple_tree.h, tools/include/linux/slab.h, Makefile, names of files -> features, or one line why not
 *
 * Rules that hold here:
 * - No version number decides anything: distributions and developers move functions between versions. The version is
 *   read only to be named.
 * - A name counts where it is declared, not where a comment speaks of it.
 * - What is found here becomes -DHAVE_… for compat.h and tree.c, and so decides which operations the driver has.
 */

/** What of a tree is looked at; null where a file is not there. */
export interface TreeTexts {
  readonly makefile: string | null;
  /** include/linux/maple_tree.h */
  readonly mapleTree: string | null;
  /** tools/include/linux/slab.h */
  readonly slab: string | null;
  /** Which of SHIM_FILES and SOURCE there are. */
  readonly files: ReadonlySet<string>;
}

export interface Features {
  /** As the Makefile says: 6.12.117, 7.3.0-rc2. */
  readonly version: string;
  /** The folder of the surroundings for user space, below the tree. */
  readonly shims: string;
  /** The file that brings lib/maple_tree.c in, below the tree. */
  readonly source: string;
  /** HAVE_…, in the order of the alphabet. */
  readonly defines: readonly string[];
}

export const SOURCE = 'lib/maple_tree.c';
const SHARED = 'tools/testing/shared';
const OLD_SHARED = 'tools/testing/radix-tree';
export const SHIM_FILES: readonly string[] = [
  `${SHARED}/linux.c`,
  `${SHARED}/maple-shared.h`,
  `${SHARED}/maple-shim.c`,
  `${OLD_SHARED}/linux.c`,
  `${OLD_SHARED}/test.h`,
];

/** Comments become blanks, so that only code is left. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ');
}

/** The version as a Makefile spells it, or null if it is not that of a kernel. */
export function versionOf(makefile: string): string | null {
  const value = (name: string): string =>
    new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)[ \\t]*$`, 'm').exec(makefile)?.[1] ?? '';
  const [version, patchlevel, sublevel] = [value('VERSION'), value('PATCHLEVEL'), value('SUBLEVEL')];
  if (!/^\d+$/.test(version) || !/^\d+$/.test(patchlevel)) return null;
  const third = sublevel === '' || sublevel === '0' ? '' : `.${sublevel}`;
  return `${version}.${patchlevel}${third}${value('EXTRAVERSION')}`;
}

/** The parameters of a function that is declared or defined, white space evened; null if it is not. */
function parametersOf(code: string, name: string): string | null {
  const found = new RegExp(`\\b${name}\\s*\\(([^;{)]*)\\)`).exec(code.replace(/^[ \t]*#.*(?:\\\n.*)*$/gm, ''));
  return found === null ? null : found[1].replace(/\s+/g, ' ').trim();
}

function declares(code: string, name: string): boolean {
  return parametersOf(code, name) !== null;
}

function hasMember(code: string, struct: string, member: string): boolean {
  const body = new RegExp(`\\bstruct ${struct}\\s*\\{([\\s\\S]*?)\\n\\}`).exec(code)?.[1] ?? '';
  return new RegExp(`[\\s*]${member}\\s*;`).test(body);
}

/** Each feature that compat.h asks for, and how it is seen. */
const TESTS: Readonly<Record<string, (mapleTree: string, slab: string) => boolean>> = {
  HAVE_ALLOC_CYCLIC: (code) => declares(code, 'mtree_alloc_cyclic'),
  HAVE_DUP: (code) => declares(code, 'mtree_dup'),
  HAVE_EXPECTED_ENTRIES: (code) => declares(code, 'mas_expected_entries'),
  HAVE_MAS_SET_RANGE_IN_PLACE: (code) => declares(code, '__mas_set_range'),
  HAVE_MA_END: (code) => hasMember(code, 'ma_state', 'end'),
  HAVE_MA_STATUS: (code) => /\benum maple_status\s*\{/.test(code),
  HAVE_PREALLOCATE_ENTRY: (code) => /\bvoid \*/.test(parametersOf(code, 'mas_preallocate') ?? ''),
  HAVE_RANGE_STEPS: (code) => declares(code, 'mas_find_range_rev') && declares(code, 'mas_next_range'),
  HAVE_SHEAVES: (_, slab) => declares(slab, 'kmem_cache_prefill_sheaf'),
};

function shimsOf(files: ReadonlySet<string>): Pick<Features, 'shims' | 'source'> | null {
  if (files.has(`${SHARED}/linux.c`) && files.has(`${SHARED}/maple-shared.h`)) {
    const shim = `${SHARED}/maple-shim.c`;
    return { shims: SHARED, source: files.has(shim) ? shim : SOURCE };
  }
  if (files.has(`${OLD_SHARED}/linux.c`) && files.has(`${OLD_SHARED}/test.h`)) {
    return { shims: OLD_SHARED, source: SOURCE };
  }
  return null;
}

/**
 * The features of a tree, or in one line why its maple tree cannot be built. The text goes on behind the tree's name.
 */
export function probe(texts: TreeTexts): Features | string {
  const version = texts.makefile === null ? null : versionOf(texts.makefile);
  if (version === null) return 'is no Linux tree: it has no Makefile with a VERSION';
  if (!texts.files.has(SOURCE)) {
    if (texts.mapleTree !== null)
      return `is Linux ${version} without ${SOURCE}: headers only; all of the source is needed`;
    return `is Linux ${version}, or a part of it, and has no maple tree (${SOURCE}), which came with 6.1`;
  }
  if (texts.mapleTree === null) return `is Linux ${version} without include/linux/maple_tree.h`;
  const shims = shimsOf(texts.files);
  if (shims === null) return `is Linux ${version} without ${SHARED} or ${OLD_SHARED}, the surroundings for user space`;
  const [mapleTree, slab] = [withoutComments(texts.mapleTree), withoutComments(texts.slab ?? '')];
  const defines = Object.keys(TESTS).filter((name) => TESTS[name](mapleTree, slab));
  if (shims.shims === SHARED) defines.push('HAVE_SHARED_SHIMS');
  return { version, ...shims, defines };
}

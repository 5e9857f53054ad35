/** What is read from a tree's headers, on small headers of our own that look like those of each age. */
import { probe, SHIM_FILES, SOURCE, type TreeTexts, versionOf, withoutComments } from './probe';

const MAKEFILE = '# SPDX\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\nEXTRAVERSION =\nNAME = A name\n';

const OLD_HEADER = `
struct ma_state {
	struct maple_tree *tree;
	unsigned char offset;
};
struct ma_wr_state {
	unsigned char end;
};
int mas_preallocate(struct ma_state *mas, gfp_t gfp);
int mas_expected_entries(struct ma_state *mas, unsigned long nr_entries);
/* mtree_dup() is not here yet, nor is __mas_set_range(mas, first, last). */
`;

const NEW_HEADER = `
enum maple_status {
	ma_active,
};
struct ma_state {
	struct maple_tree *tree;
	unsigned char end;		/* The end of the node */
};
int mtree_alloc_cyclic(struct maple_tree *mt, unsigned long *startp,
		void *entry, unsigned long range_lo, unsigned long range_hi,
		unsigned long *next, gfp_t gfp);
int mtree_dup(struct maple_tree *mt, struct maple_tree *new, gfp_t gfp);
int mas_preallocate(struct ma_state *mas,
		    void *entry, gfp_t gfp);
void *mas_next_range(struct ma_state *mas, unsigned long max);
void *mas_find_range_rev(struct ma_state *mas, unsigned long min);
static inline void __mas_set_range(struct ma_state *mas, unsigned long start, unsigned long last)
{
}
`;

const OLD_FILES = [SOURCE, 'tools/testing/radix-tree/linux.c', 'tools/testing/radix-tree/test.h'];
const NEW_FILES = [SOURCE, ...SHIM_FILES];

const texts = (changes: Partial<TreeTexts>): TreeTexts => ({
  makefile: MAKEFILE,
  mapleTree: NEW_HEADER,
  slab: 'void *kmem_cache_alloc(struct kmem_cache *cachep, int flags);\n',
  files: new Set(NEW_FILES),
  ...changes,
});

describe('the features of a tree', () => {
  it('are all there in a new one, with the shims that it has', () => {
    expect(probe(texts({}))).toEqual({
      version: '6.12.117',
      shims: 'tools/testing/shared',
      source: 'tools/testing/shared/maple-shim.c',
      defines: [
        'HAVE_ALLOC_CYCLIC',
        'HAVE_DUP',
        'HAVE_MAS_SET_RANGE_IN_PLACE',
        'HAVE_MA_END',
        'HAVE_MA_STATUS',
        'HAVE_PREALLOCATE_ENTRY',
        'HAVE_RANGE_STEPS',
        'HAVE_SHARED_SHIMS',
      ],
    });
  });

  it('are few in an old one: neither a comment nor another struct’s member counts', () => {
    expect(probe(texts({ mapleTree: OLD_HEADER, files: new Set(OLD_FILES) }))).toEqual({
      version: '6.12.117',
      shims: 'tools/testing/radix-tree',
      source: SOURCE,
      defines: ['HAVE_EXPECTED_ENTRIES'],
    });
  });

  it('include sheaves where the allocator declares them', () => {
    const slab = 'struct slab_sheaf *\nkmem_cache_prefill_sheaf(struct kmem_cache *s, gfp_t gfp, unsigned int size);\n';
    const features = probe(texts({ slab }));
    expect(typeof features === 'string' ? [] : features.defines).toContain('HAVE_SHEAVES');
  });

  it('do not come from the version: an old number with new headers has them', () => {
    const features = probe(texts({ makefile: 'VERSION = 6\nPATCHLEVEL = 1\n' }));
    expect(typeof features === 'string' ? [] : features.defines).toContain('HAVE_DUP');
  });

  it('take the file itself where the shims have none that includes it', () => {
    const files = new Set(NEW_FILES.filter((file) => !file.endsWith('maple-shim.c')));
    expect(probe(texts({ files }))).toMatchObject({ shims: 'tools/testing/shared', source: SOURCE });
  });
});

describe('a tree that will not do is told in words', () => {
  it.each<[string, Partial<TreeTexts>, RegExp]>([
    ['no Makefile', { makefile: null }, /^is no Linux tree/],
    ['another Makefile', { makefile: 'all:\n\tcc main.c\n' }, /^is no Linux tree/],
    ['headers only', { files: new Set() }, /^is Linux 6\.12\.117 without lib\/maple_tree\.c: headers only/],
    ['before 6.1', { files: new Set(SHIM_FILES), mapleTree: null }, /has no maple tree .*which came with 6\.1$/],
    ['no header', { mapleTree: null }, /without include\/linux\/maple_tree\.h$/],
    ['no shims', { files: new Set([SOURCE]) }, /without tools\/testing\/shared or tools\/testing\/radix-tree/],
  ])('%s', (_, changes, words) => {
    expect(probe(texts(changes))).toMatch(words);
  });
});

describe('versionOf', () => {
  it.each([
    ['VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 0\nEXTRAVERSION = -rc2\n', '7.3-rc2'],
    ['VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\n', '7.3.4'],
    ['VERSION=6\nPATCHLEVEL=1\n', '6.1'],
    ['VERSION = $(shell git describe)\nPATCHLEVEL = 1\n', null],
  ])('%j is %s', (makefile, version) => {
    expect(versionOf(makefile)).toBe(version);
  });
});

it('comments become blanks, whichever kind', () => {
  expect(withoutComments('a /* b\nc */ d // e\nf')).toBe('a   d  \nf');
});

/*
 * Runs one benchmark workload after the other on the kernel's own maple tree, in user space, and times itself.
 * It is one of several "subjects" that the bench keeps alive side by side; all speak the same lines:
 *
 *     stdin    run WORKLOAD FILL_FILE OPS_FILE MINIMUM_NS CAP_NS VERIFY
 *     stdout   {"ops":…,"cpu":…,"main":…,"wall":…,"reps":…,"hits":…,"content":…,"entries":…,"capped":false,"bytes":…}
 *
 * A file (inputs.ts writes them) holds doubles, little-endian: the number of operations, 1 for a tree that tracks
 * gaps, the width of a window (0: plain stores), then three columns a, b, c. All subjects read the same files, so all
 * do the same operations in the same order. What a workload only reads is filled once and kept until another fill
 * file is named. Clock: CPU time of the process (wall beside it); reading and filling are outside the timed part.
 * subject.ts and workloads.ts are the same in TypeScript: a change here belongs there too.
 */
#include "environment.h"
#include <time.h>
#include <linux/maple_tree.h>

/* ---- node memory: a free list over blocks of 2 MiB; a node taken is 256 bytes, aligned to 256 ---- */

#define NODE_BYTES 256
#define BLOCK_BYTES (2u << 20)

struct kmem_cache { void **free; char *fresh; char *end; long in_use; };
static struct kmem_cache the_cache;

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align, unsigned int flags,
				     void (*ctor)(void *))
{
	(void)name; (void)flags; (void)ctor;
	BUG_ON(size != NODE_BYTES || align != NODE_BYTES);
	return &the_cache;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	void **node = cache->free;

	(void)gfp;
	cache->in_use++;
	if (likely(node)) {
		cache->free = *node;
		return node;
	}
	if (unlikely(cache->fresh == cache->end)) {
		cache->fresh = aligned_alloc(NODE_BYTES, BLOCK_BYTES);
		BUG_ON(!cache->fresh);
		cache->end = cache->fresh + BLOCK_BYTES;
	}
	node = (void **)cache->fresh;
	cache->fresh += NODE_BYTES;
	return node;
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	*(void **)object = cache->free;
	cache->free = object;
	cache->in_use--;
}

int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t gfp, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++)
		objects[i] = kmem_cache_alloc(cache, gfp);
	return (int)count;
}

void kmem_cache_free_bulk(struct kmem_cache *cache, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
}

void kmem_cache_shrink(struct kmem_cache *cache)
{
	(void)cache;
}

/* ---- inputs ---- */

enum kind { MMAP, FIXED, UNMAP, PROTECT, LEAVE };

struct ops { size_t count; unsigned long *a, *b, *c, window; bool ranges; };

static unsigned long *read_column(FILE *file, size_t count)
{
	unsigned long *column = malloc(count * sizeof(*column) + 8);
	double *raw = malloc(count * sizeof(*raw) + 8);

	if (fread(raw, sizeof(*raw), count, file) != count) {
		fprintf(stderr, "short input file\n");
		exit(2);
	}
	for (size_t i = 0; i < count; i++)
		column[i] = (unsigned long)raw[i];
	free(raw);
	return column;
}

static void read_ops(const char *path, struct ops *ops)
{
	FILE *file = fopen(path, "rb");
	double head[3];

	if (!file || fread(head, sizeof(*head), 3, file) != 3) {
		fprintf(stderr, "cannot read %s\n", path);
		exit(2);
	}
	ops->count = (size_t)head[0];
	ops->ranges = head[1] != 0;
	ops->window = (unsigned long)head[2];
	ops->a = read_column(file, ops->count);
	ops->b = read_column(file, ops->count);
	ops->c = read_column(file, ops->count);
	fclose(file);
}

static void drop_ops(struct ops *ops)
{
	free(ops->a);
	free(ops->b);
	free(ops->c);
}

/* ---- clocks ---- */

static double now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- the workloads: each runs all operations once and returns how many found something ---- */

#define FOREVER ULONG_MAX

static void store(struct maple_tree *tree, unsigned long first, unsigned long last, void *entry)
{
	BUG_ON(mtree_store_range(tree, first, last, entry, GFP_KERNEL));
}

static unsigned long run_stores(struct maple_tree *tree, const struct ops *ops, unsigned long from)
{
	for (size_t i = 0; i < ops->count; i++)
		store(tree, ops->a[i], ops->b[i], xa_mk_value(from + i));
	return 0;
}

static unsigned long run_loads(struct maple_tree *tree, const struct ops *ops)
{
	unsigned long hits = 0;

	for (size_t i = 0; i < ops->count; i++)
		hits += mtree_load(tree, ops->a[i]) != NULL;
	return hits;
}

static unsigned long run_erases(struct maple_tree *tree, const struct ops *ops)
{
	unsigned long hits = 0;

	for (size_t i = 0; i < ops->count; i++)
		hits += mtree_erase(tree, ops->a[i]) != NULL;
	return hits;
}

static unsigned long run_forward(struct maple_tree *tree)
{
	unsigned long hits = 0;
	void *entry;
	MA_STATE(mas, tree, 0, 0);

	for (entry = mas_find(&mas, FOREVER); entry; entry = mas_next(&mas, FOREVER))
		hits += mas.last - mas.index + 1;
	return hits;
}

static unsigned long run_backward(struct maple_tree *tree)
{
	unsigned long hits = 0;
	void *entry;
	MA_STATE(mas, tree, FOREVER, FOREVER);

	for (entry = mas_prev(&mas, 0); entry; entry = mas_prev(&mas, 0))
		hits += mas.last - mas.index + 1;
	return hits;
}

static unsigned long run_gaps(struct maple_tree *tree, const struct ops *ops, bool highest)
{
	unsigned long hits = 0;

	for (size_t i = 0; i < ops->count; i++) {
		MA_STATE(mas, tree, 0, 0);
		int error = highest ? mas_empty_area_rev(&mas, ops->a[i], ops->b[i], ops->c[i])
				    : mas_empty_area(&mas, ops->a[i], ops->b[i], ops->c[i]);

		if (!error)
			hits += highest ? mas.last : mas.index;
	}
	return hits;
}

static unsigned long run_mix(struct maple_tree *tree, const struct ops *ops, unsigned long from)
{
	unsigned long hits = 0, window = ops->window;

	for (size_t i = 0; i < ops->count; i++) {
		unsigned long first = ops->a[i], last = ops->b[i], low = first / window * window;
		void *entry = xa_mk_value(from + i);

		switch ((enum kind)ops->c[i]) {
		case MMAP: {
			MA_STATE(mas, tree, 0, 0);

			hits += mas_empty_area_rev(&mas, low, low + window - 1, last - first + 1) == 0;
			store(tree, first, last, entry);
			break;
		}
		case PROTECT:
			hits += mtree_load(tree, first) != NULL;
			store(tree, first, last, entry);
			break;
		case FIXED:
			store(tree, first, last, entry);
			break;
		case UNMAP:
		case LEAVE:
			store(tree, first, last, NULL);
			break;
		}
	}
	return hits;
}

/* A sum over the content, equal in every subject that holds the same ranges with the same values. */
static unsigned long content_of(struct maple_tree *tree, unsigned long *entries)
{
	uint32_t sum = 0;
	void *entry;
	MA_STATE(mas, tree, 0, 0);

	*entries = 0;
	mas_for_each(&mas, entry, FOREVER) {
		(*entries)++;
		sum = sum * 31 + (uint32_t)mas.index * 7 + (uint32_t)mas.last * 3 + (uint32_t)xa_to_value(entry);
	}
	return sum;
}

/* ---- running ---- */

struct result { double ops, cpu, wall, bytes; unsigned long reps, hits, content, entries; };

/* Enough trees at once that reading the clock does not show. */
#define MOST_TREES 64

static struct maple_tree trees[MOST_TREES], copies[MOST_TREES];
static size_t copied;
static char kept[2048]; /* the fill file whose content trees[0] still holds, or "" */

static void fill(struct maple_tree *tree, const struct ops *ops)
{
	mt_init_flags(tree, ops->ranges ? MT_FLAGS_ALLOC_RANGE : 0);
	if (ops->window)
		run_mix(tree, ops, 1);
	else
		run_stores(tree, ops, 1);
}

static void duplicate(struct maple_tree *tree)
{
	struct maple_tree *copy = &copies[copied++];

	mt_init_flags(copy, tree->ma_flags & MT_FLAGS_ALLOC_RANGE);
	BUG_ON(mtree_dup(tree, copy, GFP_KERNEL));
}

static bool is(const char *workload, const char *name)
{
	return strcmp(workload, name) == 0;
}

static bool only_reads(const char *workload)
{
	return is(workload, "load") || is(workload, "forward") || is(workload, "backward") || is(workload, "gap-lowest") ||
	       is(workload, "gap-highest") || is(workload, "duplicate") || is(workload, "validate");
}

static unsigned long run_once(const char *workload, struct maple_tree *tree, const struct ops *ops, unsigned long from)
{
	if (is(workload, "append") || is(workload, "insert") || is(workload, "overwrite"))
		return run_stores(tree, ops, from);
	if (is(workload, "load"))
		return run_loads(tree, ops);
	if (is(workload, "erase"))
		return run_erases(tree, ops);
	if (is(workload, "forward"))
		return run_forward(tree);
	if (is(workload, "backward"))
		return run_backward(tree);
	if (is(workload, "gap-lowest") || is(workload, "gap-highest"))
		return run_gaps(tree, ops, is(workload, "gap-highest"));
	if (is(workload, "vma-mix"))
		return run_mix(tree, ops, from);
	if (is(workload, "duplicate")) {
		duplicate(tree);
		return 0;
	}
#ifdef CONFIG_DEBUG_MAPLE_TREE
	if (is(workload, "validate")) {
		mt_validate(tree);
		return 0;
	}
#endif
	fprintf(stderr, "unknown workload %s\n", workload);
	exit(2);
}

static void forget_kept(void)
{
	if (kept[0])
		mtree_destroy(&trees[0]);
	kept[0] = 0;
}

/* One timed pass over the trees, which are full already. */
static void pass(const char *workload, const struct ops *ops, size_t many, unsigned long from, struct result *result)
{
	double wall = now_ns(CLOCK_MONOTONIC), cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);

	for (size_t i = 0; i < many; i++)
		result->hits = run_once(workload, &trees[only_reads(workload) ? 0 : i], ops, from);
	result->cpu += now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	result->wall += now_ns(CLOCK_MONOTONIC) - wall;
	result->reps += many;
	while (copied)
		mtree_destroy(&copies[--copied]);
}

static void run(const char *workload, const char *fill_path, const struct ops *ops, double minimum, bool verify,
		struct result *result)
{
	struct ops filling;
	size_t many = 40000 / (ops->count + 1) + 1;
	bool reads = only_reads(workload);

	if (many > MOST_TREES)
		many = MOST_TREES;
	read_ops(fill_path, &filling);
	if (!reads || !is(fill_path, kept))
		forget_kept();
	if (reads && !kept[0]) {
		fill(&trees[0], &filling);
		snprintf(kept, sizeof(kept), "%s", fill_path);
	}
	do {
		for (size_t i = 0; i < many && !reads; i++)
			fill(&trees[i], &filling);
		pass(workload, ops, many, filling.count + 1, result);
		result->ops += (double)(ops->count * many);
		result->bytes = (double)the_cache.in_use * NODE_BYTES / (reads ? 1.0 : (double)many);
		if (verify && result->reps == many)
			result->content = content_of(&trees[0], &result->entries);
		for (size_t i = 0; i < many && !reads; i++)
			mtree_destroy(&trees[i]);
	} while (result->cpu < minimum);
	drop_ops(&filling);
}

int main(void)
{
	char line[4500], workload[64], fill_path[2048], ops_path[2048];
	double minimum, cap;
	int verify;

	maple_tree_init();
	while (fgets(line, sizeof(line), stdin)) {
		struct ops ops;
		struct result result = { 0 };

		if (sscanf(line, "run %63s %2047s %2047s %lf %lf %d", workload, fill_path, ops_path, &minimum, &cap, &verify) != 6)
			return 2;
		read_ops(ops_path, &ops);
		run(workload, fill_path, &ops, minimum, verify != 0, &result);
		drop_ops(&ops);
		printf("{\"ops\":%.0f,\"cpu\":%.0f,\"main\":%.0f,\"wall\":%.0f,\"reps\":%lu,\"hits\":%lu,"
		       "\"content\":%lu,\"entries\":%lu,\"capped\":false,\"bytes\":%.0f}\n",
		       result.ops, result.cpu, result.cpu, result.wall, result.reps, result.hits, result.content,
		       result.entries, result.bytes);
		fflush(stdout);
	}
	return 0;
}

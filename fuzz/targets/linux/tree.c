/*
 * The user's lib/maple_tree.c as a target of maple-fuzz: reads sequences of maple-fuzz/1 (domain tree) on standard
 * input, performs each operation on the tree's own functions, and answers each line on standard output.
 *
 *     stdin -> wire.h: lines, JSON -> answer() -> one function an operation -> lib/maple_tree.c -> the shims' allocator
 *                                                        |                                          ^
 *              stdout <- answers <-----------------------+            kmem_cache_*: counted, may fail
 *
 * compat.h brings the tree in, and levels the differences between versions; build.ts compiles it. Words on the command
 * line:
 *
 *     readers   RCU mode, and a thread that reads the tree without a lock all the while
 *     raw       ask the code what it really says where the format defines the answer (see "Defined answers")
 *     work      each answer says how many nodes were allocated and freed
 *
 * Rules that hold here:
 * - An operation that writes, and does not answer EINVAL, sets all maple states to start but the one it worked on.
 * - After each write the kernel's own mt_validate looks at the whole tree (unless built with NODEBUG).
 * - After ENOMEM nothing may have changed, and no node more may be in use than before.
 * - What a tree lacks is not in "ops" and is answered {"unsupported":true}.
 */
#include "compat.h"

enum { STATES = 4, TREES = 2, MAX_VALUE = (1 << 30) - 1 };

#define TOP ULONG_MAX

/* A maple state, and what the kernel does not remember of it. */
struct state {
	struct ma_state mas;
	bool inside; /* index may lie behind where its slot begins */
};

static struct maple_tree trees[TREES], *tree = &trees[0];
static struct state states[STATES];
static bool tracks_gaps, is_open, is_raw, tells_work;

/* ---- node memory ---- */

static struct {
	long nodes;		/* in use */
	unsigned long taken, given;
	unsigned long fail_at;	/* which request of this operation fails, from 1; 0: none */
	bool fail_sleeping;	/* and the next that may sleep, which is the kernel's second try */
} memory;

void *shim_kmem_cache_alloc_lru(struct kmem_cache *cache, struct list_lru *lru, int flags);
extern __typeof__(kmem_cache_alloc_bulk) shim_kmem_cache_alloc_bulk;
extern __typeof__(kmem_cache_free) shim_kmem_cache_free;
extern __typeof__(kmem_cache_free_bulk) shim_kmem_cache_free_bulk;
extern __typeof__(kfree) shim_kfree;

static void count_nodes(long n)
{
	__atomic_add_fetch(&memory.nodes, n, __ATOMIC_RELAXED);
	if (n > 0)
		memory.taken += (unsigned long)n;
	else
		__atomic_add_fetch(&memory.given, (unsigned long)-n, __ATOMIC_RELAXED);
}

/* Whether a request for n nodes fails. One that may not fail is not counted. */
static bool fails(unsigned long n, unsigned int flags)
{
	bool sleeps = flags & __GFP_DIRECT_RECLAIM;

#ifdef __GFP_NOFAIL
	if (flags & __GFP_NOFAIL)
		return false;
#endif
	if (memory.fail_sleeping && sleeps) {
		memory.fail_sleeping = false;
		return true;
	}
	if (!memory.fail_at)
		return false;
	if (n < memory.fail_at) {
		memory.fail_at -= n;
		return false;
	}
	memory.fail_at = 0;
	memory.fail_sleeping = !sleeps;
	return true;
}

/* The shims let every request fail that may not sleep. Here those are as good as any. */
#define ENOUGH(flags) ((flags) | __GFP_DIRECT_RECLAIM)

void *kmem_cache_alloc_lru(struct kmem_cache *cache, struct list_lru *lru, int flags)
{
	void *node = fails(1, (unsigned int)flags) ? NULL : shim_kmem_cache_alloc_lru(cache, lru, ENOUGH(flags));

	if (node)
		count_nodes(1);
	return node;
}

__typeof__(kmem_cache_alloc_bulk(NULL, 0, 0, NULL))
kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t flags, size_t n, void **nodes)
{
	if (fails(n, flags) || !shim_kmem_cache_alloc_bulk(cache, ENOUGH(flags), n, nodes))
		return 0;
	count_nodes((long)n);
	return n;
}

void kmem_cache_free(struct kmem_cache *cache, void *node)
{
	count_nodes(-1);
	shim_kmem_cache_free(cache, node);
}

void kmem_cache_free_bulk(struct kmem_cache *cache, size_t n, void **nodes)
{
	count_nodes(-(long)n);
	shim_kmem_cache_free_bulk(cache, n, nodes);
}

/* Newer trees free single nodes with it, and nothing else. */
void kfree(void *node)
{
	count_nodes(node ? -1 : 0);
	shim_kfree(node);
}

#ifdef HAVE_SHEAVES

extern __typeof__(kmem_cache_prefill_sheaf) shim_kmem_cache_prefill_sheaf;
extern __typeof__(kmem_cache_refill_sheaf) shim_kmem_cache_refill_sheaf;
extern __typeof__(kmem_cache_return_sheaf) shim_kmem_cache_return_sheaf;

struct slab_sheaf *kmem_cache_prefill_sheaf(struct kmem_cache *cache, gfp_t flags, unsigned int n)
{
	struct slab_sheaf *sheaf = fails(n, flags) ? NULL : shim_kmem_cache_prefill_sheaf(cache, ENOUGH(flags), n);

	if (sheaf)
		count_nodes((long)kmem_cache_sheaf_size(sheaf));
	return sheaf;
}

int kmem_cache_refill_sheaf(struct kmem_cache *cache, gfp_t flags, struct slab_sheaf **sheaf, unsigned int n)
{
	unsigned int before = kmem_cache_sheaf_size(*sheaf);
	int error = -ENOMEM;

	if (n <= before || !fails(n - before, flags))
		error = shim_kmem_cache_refill_sheaf(cache, ENOUGH(flags), sheaf, n);
	count_nodes((long)kmem_cache_sheaf_size(*sheaf) - (long)before);
	return error;
}

void kmem_cache_return_sheaf(struct kmem_cache *cache, gfp_t flags, struct slab_sheaf *sheaf)
{
	count_nodes(-(long)kmem_cache_sheaf_size(sheaf));
	shim_kmem_cache_return_sheaf(cache, flags, sheaf);
}

#endif

/* ---- readers ---- */

static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER; /* held while the tree is being read */
static volatile bool readers_wait;			     /* the tree is about to go away */

/*
 * While others write, a reader sees one range as it was and the next as it has become: they may overlap. But each
 * begins behind the one before (going down: before it), and holds something that was stored.
 */
static void check_read(const char *way, const struct ma_state *mas, void *entry, bool in_order)
{
	if (!xa_is_value(entry) || !xa_to_value(entry) || xa_to_value(entry) > MAX_VALUE)
		driver_check_failed("a reader going %s got an entry that was never stored", way);
	if (!in_order || mas->index > mas->last)
		driver_check_failed("a reader going %s got ranges that are not in order", way);
}

static void read_up(void)
{
	unsigned long before = 0;
	bool any = false;
	void *entry;
	MA_STATE(mas, tree, 0, 0);

	rcu_read_lock();
	for (; (entry = mas_find(&mas, TOP)); any = true) {
		check_read("up", &mas, entry, !any || mas.index > before);
		before = mas.index;
	}
	rcu_read_unlock();
}

static void read_down(void)
{
	unsigned long before = 0;
	bool any = false;
	void *entry;
	MA_STATE(mas, tree, TOP, TOP);

	rcu_read_lock();
	for (; (entry = mas_prev(&mas, 0)); any = true) {
		check_read("down", &mas, entry, !any || mas.index < before);
		before = mas.index;
	}
	rcu_read_unlock();
}

static void *read_without_end(void *unused)
{
	rcu_register_thread();
	for (bool up = true;; up = !up) {
		while (readers_wait)
			sched_yield();
		pthread_mutex_lock(&reading);
		if (up)
			read_up();
		else
			read_down();
		pthread_mutex_unlock(&reading);
	}
	return unused;
}

static int holds; /* may nest */

static void hold_readers(void)
{
	if (holds++)
		return;
	readers_wait = true;
	pthread_mutex_lock(&reading);
}

static void release_readers(void)
{
	if (--holds)
		return;
	pthread_mutex_unlock(&reading);
	readers_wait = false;
}

/* As for an address space that ends: there are no readers any more, and nodes need no grace period. */
static void stop_readers(struct maple_tree *leaving)
{
	if (!with_readers)
		return;
	hold_readers();
	rcu_barrier();
	mt_clear_in_rcu(leaving);
}

static void let_readers_go(void)
{
	if (!with_readers)
		return;
	mt_set_in_rcu(tree);
	release_readers();
}

/* ---- fields ---- */

static const char *const NAMES[] = { "op",   "r",    "first", "last",  "value", "index",   "max",    "min",    "size",
				     "next", "fail", "entries", "format", "domain", "ranges", NULL };
enum field { OP, R, FIRST, LAST, VALUE, INDEX, MAX, MIN, SIZE, NEXT, FAIL, ENTRIES, FORMAT, DOMAIN, RANGES, FIELDS };

static struct value members[FIELDS];
static struct line line = { .members = members };

/* The fields of the operation at hand, as the functions below want them. */
static struct {
	struct state *state;
	unsigned long first, last, index, max, min, size, next, fail;
	void *value;
	int error; /* what a write answered */
} in;

static const char INDEX_EXPECTED[] = "an index (0 to 2^52-2, max or max-N with 0 < N < 2^32-1)";

static bool is_present(enum field field)
{
	return line.present >> field & 1;
}

/* {"error":"store_range: field first is …; … expected"} */
static void put_complaint(enum field field, const char *expected)
{
	const struct value *value = &members[field];

	put("{\"error\":\"");
	if (is_present(OP) && members[OP].kind == TEXT) {
		put_quoted(members[OP].text, members[OP].length);
		put(": ");
	}
	put("field ");
	put_text(NAMES[field]);
	if (!is_present(field)) {
		put(" is missing; ");
	} else {
		put(" is ");
		if (value->kind == TEXT || value->kind == LIST || value->kind == OBJECT)
			put_quoted(value->text, value->length);
		else
			put("of another kind or size");
		put("; ");
	}
	put_text(expected);
	put(" expected\"}");
	put_end();
}

static bool take_index(enum field field, unsigned long *to)
{
	uint64_t index;

	if (!is_present(field) || !read_index(&members[field], &index)) {
		put_complaint(field, INDEX_EXPECTED);
		return false;
	}
	*to = index;
	return true;
}

static bool take_number(enum field field, unsigned long least, unsigned long most, const char *expected,
			unsigned long *to)
{
	const struct value *value = &members[field];

	if (!is_present(field) || value->kind != WHOLE || value->number < least || value->number > most) {
		put_complaint(field, expected);
		return false;
	}
	*to = value->number;
	return true;
}

static bool take_value(bool or_null)
{
	unsigned long number;

	in.value = NULL;
	if (or_null && is_present(VALUE) && members[VALUE].kind == NIL)
		return true;
	if (!take_number(VALUE, 1, MAX_VALUE, or_null ? "a value (1 to 2^30-1) or null" : "a value (1 to 2^30-1)",
			 &number))
		return false;
	in.value = xa_mk_value(number);
	return true;
}

static bool take_state(void)
{
	unsigned long r = 0;

	if (is_present(R) && !take_number(R, 0, STATES - 1, "a state (0 to 3)", &r))
		return false;
	in.state = &states[r];
	return true;
}

/* ---- answers ---- */

static const char *error_name(int error)
{
	switch (error) {
	case -EINVAL:
		return "EINVAL";
	case -EEXIST:
		return "EEXIST";
	case -EBUSY:
		return "EBUSY";
	case -ENOMEM:
		return "ENOMEM";
	default:
		return "an unknown error";
	}
}

/* A function's result: an errno as the kernel has it, or what begins to be spelled here. */
static void put_ret(int error)
{
	if (error >= 0) {
		put("{\"ret\":0");
	} else {
		put("{\"ret\":\"");
		put_text(error_name(error));
		put("\"");
	}
}

static void put_value(void *entry)
{
	if (!entry)
		put("null");
	else if (xa_is_value(entry))
		put_number(xa_to_value(entry));
	else
		put("\"not a value\""); /* a node, say: the comparison sees it */
}

static void put_entry(void *entry)
{
	put("{\"ret\":");
	put_value(entry);
}

static void end_answer(const struct state *state)
{
	if (state) {
		put(",\"mas\":[");
		put_index(state->mas.index);
		put(",");
		put_index(state->mas.last);
		put(",\"");
		put_text(mas_status_name(&state->mas));
		put("\"]");
	}
	if (tells_work) {
		put(",\"work\":{\"allocated\":");
		put_number(memory.taken);
		put(",\"freed\":");
		put_number(memory.given);
		put("}");
	}
	put("}");
	put_end();
}

/* ---- what a write leaves ---- */

static void forget(struct state *state)
{
	mas_reset(&state->mas);
	state->inside = false;
}

/* After a write by a state, or by the tree itself (NULL). An errno is what the operation answered. */
static void wrote(const struct state *writer, int error)
{
	in.error = error;
	run_deferred();
	validate(tree);
	if (error == -EINVAL)
		return;
	for (int r = 0; r < STATES; r++)
		if (&states[r] != writer || error == -ENOMEM)
			forget(&states[r]);
}

/* The content and the number of nodes before an operation that may run out of memory. */
static struct {
	unsigned long (*ranges)[3];
	size_t count, size;
	long nodes;
} before;

static bool same_as_before(size_t at, const struct ma_state *mas, void *entry)
{
	return at < before.count && before.ranges[at][0] == mas->index && before.ranges[at][1] == mas->last &&
	       before.ranges[at][2] == xa_to_value(entry);
}

static void remember_content(void)
{
	void *entry;
	MA_STATE(mas, tree, 0, 0);

	before.count = 0;
	before.nodes = memory.nodes;
	mtree_lock(tree);
	while ((entry = mas_find(&mas, TOP))) {
		if (before.count == before.size) {
			before.size = 2 * before.size + 64;
			before.ranges = realloc(before.ranges, before.size * sizeof(*before.ranges));
			if (!before.ranges)
				exit(3);
		}
		before.ranges[before.count][0] = mas.index;
		before.ranges[before.count][1] = mas.last;
		before.ranges[before.count++][2] = xa_to_value(entry);
	}
	mtree_unlock(tree);
}

static void check_content(void)
{
	size_t at = 0;
	void *entry;
	MA_STATE(mas, tree, 0, 0);

	mtree_lock(tree);
	while ((entry = mas_find(&mas, TOP)))
		if (!same_as_before(at++, &mas, entry))
			driver_check_failed("ENOMEM, and the tree has changed");
	mtree_unlock(tree);
	if (at != before.count)
		driver_check_failed("ENOMEM, and the tree has changed");
	if (!with_readers && memory.nodes != before.nodes)
		driver_check_failed("ENOMEM, and %ld nodes leaked", memory.nodes - before.nodes);
}

/* ---- Defined answers: where the kernel's hang on how its nodes lie, or it crashes (docs/format.md) ---- */

/* A fresh state, walked to an index. */
static struct ma_state walked_to(unsigned long index)
{
	MA_STATE(mas, tree, index, index);

	mtree_lock(tree);
	mas_walk(&mas);
	mtree_unlock(tree);
	return mas;
}

static bool has_nodes(void)
{
	return xa_is_node(tree->ma_root);
}

enum way { STEP_UP, STEP_DOWN, FIND_DOWN };

/*
 * A state in overflow or underflow that never walked has no node to go on from: it walks first, unless it is at the
 * limit, as the kernel itself finds out before it looks at the node.
 */
static void settle(struct state *state, enum way way, unsigned long limit)
{
	struct ma_state *mas = &state->mas;
	bool goes_on = way == STEP_UP ? status_is_overflow(mas) : status_is_underflow(mas) ||
		       (way == FIND_DOWN && status_is_overflow(mas));
	bool at_limit = way == STEP_UP ? mas->last >= limit : mas->index <= limit;

	if (is_raw || has_node(mas) || !goes_on || at_limit)
		return;
	mas_reset(mas);
	if (has_nodes())
		mas_walk(mas);
}

/* What a state holds on to that is no node: an error, or a node of before the tree was emptied. Kernels follow it. */
static void drop_what_is_no_node(struct ma_state *mas)
{
	bool at_limit = status_is_overflow(mas) || status_is_underflow(mas);

	if (!is_raw && !status_is_active(mas) && !status_is_error(mas) && !(at_limit && has_node(mas)))
		drop_node(mas);
}

/* After a step back from inside a slot, last is the true last of the slot that it came to. */
static void find_last(struct state *state, unsigned long index_before)
{
	struct ma_state *mas = &state->mas;

	if (mas->index == index_before && mas->last >= mas->index)
		return;
	if (state->inside && !is_raw && (status_is_active(mas) || status_is_underflow(mas)) && has_nodes()) {
		MA_STATE(there, tree, mas->index, mas->index);

		mas_walk(&there);
		mas->last = there.last;
	}
	state->inside = false;
}

/* Behind the store that gave the tree its first node the state does not know how much is in the node. */
static void find_end(struct ma_state *mas, bool had_nodes)
{
	if (!is_raw && !had_nodes && has_nodes() && has_node(mas)) {
		MA_STATE(there, tree, mas->index, mas->index);

		mas_walk(&there);
		copy_end(mas, &there);
	}
}

/* Without recorded gaps the kernel would read what is not there, or refuse. */
static bool gap_arguments_bad(void)
{
	if (!tracks_gaps || is_raw)
		return !tracks_gaps;
	return in.min > in.max || in.size == 0 || in.size - 1 > in.max - in.min;
}

/*
 * A search from the top with max "max" wraps a sum and misses gaps. So the topmost gap is looked at here, and the
 * kernel searches below it: true with where it begins, if the topmost will do; else max says how far the kernel is to
 * look, and -EBUSY that nothing is left to look at.
 */
static int look_at_top(unsigned long min, unsigned long *max, unsigned long size, unsigned long *start)
{
	struct ma_state top;

	if (is_raw || *max != TOP || !has_nodes())
		return 0;
	top = walked_to(TOP);
	if (top.index == 0 && mtree_load(tree, TOP) == NULL)
		return 0; /* a node without an entry: the kernel knows that it finds nothing */
	if (mtree_load(tree, TOP)) {
		*max = TOP - 1;
		return min <= *max && size - 1 <= *max - min ? 0 : -EBUSY;
	}
	if (TOP - (top.index > min ? top.index : min) >= size - 1) {
		*start = TOP - (size - 1);
		return 1;
	}
	*max = top.index - 1;
	return top.index > min && size - 1 <= *max - min ? 0 : -EBUSY;
}

/* ---- operations on the tree ---- */

static void op_store_range(void)
{
	int error = mtree_store_range(tree, in.first, in.last, in.value, GFP_KERNEL);

	wrote(NULL, error);
	put_ret(error);
}

static void op_insert_range(void)
{
	unsigned long from = 0;
	int error;

	if (!is_raw && in.first == 0 && in.last == TOP && mt_find(tree, &from, TOP))
		error = -EEXIST; /* over everything a tree of one node would let itself be overwritten */
	else
		error = mtree_insert_range(tree, in.first, in.last, in.value, GFP_KERNEL);
	wrote(NULL, error);
	put_ret(error);
}

static void op_erase(void)
{
	void *entry;
	int error = 0;

	if (in.fail) {
		MA_STATE(mas, tree, in.index, in.index);

		/* mtree_erase() does not tell that it failed. */
		mtree_lock(tree);
		entry = mas_erase(&mas);
		mtree_unlock(tree);
		error = xa_err(mas.node);
	} else {
		entry = mtree_erase(tree, in.index);
	}
	wrote(NULL, error);
	if (error)
		put_ret(error);
	else
		put_entry(entry);
}

static void op_load(void)
{
	put_entry(mtree_load(tree, in.index));
}

static void put_start(int error, unsigned long start)
{
	wrote(NULL, error);
	if (error) {
		put_ret(error);
		return;
	}
	put("{\"ret\":");
	put_index(start);
}

static void op_alloc_range(void)
{
	unsigned long start = 0;
	int error = -EINVAL;

	if (!gap_arguments_bad())
		error = mtree_alloc_range(tree, &start, in.value, in.size, in.min, in.max, GFP_KERNEL);
	put_start(error, start);
}

static void op_alloc_rrange(void)
{
	unsigned long start = 0, max = in.max;
	int error = -EINVAL;

	if (!gap_arguments_bad()) {
		error = look_at_top(in.min, &max, in.size, &start);
		if (error > 0)
			error = mtree_insert_range(tree, start, TOP, in.value, GFP_KERNEL);
		else if (!error)
			error = mtree_alloc_rrange(tree, &start, in.value, in.size, in.min, max, GFP_KERNEL);
	}
	put_start(error, start);
}

#ifdef HAVE_ALLOC_CYCLIC

static void op_alloc_cyclic(void)
{
	unsigned long start = 0, next = in.next;
	int error = -EINVAL;

	if (tracks_gaps && in.min <= in.max)
		error = mtree_alloc_cyclic(tree, &start, in.value, in.min, in.max, &next, GFP_KERNEL);
	wrote(NULL, error);
	if (error < 0) {
		put_ret(error);
		return;
	}
	put("{\"ret\":[");
	put_index(start);
	put(",");
	put_index(next);
	put(",");
	put_number((uint64_t)error);
	put("]");
}

#endif

static void op_find(void)
{
	unsigned long index = in.index;
	void *entry = mt_find(tree, &index, in.max);

	put("{\"ret\":[");
	put_value(entry);
	put(",");
	put_index(index);
	put("]");
}

static void op_next(void)
{
	put_entry(mt_next(tree, in.index, in.max));
}

static void op_prev(void)
{
	put_entry(mt_prev(tree, in.index, in.min));
}

static void destroy(struct maple_tree *old)
{
	mtree_destroy(old);
	run_deferred();
}

/* All states begin anew in the tree that is the current one, where they were. */
static void move_states(void)
{
	for (int r = 0; r < STATES; r++) {
		MA_STATE(mas, tree, states[r].mas.index, states[r].mas.last);

		states[r].mas = mas;
		states[r].inside = false;
	}
}

#ifdef HAVE_DUP

static void op_dup(void)
{
	struct maple_tree *old = tree, *new = &trees[tree == &trees[0]];
	int error;

	mt_init_flags(new, old->ma_flags & ~MT_FLAGS_HEIGHT_MASK);
	error = mtree_dup(old, new, GFP_KERNEL);
	if (error) {
		destroy(new);
		wrote(NULL, error);
		put_ret(error);
		return;
	}
	stop_readers(old);
	tree = new;
	let_readers_go();
	destroy(old);
	move_states();
	wrote(NULL, 0);
	put_ret(0);
}

#endif

static void op_destroy(void)
{
	stop_readers(tree);
	destroy(tree);
	let_readers_go();
	wrote(NULL, 0);
	if (memory.nodes)
		driver_check_failed("%ld nodes are still there after mtree_destroy()", memory.nodes);
	put_ret(0);
}

static void op_dump(void)
{
	bool any = false;
	void *entry;
	MA_STATE(mas, tree, 0, 0);

	put("{\"ret\":{\"entries\":[");
	mtree_lock(tree);
	while ((entry = mas_find(&mas, TOP))) {
		if (any)
			put(",[");
		else
			put("[");
		any = true;
		put_index(mas.index);
		put(",");
		put_index(mas.last);
		put(",");
		put_value(entry);
		put("]");
	}
	mtree_unlock(tree);
	put("]}");
}

#ifdef HAVE_EXPECTED_ENTRIES

/* The next triple of a list whose JSON is known to be right; false at its end, *good unless it is no triple. */
static bool next_triple(const char **at, unsigned long triple[3], bool *good)
{
	struct value value;
	uint64_t index = 0;

	if (**at != ']')
		*at = scan_space(*at + 1); /* behind '[' or ',' */
	if (**at == ']')
		return false;
	if (**at != '[') {
		*good = false;
		return false;
	}
	for (int i = 0; i < 3 && *good; i++) {
		*at = scan_value(*at + 1, &value, 0);
		if (!*at || (i < 2 ? !read_index(&value, &index)
				   : value.kind != WHOLE || value.number < 1 || value.number > MAX_VALUE)) {
			*good = false;
			return false;
		}
		triple[i] = i < 2 ? index : value.number;
		*at = scan_space(*at);
		*good = **at == (i < 2 ? ',' : ']');
	}
	*at = scan_space(*at + 1);
	return *good;
}

/* How many entries; -1 if they are not valid, -2 if they are not beyond what is there. */
static long count_entries(void)
{
	const char *at = members[ENTRIES].text;
	unsigned long triple[3], above = 0;
	bool good = is_present(ENTRIES) && members[ENTRIES].kind == LIST;
	long count = 0;

	while (good && next_triple(&at, triple, &good)) {
		unsigned long from = triple[0];

		if (triple[0] > triple[1] || (count && triple[0] <= above))
			good = false;
		else if (!count && mt_find(tree, &from, TOP))
			return -2;
		above = triple[1];
		count++;
	}
	return good ? count : -1;
}

static void op_bulk(void)
{
	long count = count_entries();
	const char *at = members[ENTRIES].text;
	unsigned long triple[3];
	bool good = true;
	int error;
	MA_STATE(mas, tree, 0, 0);

	if (count < 0) {
		put_text(count == -1 ? "{\"error\":\"bulk: field entries; a list of [first, last, value] expected\""
				     : "{\"error\":\"bulk: entries: not beyond what is there\"");
		return;
	}
	mtree_lock(tree);
	error = mas_expected_entries(&mas, (unsigned long)count);
	while (!error && next_triple(&at, triple, &good)) {
		mas.index = triple[0];
		mas.last = triple[1];
		mas_store(&mas, xa_mk_value(triple[2]));
		if (status_is_error(&mas))
			error = xa_err(mas.node);
	}
	mas_destroy(&mas);
	mtree_unlock(tree);
	wrote(NULL, error);
	put_ret(error);
}

#endif

/* ---- operations on a maple state ---- */

static void op_mas_set(void)
{
	mas_set(&in.state->mas, in.index);
	in.state->inside = false;
	put_ret(0);
}

static void op_mas_set_range(void)
{
	int error = in.first > in.last ? -EINVAL : 0;

	if (!error) {
		mas_set_range(&in.state->mas, in.first, in.last);
		in.state->inside = false;
	}
	put_ret(error);
}

/* Only where the kernel's users may: from the start, or within the state's range. */
static bool may_move_in_place(const struct ma_state *mas, unsigned long first, unsigned long last)
{
	return first <= last && (status_is_start(mas) ||
				 (status_is_active(mas) && mas->index <= first && first <= mas->last));
}

static void op_mas_config(void)
{
	struct ma_state *mas = &in.state->mas;
	int error = may_move_in_place(mas, in.first, in.last) ? 0 : -EINVAL;

	if (!error) {
		move_in_place(mas, in.first, in.last);
		in.state->inside = true;
	}
	put_ret(error);
}

static void op_mas_reset(void)
{
	forget(in.state);
	put_ret(0);
}

static void op_mas_pause(void)
{
	mtree_lock(tree);
	mas_pause(&in.state->mas);
	mtree_unlock(tree);
	in.state->inside = false;
	put_ret(0);
}

/* Moved out of its node by mas_config, twice: the walk is not to begin there. */
static void leave_wrong_node(struct ma_state *mas)
{
	if (!is_raw && status_is_active(mas) && (mas->index < mas->min || mas->index > mas->max))
		mas_reset(mas);
}

static void op_mas_walk(void)
{
	void *entry;

	mtree_lock(tree);
	leave_wrong_node(&in.state->mas);
	drop_what_is_no_node(&in.state->mas);
	entry = mas_walk(&in.state->mas);
	mtree_unlock(tree);
	in.state->inside = false;
	put_entry(entry);
}

typedef void *(*step_function)(struct ma_state *mas, unsigned long limit);

static void step_up(step_function step, bool finds)
{
	unsigned long index = in.state->mas.index;
	void *entry;

	mtree_lock(tree);
	drop_what_is_no_node(&in.state->mas);
	if (!finds)
		settle(in.state, STEP_UP, in.max);
	entry = step(&in.state->mas, in.max);
	mtree_unlock(tree);
	if (in.state->mas.index != index)
		in.state->inside = false;
	put_entry(entry);
}

static void step_down(step_function step, enum way way)
{
	unsigned long index = in.state->mas.index;
	void *entry;

	mtree_lock(tree);
	drop_what_is_no_node(&in.state->mas);
	settle(in.state, way, in.min);
	entry = step(&in.state->mas, in.min);
	find_last(in.state, index);
	mtree_unlock(tree);
	put_entry(entry);
}

static void op_mas_next(void)
{
	step_up(mas_next, false);
}

static void op_mas_find(void)
{
	step_up(mas_find, true);
}

static void op_mas_prev(void)
{
	step_down(mas_prev, STEP_DOWN);
}

static void op_mas_find_rev(void)
{
	step_down(mas_find_rev, FIND_DOWN);
}

#ifdef HAVE_RANGE_STEPS

static void op_mas_next_range(void)
{
	step_up(mas_next_range, false);
}

static void op_mas_find_range(void)
{
	step_up(mas_find_range, true);
}

static void op_mas_prev_range(void)
{
	step_down(mas_prev_range, STEP_DOWN);
}

static void op_mas_find_range_rev(void)
{
	step_down(mas_find_range_rev, FIND_DOWN);
}

#endif

/* After a write by a state: the other states look for their place again, and so does this one if it found no memory. */
static void state_wrote(struct state *state, int error, unsigned long index, unsigned long last, bool had_nodes)
{
	if (error == -ENOMEM) {
		state->mas.index = index;
		state->mas.last = last;
	} else if (!error) {
		find_end(&state->mas, had_nodes);
		state->inside = false;
	}
	mtree_unlock(tree);
	wrote(state, error);
}

static void op_mas_store(void)
{
	struct ma_state *mas = &in.state->mas;
	unsigned long index = mas->index, last = mas->last;
	bool had_nodes = has_nodes();
	int error = -EINVAL;

	mtree_lock(tree);
	drop_what_is_no_node(mas);
	if (is_raw || !status_is_error(mas))
		error = mas_store_gfp(mas, in.value, GFP_KERNEL);
	state_wrote(in.state, error, index, last, had_nodes);
	put_ret(error);
}

static void op_mas_erase(void)
{
	struct ma_state *mas = &in.state->mas;
	unsigned long index = mas->index, last = mas->last;
	void *entry;
	int error;

	mtree_lock(tree);
	leave_wrong_node(mas);
	drop_what_is_no_node(mas);
	entry = mas_erase(mas);
	error = status_is_error(mas) ? xa_err(mas->node) : 0;
	state_wrote(in.state, error, index, last, true);
	if (error)
		put_ret(error);
	else
		put_entry(entry);
}

/* As those do who find after the first reservation that more is to be written. */
static int reserve_twice(struct ma_state *mas)
{
	int error = preallocate(mas, in.value);

	if (error)
		return error;
	move_in_place(mas, in.first, in.last);
	return preallocate(mas, in.value);
}

static void op_mas_store_prealloc(void)
{
	struct ma_state *mas = &in.state->mas;
	unsigned long index = mas->index, last = mas->last;
	bool had_nodes = has_nodes();
	int error = -EINVAL;

	mtree_lock(tree);
	drop_what_is_no_node(mas);
	if (may_move_in_place(mas, in.first, in.last) && index <= in.first && in.first <= last) {
		error = reserve_twice(mas);
		if (error)
			mas_destroy(mas);
		else
			mas_store_prealloc(mas, in.value);
	}
	state_wrote(in.state, error, index, last, had_nodes);
	put_ret(error);
}

/* A search starts from the top of the tree; what it leaves in the state is in docs/format.md. */
static void search_gap(bool down)
{
	struct ma_state *mas = &in.state->mas;
	unsigned long start = 0, max = in.max;
	int error = -EINVAL;

	if (gap_arguments_bad()) {
		put_ret(error);
		return;
	}
	mas_reset(mas);
	error = down ? look_at_top(in.min, &max, in.size, &start) : 0;
	mtree_lock(tree);
	if (error > 0) {
		mas_set(mas, start);
		mas_walk(mas);
		mas->index = start;
		mas->last = TOP;
		error = 0;
	} else if (!error) {
		error = down ? mas_empty_area_rev(mas, in.min, max, in.size)
			     : mas_empty_area(mas, in.min, max, in.size);
	}
	mtree_unlock(tree);
	if (error == -EBUSY && !is_raw && has_nodes()) {
		mas->index = in.min;
		mas->last = in.max;
		make_busy(mas);
	}
	in.state->inside = !error;
	put_ret(error);
}

static void op_mas_empty_area(void)
{
	search_gap(false);
}

static void op_mas_empty_area_rev(void)
{
	search_gap(true);
}

/* ---- the table of operations ---- */

#define HAS(field) (1u << (field))

struct operation {
	const char *name;
	void (*run)(void); /* NULL: this tree has nothing for it */
	unsigned int fields;
	bool writes, has_state, or_null;
};

enum { RANGE = HAS(FIRST) | HAS(LAST), GAP = HAS(SIZE) | HAS(MIN) | HAS(MAX) };

#ifdef HAVE_RANGE_STEPS
#define RANGE_STEP(function) function
#else
#define RANGE_STEP(function) NULL
#endif
#ifdef HAVE_DUP
#define DUP(function) function
#else
#define DUP(function) NULL
#endif
#ifdef HAVE_ALLOC_CYCLIC
#define CYCLIC(function) function
#else
#define CYCLIC(function) NULL
#endif
#ifdef HAVE_EXPECTED_ENTRIES
#define EXPECTED(function) function
#else
#define EXPECTED(function) NULL
#endif
#ifdef HAVE_MAS_SET_RANGE_IN_PLACE
#define IN_PLACE(function) function
#else
#define IN_PLACE(function) NULL
#endif

static const struct operation OPERATIONS[] = {
	{ "store_range", op_store_range, RANGE | HAS(VALUE), true, false, true },
	{ "insert_range", op_insert_range, RANGE | HAS(VALUE), true, false, false },
	{ "erase", op_erase, HAS(INDEX), true, false, false },
	{ "load", op_load, HAS(INDEX), false, false, false },
	{ "alloc_range", op_alloc_range, GAP | HAS(VALUE), true, false, false },
	{ "alloc_rrange", op_alloc_rrange, GAP | HAS(VALUE), true, false, false },
	{ "alloc_cyclic", CYCLIC(op_alloc_cyclic), HAS(MIN) | HAS(MAX) | HAS(NEXT) | HAS(VALUE), true, false, false },
	{ "find", op_find, HAS(INDEX) | HAS(MAX), false, false, false },
	{ "next", op_next, HAS(INDEX) | HAS(MAX), false, false, false },
	{ "prev", op_prev, HAS(INDEX) | HAS(MIN), false, false, false },
	{ "dup", DUP(op_dup), 0, true, false, false },
	{ "destroy", op_destroy, 0, true, false, false },
	{ "dump", op_dump, 0, false, false, false },
	{ "bulk", EXPECTED(op_bulk), 0, true, false, false },
	{ "mas_set", op_mas_set, HAS(INDEX), false, true, false },
	{ "mas_set_range", op_mas_set_range, RANGE, false, true, false },
	{ "mas_config", IN_PLACE(op_mas_config), RANGE, false, true, false },
	{ "mas_reset", op_mas_reset, 0, false, true, false },
	{ "mas_pause", op_mas_pause, 0, false, true, false },
	{ "mas_walk", op_mas_walk, 0, false, true, false },
	{ "mas_next", op_mas_next, HAS(MAX), false, true, false },
	{ "mas_next_range", RANGE_STEP(op_mas_next_range), HAS(MAX), false, true, false },
	{ "mas_find", op_mas_find, HAS(MAX), false, true, false },
	{ "mas_find_range", RANGE_STEP(op_mas_find_range), HAS(MAX), false, true, false },
	{ "mas_prev", op_mas_prev, HAS(MIN), false, true, false },
	{ "mas_prev_range", RANGE_STEP(op_mas_prev_range), HAS(MIN), false, true, false },
	{ "mas_find_rev", op_mas_find_rev, HAS(MIN), false, true, false },
	{ "mas_find_range_rev", RANGE_STEP(op_mas_find_range_rev), HAS(MIN), false, true, false },
	{ "mas_store", op_mas_store, HAS(VALUE), true, true, true },
	{ "mas_erase", op_mas_erase, 0, true, true, false },
	{ "mas_store_prealloc", op_mas_store_prealloc, RANGE | HAS(VALUE), true, true, true },
	{ "mas_empty_area", op_mas_empty_area, GAP, false, true, false },
	{ "mas_empty_area_rev", op_mas_empty_area_rev, GAP, false, true, false },
};

enum { OPERATION_COUNT = sizeof(OPERATIONS) / sizeof(OPERATIONS[0]), BUCKETS = 256 };

static const struct operation *buckets[BUCKETS];

static unsigned int hash_of(const char *text, size_t length)
{
	unsigned int hash = 0;

	for (size_t i = 0; i < length; i++)
		hash = hash * 31 + (unsigned char)text[i];
	return hash;
}

static void fill_buckets(void)
{
	for (int i = 0; i < OPERATION_COUNT; i++) {
		unsigned int at = hash_of(OPERATIONS[i].name, strlen(OPERATIONS[i].name));

		while (buckets[at % BUCKETS])
			at++;
		buckets[at % BUCKETS] = &OPERATIONS[i];
	}
}

static const struct operation *find_operation(const struct value *name)
{
	unsigned int at = hash_of(name->text, name->length);

	for (; buckets[at % BUCKETS]; at++)
		if (text_is(name, buckets[at % BUCKETS]->name))
			return buckets[at % BUCKETS];
	return NULL;
}

/* ---- one line ---- */

static void put_error(const char *text)
{
	put("{\"error\":\"");
	put_text(text);
	put("\"}");
	put_end();
}

static void begin_sequence(void)
{
	unsigned int flags = (tracks_gaps ? MT_FLAGS_ALLOC_RANGE : 0) | (with_readers ? MT_FLAGS_USE_RCU : 0);

	stop_readers(tree);
	destroy(tree);
	tree = &trees[0];
	mt_init_flags(tree, flags);
	for (int r = 0; r < STATES; r++)
		states[r].mas.index = states[r].mas.last = 0;
	move_states();
	let_readers_go();
}

static void answer_header(void)
{
	const char *separator = "\"";

	is_open = false;
	if (!text_is(&members[FORMAT], "maple-fuzz/1")) {
		put_error("header: field format: maple-fuzz/1 expected");
		return;
	}
	if (!is_present(DOMAIN) || !text_is(&members[DOMAIN], "tree")) {
		put_error("header: field domain: tree expected");
		return;
	}
	if (is_present(RANGES) && members[RANGES].kind != TRUTH && members[RANGES].kind != FALSEHOOD) {
		put_error("header: field ranges: true or false expected");
		return;
	}
	tracks_gaps = is_present(RANGES) && members[RANGES].kind == TRUTH;
	begin_sequence();
	is_open = true;
	put("{\"ok\":true,\"name\":\"linux-" LINUX_VERSION " lib/maple_tree.c\",\"ops\":[");
	for (int i = 0; i < OPERATION_COUNT; i++) {
		if (!OPERATIONS[i].run)
			continue;
		put_text(separator);
		put_text(OPERATIONS[i].name);
		separator = "\",\"";
	}
	put("\"],\"headers\":[\"ranges\"],\"fail\":true}");
	put_end();
}

/* The fields of the operation; false after an answer that says which is wrong. */
static bool take_fields(const struct operation *operation)
{
	unsigned int fields = operation->fields;

	in.fail = 0;
	if (is_present(FAIL)) {
		if (!operation->writes) {
			put_complaint(FAIL, "none, for an operation that does not write,");
			return false;
		}
		if (!take_number(FAIL, 1, WIRE_LARGEST, "an integer from 1", &in.fail))
			return false;
	}
	return (!operation->has_state || take_state()) && (!(fields & HAS(FIRST)) || take_index(FIRST, &in.first)) &&
	       (!(fields & HAS(LAST)) || take_index(LAST, &in.last)) &&
	       (!(fields & HAS(INDEX)) || take_index(INDEX, &in.index)) &&
	       (!(fields & HAS(MIN)) || take_index(MIN, &in.min)) &&
	       (!(fields & HAS(MAX)) || take_index(MAX, &in.max)) &&
	       (!(fields & HAS(NEXT)) || take_index(NEXT, &in.next)) &&
	       (!(fields & HAS(SIZE)) ||
		take_number(SIZE, 0, (1ul << 52) - 1, "a size (0 to 2^52-1)", &in.size)) &&
	       (!(fields & HAS(VALUE)) || take_value(operation->or_null));
}

/*
 * Whether the operation takes the last entry out of the tree, or writes to one without a node. A reader whose node dies
 * then starts anew, finds no node and follows a null pointer; one that stood on the root's entry takes the node that
 * has come there for an entry: so in all kernels as yet. Unless that is wanted (raw), the readers pause meanwhile.
 */
static bool unsafe_to_read(const struct operation *operation)
{
	unsigned long first = in.first, last = in.last;
	struct ma_state here;
	bool all = false;
	MA_STATE(low, tree, 0, 0);
	MA_STATE(high, tree, TOP, TOP);

	if (!has_nodes())
		return true;
	if (operation->run == op_erase || operation->run == op_mas_erase) {
		here = walked_to(operation->has_state ? in.state->mas.index : in.index);
		first = here.index;
		last = here.last;
	} else if (operation->run == op_mas_store && !in.value) {
		first = in.state->mas.index;
		last = in.state->mas.last;
	} else if ((operation->run != op_store_range && operation->run != op_mas_store_prealloc) || in.value) {
		return false;
	}
	mtree_lock(tree);
	if (mas_find(&low, TOP) && mas_find_rev(&high, 0))
		all = low.index >= first && high.last <= last;
	mtree_unlock(tree);
	return all;
}

static void run_operation(const struct operation *operation)
{
	bool alone = with_readers && !is_raw && operation->writes && unsafe_to_read(operation);

	crash_operations++;
	crash_working = true;
	memory.taken = memory.given = 0;
	if (in.fail)
		remember_content();
	memory.fail_at = in.fail;
	memory.fail_sleeping = false;
	in.error = 0;
	if (alone)
		hold_readers();
	operation->run();
	if (alone)
		release_readers();
	memory.fail_at = 0;
	memory.fail_sleeping = false;
	if (in.fail && in.error == -ENOMEM)
		check_content();
	crash_working = false;
	end_answer(operation->has_state ? in.state : NULL);
}

static void answer(const char *text)
{
	const struct operation *operation;

	if (!scan_line(text, NAMES, &line)) {
		put_error("not a JSON object");
		return;
	}
	if (is_present(FORMAT)) {
		answer_header();
		return;
	}
	if (!is_open) {
		put_error("a header expected first");
		return;
	}
	operation = is_present(OP) && members[OP].kind == TEXT ? find_operation(&members[OP]) : NULL;
	if (!operation) {
		put_complaint(OP, "an operation of the domain tree");
	} else if (!operation->run) {
		put("{\"unsupported\":true}");
		put_end();
	} else if (take_fields(operation)) {
		run_operation(operation);
	}
}

static void read_words(char **words)
{
	for (; *words; words++) {
		if (!strcmp(*words, "readers")) {
			with_readers = true;
		} else if (!strcmp(*words, "raw")) {
			is_raw = true;
		} else if (!strcmp(*words, "work")) {
			tells_work = true;
		} else {
			fprintf(stderr, "linux: %s is none of the words readers, raw, work\n", *words);
			exit(2);
		}
	}
}

int main(int count, char **words)
{
	pthread_t reader;
	char *text;

	(void)count;
	read_words(words + 1);
	wire_open();
	crash_open();
	fill_buckets();
	rcu_register_thread();
	maple_tree_init();
	mt_init_flags(tree, 0);
	if (with_readers && pthread_create(&reader, NULL, read_without_end, NULL))
		return 3;
	while ((text = wire_line()))
		if (!is_comment(text))
			answer(text);
	stop_readers(tree);
	destroy(tree);
	wire_flush();
	if (memory.nodes && !with_readers)
		fprintf(stderr, "linux: %ld nodes are still there at the end\n", memory.nodes);
	return 0;
}

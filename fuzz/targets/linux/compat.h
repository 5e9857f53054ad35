/*
 * The user's lib/maple_tree.c in user space, of any tree from 6.1 on, with what differs between trees made alike.
 *
 * The surroundings are the tree's own shims (tools/testing/shared, before that tools/testing/radix-tree): they change
 * together with the code, and RCU in them is real (liburcu). Nothing of the tree is copied; all of it is included.
 *
 *     -DHAVE_...   what the tree has, found by probe.ts in its headers: never by a version number
 *     -DMAPLE_SOURCE="..."   the tree's tools/testing/shared/maple-shim.c, or lib/maple_tree.c itself
 *
 * Rules that hold here:
 * - A check of the kernel's that fails ends the program with file, line, function and its text (see crash.h), a WARN
 *   too: in a driver of a fuzzer nothing that the kernel warns of is harmless.
 * - Nodes come from the shims' allocator, through kmem_cache_* of tree.c: the shims' functions have been renamed to
 *   shim_kmem_cache_* when they were compiled. So allocations are counted, and can be made to fail.
 * - Without readers, what call_rcu is given runs as soon as the operation is over: no grace period is longer than that,
 *   and a use after it is seen at once by AddressSanitizer.
 */
#ifndef MAPLE_FUZZ_COMPAT_H
#define MAPLE_FUZZ_COMPAT_H

#include <assert.h>
#include <pthread.h>

#include "crash.h"

/* ---- the surroundings ---- */

#define dump_stack() check_failed(__FILE__, __LINE__, __func__, "a check in a header")

#ifdef HAVE_SHARED_SHIMS
#include "maple-shared.h"
#else
#define CONFIG_DEBUG_MAPLE_TREE
#define CONFIG_MAPLE_SEARCH
#define MAPLE_32BIT (MAPLE_NODE_SLOTS > 31)
#define module_init(x)
#define module_exit(x)
#define MODULE_AUTHOR(x)
#define MODULE_DESCRIPTION(x)
#define MODULE_LICENSE(x)
#include "test.h"
#include "linux/init.h"
#endif

#ifdef NODEBUG
#undef CONFIG_DEBUG_MAPLE_TREE
#endif
#ifndef fallthrough
#define fallthrough __attribute__((__fallthrough__))
#endif

#include <linux/slab.h>
#include <linux/maple_tree.h>

/* ---- checks ---- */

/* The text is taken where the macro is used, before the condition's own macros are expanded. */
#define FAILS(condition, text) ({							\
	bool fails_ = !!(condition);							\
	if (unlikely(fails_))								\
		check_failed(__FILE__, __LINE__, __func__, text);			\
	fails_;										\
})

#undef BUG_ON
#undef WARN_ON
#undef WARN_ON_ONCE
#define BUG_ON(condition) ((void)FAILS(condition, #condition))
#define WARN_ON(condition) FAILS(condition, #condition)
#define WARN_ON_ONCE(condition) FAILS(condition, #condition)

#undef MT_BUG_ON
#undef MAS_BUG_ON
#undef MAS_WR_BUG_ON
#undef MT_WARN_ON
#undef MAS_WARN_ON
#undef MAS_WR_WARN_ON
#define MT_BUG_ON(tree, condition) ((void)FAILS(condition, #condition))
#define MAS_BUG_ON(mas, condition) ((void)FAILS(condition, #condition))
#define MAS_WR_BUG_ON(wr_mas, condition) ((void)FAILS(condition, #condition))
#define MT_WARN_ON(tree, condition) FAILS(condition, #condition)
#define MAS_WARN_ON(mas, condition) FAILS(condition, #condition)
#define MAS_WR_WARN_ON(wr_mas, condition) FAILS(condition, #condition)

/* ---- RCU ---- */

static bool with_readers;

static void urcu_call_rcu(struct rcu_head *head, void (*function)(struct rcu_head *))
{
	call_rcu(head, function);
}

/* What waits for the end of the operation; each lies in the memory that it frees. */
struct deferred {
	struct deferred *next;
	void (*function)(struct rcu_head *);
};

static struct deferred *deferred_first, **deferred_end = &deferred_first;

static void defer(struct rcu_head *head, void (*function)(struct rcu_head *))
{
	struct deferred *it = (struct deferred *)head;

	static_assert(sizeof(*it) <= sizeof(*head), "no room in a struct rcu_head");
	if (with_readers) {
		urcu_call_rcu(head, function);
		return;
	}
	it->next = NULL;
	it->function = function;
	*deferred_end = it;
	deferred_end = &it->next;
}

static void run_deferred(void)
{
	while (deferred_first) {
		struct deferred *it = deferred_first;

		deferred_first = it->next;
		if (!deferred_first)
			deferred_end = &deferred_first;
		it->function((struct rcu_head *)it);
	}
}

#undef call_rcu
#define call_rcu(head, function) defer(head, function)

#include MAPLE_SOURCE

/* ---- maple states ---- */

#ifdef HAVE_MA_STATUS

static const char *mas_status_name(const struct ma_state *mas)
{
	switch (mas->status) {
	case ma_active:
		return "active";
	case ma_start:
		return "start";
	case ma_root:
		return "root";
	case ma_none:
		return "none";
	case ma_pause:
		return "pause";
	case ma_overflow:
		return "overflow";
	case ma_underflow:
		return "underflow";
	case ma_error:
		return "error";
	}
	return "?";
}

static bool status_is_start(const struct ma_state *mas)
{
	return mas->status == ma_start;
}

static bool status_is_active(const struct ma_state *mas)
{
	return mas->status == ma_active;
}

static bool status_is_error(const struct ma_state *mas)
{
	return mas->status == ma_error;
}

static bool status_is_overflow(const struct ma_state *mas)
{
	return mas->status == ma_overflow;
}

static bool status_is_underflow(const struct ma_state *mas)
{
	return mas->status == ma_underflow;
}

static void make_busy(struct ma_state *mas)
{
	mas->status = ma_error;
	mas->node = MA_ERROR(-EBUSY);
}

/* Where the status is not in the node, that may be an error, or nothing yet. */
static bool has_node(const struct ma_state *mas)
{
	return mas->node && !xa_is_err(mas->node);
}

static void drop_node(struct ma_state *mas)
{
	mas->node = NULL;
}

#else /* before 6.8 the status is the node */

static const char *mas_status_name(const struct ma_state *mas)
{
	if (mas->node == MAS_START)
		return "start";
	if (mas->node == MAS_ROOT)
		return "root";
	if (mas->node == MAS_NONE)
		return "none";
	if (mas->node == MAS_PAUSE)
		return "pause";
#ifdef MAS_OVERFLOW
	if (mas->node == MAS_OVERFLOW)
		return "overflow";
	if (mas->node == MAS_UNDERFLOW)
		return "underflow";
#endif
	return xa_is_err(mas->node) ? "error" : "active";
}

static bool status_is_start(const struct ma_state *mas)
{
	return mas->node == MAS_START;
}

static bool status_is_active(const struct ma_state *mas)
{
	return *mas_status_name(mas) == 'a';
}

static bool status_is_error(const struct ma_state *mas)
{
	return xa_is_err(mas->node);
}

static bool status_is_overflow(const struct ma_state *mas)
{
	return *mas_status_name(mas) == 'o';
}

static bool status_is_underflow(const struct ma_state *mas)
{
	return *mas_status_name(mas) == 'u';
}

static void make_busy(struct ma_state *mas)
{
	mas->node = MA_ERROR(-EBUSY);
}

/* There is nothing else that could be kept too long. */
static bool has_node(const struct ma_state *mas)
{
	(void)mas;
	return true;
}

static void drop_node(struct ma_state *mas)
{
	(void)mas;
}

#endif

/* The end of the node's data is kept in the state since 6.8. */
static void copy_end(struct ma_state *to, const struct ma_state *from)
{
#ifdef HAVE_MA_END
	if (to->node == from->node)
		to->end = from->end;
#endif
}

static void move_in_place(struct ma_state *mas, unsigned long first, unsigned long last)
{
#ifdef HAVE_MAS_SET_RANGE_IN_PLACE
	__mas_set_range(mas, first, last);
#else
	mas->index = first;
	mas->last = last;
#endif
}

static int preallocate(struct ma_state *mas, void *entry)
{
#ifdef HAVE_PREALLOCATE_ENTRY
	return mas_preallocate(mas, entry, GFP_KERNEL);
#else
	return mas_preallocate(mas, GFP_KERNEL);
#endif
}

static void validate(struct maple_tree *tree)
{
#ifndef NODEBUG
	mt_validate(tree);
#endif
}

#endif

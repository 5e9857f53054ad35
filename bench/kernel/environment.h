/*
 * What lib/maple_tree.c of Linux expects around it, for user space: just enough of the kernel to compile that
 * one file as it stands in Debian's linux-source package. Our own; nothing of the kernel is copied here.
 *
 * The rules:
 *  - 64 bits: without CONFIG_64BIT the tree gets the nodes of a 32-bit kernel and is not the same tree.
 *  - Everything that a single thread does not need costs nothing (locks, RCU read sides, tracing). That favours
 *    the kernel's side of a comparison, on purpose: a goal reached against it is reached.
 *  - Nodes come from a free list over large blocks (see driver.c): no malloc per node, no grace periods.
 *
 * The build (kernel.ts) makes one-line files <linux/kernel.h>, <linux/slab.h>, ... that include this one.
 */
#ifndef MAPLE_BENCH_ENVIRONMENT_H
#define MAPLE_BENCH_ENVIRONMENT_H

#ifndef CONFIG_64BIT
#define CONFIG_64BIT 1
#endif

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef unsigned int gfp_t;

/* Attributes and hints of the compiler. */
#define __rcu
#define __init
#define __must_check
#define __force
#define __maybe_unused __attribute__((unused))
#define __must_hold(lock)
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define noinline __attribute__((noinline))
#define fallthrough __attribute__((fallthrough))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __asm__ __volatile__("" ::: "memory")
#define EXPORT_SYMBOL(name)
#define EXPORT_SYMBOL_GPL(name)
#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define min(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define max(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })

/* A broken rule ends the run: a measurement of a broken tree is worth nothing. */
#define BUG_ON(x) do { if (unlikely(x)) { fprintf(stderr, "BUG %s:%d\n", __FILE__, __LINE__); abort(); } } while (0)
#define WARN_ON(x) ({ int bad_ = !!(x); BUG_ON(bad_); bad_; })
#define WARN_ON_ONCE(x) WARN_ON(x)
#define pr_err(...) fprintf(stderr, __VA_ARGS__)
#define pr_info(...) fprintf(stderr, __VA_ARGS__)
#define pr_cont(...) fprintf(stderr, __VA_ARGS__)
#define dump_stack() abort()

/* One thread: locks and RCU are nothing, ordering only binds the compiler (as on x86). */
typedef struct { char unused; } spinlock_t;
#define __SPIN_LOCK_UNLOCKED(name) { 0 }
#define spin_lock_init(lock) ((void)(lock))
#define spin_lock(lock) ((void)(lock))
#define spin_lock_nested(lock, subclass) ((void)(lock))
#define spin_unlock(lock) ((void)(lock))
#define spin_lock_irqsave(lock, flags) ((void)(lock), (void)(flags))
#define spin_unlock_irqrestore(lock, flags) ((void)(lock), (void)(flags))
struct rcu_head { struct rcu_head *next; void (*func)(struct rcu_head *); };
#define rcu_read_lock() ((void)0)
#define rcu_read_unlock() ((void)0)
#define rcu_assign_pointer(place, value) do { barrier(); (place) = (value); } while (0)
#define rcu_dereference_check(place, held) (*(__typeof__(place) volatile *)&(place))
#define rcu_dereference_protected(place, held) (place)
#define rcu_dereference(place) rcu_dereference_check(place, 0)
#define RCU_INIT_POINTER(place, value) ((place) = (value))
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define lockdep_is_held(lock) 1
static inline void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *)) { func(head); }

/* Counters of the debug build only (mt_validate lives behind CONFIG_DEBUG_MAPLE_TREE). */
typedef struct { int value; } atomic_t;
#define ATOMIC_INIT(n) { (n) }
#define atomic_inc(counter) ((void)++(counter)->value)
#define atomic_read(counter) ((counter)->value)

/* Memory. */
#define GFP_KERNEL 1u
#define GFP_NOWAIT 2u
#define __GFP_NOWARN 4u
#define __GFP_ZERO 8u
#define SLAB_PANIC 0
#define gfpflags_allow_blocking(flags) (((flags) & GFP_KERNEL) != 0)
struct kmem_cache;
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align, unsigned int flags,
				     void (*ctor)(void *));
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t gfp, size_t count, void **objects);
void kmem_cache_free(struct kmem_cache *cache, void *object);
void kmem_cache_shrink(struct kmem_cache *cache);
void kmem_cache_free_bulk(struct kmem_cache *cache, size_t count, void **objects);

/* How a slot's word tells entries from nodes and errors: ...01 a number, ...10 internal, above 4096 a node. */
static inline void *xa_mk_value(unsigned long v) { return (void *)((v << 1) | 1); }
static inline unsigned long xa_to_value(const void *entry) { return (unsigned long)entry >> 1; }
static inline bool xa_is_value(const void *entry) { return (unsigned long)entry & 1; }
static inline void *xa_mk_internal(unsigned long v) { return (void *)((v << 2) | 2); }
static inline unsigned long xa_to_internal(const void *entry) { return (unsigned long)entry >> 2; }
static inline bool xa_is_internal(const void *entry) { return ((unsigned long)entry & 3) == 2; }
static inline bool xa_is_node(const void *entry) { return xa_is_internal(entry) && (unsigned long)entry > 4096; }
#define XA_ZERO_ENTRY xa_mk_internal(257)
static inline bool xa_is_zero(const void *entry) { return entry == XA_ZERO_ENTRY; }
static inline bool xa_is_advanced(const void *entry) { return xa_is_internal(entry) && entry <= XA_ZERO_ENTRY; }
static inline bool xa_is_err(const void *entry)
{
	return xa_is_internal(entry) && (unsigned long)entry >= (unsigned long)xa_mk_internal(-4095UL);
}
static inline int xa_err(const void *entry) { return xa_is_err(entry) ? (int)((long)entry >> 2) : 0; }

/* Trace points: off. */
#define tracepoint_string(text) (text)
#define trace_ma_op(where, state) ((void)0)
#define trace_ma_read(where, state) ((void)0)
#define trace_ma_write(where, state, index, entry) ((void)0)

#endif

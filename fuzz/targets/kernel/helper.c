/*
 * The running Linux kernel as a target of maple-fuzz: reads sequences of `maple-fuzz/1` (domain mm) on standard input,
 * performs each operation as a real system call, and answers each line on standard output.
 *
 * The address space of this process, while it works:
 *
 *     0        4 KiB                 4 GiB            + pages       16 GiB                               2^47
 *     |--------|#####################|     window     |#############|park|#####|text|#######|libs|#|stack|##|
 *
 * - The window lies at a fixed address, so that nothing depends on address space randomization. Everything that is not
 *   ours already is filled (#) with mappings that are inaccessible, shared and of files of their own: what the kernel
 *   is left to place falls inside the window or fails, and nothing inside merges with anything outside.
 * - "park" is where an aio ring (the file "dev") is born before it is moved into the window: 4 pages that are unmapped
 *   for that moment only.
 * - The heap starts inside the window: PR_SET_MM_MAP moves it there, which needs no privilege.
 * - For a header with max_map_count the filler above "park" is cut into so many pieces that the window has what is left
 *   of the process's limit (vm.max_map_count).
 *
 * Processes:
 *
 *     template ---fork, once a sequence---> worker ---fork, once an operation "fork"---> worker' ---> ...
 *     waits                                 waits                                        goes on talking, and tells
 *                                                                                        the template at the end
 *
 * The template's window is always empty, so each sequence starts clean, whatever the one before it sealed or left. The
 * buffers of input and output lie in memory that all share; exactly one process at a time uses them, the others wait.
 * A parent must stay alive while its child goes on: the kernel may reuse the anon_vma of a parent that is gone.
 *
 * Rules that hold here:
 * - After fill() nothing may allocate memory or load code: there is no room. Buffers are static, and neither stdio nor
 *   malloc is used at all.
 * - A system call is given only ranges inside the window (see in_window); hints that point outside are bent to a place
 *   just above it, which is as occupied as where they pointed.
 * - The template does not wait until a worker has ended, only until it is done: taking an aio ring down takes the
 *   kernel longer than many a sequence.
 * - Output is written only when the input buffer is empty or the output buffer is full: a batch costs one round trip.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/capability.h>
#include <linux/mempolicy.h>
#include <linux/prctl.h>
#include <linux/userfaultfd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __linux__
#error "the kernel target needs Linux"
#endif
#if __SIZEOF_POINTER__ != 8
#error "the kernel target needs a 64-bit system"
#endif

/* What older headers lack. The numbers are part of the kernel's interface. */
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif
#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

enum { PAGE = 4096, MAX_PAGES = 1 << 20, FILE_PAGES = 64, DEV_BYTES = 4 * PAGE, DEV_EVENTS = 240, RING_TRIES = 100 };

#define BASE ((uint64_t)1 << 32)
#define ROOM (((uint64_t)MAX_PAGES + 1) * PAGE) /* what is kept free for windows: the largest, and a page */
#define PARK ((uint64_t)1 << 34)                /* above the window, so that a search from the top finds it first */
#define MOST_FILLED ((uint64_t)1 << 28)         /* bytes that one call may be asked to bring in: memory is real */
#define MOST_MAPPINGS 300000                    /* more pieces take too long to cut for every sequence */
#define STACK_BYTES (256 * 1024)    /* more than this program ever uses; the stack cannot grow once all is filled */

/* ------------------------------------------------------------------------------------------------ conversation */

/* Input and output, shared by all processes of this program; the process that is not waiting owns it. */
struct conversation {
	size_t start, end, out_length;
	int eof;
	volatile int done; /* the sequence is over; the template goes on */
	pid_t template;
	int skipping; /* the rest of a line that was too long */
	char in[1 << 20];
	char out[1 << 20];
};

static struct conversation *talk;

static size_t length_of(const char *s) { return strlen(s); }

/* Ends the program with one line on standard error. */
static void die(const char *what, const char *why)
{
	char line[512];
	size_t n = 0;
	const char *parts[] = { "maple-fuzz kernel helper: ", what, why ? ": " : "", why ? why : "", "\n" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t m = length_of(parts[i]);
		if (m > sizeof(line) - n)
			m = sizeof(line) - n;
		memcpy(line + n, parts[i], m);
		n += m;
	}
	if (write(2, line, n) < 0)
		_exit(4);
	_exit(3);
}

static void flush(void)
{
	for (size_t done = 0; done < talk->out_length;) {
		ssize_t n = write(1, talk->out + done, talk->out_length - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			_exit(0); /* the reader is gone: there is no one to tell */
		done += (size_t)n;
	}
	talk->out_length = 0;
}

static void put_bytes(const char *s, size_t n)
{
	if (talk->out_length + n > sizeof(talk->out))
		flush();
	memcpy(talk->out + talk->out_length, s, n);
	talk->out_length += n;
}

static void put(const char *s) { put_bytes(s, length_of(s)); }

static void put_number(uint64_t value)
{
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put_bytes(digits + at, sizeof(digits) - at);
}

/* Reads more input; the answers so far leave first. False at the end of the input. */
static int fill_input(void)
{
	ssize_t n;

	flush();
	if (talk->start > 0) {
		memmove(talk->in, talk->in + talk->start, talk->end - talk->start);
		talk->end -= talk->start;
		talk->start = 0;
	}
	do
		n = read(0, talk->in + talk->end, sizeof(talk->in) - talk->end);
	while (n < 0 && errno == EINTR);
	if (n <= 0) {
		talk->eof = 1;
		return 0;
	}
	talk->end += (size_t)n;
	return 1;
}

struct line {
	const char *text;
	size_t length;
	size_t consumed; /* with the newline */
	int too_long;
};

/* The next line, without taking it; false at the end of the input. It stays valid until the next call. */
static int peek_line(struct line *line)
{
	for (size_t looked = 0;;) {
		char *from = talk->in + talk->start;
		size_t have = talk->end - talk->start;
		char *newline = memchr(from + looked, '\n', have - looked);

		if (newline || (talk->eof && have > 0)) {
			line->text = from;
			line->length = newline ? (size_t)(newline - from) : have;
			line->consumed = line->length + (newline != NULL);
			line->too_long = talk->skipping;
			talk->skipping = 0;
			return 1;
		}
		if (talk->eof)
			return 0;
		looked = have;
		if (have == sizeof(talk->in)) {
			talk->skipping = 1;
			talk->start = talk->end = 0;
			looked = 0;
		}
		fill_input();
	}
}

static void take_line(const struct line *line) { talk->start += line->consumed; }

static int is_blank(const struct line *line)
{
	for (size_t i = 0; i < line->length; i++)
		if (!strchr(" \t\r", line->text[i]))
			return line->text[i] == '#' && !line->too_long;
	return !line->too_long;
}

/* ------------------------------------------------------------------------------------------------------- JSON */

/* One member of the object on a line. Strings and nested values are slices of the line, escapes left as they are. */
struct member {
	const char *key, *text;
	size_t key_length, length;
	char type; /* '0' an integer from 0 to 2^63 - 1, 'f' any other number, '"', '[', '{', 't', 'n' */
	uint64_t number;
};

enum { MAX_MEMBERS = 32, MAX_DEPTH = 16 };

struct object {
	int count;
	struct member members[MAX_MEMBERS];
};

struct scanner {
	const char *at, *end;
};

static void skip_space(struct scanner *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n'))
		s->at++;
}

static int scan_char(struct scanner *s, char c)
{
	skip_space(s);
	if (s->at == s->end || *s->at != c)
		return 0;
	s->at++;
	return 1;
}

static int scan_word(struct scanner *s, const char *word)
{
	size_t n = length_of(word);

	if ((size_t)(s->end - s->at) < n || memcmp(s->at, word, n))
		return 0;
	s->at += n;
	return 1;
}

/* The text between the quotes. */
static int scan_string(struct scanner *s, const char **text, size_t *length)
{
	if (!scan_char(s, '"'))
		return 0;
	*text = s->at;
	for (; s->at < s->end && *s->at != '"'; s->at++) {
		if ((unsigned char)*s->at < ' ')
			return 0;
		if (*s->at == '\\' && ++s->at == s->end)
			return 0;
	}
	*length = (size_t)(s->at - *text);
	return scan_char(s, '"');
}

static int scan_digits(struct scanner *s)
{
	const char *from = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return s->at > from;
}

static int scan_number(struct scanner *s, struct member *m)
{
	const char *digits;
	int negative = scan_word(s, "-"), plain = 1;

	digits = s->at;
	if (!scan_digits(s) || (*digits == '0' && s->at - digits > 1))
		return 0;
	m->number = 0;
	for (const char *d = digits; d < s->at; d++) {
		if (m->number > (INT64_MAX - 9) / 10)
			plain = 0;
		m->number = m->number * 10 + (uint64_t)(*d - '0');
	}
	if (scan_word(s, ".")) {
		plain = 0;
		if (!scan_digits(s))
			return 0;
	}
	if (s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
		plain = 0;
		s->at++;
		if (s->at < s->end && (*s->at == '+' || *s->at == '-'))
			s->at++;
		if (!scan_digits(s))
			return 0;
	}
	m->type = plain && !(negative && m->number) ? '0' : 'f';
	return 1;
}

static int scan_value(struct scanner *s, struct member *m, int depth);

static int scan_array(struct scanner *s, int depth)
{
	struct member ignored;

	if (!scan_char(s, '[') || depth > MAX_DEPTH)
		return 0;
	if (scan_char(s, ']'))
		return 1;
	do {
		if (!scan_value(s, &ignored, depth + 1))
			return 0;
	} while (scan_char(s, ','));
	return scan_char(s, ']');
}

/* An object; its members go to `object` where that is not null (those beyond MAX_MEMBERS are checked and dropped). */
static int scan_object(struct scanner *s, struct object *object, int depth)
{
	struct member m;

	if (!scan_char(s, '{') || depth > MAX_DEPTH)
		return 0;
	if (scan_char(s, '}'))
		return 1;
	do {
		if (!scan_string(s, &m.key, &m.key_length) || !scan_char(s, ':') || !scan_value(s, &m, depth + 1))
			return 0;
		if (object && object->count < MAX_MEMBERS)
			object->members[object->count++] = m;
	} while (scan_char(s, ','));
	return scan_char(s, '}');
}

static int scan_value(struct scanner *s, struct member *m, int depth)
{
	int good;

	skip_space(s);
	if (s->at == s->end)
		return 0;
	m->text = s->at;
	m->type = *s->at;
	switch (*s->at) {
	case '"':
		return scan_string(s, &m->text, &m->length);
	case '[':
		good = scan_array(s, depth);
		m->length = (size_t)(s->at - m->text);
		return good;
	case '{':
		return scan_object(s, NULL, depth);
	case 't':
		return scan_word(s, "true");
	case 'f':
		m->type = 'F';
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		return scan_number(s, m);
	}
}

/* Whether the line is one JSON object and nothing else. */
static int parse(const struct line *line, struct object *object)
{
	struct scanner s = { line->text, line->text + line->length };

	object->count = 0;
	if (line->too_long || !scan_object(&s, object, 0))
		return 0;
	skip_space(&s);
	return s.at == s.end;
}

/* The last member of that name, as JSON.parse has it; or null. */
static const struct member *member(const struct object *object, const char *key)
{
	size_t n = length_of(key);

	for (int i = object->count - 1; i >= 0; i--) {
		const struct member *m = &object->members[i];
		if (m->key_length == n && !memcmp(m->key, key, n))
			return m;
	}
	return NULL;
}

static int is_text(const struct member *m, const char *text)
{
	return m && m->type == '"' && m->length == length_of(text) && !memcmp(m->text, text, m->length);
}

/* ---------------------------------------------------------------------------------------------------- answers */

static void answer_number(uint64_t value)
{
	put("{\"ret\":");
	put_number(value);
	put("}\n");
}

static void answer_error(const char *field, const char *text)
{
	put("{\"error\":\"");
	put(field);
	put(text);
	put("\"}\n");
}

static void answer_wrong_field(const char *field) { answer_error(field, ": missing, mistyped or outside the window"); }

static void answer_unsupported(void) { put("{\"unsupported\":true}\n"); }

/* Not this time: the operation is known, and cannot be done faithfully in the present state. */
static void answer_not_here(const char *why)
{
	put("{\"unsupported\":true,\"why\":\"");
	put(why);
	put("\"}\n");
}

static const char *errno_name(int number)
{
	switch (number) {
	case EPERM: return "EPERM";
	case ENOENT: return "ENOENT";
	case EINTR: return "EINTR";
	case EIO: return "EIO";
	case EBADF: return "EBADF";
	case EAGAIN: return "EAGAIN";
	case ENOMEM: return "ENOMEM";
	case EACCES: return "EACCES";
	case EFAULT: return "EFAULT";
	case EBUSY: return "EBUSY";
	case EEXIST: return "EEXIST";
	case ENODEV: return "ENODEV";
	case EINVAL: return "EINVAL";
	case ENFILE: return "ENFILE";
	case EMFILE: return "EMFILE";
	case ETXTBSY: return "ETXTBSY";
	case EFBIG: return "EFBIG";
	case ENOSPC: return "ENOSPC";
	case ENOSYS: return "ENOSYS";
	case EOVERFLOW: return "EOVERFLOW";
	case EOPNOTSUPP: return "EOPNOTSUPP";
	default: return "EUNKNOWN";
	}
}

static void answer_errno(int number)
{
	put("{\"ret\":\"");
	put(errno_name(number));
	put("\"}\n");
}

/* The answer of a call that returns 0 or -1. */
static void answer_call(long result)
{
	if (result < 0)
		answer_errno(errno);
	else
		answer_number(0);
}

/* The answer of a call that returns an address in the window, or -1. */
static void answer_address(long result)
{
	if (result == -1)
		answer_errno(errno);
	else
		answer_number((uint64_t)result - BASE);
}

/* --------------------------------------------------------------------------------------- what this kernel can do */

enum { OP_MMAP, OP_MUNMAP, OP_MPROTECT, OP_MREMAP, OP_MADVISE, OP_MLOCK, OP_MUNLOCK, OP_MSEAL, OP_BRK,
       OP_REMAP_FILE_PAGES, OP_TOUCH, OP_FORK, OP_DUMP, OP_MLOCKALL, OP_MUNLOCKALL, OP_MBIND, OP_UFFD_REGISTER,
       OP_UFFD_UNREGISTER, OP_SET_VMA_NAME, OP_COUNT };

static const char *const op_names[OP_COUNT] = { "mmap", "munmap", "mprotect", "mremap", "madvise", "mlock", "munlock",
	"mseal", "brk", "remap_file_pages", "touch", "fork", "dump", "mlockall", "munlockall", "mbind", "uffd_register",
	"uffd_unregister", "set_vma_name" };

enum { FILE_A, FILE_B, FILE_C, FILE_DEV, FILE_COUNT };
static const char *const file_names[FILE_COUNT] = { "a", "b", "c", "dev" };
static const char *const foreign_files[] = { "closer", "nosplit", "pfn", "mixed", "failing", "nodump" };

struct advice {
	const char *name;
	int number; /* -1: acts on single pages and shows in no mapping, so the format leaves it out */
};

static const struct advice advices[] = {
	{ "normal", 0 }, { "random", 1 }, { "sequential", 2 }, { "willneed", 3 }, { "dontneed", 4 }, { "free", 8 },
	{ "remove", 9 }, { "dontfork", 10 }, { "dofork", 11 }, { "mergeable", 12 }, { "unmergeable", 13 },
	{ "hugepage", 14 }, { "nohugepage", 15 }, { "dontdump", 16 }, { "dodump", 17 }, { "wipeonfork", 18 },
	{ "keeponfork", 19 }, { "cold", 20 }, { "pageout", 21 }, { "populate_read", 22 }, { "populate_write", 23 },
	{ "dontneed_locked", 24 }, { "collapse", -1 }, { "guard_install", -1 }, { "guard_remove", -1 },
	{ "hwpoison", -1 }, { "soft_offline", -1 },
};

enum { ADVICE_COUNT = sizeof(advices) / sizeof(*advices) };

/* Found out once, in a process of its own, before the address space is filled; shared memory brings it back. */
struct abilities {
	int no_seal, no_heap, no_dev, no_dontunmap, no_lock_privilege, no_policy, no_uffd, no_names, no_zero_page;
	uint64_t map_limit; /* vm.max_map_count */
	unsigned char no_advice[ADVICE_COUNT];
	uint64_t lock_limit; /* bytes; UINT64_MAX without a limit */
};

static struct abilities *able;

/* ---------------------------------------------------------------------------------------------- the address space */

/* A number from the text, in that base; moves the text on. */
static uint64_t read_number(const char **text, int base)
{
	uint64_t value = 0;

	for (;; (*text)++) {
		char c = **text;
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
		if (digit >= base)
			return value;
		value = value * (uint64_t)base + (uint64_t)digit;
	}
}

/* A whole small file of /proc into a buffer, with a zero behind it. */
static size_t read_file(const char *path, char *buffer, size_t capacity)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;

	if (fd < 0)
		die(path, errno_name(errno));
	for (;;) {
		ssize_t got = read(fd, buffer + n, capacity - 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	buffer[n] = 0;
	close(fd);
	return n;
}

static char proc_text[1 << 17];

/* A file for mappings. The fillers' files are empty, which does not matter: they are never touched. */
static int memory_file(const char *name, uint64_t bytes)
{
	int fd = (int)syscall(SYS_memfd_create, name, MFD_CLOEXEC);

	if (fd < 0 || (bytes && ftruncate(fd, (off_t)bytes)))
		die("cannot make a memory file", errno_name(errno));
	return fd;
}

/* Occupies a range. The file offset is the address, so pieces of one filler that meet are one mapping. */
static int occupy(int fd, uint64_t start, uint64_t end)
{
	long at;

	if (start >= end)
		return 1;
	at = syscall(SYS_mmap, start, end - start, PROT_NONE, MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_NORESERVE, fd, start);
	if (at == -1)
		return 0;
	if ((uint64_t)at != start) { /* a kernel that does not know MAP_FIXED_NOREPLACE took it as a hint */
		syscall(SYS_munmap, at, end - start);
		return 0;
	}
	return 1;
}

static int below_file, above_file, park_file, files[FILE_DEV];

/*
 * Occupies a gap between two mappings, but for the window's room and the parking place, which get files of their own.
 */
static void fill_gap(uint64_t start, uint64_t end)
{
	if (start < BASE && end > BASE + ROOM) {
		if (!occupy(below_file, start, BASE))
			die("cannot occupy the space below the window", errno_name(errno));
		fill_gap(BASE + ROOM, end);
		return;
	}
	if (start <= PARK && end >= PARK + DEV_BYTES) {
		if (!occupy(above_file, start, PARK) || !occupy(park_file, PARK, PARK + DEV_BYTES))
			die("cannot occupy the space above the window", errno_name(errno));
		start = PARK + DEV_BYTES;
	}
	if (!occupy(above_file, start, end))
		die("cannot occupy the address space", errno_name(errno));
}

/* The top of the address space: the highest power of two up to which this kernel lets a process map. */
static uint64_t top_of_space(void)
{
	for (int bits = 48; bits > 40; bits--) {
		uint64_t end = ((uint64_t)1 << bits) - PAGE;
		if (occupy(above_file, end - PAGE, end)) {
			syscall(SYS_munmap, end - PAGE, PAGE);
			return end;
		}
		if (errno == EEXIST)
			return end;
	}
	die("cannot find the top of the address space", NULL);
	return 0;
}

static int low_pages_free; /* an ordinary user may not map the lowest pages, so they stay free */

/* The lowest address at which this user may map. */
static uint64_t bottom_of_space(void)
{
	const char *text = proc_text;

	if (occupy(below_file, PAGE, 2 * PAGE)) {
		syscall(SYS_munmap, PAGE, PAGE);
		return PAGE;
	}
	low_pages_free = 1;
	read_file("/proc/sys/vm/mmap_min_addr", proc_text, sizeof(proc_text));
	return (read_number(&text, 10) + PAGE - 1) / PAGE * PAGE;
}

/* Occupies everything but the window's room. */
static void fill(void)
{
	uint64_t top = top_of_space(), at = bottom_of_space();
	const char *text = proc_text;

	read_file("/proc/self/maps", proc_text, sizeof(proc_text));
	while (*text) {
		uint64_t start = read_number(&text, 16), end = (text++, read_number(&text, 16));
		if (start >= top)
			break;
		if (start < BASE + ROOM && end > BASE)
			die("the place of the window is taken", "4 GiB");
		if (start > at)
			fill_gap(at, start);
		if (end > at)
			at = end;
		text = strchr(text, '\n');
		if (!text++)
			break;
	}
	if (at < top)
		fill_gap(at, top);
}

/* Lets the stack grow now, as it cannot later. */
static void __attribute__((noinline)) grow_own_stack(void)
{
	volatile char room[STACK_BYTES];

	for (size_t i = 0; i < sizeof(room); i += PAGE)
		room[i] = 1;
}

/* ------------------------------------------------------------------------------------------------- the sequence */

static uint64_t window;       /* bytes */
static int has_heap;
static uint64_t heap_break;   /* relative to the window */
static int smaps_fd = -1;
static int dev_was_mapped;
static int shows_counters, is_limited, locked_is_vague;
static uint64_t lock_pages, most_mappings; /* UINT64_MAX without a limit */

enum { CONTEXTS = 3, POLICIES = 3 };
static int contexts[CONTEXTS]; /* descriptors of userfaultfd, 0 where none is open: each process needs its own */
static int policies_used, contexts_used, names_used;

/* Whether the range lies in the window; its end may be the window's. */
static int in_window(uint64_t addr, uint64_t len) { return addr <= window && len <= window - addr; }

/* The real address of a hint. One that points outside is bent to just above the window, its low bits kept. */
static uint64_t hint(uint64_t addr) { return BASE + (addr < window ? addr : window + addr % PAGE); }

/* Moves the heap into the window. The other fields keep what the kernel has: see proc(5), /proc/PID/stat. */
static int set_heap(uint64_t start)
{
	struct prctl_mm_map map;
	uint64_t fields[53] = { 0 };
	const char *text;

	read_file("/proc/self/stat", proc_text, sizeof(proc_text));
	text = strrchr(proc_text, ')');
	if (!text)
		return -1;
	text += 4; /* ") S " */
	for (int i = 4; i <= 52 && *text; i++) {
		if (*text == '-')
			text++;
		fields[i] = read_number(&text, 10);
		if (*text)
			text++;
	}
	memset(&map, 0, sizeof(map));
	map.start_code = fields[26];
	map.end_code = fields[27];
	map.start_stack = fields[28];
	map.start_data = fields[45];
	map.end_data = fields[46];
	map.arg_start = fields[48];
	map.arg_end = fields[49];
	map.env_start = fields[50];
	map.env_end = fields[51];
	map.start_brk = map.brk = start;
	map.exe_fd = (uint32_t)-1;
	return prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0);
}

/* ------------------------------------------------------------------------------------------ reading mappings back */

/*
 * A dump reads /proc/self/smaps, whose formatting is the cost (some microseconds a mapping, most of it for sums that
 * are not wanted here). The file starts at the filler below the window; PROCMAP_QUERY tells, without formatting, when
 * the last mapping of the window has been seen, so that nothing above it is formatted. A read asks for somewhat less
 * than the kernel's buffer of one page: a mapping that no longer fits there would be formatted twice.
 */
enum { SMAPS_READ = 3200 };

struct procmap_query_args {
	uint64_t size, flags, addr;
	uint64_t start, end, vma_flags, page_size, offset, inode;
	uint32_t dev_major, dev_minor, name_size, build_id_size;
	uint64_t name, build_id;
};
#define PROCMAP_QUERY_CALL _IOWR('f', 17, struct procmap_query_args)
#define COVERING_OR_NEXT 0x10

static char smaps[1 << 20];
static int no_procmap_query;

/* Whether the window has a mapping at or above the address; "yes" where the kernel cannot say cheaply. */
static int more_above(uint64_t addr)
{
	struct procmap_query_args query;

	if (no_procmap_query || addr == 0)
		return 1;
	if (addr >= BASE + window)
		return 0;
	memset(&query, 0, sizeof(query));
	query.size = sizeof(query);
	query.flags = COVERING_OR_NEXT;
	query.addr = addr;
	if (ioctl(smaps_fd, PROCMAP_QUERY_CALL, &query)) {
		if (errno != ENOENT)
			no_procmap_query = 1;
		return errno != ENOENT;
	}
	return query.start < BASE + window;
}

/* One mapping as smaps shows it. */
struct mapping {
	uint64_t start, end, offset;
	const char *path, *flags;
	size_t path_length, flags_length;
};

/* Takes the record at the text apart; the text behind it, or null if it is not whole yet. */
static const char *read_record(const char *text, const char *end, struct mapping *m)
{
	static const char key[] = "\nVmFlags: ";
	const char *flags = memmem(text, (size_t)(end - text), key, sizeof(key) - 1), *stop, *line_end;

	if (!flags)
		return NULL;
	flags += sizeof(key) - 1;
	stop = memchr(flags, '\n', (size_t)(end - flags));
	if (!stop)
		return NULL;
	m->flags = flags;
	m->flags_length = (size_t)(stop - flags);
	m->start = read_number(&text, 16);
	text++;
	m->end = read_number(&text, 16);
	text += 6; /* " rw-p " */
	m->offset = read_number(&text, 16);
	line_end = memchr(text, '\n', (size_t)(end - text));
	for (int spaces = 0; text < line_end && spaces < 3; text++) /* " 00:01 123 " */
		spaces += *text == ' ';
	while (text < line_end && *text == ' ')
		text++;
	m->path = text;
	m->path_length = (size_t)(line_end - text);
	return stop + 1;
}

static int path_starts(const struct mapping *m, const char *start)
{
	size_t n = length_of(start);

	return m->path_length >= n && !memcmp(m->path, start, n);
}

/* The format's name of what is mapped, or null for anonymous memory, shared or private. */
static const char *mapped_file(const struct mapping *m)
{
	static const char ours[] = "/memfd:maple-fuzz-";

	if (path_starts(m, ours) && m->path_length > sizeof(ours))
		for (int i = 0; i < FILE_DEV; i++)
			if (m->path[sizeof(ours) - 1] == file_names[i][0])
				return file_names[i];
	return path_starts(m, "/[aio]") ? "dev" : NULL;
}

/* The flags but for "sd", which says nothing about the mapping's nature, and without the space at the end. */
static void put_flags(const struct mapping *m)
{
	int first = 1;

	for (size_t i = 0; i + 2 <= m->flags_length; i += 3) {
		if (!memcmp(m->flags + i, "sd", 2))
			continue;
		if (!first)
			put_bytes(" ", 1);
		put_bytes(m->flags + i, 2);
		first = 0;
	}
}

static int has_flag(const struct mapping *m, const char *code)
{
	for (size_t i = 0; i + 2 <= m->flags_length; i += 3)
		if (!memcmp(m->flags + i, code, 2))
			return 1;
	return 0;
}

/* The system's policy numbers for the format's 1 to 3: three that differ, on node 0, which every machine has. */
static const int policy_modes[POLICIES] = { MPOL_PREFERRED, MPOL_BIND, MPOL_INTERLEAVE };

/*
 * The policy of a mapping. Of a file the kernel tells the policy that the file has there, which may be another
 * mapping's: null says that it cannot be seen.
 */
static void put_policy(const struct mapping *m, int is_file)
{
	unsigned long nodes[16];
	int mode = 0;

	if (is_file) {
		put(",\"policy\":null");
		return;
	}
	if (syscall(SYS_get_mempolicy, &mode, nodes, 8 * sizeof(nodes), m->start, MPOL_F_ADDR))
		return;
	for (int i = 0; i < POLICIES; i++)
		if (mode == policy_modes[i]) {
			put(",\"policy\":");
			put_number((uint64_t)i + 1);
		}
}

static long watch(int context, uint64_t start, uint64_t bytes)
{
	struct uffdio_register range;

	memset(&range, 0, sizeof(range));
	range.range.start = start;
	range.range.len = bytes;
	range.mode = UFFDIO_REGISTER_MODE_MISSING;
	return ioctl(context, UFFDIO_REGISTER, &range);
}

/* Which context watches a mapping: for its own, to register it again changes nothing, for any other it is busy. */
static void put_context(const struct mapping *m)
{
	for (int i = 0; i < CONTEXTS; i++)
		if (contexts[i] && !watch(contexts[i], m->start, m->end - m->start)) {
			put(",\"uffd\":");
			put_number((uint64_t)i + 1);
			return;
		}
}

/* "[anon:name]" or "[anon_shmem:name]"; the format's names need no escapes but for the quote. */
static void put_name(const struct mapping *m)
{
	const char *text = memchr(m->path, ':', m->path_length);
	size_t n;

	if (!text || !path_starts(m, "[anon"))
		return;
	n = m->path_length - (size_t)(++text - m->path) - 1;
	put(",\"name\":\"");
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			put("\\");
		put_bytes(text + i, 1);
	}
	put("\"");
}

/*
 * What is there only where a sequence asked for it. Shared memory has a file of its own, which is why it counts as one.
 */
static void put_attributes(const struct mapping *m)
{
	int is_file = has_flag(m, "sh") || mapped_file(m);

	if (policies_used)
		put_policy(m, is_file);
	if (contexts_used && has_flag(m, "um"))
		put_context(m);
	if (names_used)
		put_name(m);
	put("}");
}

static void put_mapping(const struct mapping *m, int first)
{
	const char *file = mapped_file(m);

	put(first ? "{\"start\":" : ",{\"start\":");
	put_number(m->start - BASE);
	put(",\"end\":");
	put_number(m->end - BASE);
	put(",\"flags\":\"");
	put_flags(m);
	put(file ? "\",\"file\":\"" : "\",\"file\":null,\"pgoff\":0");
	if (file) {
		put(file);
		put("\",\"pgoff\":");
		put_number(m->offset / PAGE);
	}
	put_attributes(m);
}

static int open_own(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die(path, errno_name(errno));
	return fd;
}

/* Calls back for each mapping of the window, in ascending order. */
static void each_mapping(void (*visit)(const struct mapping *, void *), void *context)
{
	size_t have = 0, at = 0;
	off_t position = 0;
	uint64_t seen = 0;
	struct mapping m;

	if (smaps_fd < 0)
		smaps_fd = open_own("/proc/self/smaps");
	while (more_above(seen)) {
		ssize_t n = pread(smaps_fd, smaps + have, SMAPS_READ, position);
		const char *next;

		if (n < 0)
			die("/proc/self/smaps", errno_name(errno));
		if (n == 0)
			return;
		position += n;
		have += (size_t)n;
		while ((next = read_record(smaps + at, smaps + have, &m))) {
			at = (size_t)(next - smaps);
			seen = m.end;
			if (m.start >= BASE + window)
				return;
			if (m.start >= BASE)
				visit(&m, context);
			if (seen < BASE)
				seen = BASE;
		}
		memmove(smaps, smaps + at, have - at);
		have -= at;
		at = 0;
	}
}

/*
 * The kernel's counters in pages, less what the process has outside of the window. /proc/self/status has no count of
 * mappings: that is the dump's own. It has no charge of a single process either, nor a file's count of mappings.
 */
enum { COUNT_TOTAL, COUNT_DATA, COUNT_EXEC, COUNT_LIB, COUNT_STACK, COUNT_LOCKED, COUNT_COUNT };

static const char *const status_keys[COUNT_COUNT] = { "\nVmSize:", "\nVmData:", "\nVmExe:", "\nVmLib:", "\nVmStk:",
	"\nVmLck:" };

static uint64_t outside[COUNT_COUNT];

static void read_counters(uint64_t counters[COUNT_COUNT])
{
	read_file("/proc/self/status", proc_text, sizeof(proc_text));
	for (int i = 0; i < COUNT_COUNT; i++) {
		const char *text = strstr(proc_text, status_keys[i]);

		counters[i] = 0;
		if (!text)
			continue;
		text += length_of(status_keys[i]);
		while (*text == ' ' || *text == '\t')
			text++;
		counters[i] = read_number(&text, 10) * 1024 / PAGE;
	}
}

static void put_counter(const char *name, uint64_t value)
{
	put(",\"");
	put(name);
	put("\":");
	put_number(value);
}

static void put_counters(int mappings)
{
	uint64_t now[COUNT_COUNT];

	read_counters(now);
	for (int i = 0; i < COUNT_COUNT; i++)
		now[i] -= outside[i];
	put(",\"counters\":{\"map_count\":");
	put_number((uint64_t)mappings);
	put_counter("total_vm", now[COUNT_TOTAL]);
	put_counter("data_vm", now[COUNT_DATA]);
	put_counter("exec_vm", now[COUNT_EXEC] + now[COUNT_LIB]);
	put_counter("stack_vm", now[COUNT_STACK]);
	if (!locked_is_vague)
		put_counter("locked_vm", now[COUNT_LOCKED]);
	put("}");
}

static void visit_dump(const struct mapping *m, void *context)
{
	int *count = context;

	put_mapping(m, *count == 0);
	++*count;
}

static void op_dump(void)
{
	int count = 0;

	put("{\"vmas\":[");
	each_mapping(visit_dump, &count);
	put("],\"brk\":");
	if (has_heap)
		put_number(heap_break);
	else
		put("null");
	if (shows_counters)
		put_counters(count);
	put("}\n");
}

/* ----------------------------------------------------------------------------------------------------- operations */

/*
 * An integer field into *value; answers the error and is false if there is none. A field with a default may be missing.
 */
static int number_field(const struct object *o, const char *key, uint64_t *value)
{
	const struct member *m = member(o, key);

	if (!m || m->type != '0') {
		answer_wrong_field(key);
		return 0;
	}
	*value = m->number;
	return 1;
}

/* The fields addr and len, which must lie in the window. */
static int range_fields(const struct object *o, uint64_t *addr, uint64_t *len)
{
	if (!number_field(o, "addr", addr) || !number_field(o, "len", len))
		return 0;
	if (in_window(*addr, *len))
		return 1;
	answer_wrong_field("addr");
	return 0;
}

static int prot_field(const struct object *o, int *prot)
{
	const struct member *m = member(o, "prot");

	if (!m || m->type != '"' || m->length != 3 || (m->text[0] != 'r' && m->text[0] != '-') ||
	    (m->text[1] != 'w' && m->text[1] != '-') || (m->text[2] != 'x' && m->text[2] != '-')) {
		answer_wrong_field("prot");
		return 0;
	}
	*prot = (m->text[0] == 'r' ? PROT_READ : 0) | (m->text[1] == 'w' ? PROT_WRITE : 0) |
		(m->text[2] == 'x' ? PROT_EXEC : 0);
	return 1;
}

struct flag {
	const char *name;
	int bit;
};

static const struct flag mmap_flags[] = {
	{ "private", MAP_PRIVATE }, { "shared", MAP_SHARED }, { "fixed", MAP_FIXED },
	{ "fixed_noreplace", MAP_FIXED_NOREPLACE }, { "growsdown", MAP_GROWSDOWN }, { "locked", MAP_LOCKED },
	{ "noreserve", MAP_NORESERVE }, { "populate", MAP_POPULATE }, { NULL, 0 },
};

static const struct flag mremap_flags[] = {
	{ "maymove", MREMAP_MAYMOVE }, { "fixed", MREMAP_FIXED }, { "dontunmap", MREMAP_DONTUNMAP }, { NULL, 0 },
};

/* The field "flags": an array of names, each of the table. */
static int flags_field(const struct object *o, const struct flag *table, int *flags)
{
	const struct member *m = member(o, "flags");
	struct scanner s;

	*flags = 0;
	if (!m || m->type != '[')
		goto wrong;
	s = (struct scanner){ m->text + 1, m->text + m->length };
	if (scan_char(&s, ']'))
		return 1;
	do {
		const char *text;
		size_t length;
		int i = 0;

		if (!scan_string(&s, &text, &length))
			goto wrong;
		while (table[i].name && (length_of(table[i].name) != length || memcmp(table[i].name, text, length)))
			i++;
		if (!table[i].name)
			goto wrong;
		*flags |= table[i].bit;
	} while (scan_char(&s, ','));
	return 1;
wrong:
	answer_wrong_field("flags");
	return 0;
}

struct mmap_call {
	uint64_t addr, len, offset;
	int prot, flags, file; /* file -1: anonymous */
};

/* The field "file": null, or a name of a file of this target. */
static int file_field(const struct object *o, int *file)
{
	const struct member *m = member(o, "file");

	*file = -1;
	if (m && m->type == 'n')
		return 1;
	for (int i = 0; i < FILE_COUNT; i++)
		if (is_text(m, file_names[i]))
			*file = i;
	if (*file == FILE_DEV && able->no_dev) {
		answer_unsupported();
		return 0;
	}
	if (*file >= 0)
		return 1;
	for (size_t i = 0; i < sizeof(foreign_files) / sizeof(*foreign_files); i++)
		if (is_text(m, foreign_files[i])) {
			answer_unsupported();
			return 0;
		}
	answer_wrong_field("file");
	return 0;
}

/* Whether a call with these fields is of the format; answers the error if not. */
static int mmap_fields(const struct object *o, struct mmap_call *call)
{
	const struct member *offset = member(o, "offset");

	if (!number_field(o, "addr", &call->addr) || !number_field(o, "len", &call->len) || !prot_field(o, &call->prot) ||
	    !flags_field(o, mmap_flags, &call->flags) || !file_field(o, &call->file))
		return 0;
	if (!(call->flags & MAP_PRIVATE) == !(call->flags & MAP_SHARED)) {
		answer_wrong_field("flags");
		return 0;
	}
	call->offset = offset ? offset->number : 0;
	if (offset && offset->type != '0') {
		answer_wrong_field("offset");
		return 0;
	}
	if ((call->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) && !in_window(call->addr, call->len)) {
		answer_wrong_field("addr");
		return 0;
	}
	if (call->file == FILE_DEV &&
	    ((call->flags & ~(MAP_SHARED | MAP_FIXED | MAP_FIXED_NOREPLACE)) || call->prot != (PROT_READ | PROT_WRITE) ||
	     call->len != DEV_BYTES || call->offset)) {
		answer_error("dev", ": mapped as rw-, shared, 16384 bytes, offset 0 only");
		return 0;
	}
	return 1;
}

/*
 * mmap where the kernel chooses the place. Its search may end in the pages that an ordinary user may not map
 * (vm.mmap_min_addr), which it finds free as they cannot be filled, and then it answers EPERM: there was no room.
 */
static long place(uint64_t addr, uint64_t len, int prot, int flags, int fd, uint64_t offset)
{
	long at = syscall(SYS_mmap, addr, len, prot, flags, fd, offset);

	if (at == -1 && errno == EPERM && low_pages_free && !(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)))
		errno = ENOMEM;
	return at;
}

static int is_dev(const struct mapping *m)
{
	const char *file = mapped_file(m);

	return file && !strcmp(file, "dev");
}

static void visit_count_dev(const struct mapping *m, void *context)
{
	*(int *)context += is_dev(m);
}

static int dev_is_mapped(void)
{
	int count = 0;

	if (dev_was_mapped)
		each_mapping(visit_count_dev, &count);
	return count > 0;
}

/* Makes an aio ring in the parking place; its address, or 0 with errno set. */
static uint64_t make_ring(void)
{
	aio_context_t context = 0;
	int failed = 1, reason = 0;

	syscall(SYS_munmap, PARK, DEV_BYTES);
	for (int tries = 0; tries < RING_TRIES; tries++) { /* EAGAIN: those of workers that are still ending */
		failed = (int)syscall(SYS_io_setup, DEV_EVENTS, &context);
		reason = errno;
		if (!failed || reason != EAGAIN)
			break;
		usleep(10 * 1000);
	}
	if (failed || context != PARK) {
		if (!failed)
			syscall(SYS_io_destroy, context);
		occupy(park_file, PARK, PARK + DEV_BYTES);
		errno = failed ? reason : ENOMEM;
		return 0;
	}
	return PARK;
}

/*
 * dev: a ring cannot be mapped, only moved. Where the place is not given exactly, a placeholder finds it by the rules
 * of mmap and is then overwritten.
 */
static void mmap_dev(const struct mmap_call *call)
{
	int fixed = (call->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) == MAP_FIXED;
	uint64_t ring;
	long at;

	if (dev_is_mapped()) {
		answer_errno(EBUSY);
		return;
	}
	at = (long)(BASE + call->addr);
	if (fixed && call->addr % PAGE) {
		answer_errno(EINVAL);
		return;
	}
	if (!fixed)
		at = place(call->flags & MAP_FIXED_NOREPLACE ? BASE + call->addr : hint(call->addr), DEV_BYTES, PROT_NONE,
			   call->flags, park_file, 0);
	if (at == -1) {
		answer_errno(errno);
		return;
	}
	if (most_mappings != UINT64_MAX) {
		answer_not_here("a ring is born outside of the window, where the limit of mappings leaves no room");
		return;
	}
	ring = make_ring();
	if (!ring) {
		if (!fixed)
			syscall(SYS_munmap, at, DEV_BYTES);
		answer_unsupported(); /* fs.aio-max-nr is exhausted: this machine's limit, not the sequence's */
		return;
	}
	at = syscall(SYS_mremap, ring, DEV_BYTES, DEV_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, at);
	if (at == -1) {
		int reason = errno;
		syscall(SYS_io_destroy, ring);
		errno = reason;
	} else {
		dev_was_mapped = 1;
	}
	answer_address(at);
	occupy(park_file, PARK, PARK + DEV_BYTES);
}

/* What a walk over the watched mappings of a range comes to. */
struct watched {
	uint64_t start, end;
	int context;   /* the descriptor that watches the lowest of them, or 0 */
	int is_locked; /* one of them is */
	int is_closed; /* one of them cannot be supplied as a write would: it is shared, or not writable */
};

static void visit_watched(const struct mapping *m, void *argument)
{
	struct watched *range = argument;

	if (m->end <= range->start || m->start >= range->end || !has_flag(m, "um"))
		return;
	range->is_locked |= has_flag(m, "lo");
	range->is_closed |= has_flag(m, "sh") || !has_flag(m, "wr");
	for (int i = 0; i < CONTEXTS && !range->context; i++)
		if (contexts[i] && !watch(contexts[i], m->start, m->end - m->start))
			range->context = contexts[i];
}

static struct watched look_at_watched(uint64_t addr, uint64_t len)
{
	struct watched watched = { BASE + addr, BASE + addr + len, 0, 0, 0 };

	if (contexts_used)
		each_mapping(visit_watched, &watched);
	return watched;
}

/* Supplies a page that a context watches, as the one who watches would. Any descriptor of this process can. */
static int supply_page(uint64_t addr)
{
	struct uffdio_zeropage page;

	memset(&page, 0, sizeof(page));
	page.range.start = BASE + addr / PAGE * PAGE;
	page.range.len = PAGE;
	for (int i = 0; i < CONTEXTS; i++)
		if (contexts[i])
			return !ioctl(contexts[i], UFFDIO_ZEROPAGE, &page);
	return 0;
}

/*
 * Before a call that brings in all pages of a range. False, and answered, where that cannot be done as a write does it.
 */
static int supply(uint64_t addr, uint64_t len)
{
	struct watched watched = look_at_watched(addr, len);

	if (!watched.context)
		return 1;
	if (watched.is_closed) {
		answer_not_here("pages that a userfaultfd watches would have to be brought in for reading");
		return 0;
	}
	for (uint64_t at = addr / PAGE * PAGE; at < addr + len; at += PAGE)
		supply_page(at);
	return 1;
}

/* Whether a call would bring in pages by itself that a context watches: answered if so. */
static int brings_in_watched(uint64_t addr, uint64_t len)
{
	struct watched watched = look_at_watched(addr, len);

	if (!watched.context || !watched.is_locked)
		return 0;
	answer_not_here("a locked mapping that a userfaultfd watches would bring in pages");
	return 1;
}

/*
 * Whether locking is something that this user can be asked for: with a limit of the header's the limit is the question.
 */
static int may_lock(void) { return is_limited || !able->no_lock_privilege || able->lock_limit >= 2 * window; }

static const char TOO_MUCH[] = "more than 256 MiB would be brought in";

static void op_mmap(const struct object *o)
{
	struct mmap_call call;
	uint64_t addr;
	int flags, fd;

	if (!mmap_fields(o, &call))
		return;
	if (call.flags & MAP_LOCKED && !may_lock()) {
		answer_unsupported();
		return;
	}
	if (call.flags & (MAP_LOCKED | MAP_POPULATE) && call.len > MOST_FILLED) {
		answer_not_here(TOO_MUCH);
		return;
	}
	if (call.file == FILE_DEV) {
		mmap_dev(&call);
		return;
	}
	flags = call.flags | (call.file < 0 ? MAP_ANONYMOUS : 0);
	fd = call.file < 0 ? -1 : files[call.file];
	addr = call.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) ? BASE + call.addr : hint(call.addr);
	answer_address(place(addr, call.len, call.prot, flags, fd, call.offset));
}

static void op_munmap(const struct object *o)
{
	uint64_t addr, len;

	if (range_fields(o, &addr, &len))
		answer_call(syscall(SYS_munmap, BASE + addr, len));
}

static void op_mprotect(const struct object *o)
{
	uint64_t addr, len;
	int prot;

	if (range_fields(o, &addr, &len) && prot_field(o, &prot) && !(prot & PROT_WRITE && brings_in_watched(addr, len)))
		answer_call(syscall(SYS_mprotect, BASE + addr, len, prot));
}

static void visit_sealed(const struct mapping *m, void *context)
{
	uint64_t *addr = context;

	if (m->start <= *addr && m->end > *addr && memmem(m->flags, m->flags_length, "sl", 2))
		*addr = 0;
}

/* Whether EPERM of mremap is about the forbidden pages at the bottom (see place) and not about a seal. */
static int no_room_after_all(uint64_t addr, int flags)
{
	uint64_t at = BASE + addr;

	if (errno != EPERM || !low_pages_free || flags & MREMAP_FIXED)
		return 0;
	each_mapping(visit_sealed, &at);
	return at != 0;
}

static void op_mremap(const struct object *o)
{
	uint64_t addr, old_len, new_len, new_addr = 0;
	int flags;
	long at;

	if (!number_field(o, "addr", &addr) || !number_field(o, "old_len", &old_len) ||
	    !number_field(o, "new_len", &new_len) || !flags_field(o, mremap_flags, &flags))
		return;
	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) && !number_field(o, "new_addr", &new_addr))
		return;
	/* With old_len 0 the mapping at addr is copied: at the window's very end that would be a filler. */
	if (!in_window(addr, old_len ? old_len : 1)) {
		answer_wrong_field("addr");
		return;
	}
	if (flags & MREMAP_FIXED && !in_window(new_addr, new_len)) {
		answer_wrong_field("new_addr");
		return;
	}
	if (flags & MREMAP_DONTUNMAP && able->no_dontunmap) {
		answer_unsupported();
		return;
	}
	if (flags & MREMAP_DONTUNMAP) /* 6.18 does not count down what it unlocks there */
		locked_is_vague = 1;
	if (new_len > old_len && brings_in_watched(addr, old_len))
		return;
	new_addr = flags & MREMAP_FIXED ? BASE + new_addr : hint(new_addr);
	at = syscall(SYS_mremap, BASE + addr, old_len, new_len, flags, new_addr);
	if (at == -1 && no_room_after_all(addr, flags))
		errno = ENOMEM;
	answer_address(at);
}

static void op_madvise(const struct object *o)
{
	const struct member *m = member(o, "advice");
	uint64_t addr, len;
	int which = 0;

	if (!range_fields(o, &addr, &len))
		return;
	while (which < ADVICE_COUNT && !is_text(m, advices[which].name))
		which++;
	if (which == ADVICE_COUNT)
		answer_wrong_field("advice");
	else if (advices[which].number < 0 || able->no_advice[which])
		answer_unsupported();
	else if (len > MOST_FILLED && !strncmp(advices[which].name, "populate", 8))
		answer_not_here(TOO_MUCH);
	else if (strncmp(advices[which].name, "populate", 8) || supply(addr, len))
		answer_call(syscall(SYS_madvise, BASE + addr, len, advices[which].number));
}

static void op_mlock(const struct object *o)
{
	const struct member *onfault = member(o, "onfault");
	uint64_t addr, len;

	if (!range_fields(o, &addr, &len))
		return;
	if (onfault && onfault->type != 't' && onfault->type != 'F')
		answer_wrong_field("onfault");
	else if (!may_lock())
		answer_unsupported();
	else if (len > MOST_FILLED && !is_limited)
		answer_not_here(TOO_MUCH);
	else if (onfault && onfault->type == 't')
		answer_call(syscall(SYS_mlock2, BASE + addr, len, MLOCK_ONFAULT));
	else if (supply(addr, len))
		answer_call(syscall(SYS_mlock, BASE + addr, len));
}

static void op_munlock(const struct object *o)
{
	uint64_t addr, len;

	if (range_fields(o, &addr, &len))
		answer_call(syscall(SYS_munlock, BASE + addr, len));
}

static const struct flag mlockall_flags[] = {
	{ "current", MCL_CURRENT }, { "future", MCL_FUTURE }, { "onfault", 4 /* MCL_ONFAULT */ }, { NULL, 0 },
};

/* Locks the fillers too, all 2^47 bytes of them, which costs nothing but the privilege: they have no pages. */
static void op_mlockall(const struct object *o)
{
	int flags;

	if (!flags_field(o, mlockall_flags, &flags))
		return;
	locked_is_vague = 1;
	if (able->no_lock_privilege)
		answer_unsupported();
	else if (is_limited)
		answer_not_here("a limit of locked memory counts the whole process");
	else if (window > MOST_FILLED)
		answer_not_here(TOO_MUCH);
	else if (!(flags & MCL_CURRENT) || supply(0, window))
		answer_call(syscall(SYS_mlockall, flags));
}

static void op_munlockall(void)
{
	if (able->no_lock_privilege)
		answer_unsupported();
	else
		answer_call(syscall(SYS_munlockall));
}

/* A small number: 0 or 1 to most. */
static int small_field(const struct object *o, const char *key, uint64_t least, uint64_t most, uint64_t *value)
{
	if (!number_field(o, key, value))
		return 0;
	if (*value >= least && *value <= most)
		return 1;
	answer_wrong_field(key);
	return 0;
}

static void op_mbind(const struct object *o)
{
	uint64_t addr, len, policy;
	unsigned long node = 1;
	long result;

	if (!range_fields(o, &addr, &len) || !small_field(o, "policy", 0, POLICIES, &policy))
		return;
	if (able->no_policy) {
		answer_unsupported();
		return;
	}
	policies_used = 1;
	if (policy)
		result = syscall(SYS_mbind, BASE + addr, len, policy_modes[policy - 1], &node, 8 * sizeof(node), 0);
	else
		result = syscall(SYS_mbind, BASE + addr, len, MPOL_DEFAULT, NULL, 0, 0);
	answer_call(result);
}

/*
 * A descriptor of userfaultfd; a page that is touched before it was supplied raises SIGBUS, as this program
 * supplies none.
 */
static int open_context(void)
{
	struct uffdio_api api;
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
	if (fd < 0)
		return 0;
	memset(&api, 0, sizeof(api));
	api.api = UFFD_API;
	api.features = UFFD_FEATURE_SIGBUS;
	if (!ioctl(fd, UFFDIO_API, &api))
		return fd;
	close(fd);
	return 0;
}

static void op_uffd_register(const struct object *o)
{
	uint64_t addr, len, context;

	if (!range_fields(o, &addr, &len) || !small_field(o, "ctx", 1, CONTEXTS, &context))
		return;
	if (!contexts[context - 1] && !able->no_uffd)
		contexts[context - 1] = open_context();
	if (!contexts[context - 1]) {
		answer_unsupported();
		return;
	}
	contexts_used = 1;
	answer_call(watch(contexts[context - 1], BASE + addr, len));
}

/* Through the descriptor that watches the range; any will do where none does. */
static void op_uffd_unregister(const struct object *o)
{
	struct watched watched;
	struct uffdio_range range;
	uint64_t addr, len;

	if (!range_fields(o, &addr, &len))
		return;
	if (!contexts[0] && !able->no_uffd)
		contexts[0] = open_context();
	if (!contexts[0]) {
		answer_unsupported();
		return;
	}
	watched = look_at_watched(addr, len);
	range.start = BASE + addr;
	range.len = len;
	answer_call(ioctl(watched.context ? watched.context : contexts[0], UFFDIO_UNREGISTER, &range));
}

/* A child has its parent's descriptors, which watch its parent. */
static void forget_contexts(void)
{
	for (int i = 0; i < CONTEXTS; i++) {
		if (contexts[i])
			close(contexts[i]);
		contexts[i] = 0;
	}
}

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

static void op_set_vma_name(const struct object *o)
{
	const struct member *name = member(o, "name");
	char text[256];
	uint64_t addr, len;

	if (!range_fields(o, &addr, &len))
		return;
	if (!name || (name->type != 'n' && name->type != '"') || name->length >= sizeof(text)) {
		answer_wrong_field("name");
		return;
	}
	/* Escapes are left to others: what needs one is no valid name but for the quote. */
	if (able->no_names || (name->type == '"' && memchr(name->text, '\\', name->length))) {
		answer_unsupported();
		return;
	}
	if (name->type == '"') {
		memcpy(text, name->text, name->length);
		text[name->length] = 0;
	}
	names_used = 1;
	answer_call(prctl(PR_SET_VMA, 0, BASE + addr, len, name->type == '"' ? text : NULL));
}

static void op_mseal(const struct object *o)
{
	uint64_t addr, len;

	if (!range_fields(o, &addr, &len))
		return;
	if (able->no_seal)
		answer_unsupported();
	else
		answer_call(syscall(SYS_mseal, BASE + addr, len, 0));
}

static void op_brk(const struct object *o)
{
	uint64_t addr;

	if (!number_field(o, "addr", &addr))
		return;
	if (!has_heap)
		answer_error("brk", ": the window has no heap");
	else if (able->no_heap)
		answer_unsupported();
	else {
		heap_break = (uint64_t)syscall(SYS_brk, BASE + addr) - BASE;
		answer_number(heap_break);
	}
}

static void op_remap_file_pages(const struct object *o)
{
	uint64_t addr, len, pgoff;

	if (range_fields(o, &addr, &len) && number_field(o, "pgoff", &pgoff))
		answer_call(syscall(SYS_remap_file_pages, BASE + addr, len, 0, pgoff, 0));
}

static sigjmp_buf after_fault;
static volatile sig_atomic_t touching;

static void on_fault(int signal_number)
{
	if (!touching) { /* a mistake of this program itself: die of it */
		signal(signal_number, SIG_DFL);
		return;
	}
	siglongjmp(after_fault, signal_number);
}

/* Zero, which the compiler must not know: it could turn the write below into a read. */
static volatile unsigned char nothing;

/* One write access that changes nothing: the contents of an aio ring are the kernel's. 0, or the signal it raised. */
static int touch_byte(uint64_t addr)
{
	int raised;

	touching = 1;
	raised = sigsetjmp(after_fault, 0);
	if (!raised)
		__atomic_fetch_or((unsigned char *)(BASE + addr), nothing, __ATOMIC_SEQ_CST);
	touching = 0;
	return raised;
}

static void op_touch(const struct object *o)
{
	uint64_t addr;
	int raised;

	if (!number_field(o, "addr", &addr))
		return;
	if (addr >= window) {
		answer_wrong_field("addr");
		return;
	}
	raised = touch_byte(addr);
	if (raised == SIGBUS && contexts_used && supply_page(addr))
		raised = touch_byte(addr);
	if (raised)
		answer_errno(EFAULT);
	else
		answer_number(0);
}

/* Waits for a child; its exit status, or 128 and the signal that killed it. */
static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			die("waiting for a worker", errno_name(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The child of a fork shall not inherit an aio ring: it could not move it. */
static void visit_disinherit_dev(const struct mapping *m, void *context)
{
	(void)context;
	if (is_dev(m))
		syscall(SYS_madvise, m->start, m->end - m->start, MADV_DONTFORK);
}

static pid_t fork_raw(void) { return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }

/* The sequence goes on in the child; the parent stays as it is until the child is done. */
static void op_fork(void)
{
	pid_t child;

	if (dev_was_mapped)
		each_mapping(visit_disinherit_dev, NULL);
	child = fork_raw();
	if (child < 0) {
		answer_errno(errno);
		return;
	}
	if (child > 0)
		_exit(wait_for(child));
	if (smaps_fd >= 0)
		close(smaps_fd); /* the parent's */
	smaps_fd = -1;
	dev_was_mapped = 0;
	forget_contexts();
	answer_number(0);
}

static int find_op(const struct member *m)
{
	for (int i = 0; i < OP_COUNT; i++)
		if (is_text(m, op_names[i]))
			return i;
	return -1;
}

static void perform(const struct object *o)
{
	const struct member *name = member(o, "op");

	if (member(o, "fail")) {
		answer_unsupported();
		return;
	}
	switch (find_op(name)) {
	case OP_MMAP: op_mmap(o); break;
	case OP_MUNMAP: op_munmap(o); break;
	case OP_MPROTECT: op_mprotect(o); break;
	case OP_MREMAP: op_mremap(o); break;
	case OP_MADVISE: op_madvise(o); break;
	case OP_MLOCK: op_mlock(o); break;
	case OP_MUNLOCK: op_munlock(o); break;
	case OP_MSEAL: op_mseal(o); break;
	case OP_BRK: op_brk(o); break;
	case OP_REMAP_FILE_PAGES: op_remap_file_pages(o); break;
	case OP_TOUCH: op_touch(o); break;
	case OP_FORK: op_fork(); break;
	case OP_DUMP: op_dump(); break;
	case OP_MLOCKALL: op_mlockall(o); break;
	case OP_MUNLOCKALL: op_munlockall(); break;
	case OP_MBIND: op_mbind(o); break;
	case OP_UFFD_REGISTER: op_uffd_register(o); break;
	case OP_UFFD_UNREGISTER: op_uffd_unregister(o); break;
	case OP_SET_VMA_NAME: op_set_vma_name(o); break;
	default: answer_error("op", ": unknown or missing");
	}
}

/* --------------------------------------------------------------------------------------------------------- probing */

static long probe_page(int sharing)
{
	return syscall(SYS_mmap, 0, PAGE, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
}

static void probe_advice(void)
{
	for (int i = 0; i < ADVICE_COUNT; i++) {
		long page = probe_page(strcmp(advices[i].name, "remove") ? MAP_PRIVATE : MAP_SHARED);

		able->no_advice[i] = advices[i].number >= 0 &&
			syscall(SYS_madvise, page, PAGE, advices[i].number) && (errno == EINVAL || errno == ENOSYS);
	}
}

/* An aio ring must be as long as the format says, which it is not with very many processors. */
static int probe_ring(void)
{
	aio_context_t context = 0;
	const char *line;

	if (syscall(SYS_io_setup, DEV_EVENTS, &context))
		return 0;
	read_file("/proc/self/maps", proc_text, sizeof(proc_text));
	for (line = proc_text; line && *line; line = strchr(line, '\n')) {
		uint64_t start, end;

		line += *line == '\n';
		start = read_number(&line, 16);
		end = (line += *line == '-', read_number(&line, 16));
		if (start == context)
			return end - start == DEV_BYTES;
	}
	return 0;
}

static void probe_locking(void)
{
	struct rlimit none = { 0, 0 }, limit;
	long page = probe_page(MAP_PRIVATE);

	able->lock_limit = UINT64_MAX;
	if (!getrlimit(RLIMIT_MEMLOCK, &limit) && limit.rlim_cur != RLIM_INFINITY)
		able->lock_limit = limit.rlim_cur;
	able->no_lock_privilege = !setrlimit(RLIMIT_MEMLOCK, &none) && syscall(SYS_mlock, page, PAGE) != 0;
}

/*
 * A page that was only read is the zero page, and its mapping has no anon_vma; but for kernels that have no such page.
 * What became writable and is not any more keeps its charge ("ac") where there is an anon_vma.
 */
static int probe_zero_page(void)
{
	long page = probe_page(MAP_PRIVATE);
	const char *record, *flags;
	char address[24] = "\n";
	size_t at = sizeof(address) - 1;

	syscall(SYS_mprotect, page, PAGE, PROT_READ);
	(void)*(volatile char *)page;
	syscall(SYS_mprotect, page, PAGE, PROT_READ | PROT_WRITE);
	syscall(SYS_mprotect, page, PAGE, PROT_READ);
	read_file("/proc/self/smaps", proc_text, sizeof(proc_text));
	address[at--] = 0;
	address[at] = '-';
	for (uint64_t rest = (uint64_t)page; rest; rest >>= 4)
		address[--at] = "0123456789abcdef"[rest & 15];
	address[--at] = '\n';
	record = strstr(proc_text, address + at);
	flags = record ? strstr(record, "\nVmFlags:") : NULL;
	return flags && memmem(flags, (size_t)(strchr(flags + 1, '\n') - flags), " ac", 3) == NULL;
}

/* What can be found out only by doing is done in a process that ends right after. */
static void probe(void)
{
	const char *limit = proc_text;
	unsigned long node = 1;
	pid_t child;

	read_file("/proc/sys/vm/max_map_count", proc_text, sizeof(proc_text));
	able->map_limit = read_number(&limit, 10);
	child = fork_raw();

	if (child < 0)
		die("fork", errno_name(errno));
	if (child > 0) {
		if (wait_for(child))
			die("finding out what this kernel can do failed", NULL);
		return;
	}
	able->no_seal = syscall(SYS_mseal, probe_page(MAP_PRIVATE), PAGE, 0) != 0;
	able->no_dontunmap = syscall(SYS_mremap, probe_page(MAP_PRIVATE), PAGE, PAGE,
				     MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0) == -1;
	able->no_dev = !probe_ring();
	able->no_policy = syscall(SYS_mbind, probe_page(MAP_PRIVATE), PAGE, MPOL_PREFERRED, &node, 8 * sizeof(node), 0) != 0;
	able->no_uffd = !open_context();
	able->no_names = prctl(PR_SET_VMA, 0, probe_page(MAP_PRIVATE), PAGE, "a") != 0;
	able->no_zero_page = !probe_zero_page();
	probe_advice();
	able->no_heap = set_heap(BASE) || (uint64_t)syscall(SYS_brk, BASE + PAGE) != BASE + PAGE;
	probe_locking();
	_exit(0);
}

/* -------------------------------------------------------------------------------------------------------- sequences */

static int has_op(int op)
{
	switch (op) {
	case OP_MLOCKALL:
	case OP_MUNLOCKALL: return !able->no_lock_privilege;
	case OP_MLOCK: return may_lock();
	case OP_MSEAL: return !able->no_seal;
	case OP_BRK: return !able->no_heap;
	case OP_MBIND: return !able->no_policy;
	case OP_UFFD_REGISTER:
	case OP_UFFD_UNREGISTER: return !able->no_uffd;
	case OP_SET_VMA_NAME: return !able->no_names;
	default: return 1;
	}
}

/* Whether the process can be filled up to its limit of mappings in a time that a sequence is worth. */
static int can_limit_mappings(void) { return able->map_limit > 1000 && able->map_limit <= MOST_MAPPINGS; }

static void put_lacking(const char *text, int *first)
{
	put(*first ? ",\"lacks\":[\"" : ",\"");
	put(text);
	put("\"");
	*first = 0;
}

/* For people: what this user, on this kernel, must do without, and why. */
static void put_lacks(void)
{
	int first = 1;

	if (!has_op(OP_MSEAL))
		put_lacking("mseal: not in this kernel", &first);
	if (!has_op(OP_BRK))
		put_lacking("brk: PR_SET_MM_MAP refused (CONFIG_CHECKPOINT_RESTORE)", &first);
	if (!has_op(OP_MLOCK))
		put_lacking("mlock and mmap locked: RLIMIT_MEMLOCK is below two windows, and no CAP_IPC_LOCK", &first);
	if (!has_op(OP_MLOCKALL))
		put_lacking("mlockall, munlockall: no CAP_IPC_LOCK", &first);
	if (able->no_dev)
		put_lacking("dev: no aio ring of 16384 bytes (CONFIG_AIO, fs.aio-max-nr, number of processors)", &first);
	if (able->no_dontunmap)
		put_lacking("mremap dontunmap: not in this kernel", &first);
	if (able->no_policy)
		put_lacking("mbind: no CONFIG_NUMA, or refused", &first);
	if (able->no_uffd)
		put_lacking("uffd_register, uffd_unregister: userfaultfd refused (CONFIG_USERFAULTFD)", &first);
	if (able->no_names)
		put_lacking("set_vma_name: no CONFIG_ANON_VMA_NAME", &first);
	if (!can_limit_mappings())
		put_lacking("max_map_count: vm.max_map_count is above 300000, or too low", &first);
	for (int i = 0; i < ADVICE_COUNT; i++)
		if (able->no_advice[i])
			put_lacking(advices[i].name, &first);
	if (!first)
		put("]");
}

static void answer_header(void)
{
	struct utsname name;
	int first = 1;

	uname(&name);
	put("{\"ok\":true,\"name\":\"Linux ");
	put(name.release);
	put(able->no_zero_page ? ", no zero page\",\"ops\":[" : "\",\"ops\":[");
	for (int i = 0; i < OP_COUNT; i++) {
		if (!has_op(i))
			continue;
		put(first ? "\"" : ",\"");
		put(op_names[i]);
		put("\"");
		first = 0;
	}
	put("],\"files\":[\"a\",\"b\",\"c\"");
	put(able->no_dev ? "]" : ",\"dev\"]");
	put(",\"headers\":[\"pages\",\"counters\",\"memlock\"");
	put(able->no_heap ? "" : ",\"brk\"");
	put(can_limit_mappings() ? ",\"max_map_count\"]" : "]");
	put_lacks();
	put("}\n");
}

static int is_header(const struct object *o) { return member(o, "format") != NULL; }

/* The kernel that all sequences are for that do not say otherwise; where another one differs, the fuzzer knows. */
#define REFERENCE "6.18"

/* Whether a header asks for the rules of a kernel that is not the running one. */
static int wants_another_kernel(const struct member *m)
{
	struct utsname name;

	if (!m || is_text(m, REFERENCE))
		return 0;
	uname(&name);
	return m->type != '"' || strncmp(name.release, m->text, m->length) || name.release[m->length] != '.';
}

/* What a header asks for, and no process can set up. */
static int asks_too_much(const struct object *o)
{
	const struct member *bottom_up = member(o, "bottom_up"), *memlock = member(o, "memlock"),
			    *mappings = member(o, "max_map_count");

	if (memlock && able->no_lock_privilege && able->lock_limit / PAGE < memlock->number)
		return 1;
	if (mappings && (!can_limit_mappings() || mappings->number > able->map_limit / 2))
		return 1;
	return (bottom_up && bottom_up->type == 't') || wants_another_kernel(member(o, "kernel"));
}

static void take_limits(const struct object *o)
{
	const struct member *memlock = member(o, "memlock"), *mappings = member(o, "max_map_count"),
			    *counters = member(o, "counters");

	is_limited = memlock != NULL;
	lock_pages = memlock ? memlock->number : UINT64_MAX;
	most_mappings = mappings ? mappings->number : UINT64_MAX;
	shows_counters = counters && counters->type == 't';
}

/* A limit of locked memory holds for those without CAP_IPC_LOCK. */
static void limit_locking(void)
{
	struct __user_cap_header_struct who = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2];
	struct rlimit limit = { lock_pages * PAGE, lock_pages * PAGE };

	if (syscall(SYS_capget, &who, caps))
		die("capget", errno_name(errno));
	caps[0].effective &= ~(1u << CAP_IPC_LOCK);
	if (syscall(SYS_capset, &who, caps))
		die("capset", errno_name(errno));
	if (setrlimit(RLIMIT_MEMLOCK, &limit))
		die("cannot limit locked memory", errno_name(errno));
}

static uint64_t count_mappings(void)
{
	uint64_t count = 0;

	read_file("/proc/self/maps", proc_text, sizeof(proc_text));
	for (const char *line = proc_text; *line; line = strchr(line, '\n') + 1)
		count += strncmp(line, "ffffffffff", 10) != 0; /* [vsyscall] is no mapping of the process */
	return count;
}

/*
 * Leaves the window so many mappings as the header says: cuts the filler above the parking place. A piece of its first
 * page makes one more mapping, one within it two.
 */
static void limit_mappings(void)
{
	uint64_t at = PARK + DEV_BYTES, more = able->map_limit - most_mappings - count_mappings();

	if (more % 2 && syscall(SYS_mprotect, at, PAGE, PROT_READ))
		die("cannot cut the filler", errno_name(errno));
	for (more /= 2, at += 2 * PAGE; more > 0; more--, at += 2 * PAGE)
		if (syscall(SYS_mprotect, at, PAGE, PROT_READ))
			die("cannot cut the filler", errno_name(errno));
}

static int is_number_or_absent(const struct object *o, const char *key)
{
	const struct member *m = member(o, key);

	return !m || m->type == '0';
}

/* Checks a header and takes what it says; answers it either way. */
static int take_header(const struct object *o)
{
	const struct member *pages = member(o, "pages"), *brk = member(o, "brk");

	if (!is_text(member(o, "format"), "maple-fuzz/1"))
		answer_error("format", ": \\\"maple-fuzz/1\\\" expected");
	else if (!is_text(member(o, "domain"), "mm"))
		answer_error("domain", ": this target has mm only");
	else if (pages && (pages->type != '0' || pages->number < 1 || pages->number > MAX_PAGES))
		answer_error("pages", ": an integer from 1 to 1048576 expected");
	else if (brk && (brk->type != '0' || brk->number >= (pages ? pages->number : 256)))
		answer_error("brk", ": a page inside the window expected");
	else if (!is_number_or_absent(o, "memlock") || !is_number_or_absent(o, "max_map_count"))
		answer_error("memlock, max_map_count", ": integers expected");
	else if (asks_too_much(o))
		answer_unsupported();
	else {
		take_limits(o);
		window = (pages ? pages->number : 256) * PAGE;
		has_heap = brk != NULL;
		heap_break = brk ? brk->number * PAGE : 0;
		answer_header();
		return 1;
	}
	return 0;
}

/* The worker: performs lines up to the next header or the end of the input. */
static void run_sequence(void)
{
	struct object object;
	struct line line;

	if (!occupy(above_file, BASE + window, BASE + ROOM))
		die("cannot bound the window", errno_name(errno));
	if (has_heap && !able->no_heap && set_heap(BASE + heap_break))
		die("cannot move the heap", errno_name(errno));
	if (is_limited)
		limit_locking();
	if (most_mappings != UINT64_MAX)
		limit_mappings();
	if (shows_counters)
		read_counters(outside);
	while (peek_line(&line)) {
		if (is_blank(&line)) {
			take_line(&line);
			continue;
		}
		if (!parse(&line, &object)) {
			answer_error("", "not a JSON object");
		} else {
			if (is_header(&object))
				return;
			perform(&object);
		}
		take_line(&line);
	}
}

enum { MAX_ENDING = 32 };

static int ending; /* workers that are done but may not have ended */

/* Takes note of workers that ended; one that ended without being done takes us along. */
static void reap(pid_t worker, int options)
{
	pid_t child;
	int status;

	while ((child = waitpid(-1, &status, options)) > 0) {
		ending--;
		if (child == worker && !talk->done) {
			flush();
			die("the process that performed this sequence ended unexpectedly", NULL);
		}
		options = WNOHANG;
	}
}

/* Leaves the sequence to a worker, and waits until that, or the last child that it forked, is done. */
static void delegate(const sigset_t *awaited)
{
	pid_t worker;

	talk->done = 0;
	worker = fork_raw();
	if (worker < 0)
		die("fork", errno_name(errno));
	if (worker == 0) {
		run_sequence();
		talk->done = 1;
		kill(talk->template, SIGUSR1);
		_exit(0);
	}
	ending++;
	while (!talk->done)
		if (sigwaitinfo(awaited, NULL) == SIGCHLD)
			reap(worker, WNOHANG);
	reap(worker, ending > MAX_ENDING ? 0 : WNOHANG);
}

/* False at the end and before the next header: a header alone, with which a fuzzer ends a sequence, needs no worker. */
static int next_is_operation(struct line *line)
{
	struct object object;

	return peek_line(line) && !(parse(line, &object) && is_header(&object));
}

/* The template: answers headers, and leaves what follows to a worker. */
static void serve(void)
{
	struct object object;
	struct line line;
	sigset_t awaited;

	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	sigaddset(&awaited, SIGUSR1);
	sigprocmask(SIG_BLOCK, &awaited, NULL);
	talk->template = getpid();
	while (peek_line(&line)) {
		int good = 0;

		if (is_blank(&line))
			good = 0;
		else if (!parse(&line, &object))
			answer_error("", "not a JSON object");
		else if (!is_header(&object))
			answer_error("", "a header is expected before this line");
		else
			good = take_header(&object);
		take_line(&line);
		if (good && next_is_operation(&line))
			delegate(&awaited);
	}
	flush();
}

static void *shared_memory(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("cannot map memory", errno_name(errno));
	return at;
}

/* As much as this user may have: the limits are not what is tested. */
static void raise_limits(void)
{
	static const int kinds[] = { RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_MEMLOCK };
	struct rlimit limit;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!getrlimit(kinds[i], &limit)) {
			limit.rlim_cur = limit.rlim_max;
			setrlimit(kinds[i], &limit);
		}
	memset(&limit, 0, sizeof(limit)); /* a worker that dies shall not write a core of 2^47 bytes */
	setrlimit(RLIMIT_CORE, &limit);
}

static void catch_faults(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_fault;
	action.sa_flags = SA_NODEFER;
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int main(void)
{
	if (sysconf(_SC_PAGESIZE) != PAGE)
		die("this kernel's page is not 4096 bytes", NULL);
	raise_limits();
	talk = shared_memory(sizeof(*talk));
	able = shared_memory(sizeof(*able));
	grow_own_stack();
	probe();
	below_file = memory_file("maple-fuzz-/below", 0);
	above_file = memory_file("maple-fuzz-/above", 0);
	park_file = memory_file("maple-fuzz-/park", 0);
	for (int i = 0; i < FILE_DEV; i++) {
		char name[] = "maple-fuzz-?";
		name[sizeof(name) - 2] = file_names[i][0];
		files[i] = memory_file(name, FILE_PAGES * PAGE);
	}
	fill();
	catch_faults();
	serve();
	return 0;
}

/*
 * The last words of a driver: what the kernel's own check said, or where the code crashed, hung, or was stopped by a
 * sanitizer. They go to standard error, where the program that runs the driver looks for them. Shared as wire.h is.
 *
 *         lib/maple_tree.c:4551 mas_next_slot
 *         lib/maple_tree.c:4702 mas_next
 *     kernel crash: SIGSEGV lib/maple_tree.c:4551 mas_next_slot: address 0x10
 *
 *     kernel check failed: lib/maple_tree.c:7069 mas_validate_gaps: gap > max_gap
 *     kernel hang: lib/maple_tree.c:1204 mas_alloc_nodes
 *     driver check failed: ENOMEM, and the tree has changed
 *
 * Rules that hold here:
 * - The answers so far leave first: without them the crash would be blamed on the first operation of the batch.
 * - The last line names file, line and function of the innermost frame that is the kernel's, and is the same for each
 *   way to the same crash; so findings can be told apart by it, and the end of the output has it.
 * - A process that crashed calls nothing that locks or allocates. The addresses are turned into lines by a child.
 * - The program is not position-independent, so an address is the same in the file and in the process.
 */
#ifndef MAPLE_FUZZ_CRASH_H
#define MAPLE_FUZZ_CRASH_H

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "wire.h"

#ifdef __SANITIZE_ADDRESS__
/* What a sanitizer finds ends in SIGABRT: on_crash then sends the answers, and names the place as for any crash. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "abort_on_error=1";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "abort_on_error=1";
}
#endif

enum { FRAMES = 40, SECONDS_TO_HANG = 4 };

static char crash_program[4096];
static volatile sig_atomic_t crash_ending;
static volatile unsigned long crash_operations; /* how many were begun */
static volatile bool crash_working;		/* one is running */

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	char line[1024];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (n >= (int)sizeof(line))
		n = sizeof(line) - 1;
	if (write(2, line, (size_t)n) < 0)
		_exit(4);
}

/* Asks addr2line for all frames, inlined ones too, in one text of pairs of lines: function, file:line. */
static size_t ask_addr2line(void **frames, int count, char *text, size_t size)
{
	char addresses[FRAMES][20];
	char *words[FRAMES + 8] = { "addr2line", "-f", "-i", "-e", crash_program };
	int pipes[2], n = 5;
	size_t length = 0;
	ssize_t got;
	long child;

	for (int i = 0; i < count; i++) {
		/* A return address belongs to the call before it. */
		snprintf(addresses[i], sizeof(addresses[i]), "%#lx", (unsigned long)frames[i] - (i > 0));
		words[n++] = addresses[i];
	}
	if (pipe(pipes))
		return 0;
	child = syscall(SYS_fork);
	if (child == 0) {
		dup2(pipes[1], 1);
		dup2(open("/dev/null", O_WRONLY), 2);
		close(pipes[0]);
		signal(SIGALRM, SIG_DFL);
		alarm(20);
		execvp(words[0], words);
		_exit(127);
	}
	close(pipes[1]);
	while (length < size - 1 && (got = read(pipes[0], text + length, size - 1 - length)) != 0) {
		if (got < 0 && errno != EINTR)
			break;
		length += got > 0 ? (size_t)got : 0;
	}
	text[length] = 0;
	close(pipes[0]);
	if (child > 0)
		syscall(SYS_wait4, child, NULL, 0, NULL);
	return length;
}

static char *cut_line(char **rest)
{
	char *line = *rest, *end = strchr(line, '\n');

	if (!end)
		return NULL;
	*end = 0;
	*rest = end + 1;
	return line;
}

/* Takes off "(discriminator 3)", and the way from the shims' folder to the file: tools/testing/shared/../../../lib. */
static char *tidy_place(char *place)
{
	char *note = strstr(place, " (disc"), *up;

	if (note)
		*note = 0;
	while ((up = strstr(place, "../")))
		place = up + 3;
	if (!strncmp(place, "./", 2))
		place += 2;
	return place;
}

static bool is_kernels(const char *place)
{
	return !strncmp(place, "lib/", 4) || !strncmp(place, "mm/", 3) || !strncmp(place, "include/", 8);
}

/*
 * The kernel's frames (all of them, where none is the kernel's), and then the line that sums it up, unless what is
 * NULL.
 */
static void say_frames(const char *what, const char *tail)
{
	static char text[32768];
	struct {
		const char *place, *function;
	} lines[3 * FRAMES];
	void *frames[FRAMES];
	int count = 0, first = 0;
	int depth = backtrace(frames, FRAMES);
	char *rest = text, *function, *place;

	ask_addr2line(frames, depth, text, sizeof(text));
	while (count < 3 * FRAMES && (function = cut_line(&rest)) && (place = cut_line(&rest))) {
		lines[count].function = function;
		lines[count++].place = tidy_place(place);
	}
	while (first < count && !is_kernels(lines[first].place))
		first++;
	for (int i = first; i < count; i++)
		if (is_kernels(lines[i].place))
			say("    %s %s\n", lines[i].place, lines[i].function);
	if (first == count)
		backtrace_symbols_fd(frames, depth, 2);
	if (what && first < count)
		say("%s %s %s%s\n", what, lines[first].place, lines[first].function, tail);
	else if (what)
		say("%s outside of the kernel's code%s\n", what, tail);
}

static void end_by_abort(void)
{
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	_exit(134);
}

/* What the macros of compat.h call when a check of the kernel's code fails. */
static void __attribute__((noreturn, noinline))
check_failed(const char *file, int line, const char *function, const char *text)
{
	char place[512];

	crash_ending = 1;
	wire_flush();
	snprintf(place, sizeof(place), "%s", file);
	say_frames(NULL, "");
	say("kernel check failed: %s:%d %s: %s\n", tidy_place(place), line, function, text);
	end_by_abort();
	_exit(134);
}

/* What a driver calls when something does not hold that no check of the kernel looks at. */
static void __attribute__((noreturn, noinline, format(printf, 1, 2))) driver_check_failed(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	crash_ending = 1;
	wire_flush();
	say("driver check failed: %s\n", text);
	end_by_abort();
	_exit(134);
}

static const char *signal_name(int number)
{
	switch (number) {
	case SIGSEGV:
		return "SIGSEGV";
	case SIGBUS:
		return "SIGBUS";
	case SIGABRT:
		return "SIGABRT";
	case SIGFPE:
		return "SIGFPE";
	case SIGILL:
		return "SIGILL";
	default:
		return "signal";
	}
}

static void on_crash(int number, siginfo_t *info, void *context)
{
	char what[64], tail[64] = "";

	(void)context;
	signal(number, SIG_DFL);
	if (!crash_ending) {
		crash_ending = 1;
		signal(SIGALRM, SIG_DFL);
		alarm(30); /* whatever happens in here, it ends */
		wire_flush();
		snprintf(what, sizeof(what), "kernel crash: %s", signal_name(number));
		if (number == SIGSEGV || number == SIGBUS)
			snprintf(tail, sizeof(tail), ": address %#lx", (unsigned long)info->si_addr);
		say_frames(what, tail);
	}
	raise(number);
}

/* Once a second of processor time: has the operation that was running then not ended yet? */
static void on_tick(int number)
{
	static unsigned long seen;
	static int ticks;

	(void)number;
	if (!crash_working || seen != crash_operations) {
		seen = crash_operations;
		ticks = 0;
		return;
	}
	if (++ticks < SECONDS_TO_HANG || crash_ending)
		return;
	crash_ending = 1;
	wire_flush();
	say_frames("kernel hang:", "");
	end_by_abort();
}

static void crash_open(void)
{
	static char stack[1 << 16];
	stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct sigaction tick = { .sa_handler = on_tick, .sa_flags = SA_RESTART };
	struct itimerval second = { .it_interval = { .tv_sec = 1 }, .it_value = { .tv_sec = 1 } };
	ssize_t length = readlink("/proc/self/exe", crash_program, sizeof(crash_program) - 1);
	void *warm[1];

	crash_program[length > 0 ? length : 0] = 0;
	backtrace(warm, 1); /* loads what it needs while that is still allowed */
	sigaction(SIGABRT, &action, NULL);
	sigaction(SIGVTALRM, &tick, NULL);
	setitimer(ITIMER_VIRTUAL, &second, NULL);
#ifndef __SANITIZE_ADDRESS__
	sigaltstack(&alternative, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGFPE, &action, NULL);
	sigaction(SIGILL, &action, NULL);
#endif
	(void)alternative;
}

#endif

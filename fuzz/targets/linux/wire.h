/*
 * The wire of maple-fuzz/1: lines of JSON in, one answer each out. Shared by the drivers in this folder, each of which
 * is one translation unit; so everything here is static.
 *
 *     read(0) -> in: lines -> members of one object -> (the driver) -> out: answers -> write(wire)
 *                ^ grows with the longest line                         ^ "whole" marks the end of the last whole answer
 *
 * Rules that hold here:
 * - Answers are written when the input is drained, or when there are many: a batch costs one write. They never wait for
 *   input: whatever is answered has left before a read that may block.
 * - Nothing but wire_flush writes to the wire. Standard output becomes standard error first (wire_open), because the
 *   kernel's user-space shims print there.
 * - wire_flush may be called by a signal handler: it sends whole answers only.
 * - A line ends in a NUL once it is read, so that scanning needs no other bound: no JSON has one.
 */
#ifndef MAPLE_FUZZ_WIRE_H
#define MAPLE_FUZZ_WIRE_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Indexes from here on are spelled from the top: "max-N". */
#define WIRE_LAST_PLAIN ((1ull << 52) - 2)
#define WIRE_MOST_BACK ((1ull << 32) - 2)
#define WIRE_LARGEST ((1ull << 53) - 1)

enum { WIRE_IN = 1 << 20, WIRE_OUT = 1 << 18, WIRE_LONGEST = 1 << 28, WIRE_DEPTH = 200 };

static struct {
	int fd;
	char *in;
	size_t in_size, start, end;
	bool eof, skipping;
	char out[WIRE_OUT];
	volatile size_t length, whole;
} wire = { .fd = 1 };

/* ---- out ---- */

static void wire_flush(void)
{
	size_t whole = wire.whole;

	for (size_t sent = 0; sent < whole;) {
		ssize_t n = write(wire.fd, wire.out + sent, whole - sent);

		if (n < 0 && errno != EINTR)
			_exit(0); /* the reader is gone: there is no one to tell */
		if (n > 0)
			sent += (size_t)n;
	}
	wire.whole = 0;
	memmove(wire.out, wire.out + whole, wire.length - whole);
	wire.length -= whole;
}

/* One answer may be larger than the buffer: then its beginning leaves early. */
static void wire_make_room(size_t n)
{
	if (wire.length + n <= WIRE_OUT)
		return;
	wire_flush();
	if (wire.length + n <= WIRE_OUT)
		return;
	wire.whole = wire.length;
	wire_flush();
}

static inline void put_bytes(const char *bytes, size_t n)
{
	wire_make_room(n);
	memcpy(wire.out + wire.length, bytes, n);
	wire.length += n;
}

#define put(literal) put_bytes("" literal, sizeof(literal) - 1)

static void put_text(const char *text)
{
	put_bytes(text, strlen(text));
}

static inline void put_number(uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	put_bytes(digits + at, sizeof(digits) - at);
}

static inline void put_index(uint64_t index)
{
	if (index <= WIRE_LAST_PLAIN) {
		put_number(index);
	} else if (index == UINT64_MAX) {
		put("\"max\"");
	} else {
		put("\"max-");
		put_number(UINT64_MAX - index);
		put("\"");
	}
}

/* Ends a line. */
static inline void put_end(void)
{
	put("\n");
	wire.whole = wire.length;
}

/* A piece of a line that came in, as the inside of a JSON string. */
static void put_quoted(const char *text, size_t length)
{
	size_t shown = length < 60 ? length : 60;

	for (size_t i = 0; i < shown; i++) {
		char c = text[i];

		if (c == '"' || c == '\\' || (unsigned char)c < ' ' || (unsigned char)c > '~')
			c = '\'';
		put_bytes(&c, 1);
	}
	if (shown < length)
		put("...");
}

/* ---- in ---- */

static void wire_open(void)
{
	wire.fd = dup(1);
	wire.in_size = WIRE_IN;
	wire.in = malloc(wire.in_size + 1);
	if (wire.fd < 0 || !wire.in || dup2(2, 1) < 0)
		exit(3);
	setvbuf(stdout, NULL, _IOLBF, 0); /* what is printed before a crash is not to be lost in it */
}

/* Reads more input, after the answers so far have left. */
static void wire_fill(void)
{
	ssize_t n;

	wire_flush();
	if (wire.start > 0) {
		memmove(wire.in, wire.in + wire.start, wire.end - wire.start);
		wire.end -= wire.start;
		wire.start = 0;
	}
	if (wire.end == wire.in_size) {
		char *more = wire.in_size < WIRE_LONGEST ? realloc(wire.in, 2 * wire.in_size + 1) : NULL;

		if (more) {
			wire.in = more;
			wire.in_size *= 2;
		} else {
			wire.skipping = true;
			wire.end = 0;
		}
	}
	do
		n = read(0, wire.in + wire.end, wire.in_size - wire.end);
	while (n < 0 && errno == EINTR);
	wire.eof = n <= 0;
	if (n > 0)
		wire.end += (size_t)n;
}

/* The next line, NUL behind it; NULL at the end of the input. A line that is too long comes as an empty one. */
static char *wire_line(void)
{
	size_t looked = 0;

	for (;;) {
		char *from = wire.in + wire.start;
		size_t have = wire.end - wire.start;
		char *newline = memchr(from + looked, '\n', have - looked);

		if (newline || (wire.eof && have > 0)) {
			char *end = newline ? newline : from + have;

			*end = 0;
			wire.start += (size_t)(end - from) + (newline != NULL);
			if (wire.skipping)
				from = end;
			wire.skipping = false;
			return from;
		}
		if (wire.eof)
			return NULL;
		looked = have;
		wire_fill();
		if (wire.skipping)
			looked = 0;
	}
}

/* ---- JSON ---- */

enum kind { NOTHING, WHOLE, NUMBER, TEXT, NIL, TRUTH, FALSEHOOD, LIST, OBJECT };

/* A value on a line. The text of strings, lists and objects lies in the line, escapes as they are. */
struct value {
	enum kind kind;
	uint64_t number; /* of WHOLE: an integer from 0 to 2^63 - 1 */
	const char *text;
	size_t length;
};

static inline const char *scan_space(const char *at)
{
	while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')
		at++;
	return at;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A string, from behind its opening quote to behind its closing one; NULL if it has none. */
static inline const char *scan_string(const char *at, struct value *value)
{
	value->kind = TEXT;
	value->text = at;
	for (; *at != '"'; at++) {
		if ((unsigned char)*at < ' ')
			return NULL;
		if (*at == '\\' && !*++at)
			return NULL;
	}
	value->length = (size_t)(at - value->text);
	return at + 1;
}

/* A number that is negative, has a fraction or an exponent, or very many digits. 5.0 and 5e0 are 5 as well. */
static const char *scan_odd_number(const char *from, struct value *value)
{
	const char *at = from + (*from == '-');
	double number;

	if (!is_digit(*at) || (*at == '0' && is_digit(at[1])))
		return NULL;
	while (is_digit(*at))
		at++;
	if (*at == '.') {
		if (!is_digit(*++at))
			return NULL;
		while (is_digit(*at))
			at++;
	}
	if (*at == 'e' || *at == 'E') {
		at++;
		at += *at == '+' || *at == '-';
		if (!is_digit(*at))
			return NULL;
		while (is_digit(*at))
			at++;
	}
	number = strtod(from, NULL);
	value->kind = NUMBER;
	if (number >= 0 && number <= (double)WIRE_LARGEST && number == (double)(uint64_t)number) {
		value->kind = WHOLE;
		value->number = (uint64_t)number;
	}
	return at;
}

static inline const char *scan_number(const char *from, struct value *value)
{
	const char *at = from;
	uint64_t number = 0;

	for (; is_digit(*at) && at - from < 18; at++)
		number = number * 10 + (uint64_t)(*at - '0');
	if (at == from || (*from == '0' && at - from > 1) || is_digit(*at) || *at == '.' || *at == 'e' || *at == 'E')
		return scan_odd_number(from, value);
	value->kind = WHOLE;
	value->number = number;
	return at;
}

static const char *scan_value(const char *at, struct value *value, int depth);

static const char *scan_list(const char *at, int depth)
{
	struct value item;

	at = scan_space(at);
	if (*at == ']')
		return at + 1;
	for (;;) {
		at = scan_value(at, &item, depth);
		if (!at)
			return NULL;
		at = scan_space(at);
		if (*at == ']')
			return at + 1;
		if (*at++ != ',')
			return NULL;
	}
}

static const char *scan_object(const char *at, int depth)
{
	struct value item;

	at = scan_space(at);
	if (*at == '}')
		return at + 1;
	for (;;) {
		at = scan_space(at);
		if (*at != '"')
			return NULL;
		at = scan_string(at + 1, &item);
		if (!at)
			return NULL;
		at = scan_space(at);
		if (*at != ':')
			return NULL;
		at = scan_value(at + 1, &item, depth);
		if (!at)
			return NULL;
		at = scan_space(at);
		if (*at == '}')
			return at + 1;
		if (*at++ != ',')
			return NULL;
	}
}

static const char *scan_word(const char *at, const char *word, enum kind kind, struct value *value)
{
	value->kind = kind;
	return strncmp(at, word, strlen(word)) ? NULL : at + strlen(word);
}

/* Any value, from anywhere before it to behind it; NULL if there is none. */
static const char *scan_value(const char *at, struct value *value, int depth)
{
	const char *end;

	at = scan_space(at);
	if (depth > WIRE_DEPTH)
		return NULL;
	switch (*at) {
	case '"':
		return scan_string(at + 1, value);
	case 'n':
		return scan_word(at, "null", NIL, value);
	case 't':
		return scan_word(at, "true", TRUTH, value);
	case 'f':
		return scan_word(at, "false", FALSEHOOD, value);
	case '[':
	case '{':
		end = *at == '[' ? scan_list(at + 1, depth + 1) : scan_object(at + 1, depth + 1);
		value->kind = *at == '[' ? LIST : OBJECT;
		value->text = at;
		value->length = end ? (size_t)(end - at) : 0;
		return end;
	default:
		return scan_number(at, value);
	}
}

/*
 * The members of the object on a line whose names are in the table; others are passed over. A driver's table ends in
 * NULL; members[i] belongs to names[i].
 */
struct line {
	uint32_t present; /* a bit for each name of the table */
	struct value *members;
};

static inline int name_at(const char *const *names, const struct value *key)
{
	for (int i = 0; names[i]; i++)
		if (names[i][0] == key->text[0] && strlen(names[i]) == key->length &&
		    !memcmp(names[i], key->text, key->length))
			return i;
	return -1;
}

/* False for what is no object in JSON. */
static bool scan_line(const char *at, const char *const *names, struct line *line)
{
	struct value key, value;

	line->present = 0;
	at = scan_space(at);
	if (*at++ != '{')
		return false;
	at = scan_space(at);
	if (*at == '}')
		return !*scan_space(at + 1);
	for (;;) {
		int i;

		at = scan_space(at);
		if (*at++ != '"' || !(at = scan_string(at, &key)))
			return false;
		at = scan_space(at);
		if (*at++ != ':' || !(at = scan_value(at, &value, 0)))
			return false;
		i = name_at(names, &key);
		if (i >= 0) {
			line->present |= 1u << i;
			line->members[i] = value;
		}
		at = scan_space(at);
		if (*at == '}')
			return !*scan_space(at + 1);
		if (*at++ != ',')
			return false;
	}
}

/* A blank line or a comment: files have them, the wire does not. */
static bool is_comment(const char *at)
{
	at = scan_space(at);
	return !*at || *at == '#';
}

/* "max", "max-N" or a plain integer. */
static bool read_index(const struct value *value, uint64_t *index)
{
	uint64_t back = 0;

	if (value->kind == WHOLE) {
		*index = value->number;
		return value->number <= WIRE_LAST_PLAIN;
	}
	if (value->kind != TEXT || value->length < 3 || memcmp(value->text, "max", 3))
		return false;
	if (value->length > 3) {
		if (value->length < 5 || value->length > 14 || value->text[3] != '-' || value->text[4] == '0')
			return false;
		for (size_t i = 4; i < value->length; i++) {
			if (!is_digit(value->text[i]))
				return false;
			back = back * 10 + (uint64_t)(value->text[i] - '0');
		}
	}
	*index = UINT64_MAX - back;
	return back <= WIRE_MOST_BACK;
}

static bool text_is(const struct value *value, const char *text)
{
	return value->kind == TEXT && value->length == strlen(text) && !memcmp(value->text, text, value->length);
}

#endif

/* A target for maple-fuzz in C: a "maple tree" that is a sorted array. cc -o driver driver.c; see docs/targets.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long u64;
#define TOP ~0ull                   /* "max": the top index */
#define PLAIN ((1ull << 52) - 2)    /* indexes above are spelled "max-N" */

struct range { u64 first, last; int value; };
static struct range *ranges;
static int count;

/* A field's number: plain, "max" or "max-N"; 0 for null. */
static u64 number(const char *line, const char *name)
{
	char key[32];
	snprintf(key, sizeof(key), "\"%s\":", name);
	const char *at = strstr(line, key);
	if (!at || strncmp(at += strlen(key), "\"max", 4))
		return at ? strtoull(at, NULL, 10) : 0;
	return TOP - (at[4] == '-' ? strtoull(at + 5, NULL, 10) : 0);
}

static void print_index(u64 index, const char *end)
{
	if (index == TOP)
		printf("\"max\"%s", end);
	else
		printf(index <= PLAIN ? "%llu%s" : "\"max-%llu\"%s", index <= PLAIN ? index : TOP - index, end);
}

/* The range that holds the index; its value is 0 where there is none. */
static struct range find(u64 index)
{
	for (int i = 0; i < count; i++)
		if (ranges[i].first <= index && ranges[i].last >= index)
			return ranges[i];
	return (struct range){ 0, 0, 0 };
}

/* Everything in the range becomes value, or empty for 0; what sticks out at either end stays. */
static void store(u64 first, u64 last, int value)
{
	struct range *old = ranges, all = { first, last, value };
	int old_count = count, stored = value == 0;
	ranges = malloc((old_count + 3) * sizeof(*ranges));
	count = 0;
	for (int i = 0; i < old_count; i++) {
		struct range r = old[i];
		if (r.first < first)
			ranges[count++] = (struct range){ r.first, r.last < first ? r.last : first - 1, r.value };
		if (r.last <= last)
			continue;
		if (!stored++)
			ranges[count++] = all;
		ranges[count++] = (struct range){ r.first > last ? r.first : last + 1, r.last, r.value };
	}
	if (!stored)
		ranges[count++] = all;
	free(old);
}

static void answer(const char *line)
{
	u64 first = number(line, "first"), last = number(line, "last");
	struct range at = find(number(line, "index"));
	if (strstr(line, "\"format\"")) {
		count = 0;
		puts("{\"ok\":true,\"name\":\"a sorted array\",\"ops\":[\"store_range\",\"erase\",\"load\",\"dump\"]}");
	} else if (strstr(line, "\"op\":\"store_range\"")) {
		if (first <= last)
			store(first, last, (int)number(line, "value"));
		puts(first <= last ? "{\"ret\":0}" : "{\"ret\":\"EINVAL\"}");
	} else if (strstr(line, "\"op\":\"load\"") || strstr(line, "\"op\":\"erase\"")) {
		if (at.value && strstr(line, "\"op\":\"erase\""))
			store(at.first, at.last, 0);
		at.value ? printf("{\"ret\":%d}\n", at.value) : puts("{\"ret\":null}");
	} else if (strstr(line, "\"op\":\"dump\"")) {
		printf("{\"ret\":{\"entries\":[");
		for (int i = 0; i < count; i++) {
			printf(i ? ",[" : "[");
			print_index(ranges[i].first, ",");
			print_index(ranges[i].last, ",");
			printf("%d]", ranges[i].value);
		}
		puts("]}}");
	} else
		puts("{\"unsupported\":true}");
}

int main(void)
{
	static char line[1 << 20];
	for (; fgets(line, sizeof(line), stdin); fflush(stdout))
		answer(line);
	return 0;
}

"""A target for maple-fuzz in Python: a "maple tree" that is a sorted list. See docs/targets.md."""
import json
import sys

TOP = 2**64 - 1  # "max": the top index
PLAIN = 2**52 - 2  # indexes above are spelled "max-N"


def index(text):
    """A plain number, "max" or "max-N" as a number."""
    if isinstance(text, int):
        return text
    return TOP - int(text[4:] or 0)


def spell(number):
    if number <= PLAIN:
        return number
    return "max" if number == TOP else f"max-{TOP - number}"


class Tree:
    def __init__(self):
        self.ranges = []  # (first, last, value), ascending

    def overlapping(self, first, last):
        return [r for r in self.ranges if r[0] <= last and r[1] >= first]

    def store_range(self, first, last, value):
        if first > last:
            return "EINVAL"
        kept = []
        for a, b, v in self.ranges:  # what sticks out at either end stays
            if a < first:
                kept.append((a, min(b, first - 1), v))
            if b > last:
                kept.append((max(a, last + 1), b, v))
        if value is not None:
            kept.append((first, last, value))
        self.ranges = sorted(kept)
        return 0

    def insert_range(self, first, last, value):
        if first <= last and self.overlapping(first, last):
            return "EEXIST"
        return self.store_range(first, last, value)

    def load(self, at):
        return next((value for _, _, value in self.overlapping(at, at)), None)

    def erase(self, at):
        for first, last, value in self.overlapping(at, at):
            self.store_range(first, last, None)
            return value

    def next(self, at, top):
        return next((v for a, _, v in self.ranges if a > at and a <= top), None)

    def dump(self):
        return {"entries": [[spell(a), spell(b), v] for a, b, v in self.ranges]}


ARGUMENTS = {
    "store_range": ["first", "last", "value"],
    "insert_range": ["first", "last", "value"],
    "load": ["index"],
    "erase": ["index"],
    "next": ["index", "max"],
    "dump": [],
}


def main():
    tree = None
    for text in sys.stdin:
        line = json.loads(text)
        if "format" in line:
            tree = Tree()
            answer = {"ok": True, "name": "a sorted list", "ops": list(ARGUMENTS)}
        elif line["op"] not in ARGUMENTS:
            answer = {"unsupported": True}
        else:
            names = ARGUMENTS[line["op"]]
            given = [line[name] if name == "value" else index(line[name]) for name in names]
            answer = {"ret": getattr(tree, line["op"])(*given)}
        print(json.dumps(answer), flush=True)


main()

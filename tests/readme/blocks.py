#!/usr/bin/env python3
"""Fenced blocks of a Markdown file.

usage: blocks.py FILE.md INFO

Prints the blocks whose info string is INFO ("sh run", "cpp"), one after the other, each followed by
an empty line. Fails where there is none.
"""
import sys


def blocks(text, info):
    found, block = [], None
    for line in text.splitlines():
        if block is None:
            if line.startswith("```") and line[3:].strip() == info:
                block = []
            elif line.startswith("```"):
                block = False  # of another kind
        elif line.startswith("```"):
            if block is not False:
                found.append("\n".join(block) + "\n")
            block = None
        elif block is not False:
            block.append(line)
    if block is not None:
        sys.exit("a block is not closed")
    return found


def main():
    path, info = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        found = blocks(file.read(), info)
    if not found:
        sys.exit(f"{path}: no block ```{info}")
    print("\n".join(found), end="")


if __name__ == "__main__":
    main()

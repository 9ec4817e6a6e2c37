#!/usr/bin/env python3
"""Writes what a part of the evaluation is measured with into its folder.

usage: prepare.py labels FOLDER    labels.tsv from what make_corpus says of its articles
       prepare.py pairs FOLDER     pairs.tsv for wonbon compare --pairs, from labels*.tsv
       prepare.py orders FOLDER N  order1.jsonl ... orderN.jsonl: the articles in order of time, then in
                                   random orders
"""
import json
import os
import random
import sys

from pairs import PARTIAL, SAME, TEMPLATE, read_labels, read_lines

ORDER_SEED = 20250301


def write_labels(folder):
    articles = read_lines(os.path.join(folder, "articles.jsonl"))
    articles.sort(key=lambda article: article["id"])  # as they were made
    label_of = {"copy": SAME, "partial": PARTIAL, "negative": TEMPLATE}
    rows = [(article["id"], article["base_id"], label_of[article["expected"]], article["kind"])
            for article in articles if article["base_id"]]
    # Forms take turns, so that the fifth next notice is of the same form.
    for kind, forms in ("notice", 5), ("dispatch", 8):
        ids = [article["id"] for article in articles if article["kind"] == kind]
        rows += [(a, b, TEMPLATE, kind) for a, b in zip(ids[forms:], ids)]
    flashes = [article["id"] for article in articles if article["kind"] == "flash"]
    rows += [(a, b, "unrelated", "flash") for a, b in zip(flashes[1:], flashes)]
    with open(os.path.join(folder, "labels.tsv"), "w", encoding="utf8") as out:
        out.write("id_a\tid_b\tlabel\tconfidence\treason\n")
        for a, b, label, kind in rows:
            out.write(f"{a}\t{b}\t{label}\thigh\t{kind}\n")


def write_pairs(folder):
    with open(os.path.join(folder, "pairs.tsv"), "w", encoding="utf8") as out:
        for pair in read_labels(folder):
            out.write(f"{pair.a}\t{pair.b}\n")


def time_and_id(line):
    article = json.loads(line)
    return article.get("published_at") or "", article["id"]


def write_orders(folder, count):
    with open(os.path.join(folder, "articles.jsonl"), "rb") as file:
        lines = file.readlines()
    by_time = sorted(lines, key=time_and_id)
    for number in range(1, count + 1):
        order = list(by_time if number == 1 else lines)
        if number > 1:
            random.Random(ORDER_SEED + number).shuffle(order)
        with open(os.path.join(folder, f"order{number}.jsonl"), "wb") as out:
            out.writelines(order)


if __name__ == "__main__":
    if sys.argv[1:2] == ["labels"] and len(sys.argv) == 3:
        write_labels(sys.argv[2])
    elif sys.argv[1:2] == ["pairs"] and len(sys.argv) == 3:
        write_pairs(sys.argv[2])
    elif sys.argv[1:2] == ["orders"] and len(sys.argv) == 4:
        write_orders(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(__doc__)

#!/usr/bin/env python3
"""Figures of the evaluation: prints them, compares them with those recorded, writes the report.

usage: evaluate.py mistakes FOLDER
       evaluate.py figures [--data FOLDER] [--generated FOLDER] [--report FILE.html]
                           [--json FILE] [--record]

The first prints the ids of wrongly answered pairs for a closer look while the server is there. The
folders are what run makes. Ends with 1 where a figure is worse than recorded in recorded.json.
"""
import argparse
import os
import sys

import report_html
from figures import read_recorded, rewrite_results, write_json
from pairs import read_answers, read_clusters, read_labels
from parts import DataPart, GeneratedPart, mistakes

HERE = os.path.dirname(os.path.abspath(__file__))
RECORDED = os.path.join(HERE, "recorded.json")


def print_mistakes(folder):
    pairs = read_labels(folder)
    read_answers(folder, pairs)
    clusters = read_clusters(os.path.join(folder, "export.jsonl"))
    for pair in pairs:
        pair.together = clusters[pair.a] == clusters[pair.b]
    for pair in mistakes(pairs):
        print(f"{pair.a}\t{pair.b}")


def table_lines(part):
    lines = [line for table in part.tables for line in table.lines()]
    unmet = part.figures.unmet_lines()
    lines += [f"Goals not met (marked with * above): {len(unmet)}", ""] if unmet else [
        "Every goal is met.", ""]
    return lines + [f"- {line}" for line in unmet]


def compare(part, recorded):
    """Lines about figures that got worse; empty where none did."""
    if not recorded:
        print(f"eval: nothing is recorded for {part.name}: nothing to compare with")
        return []
    if recorded["identity"] != part.identity():
        return [f"{part.name}: articles or labels are others than those recorded; see that the "
                "figures are right, then run with --record"]
    lines = part.figures.worse_lines(recorded["figures"])
    new = part.figures.values.keys() - recorded["figures"].keys()
    if new:
        print(f"eval: {len(new)} figures of {part.name} are not recorded yet")
    return [f"{part.name}: {line}" for line in lines]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=["mistakes", "figures"])
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--data")
    parser.add_argument("--generated")
    parser.add_argument("--report")
    parser.add_argument("--json")
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    if args.what == "mistakes":
        print_mistakes(args.folder)
        return 0

    parts = [kind(name, folder) for name, folder, kind in (
        ("data", args.data, DataPart), ("generated", args.generated, GeneratedPart)) if folder]
    recorded = read_recorded(RECORDED)
    worse = []
    for part in parts:
        print(f"\n---- {part.name}\n")
        print("\n".join(table_lines(part)) + "\n")
        if args.record:
            recorded[part.name] = {"identity": part.identity(), "figures": part.figures.values}
            rewrite_results(os.path.join(HERE, "README.md"), part.name, table_lines(part))
        else:
            worse += compare(part, recorded.get(part.name))
    if args.record:
        write_json(RECORDED, recorded)
    if args.json:
        write_json(args.json, {part.name: {
            "figures": part.figures.values, "goals not met": part.figures.unmet(),
            "tables": [{"title": table.title, "header": table.header, "rows": table.rows}
                       for table in part.tables]} for part in parts})
    if args.report:
        report_html.write(args.report, parts)
    for line in worse:
        print(f"eval: WORSE THAN RECORDED: {line}")
    compared = sum(len(recorded.get(part.name, {}).get("figures", {})) for part in parts)
    print(f"eval: {sum(len(part.figures.values) for part in parts)} figures, " + (
        "recorded" if args.record else f"{compared} compared, {len(worse)} worse than recorded"))
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())

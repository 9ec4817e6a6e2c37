"""Labelled pairs, the articles they name, and what the server answered about them.

A part of the evaluation has a folder of its own, with articles.jsonl and labels*.tsv (columns id_a,
id_b, label, confidence, and what else there is), then what run adds to it: compare.jsonl (one line a
pair, in the order of the label files), export.jsonl, candidates.tsv and order*.jsonl.
"""
import csv
import dataclasses
import json
import os

SAME = "same_article"
PARTIAL = "partial_copy"
TEMPLATE = "same_template_different_facts"
LABELS = [SAME, PARTIAL, TEMPLATE, "unrelated"]
LINKS = {"EXCERPT", "EMBEDS", "OVERLAP"}
CLEAR = {"high", "single"}
SHORT = 300  # code points of a body


@dataclasses.dataclass
class Pair:
    a: str
    b: str
    label: str
    confidence: str
    source: str  # the label file it comes from
    columns: dict  # all columns of its line
    answer: dict = None  # of wonbon compare
    together: bool = None  # in one cluster
    shorter: int = 0  # code points of the shorter body
    cluster_judged: bool = None  # see candidate_recall.cc
    itself_judged: bool = None

    @property
    def same(self):
        return self.label == SAME

    @property
    def clear(self):
        return self.confidence in CLEAR

    @property
    def kj(self):
        return is_kj(self.a) or is_kj(self.b)

    @property
    def merged(self):
        return bool(self.answer["same_article"])

    @property
    def relation(self):
        return self.answer["relation"]


def is_kj(document_id):
    """Photo captions and flashes in huge families of one form: figures are also given without."""
    return document_id.startswith("kj-")


def read_lines(path):
    with open(path, encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def read_labels(folder):
    """The pairs of labels*.tsv, file by file in the order of their names."""
    pairs = []
    for name in sorted(os.listdir(folder)):
        if not (name.startswith("labels") and name.endswith(".tsv")):
            continue
        with open(os.path.join(folder, name), encoding="utf8") as rows:
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
                pairs.append(Pair(row["id_a"], row["id_b"], row["label"], row["confidence"],
                                  name.removesuffix(".tsv"), row))
    return pairs


def read_articles(folder):
    return {article["id"]: article for article in read_lines(os.path.join(folder, "articles.jsonl"))}


def read_clusters(path):
    """Document -> cluster, of what wonbon export wrote."""
    return {line["document_id"]: line["cluster_id"] for line in read_lines(path)}


def read_answers(folder, pairs):
    """Adds what wonbon compare answered to the pairs."""
    answers = read_lines(os.path.join(folder, "compare.jsonl"))
    if len(answers) != len(pairs):
        raise SystemExit(f"evaluate: {len(answers)} comparisons for {len(pairs)} pairs")
    for pair, answer in zip(pairs, answers):
        if "relation" not in answer:
            raise SystemExit(f"evaluate: {pair.a} and {pair.b} were not compared: {answer}")
        pair.answer = answer


def read_outcome(folder, pairs, articles, clusters):
    """Adds the clusters, the lengths and the candidates to the pairs; returns how many pairs were
    judged a document."""
    for pair in pairs:
        pair.together = clusters[pair.a] == clusters[pair.b]
        pair.shorter = min(len(articles[pair.a]["body"]), len(articles[pair.b]["body"]))
    with open(os.path.join(folder, "candidates.tsv"), encoding="utf8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    _, _, documents, _, judged = rows.pop()[0].split(" ")
    if [row[:2] for row in rows] != [[pair.a, pair.b] for pair in pairs]:
        raise SystemExit("evaluate: candidates.tsv has other pairs than the labels")
    for pair, row in zip(pairs, rows):
        pair.cluster_judged, pair.itself_judged = row[2] == "1", row[3] == "1"
    return int(judged) / int(documents)

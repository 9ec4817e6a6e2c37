"""The two parts of the evaluation: their figures and tables, from the files in their folders."""
import collections
import glob
import hashlib
import os

import clusters
import kinds
import scores
from figures import Figures, Table
from pairs import (SAME, read_answers, read_articles, read_clusters, read_labels, read_lines,
                   read_outcome)

SECOND = "labels_extra"  # the file of the second labels


class Part:
    """What both parts share. figures and tables: what was measured."""

    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.figures, self.tables = Figures(), []
        self.pairs = read_labels(folder)
        read_answers(folder, self.pairs)
        self.articles = read_articles(folder)
        self.export = read_lines(os.path.join(folder, "export.jsonl"))
        self.clusters = {line["document_id"]: line["cluster_id"] for line in self.export}
        if self.clusters.keys() != self.articles.keys():
            raise SystemExit(f"evaluate: {len(self.clusters)} documents are in the server, "
                             f"{len(self.articles)} articles were sent")
        self.judged = read_outcome(folder, self.pairs, self.articles, self.clusters)
        self.measure()

    def identity(self):
        """Tells whether recorded figures are of the same articles and labels."""
        digest = hashlib.sha256()
        for path in sorted(glob.glob(os.path.join(self.folder, "labels*.tsv"))):
            with open(path, "rb") as file:
                digest.update(file.read())
        with open(os.path.join(self.folder, "articles.jsonl"), "rb") as file:
            digest.update(file.read())
        return digest.hexdigest()[:16]

    def measure_pairs(self, sets):
        """sets: (name, pairs, whether the goals are meant for them)."""
        self.tables.append(scores.pair_table(self.figures, sets))
        self.tables.append(scores.merged_table(self.figures, sets))
        self.tables += scores.confusion_tables([(name, pairs) for name, pairs, _ in sets
                                                if name != "both"])

    def measure_rest(self, sets):
        self.tables.append(clusters.largest_table(self.export))
        self.tables.append(clusters.superseded_table(self.figures, self.articles, self.export))
        self.tables.append(scores.candidate_table(self.figures, sets, self.judged))
        paths = sorted(glob.glob(os.path.join(self.folder, "order*.export.jsonl")))
        orders = [read_clusters(path) for path in paths]
        self.tables.append(clusters.order_table(self.figures, orders))
        self.tables.append(clusters.order_means_table(self.figures, sets, orders))
        table = Table("Judged.", ["import of", "documents", "pairs judged a document"],
                      "By the server's own count, with pairs that were judged twice.")
        for line in read_lines(os.path.join(self.folder, "judged.jsonl")):
            pairs = (float(line["after"]) - float(line["before"])) / line["documents"]
            table.add(line["import"], f"{line['documents']:,}",
                      self.figures.add(f"judged/{line['import']}/pairs a document", pairs))
        self.tables.append(table)


class DataPart(Part):
    def measure(self):
        main = [pair for pair in self.pairs if pair.source != SECOND]
        second = [pair for pair in self.pairs if pair.source == SECOND]
        sets = [("main", main, True), ("second", second, False), ("both", self.pairs, False)]
        self.measure_pairs(sets)
        rows = [(name, pairs) for name, pairs, _ in sets]
        rows.append(("both, without kj-", [pair for pair in self.pairs if not pair.kj]))
        self.tables.append(clusters.cluster_table(
            self.figures, [self.cluster_row(name, pairs) for name, pairs in rows]))
        self.measure_mutations()
        self.measure_rest(sets)

    def cluster_row(self, name, pairs):
        truth = clusters.truth_of(pairs)
        others = {document for pair in pairs if pair.clear for document in (pair.a, pair.b)}
        return name, truth, {"B-cubed": clusters.b_cubed(
            truth, self.clusters, clusters.apart_by_label(pairs, truth), others)}

    def measure_mutations(self):
        after = {line["document_id"]: line
                 for line in read_lines(os.path.join(self.folder, "export-mutations.jsonl"))}
        rows = []
        for mutation in read_lines(os.path.join(self.folder, "mutations.jsonl")):
            document, base = after[mutation["id"]], after[mutation["base_id"]]
            rows.append((mutation["kind"], document["cluster_id"] == base["cluster_id"],
                         document["relation"]))
        self.tables.append(kinds.kind_table(self.figures, "Mutations.", kinds.MUTATIONS, rows))


class GeneratedPart(Part):
    @staticmethod
    def story_of(article):
        return article["base_id"] if article["expected"] == "copy" else article["id"]

    def measure(self):
        sets = [("generated", self.pairs, True)]
        self.measure_pairs(sets)
        copies = {article["id"]: self.story_of(article) for article in self.articles.values()}
        self.tables.append(clusters.cluster_table(self.figures, [("generated", copies, {
            "B-cubed": clusters.b_cubed(copies, self.clusters),
            "all pairs of documents": clusters.pairwise(copies, self.clusters)})]))
        self.measure_kinds()
        self.measure_rest(sets)

    def measure_kinds(self):
        truths = collections.defaultdict(set)  # by cluster: the stories that it shows as one
        for article in self.articles.values():
            truths[self.clusters[article["id"]]].add(self.story_of(article))
        alone = ("notice", "dispatch", "flash")
        # An item is named only where it meets its base.
        rows = [(kind, pair.together,
                 pair.relation if pair.cluster_judged or kind not in kinds.ITEMS else "NOT FOUND")
                for pair in self.pairs if (kind := pair.columns["reason"]) not in alone]
        relation = {pair.a: pair.relation for pair in self.pairs}
        rows += [(article["kind"], len(truths[self.clusters[article["id"]]]) > 1,
                  relation.get(article["id"], "UNIQUE"))
                 for article in self.articles.values() if article["kind"] in alone]
        table = kinds.kind_table(self.figures, "Kinds.", kinds.GENERATED, rows)
        table.note = ("Relations as `wonbon compare` answers for document and base. Notices, "
                      "dispatches and flashes have none: together with any other story, and the "
                      "relation to the one before of its form. An item whose base was not put "
                      "before the judge, or the other way round, is NOT FOUND.")
        self.tables.append(table)


def mistakes(pairs):
    """The pairs that were answered wrongly, the worst first: of each confidence, false merges by
    falling score, then misses by rising score."""
    wrong = [p for p in pairs if p.same != p.merged or (p.together is not None and
                                                        p.same != p.together)]
    return sorted(wrong, key=lambda p: (not p.clear, p.same,
                                        p.answer["score"] if p.same else -p.answer["score"]))


def is_miss(pair):
    return pair.label == SAME

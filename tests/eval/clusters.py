"""Clusters against the truth, against each other, and by size."""
import collections
import itertools
import math

from figures import RAND, Table
from pairs import is_kj


def truth_of(pairs):
    """Document -> truth cluster, for the documents of clear pairs of the same article: documents
    that such pairs connect are one cluster."""
    parent = {}

    def root(document):
        while parent.setdefault(document, document) != document:
            parent[document] = parent[parent[document]]
            document = parent[document]
        return document

    for pair in pairs:
        if pair.same and pair.clear:
            parent[root(pair.a)] = root(pair.b)
    return {document: root(document) for document in list(parent)}


def groups(assignment, documents):
    """cluster -> its documents."""
    members = collections.defaultdict(set)
    for document in documents:
        members[assignment[document]].add(document)
    return members


def apart_by_label(pairs, truth):
    """Whether a clear label says of two documents, or of others of their truth clusters, that they
    are not the same article; a function of two documents."""
    told = {frozenset((truth.get(pair.a, pair.a), truth.get(pair.b, pair.b)))
            for pair in pairs if pair.clear and not pair.same}
    return lambda a, b: frozenset((truth.get(a, a), truth.get(b, b))) in told


def b_cubed(truth, clusters, apart=lambda a, b: True, others=()):
    """Means over the documents of the truth. Precision: of the documents in its cluster, the share
    that is of its truth cluster; recall: of its truth cluster, the share that is in its cluster.
    apart: which documents of different truth clusters are known to differ; the rest is left out.
    others: documents of no truth cluster that may be in a cluster where they do not belong.
    """
    found, true = groups(clusters, {*truth, *others}), groups(truth, truth)
    precision = recall = 0
    for document in truth:
        in_cluster, in_truth = found[clusters[document]], true[truth[document]]
        right = len(in_cluster & in_truth)
        wrong = sum(1 for other in in_cluster - in_truth if apart(document, other))
        precision += right / (right + wrong)
        recall += right / len(in_truth)
    precision, recall = precision / len(truth), recall / len(truth)
    return {"precision": precision, "recall": recall,
            "F1": 2 * precision * recall / (precision + recall)}


def pairwise(truth, clusters):
    """Precision, recall and F1 over all pairs of documents of the truth."""
    def pairs_in(sizes):
        return sum(math.comb(size, 2) for size in sizes)
    both = pairs_in(collections.Counter((truth[d], clusters[d]) for d in truth).values())
    found = pairs_in(collections.Counter(clusters[d] for d in truth).values())
    true = pairs_in(collections.Counter(truth.values()).values())
    return {"precision": both / found if found else None, "recall": both / true if true else None,
            "F1": 2 * both / (found + true) if found + true else None}


def cluster_table(figures, rows):
    """rows: (name, truth, what was measured: name -> precision, recall and F1)."""
    header = ["truth", "documents", "clusters"]
    for name in rows[0][2]:
        header += [f"{name}: precision", "recall", "F1"]
    table = Table("Clusters.", header)
    for row, truth, measured in rows:
        cells = [figures.add(f"{name}/{row}/{part}", value, "more")
                 for name, measures in measured.items() for part, value in measures.items()]
        table.add(row, len(truth), len(set(truth.values())), *cells)
    return table


def largest_table(export, count=10):
    """export: the lines of wonbon export."""
    sizes = collections.Counter(line["cluster_id"] for line in export)
    canonical = {line["cluster_id"]: line["canonical_document_id"] for line in export}
    table = Table("Largest clusters.", ["documents", "canonical copy"])
    for cluster, size in sizes.most_common(count):
        table.add(size, canonical[cluster])
    more = sum(1 for size in sizes.values() if size > 1)
    table.note = f"{len(export):,} documents in {len(sizes):,} clusters, {more:,} of more than one."
    return table


def rand_index(a, b, documents):
    """The adjusted Rand index of two clusterings: 1 where they are the same, 0 for chance
    (Hubert and Arabie, "Comparing partitions", 1985)."""
    def pairs_in(keys):
        return sum(math.comb(size, 2) for size in collections.Counter(keys).values())
    both = pairs_in((a[d], b[d]) for d in documents)
    in_a, in_b = pairs_in(a[d] for d in documents), pairs_in(b[d] for d in documents)
    chance = in_a * in_b / math.comb(len(documents), 2)
    largest = (in_a + in_b) / 2
    return (both - chance) / (largest - chance) if largest != chance else 1.0


def order_table(figures, orders):
    """orders: a clustering for each order of import."""
    every = list(orders[0])
    rest = [document for document in every if not is_kj(document)]
    columns = {"all": every}
    if len(rest) < len(every):
        columns["without kj-"] = rest
    table = Table("Order of import.", ["orders", *columns],
                  f"Adjusted Rand index of the clusters after {len(orders)} random orders.")
    values = {name: [] for name in columns}
    for i, j in itertools.combinations(range(len(orders)), 2):
        for name, documents in columns.items():
            values[name].append(rand_index(orders[i], orders[j], documents))
        table.add(f"{i + 1} and {j + 1}", *(f"{values[name][-1]:.4f}" for name in columns))
    for what, of in (("lowest", min), ("mean", lambda row: sum(row) / len(row))):
        table.add(what, *(figures.add(f"order/{name}/{what}", of(values[name]), "more",
                                      tolerance=RAND) for name in columns))
    return table

"""Clusters against the truth, against each other, and by size."""
import collections
import datetime
import itertools
import math
import re

from figures import RAND, Table, share
from pairs import PARTIAL, TEMPLATE, is_kj
from scores import precision_recall


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


def order_means_table(figures, sets, orders):
    """What clusters are like whatever the order: means over the orders. sets: (name, pairs, whether
    the goals are meant for them)."""
    table = Table("Clusters, over the orders.",
                  ["labels", "clear: precision", "recall", "F1", "templates merged",
                   "partial copies merged"],
                  f"Means over {len(orders)} orders of import.")
    for name, pairs, _ in sets:
        clear = [pair for pair in pairs if pair.clear]
        rows = []
        for order in orders:
            together = [(pair, order[pair.a] == order[pair.b]) for pair in clear]
            merged = [share(there for pair, there in together if pair.label == label)
                      for label in (TEMPLATE, PARTIAL)]
            rows.append([*precision_recall([(pair.same, there) for pair, there in together]).values(),
                         *merged])
        cells = []
        for column, (what, better) in enumerate((("precision", "more"), ("recall", "more"),
                                                 ("F1", "more"), ("templates", "less"),
                                                 ("partial copies", "less"))):
            values = [row[column] for row in rows]
            mean = None if None in values else sum(values) / len(values)
            cells.append(figures.add(f"orders/{name}/{what}", mean, better))
        table.add(name, *cells)
    return table


# A headline that says it is a version; letters and digits alone, without such marks.
MARK = re.compile(r"[\[(【<〈]\s*(속보|상보|\d보|종합(\d보)?|정정|수정)\s*[\])】>〉]")
DAYS = 2  # versions by headline or mark are no further apart


def superseded_table(figures, articles, export):
    """Canonical copies of which the same publisher has a newer version in the cluster: under the same
    url, or within two days under the same headline or with a mark. The same text again is no newer."""
    members = groups({line["document_id"]: line["cluster_id"] for line in export}, articles)
    canonical = {line["cluster_id"]: line["canonical_document_id"] for line in export}
    several = [cluster for cluster, documents in members.items() if len(documents) > 1]
    count = 0
    for cluster in several:
        standing = articles[canonical[cluster]]
        count += any(supersedes(articles[document], standing) for document in members[cluster])
    table = Table("Canonical copies.", ["clusters of several documents", "superseded", "share"],
                  "Superseded: the same publisher has a newer version in the cluster.")
    table.add(f"{len(several):,}", count,
              figures.add("canonical/superseded", count / len(several) if several else None, "less"))
    return table


def supersedes(article, standing):
    publisher = article.get("publisher")
    if not publisher or publisher != standing.get("publisher"):
        return False
    times = [read_time(a) for a in (article, standing)]
    if None in times or times[0] <= times[1] or article["body"] == standing["body"]:
        return False
    if article.get("url") and article.get("url") == standing.get("url"):
        return True
    headlines = [article.get("title") or "", standing.get("title") or ""]
    folded = ["".join(c for c in MARK.sub("", h) if c.isalnum()) for h in headlines]
    related = any(map(MARK.search, headlines)) or (folded[0] and folded[0] == folded[1])
    return bool(related) and times[0] - times[1] <= datetime.timedelta(days=DAYS)


def read_time(article):
    try:
        return datetime.datetime.fromisoformat(article["published_at"].replace("Z", "+00:00"))
    except (KeyError, AttributeError, ValueError):
        return None


def order_table(figures, orders):
    """orders: a clustering for each order of import."""
    every = list(orders[0])
    rest = [document for document in every if not is_kj(document)]
    columns = {"all": every}
    if len(rest) < len(every):
        columns["without kj-"] = rest
    table = Table("Order of import.", ["orders", *columns],
                  f"Adjusted Rand index of the clusters after {len(orders)} orders: the first is that "
                  "of time, the others are random.")
    values = {name: [] for name in columns}
    for i, j in itertools.combinations(range(len(orders)), 2):
        for name, documents in columns.items():
            values[name].append(rand_index(orders[i], orders[j], documents))
        table.add(f"{i + 1} and {j + 1}", *(f"{values[name][-1]:.4f}" for name in columns))
    for what, of in (("lowest", min), ("mean", lambda row: sum(row) / len(row))):
        table.add(what, *(figures.add(f"order/{name}/{what}", of(values[name]), "more",
                                      tolerance=RAND) for name in columns))
    return table

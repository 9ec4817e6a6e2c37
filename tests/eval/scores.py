"""Labelled pairs against the answers: precision and recall, labels against relations, candidates."""
import collections

from figures import COUNT, Table, share
from pairs import LABELS, LINKS, PARTIAL, SAME, SHORT, TEMPLATE

RELATIONS = ["EXACT", "NEAR", "REVISION", "EXCERPT", "EMBEDS", "OVERLAP", "TEMPLATE", "UNIQUE"]
SLICES = [
    ("clear", lambda p: p.clear),
    ("clear, without kj-", lambda p: p.clear and not p.kj),
    (f"clear, shorter below {SHORT}", lambda p: p.clear and p.shorter < SHORT),
    (f"clear, shorter from {SHORT} on", lambda p: p.clear and p.shorter >= SHORT),
    ("all", lambda p: True),
    ("all, without kj-", lambda p: not p.kj),
]
# Goals of the pair judgement on the main labels.
GOALS = {("clear", "precision"): .97, ("clear", "F1"): .96, ("all", "F1"): .925,
         (f"clear, shorter below {SHORT}", "precision"): .95}
MOST_MERGED = {PARTIAL: .03, TEMPLATE: .02}  # of clear pairs, as pairs and in clusters
LEAST_NAMED = .85  # of clear partial copies
LEAST_CANDIDATES = {SAME: .99, PARTIAL: .98}


def precision_recall(rows):
    """Of (truth, answer): precision, recall and F1; None where there is nothing to divide by."""
    found = sum(1 for truth, answer in rows if truth and answer)
    answered = sum(1 for _, answer in rows if answer)
    true = sum(1 for truth, _ in rows if truth)
    return {"precision": found / answered if answered else None,
            "recall": found / true if true else None,
            "F1": 2 * found / (answered + true) if answered + true else None}


def pair_table(figures, sets):
    """sets: (name, pairs, whether the goals are meant for them)."""
    table = Table("Same article or not.",
                  ["labels", "pairs", "n", "precision", "recall", "F1", "clusters: precision",
                   "recall", "F1"],
                  "As `wonbon compare` judges the pair; and whether both are in one cluster.")
    for name, pairs, has_goals in sets:
        seen = []
        for slice_name, chosen in SLICES:
            rows = [pair for pair in pairs if chosen(pair)]
            if not rows or rows in seen:
                continue
            seen.append(rows)
            cells = []
            for what, answered in (("pairs", lambda p: p.merged), ("clusters", lambda p: p.together)):
                scores = precision_recall([(p.same, answered(p)) for p in rows])
                for measure, value in scores.items():
                    goal = GOALS.get((slice_name, measure)) if what == "pairs" and has_goals else None
                    cells.append(figures.add(f"{what}/{name}/{slice_name}/{measure}", value, "more",
                                             goal))
            table.add(name, slice_name, len(rows), *cells)
    return table


def merged_table(figures, sets):
    table = Table("Merged, by label.",
                  ["labels", "label", "clear", "as pairs", "in clusters", "named a link", "all",
                   "as pairs", "in clusters"],
                  "Share judged the same article, and share in one cluster. Named a link: EXCERPT, "
                  "EMBEDS or OVERLAP.")
    for name, pairs, has_goals in sets:
        for label in LABELS:
            cells = []
            for group, chosen in (("clear", lambda p: p.clear), ("all", lambda p: True)):
                rows = [p for p in pairs if p.label == label and chosen(p)]
                goal = MOST_MERGED.get(label) if has_goals and group == "clear" else None
                better = "more" if label == SAME else "less"
                path = f"merged/{name}/{label}/{group}"
                cells.append(len(rows))
                for what, values in (("pairs", [p.merged for p in rows]),
                                     ("clusters", [p.together for p in rows])):
                    cells.append(figures.add(f"{path}/{what}", share(values), better, goal))
                if group == "clear":
                    named = share(p.relation in LINKS for p in rows) if label == PARTIAL else None
                    cells.append(figures.add(f"{path}/named a link", named, "more",
                                             LEAST_NAMED if has_goals else None))
            if cells[4]:
                table.add(name, label, *cells)
    return table


def confusion_tables(sets):
    tables = []
    for name, pairs in sets:
        table = Table(f"Label and relation, {name}.", ["label", "confidence"] + RELATIONS)
        for label in LABELS:
            for confidence, clear in (("clear", True), ("low, disputed", False)):
                rows = [p for p in pairs if p.label == label and p.clear == clear]
                counts = collections.Counter(p.relation for p in rows)
                if rows:
                    table.add(label, confidence, *(counts[relation] or "" for relation in RELATIONS))
        tables.append(table)
    return tables


def candidate_table(figures, sets, judged):
    table = Table("Candidates.", ["labels", "label", "n", "its cluster judged", "itself judged"],
                  "Share of pairs of which the earlier document is put before the judge when the "
                  "later one comes.")
    for name, pairs, _ in sets:
        for label in (SAME, PARTIAL, TEMPLATE):
            rows = [p for p in pairs if p.label == label]
            if not rows:
                continue
            goal = LEAST_CANDIDATES.get(label)
            better = None if label == TEMPLATE else "more"
            path = f"candidates/{name}/{label}"
            table.add(name, label, len(rows),
                      figures.add(f"{path}/cluster", share(p.cluster_judged for p in rows), better,
                                  goal),
                      figures.add(f"{path}/itself", share(p.itself_judged for p in rows)))
    count = figures.add("candidates/pairs a document", judged, "less", tolerance=COUNT)
    table.note += f" A document is judged against {count} others."
    return table

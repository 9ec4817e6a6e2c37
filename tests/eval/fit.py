#!/usr/bin/env python3
"""Fits the weights of the judge on labelled pairs and mutations.

usage: fit.py FEATURES.tsv [--write core/judge/model_weights.inc] [--folds 10]

FEATURES.tsv is what judge_pairs writes: the features as the server computes them. Pairs that a guard
decides take no part in the fit; they count in the report as the guard decided them. Cross-validation
keeps articles that share a label or a base in one fold. Needs numpy and scikit-learn.

The report is on the first file of labels. Those of further files (labels_extra.tsv) were read by
others, who draw the line between the same article and a partial copy elsewhere: they take part in the
fit with terms of their own for that, which are not written.
"""
import argparse
import collections
import csv
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

VERSION = 3
THRESHOLD = 0.5  # kSameArticleScore in core/judge/judge.h
REGULARISATION = 0.05  # C of scikit-learn, on standardised terms
SMALL = 0.1  # a term that moves the log-odds by less per standard deviation is left out
MUTATION_WEIGHT = 0.03  # a mutation beside a labelled pair; of the kinds that are not copies, 4 times

EXTRA_WEIGHT = 0.4  # a label of a further file beside one of the first
EXTRA_TERMS = ["jaccard", "length_ratio"]  # that its readers may weigh otherwise

NOT_COPIES = {"numbers", "quote50", "quote30", "quote15", "concat2"}
LEFT_OUT = {"sub30"}
YES = ["same_text", "revision", "version", "cut_copy"]  # rules that say "same article"
UNDECIDED = ["model", "little_shared"]  # what the model is fitted on; all other rules say no
FORM = ("exact ws_removed ws_added ws_errors nfd fullwidth html_fragment html_page headline_changed "
        "headline_in_body hanja_headline byline_footer photo_caption board_spam board_spam_seed "
        "para_shuffle sent_shuffle typo1 ending_polite ending_hearsay sub05").split()
HARD = "typo3 sub10 hanja_body repost_mix sent_drop20 trunc75 trunc50 trunc30".split()

ABOVE = [("jaccard", 0.4), ("jaccard", 0.7), ("longer_gap", 0.15), ("numbers_conflict", 0.2),
         ("shorter_in_longer", 0.6), ("days_apart", 0.7), ("title_jaccard", 0.3)]
# Too rare in what the guards leave to learn from; or what depends on which other documents there
# are, as whether two are the same article must not.
GUARDS_ONLY = {"title_in_other_body", "title_missing", "title_other_numbers", "new_case_stage", "both_captions",
               "numbers_places", "numbers_places_differ", "longest_run_rarity", "rare_shorter_in_longer"}
CONTAINED = ["both_leads", "title_jaccard", "title_containment", "longer_rest_known",
             "length_ratio", "longer_gap", "longer_lead", "longer_title_news",
             "jaccard"]


def clamp(values):
    return np.clip(values, 0, 1)


class Table:
    def __init__(self, path):
        rows = list(csv.DictReader(open(path, encoding="utf8"), delimiter="\t", quoting=csv.QUOTE_NONE))
        self.names = list(rows[0])[7:]
        self.x = {n: np.array([float(r[n]) for r in rows]) for n in self.names}
        self.phase = np.array([r["phase"] for r in rows])
        self.rule = np.array([r["rule"] for r in rows], dtype=object)
        self.relation = np.array([r["relation"] for r in rows], dtype=object)
        self.cpp_score = np.array([float(r["score"]) for r in rows])
        kind = [r["kind"].split(":") for r in rows]
        self.kind = np.array([k[0] for k in kind])
        self.confidence = np.array([k[1] if len(k) > 1 else "" for k in kind])
        self.extra = np.array([len(k) > 2 and k[2] != "0" for k in kind])
        self.is_label = self.phase != "mutation"
        self.same = np.where(self.is_label, self.kind == "same_article",
                             ~np.isin(self.kind, list(NOT_COPIES))).astype(bool)
        self.main = self.is_label & ~self.extra
        self.clear = self.main & np.isin(self.confidence, ["high", "single"])
        self.kj = np.array([r["id_a"].startswith("kj-") or r["id_b"].startswith("kj-") for r in rows])
        self.family = self._families(rows)

    def _families(self, rows):
        parent = {}

        def find(x):
            while parent.setdefault(x, x) != x:
                x = parent[x]
            return x

        for r in rows:
            if r["phase"] != "mutation":
                parent[find(r["id_a"])] = find(r["id_b"])
        return np.array([find(r["id_b"]) for r in rows])

    def weights(self):
        w = np.where(self.is_label, 0.5, MUTATION_WEIGHT)  # a label has two rows
        w[np.isin(self.kind, list(NOT_COPIES))] *= 4
        w[np.isin(self.kind, list(LEFT_OUT))] = 0
        w[self.extra] *= EXTRA_WEIGHT
        w[self.confidence == "disputed"] = 0
        w[~np.isin(self.rule, UNDECIDED)] = 0
        return w


def terms(table):
    """[(feature, shape, knot)] and the matrix of their values."""
    x = table.x
    contained = clamp((x["shorter_in_longer"] - 0.6) / 0.3)
    out = [((n, "kPlain", 0), x[n]) for n in table.names if n not in GUARDS_ONLY]
    out += [((n, "kAbove", k), np.maximum(0, x[n] - k)) for n, k in ABOVE]
    out += [((n, "kContained", 0), contained * x[n]) for n in CONTAINED]
    out = [(t, v) for t, v in out if v.std() > 1e-9]
    return [t for t, _ in out], np.column_stack([v for _, v in out])


def fit(table, x, w):
    """Weights (0 for the terms left out), bias, weights of standardised terms."""
    extra = table.extra.astype(float)
    own = np.column_stack([extra] + [extra * table.x[n] for n in EXTRA_TERMS])
    y, count = table.same[w > 0], x.shape[1]
    x, w = np.column_stack([x, own])[w > 0], w[w > 0]
    scaler = StandardScaler().fit(x, sample_weight=w)
    z = scaler.transform(x)
    kept = np.ones(x.shape[1], bool)
    for _ in range(2):
        model = LogisticRegression(C=REGULARISATION, max_iter=5000)
        model.fit(z[:, kept], y, sample_weight=w)
        standard = np.zeros(len(kept))
        standard[kept] = model.coef_[0]
        kept = (abs(standard) >= SMALL) | (np.arange(len(kept)) >= count)
    weight = standard / scaler.scale_
    return weight[:count], model.intercept_[0] - (weight * scaler.mean_).sum(), standard[:count]


def cross_validate(table, x, w, folds, seed):
    rng = np.random.RandomState(seed)
    fold = {f: i % folds for i, f in enumerate(rng.permutation(sorted(set(table.family))))}
    of = np.array([fold[f] for f in table.family])
    score = np.zeros(len(w))
    for i in range(folds):
        weight, bias, _ = fit(table, x, np.where(of != i, w, 0))
        score[of == i] = 1 / (1 + np.exp(-(bias + x[of == i] @ weight)))
    return score


def slope(table, score):
    """By how much cross-validated log-odds must be stretched to be probabilities: a strong regularisation makes them timid."""
    m = table.main & (table.phase == "after") & np.isin(table.rule, UNDECIDED)
    log_odds = np.log(score[m] / (1 - score[m]))
    return LogisticRegression(C=1e6, fit_intercept=False).fit(log_odds[:, None], table.same[m]).coef_[0, 0]


def report_calibration(table, score):
    m = table.main & (table.phase == "after") & np.isin(table.rule, UNDECIDED)
    print("calibration, cross-validated: score, pairs, share of same_article")
    for low in np.arange(0, 1, 0.2):
        b = m & (score >= low) & (score < low + 0.2)
        print("  %.1f-%.1f %3d %.2f" % (low, low + 0.2, b.sum(), table.same[b].mean()))


def with_guards(table, score):
    """The score as the judge would give it; the bounds are those of judge.cc."""
    little = (table.x["jaccard"] < 0.365) & (table.x["shorter_in_longer"] < 0.85) & (table.x["same_url"] == 0)
    score = np.where(little, np.minimum(score, 0.4), score)
    score = np.where(np.isin(table.rule, YES), 1.0, score)
    return np.where(np.isin(table.rule, YES + UNDECIDED), score, 0.0)


def prf(y, p):
    tp, fp, fn = (y & p).sum(), (~y & p).sum(), (y & ~p).sum()
    precision, recall = tp / max(1, tp + fp), tp / max(1, tp + fn)
    return precision, recall, 2 * tp / max(1, 2 * tp + fp + fn)


def report(name, table, score, thresholds):
    print(name)
    for phase in ("after", "submit"):
        for threshold in thresholds:
            m = table.main & (table.phase == phase)
            c, p = m & table.clear, score >= threshold
            print("  %-6s at %.2f: clear P %.3f R %.3f F1 %.3f, without kj- F1 %.3f, all F1 %.3f; merged: template %d/%d, "
                  "partial %d/%d" % ((phase, threshold) + prf(table.same[c], p[c]) +
                                     (prf(table.same[c & ~table.kj], p[c & ~table.kj])[2],) + prf(table.same[m], p[m])[2:] +
                                     sum(((p[s].sum(), s.sum()) for s in (
                                         m & (table.kind == "same_template_different_facts"),
                                         c & (table.kind == "partial_copy"))), ())))
    p = score >= THRESHOLD
    share = {k: p[table.kind == k].mean() for k in set(table.kind[~table.is_label])}
    goal = [(k, 0.995) for k in FORM] + [(k, 0.97) for k in HARD] + [("sub20", 0.9)]
    bad = ["%s %.3f" % (k, share[k]) for k, g in goal if share[k] < g]
    bad += ["%s %.3f" % (k, share[k]) for k in sorted(NOT_COPIES) if share[k] > (0.02 if k == "numbers" else 0.03)]
    print("  mutations short of their goal:", ", ".join(bad) or "none")


def report_relations(table):
    print("relations as the C++ judge names them")
    m = (table.phase == "after") & table.clear
    for kind in ("same_article", "partial_copy", "same_template_different_facts", "unrelated"):
        print("  %-30s" % kind, dict(collections.Counter(table.relation[m & (table.kind == kind)]).most_common()))
    for kind in sorted(NOT_COPIES):
        print("  %-30s" % kind, dict(collections.Counter(table.relation[table.kind == kind]).most_common()))
    extra = table.extra & (table.phase == "after") & (table.confidence != "disputed")
    same = np.isin(table.relation, ["EXACT", "NEAR", "REVISION"])
    print("  labels of further files: precision %.3f recall %.3f F1 %.3f" % prf(table.same[extra], same[extra]))
    print("  rules", dict(collections.Counter(table.rule[table.phase == "after"]).most_common()))


def write(path, names, weight, bias, standard):
    with open(path, "w", encoding="utf8") as out:
        out.write("// Weights of the judge, written by tests/eval/fit.py. Do not edit: fit again.\n"
                  "// Behind each term: how far one standard deviation of it moves the log-odds.\n"
                  "constexpr int kModelVersion = %d;\nconstexpr double kModelBias = %.6f;\n"
                  "constexpr ModelTerm kModelTerms[] = {\n" % (VERSION, bias))
        for (name, shape, knot), w, s in zip(names, weight, standard):
            if w == 0:
                continue
            out.write("    {&Features::%s, TermShape::%s, %g, %.6f},  // %+.2f\n" % (name, shape, knot, w, s))
        out.write("};\n")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("features")
    args.add_argument("--write")
    args.add_argument("--folds", type=int, default=10)
    args = args.parse_args()
    table = Table(args.features)
    names, x = terms(table)
    w = table.weights()
    print("%d pairs, %d families, %d terms to choose from" % (len(w), len(set(table.family)), len(names)))
    thresholds = (THRESHOLD, 0.6, 0.7)
    score = np.mean([cross_validate(table, x, w, args.folds, seed) for seed in range(3)], axis=0)
    stretch = slope(table, score)
    score = 1 / (1 + (1 / score - 1) ** stretch)
    report("cross-validated", table, with_guards(table, score), thresholds)
    report_calibration(table, score)
    weight, bias, standard = (stretch * v for v in fit(table, x, w))
    report("in sample", table, with_guards(table, 1 / (1 + np.exp(-(bias + x @ weight)))), thresholds)
    report_relations(table)
    if args.write:
        write(args.write, names, weight, bias, standard)
    return 0


if __name__ == "__main__":
    sys.exit(main())

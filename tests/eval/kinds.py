"""Documents made from a base by a known change: how each kind fares, beside its goal."""
import collections

from figures import Table, share, show

FORM = .995  # least share in the base's cluster: only the form is another
HARD = .97  # ... edited or cut
OTHER = .02  # largest share in the base's cluster: another article

# Of the evaluation data.
MUTATIONS = dict.fromkeys(
    "exact ws_removed ws_added ws_errors nfd fullwidth html_fragment html_page headline_changed "
    "headline_in_body hanja_headline byline_footer photo_caption board_spam board_spam_seed "
    "para_shuffle sent_shuffle typo1 ending_polite ending_hearsay sub05".split(), FORM)
MUTATIONS |= dict.fromkeys(
    "typo3 sub10 hanja_body repost_mix sent_drop20 trunc75 trunc50 trunc30".split(), HARD)
MUTATIONS |= {"sub20": .9, "sub30": None}
MUTATIONS |= dict.fromkeys("quote50 quote30 quote15 concat2 numbers".split(), OTHER)
# Of tests/corpus.
GENERATED = dict.fromkeys(
    "exact spacing nfd fullwidth headline_changed byline_footer html_fragment html_page "
    "light_edit paragraph_shuffle board_page".split(), FORM)
GENERATED |= dict.fromkeys("truncated revision dispatch_reprint".split(), HARD)
GENERATED |= dict.fromkeys(
    "round_up quotation background item_30 item_60 item_100 item_150 renumbered notice dispatch "
    "flash".split(), OTHER)
ITEMS = "item_30 item_60 item_100 item_150".split()  # short texts inside their base
# The relation that a kind should be named, and for which share.
NAMED = {"quote50": ({"EMBEDS"}, .98), "quote30": ({"EMBEDS"}, .98), "quote15": ({"EMBEDS"}, .98),
         "concat2": ({"EMBEDS"}, .98), "numbers": ({"TEMPLATE"}, .9),
         "round_up": ({"EMBEDS"}, .98), "quotation": ({"EXCERPT", "EMBEDS", "OVERLAP"}, .85),
         **dict.fromkeys(ITEMS, ({"EXCERPT", "EMBEDS"}, .95)),
         "background": ({"EXCERPT", "EMBEDS", "OVERLAP"}, .85), "renumbered": ({"TEMPLATE"}, .9)}


def kind_table(figures, title, goals, rows):
    """rows: (kind, whether it is in its base's cluster, its relation to the base)."""
    together, relations = collections.defaultdict(list), collections.defaultdict(collections.Counter)
    for kind, joined, relation in rows:
        together[kind].append(joined)
        relations[kind][relation] += 1
    table = Table(title, ["kind", "n", "in the base's cluster", "goal", "named", "goal",
                          "relations"])
    order = list(goals)
    for kind in sorted(together, key=lambda k: order.index(k) if k in order else len(order)):
        goal = goals.get(kind)
        better = "less" if goal == OTHER else "more"
        joined = figures.add(f"kinds/{kind}/in the base's cluster", share(together[kind]), better,
                             goal)
        wanted, least = NAMED.get(kind, (set(), None))
        counts = relations[kind]
        hits = sum(counts[name] for name in wanted) / counts.total() if wanted else None
        named = figures.add(f"kinds/{kind}/named", hits, "more", least)
        sign = "≤" if better == "less" else "≥"
        table.add(kind, len(together[kind]), joined, f"{sign} {show(goal)}" if goal else "",
                  named if wanted else "", f"≥ {show(least)} {' '.join(sorted(wanted))}" if wanted else "",
                  ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    return table

"""The report to read: wrongly answered pairs with both texts, and large clusters.

It holds article texts: it belongs into the build folder and nowhere else.
"""
import collections
import html
import os

from pairs import read_lines
from parts import is_miss, mistakes

MOST_PAIRS = 80  # of each list
LARGE = 20  # documents
LARGEST = 10  # clusters shown whatever their size
MOST_MEMBERS = 300  # of a cluster

STYLE = """
:root { color-scheme: light dark; --line: #8884; --mark: #ffe08a; --dim: #666; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --mark: #6b5600; --dim: #aaa; --bad: #ff8a80; } }
body { font: 15px/1.6 system-ui, "Noto Sans KR", "Apple SD Gothic Neo", sans-serif;
  margin: 0 auto; padding: 1rem 1.5rem 4rem; max-width: 88rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
article { border-top: 1px solid var(--line); padding: .8rem 0; }
.facts { color: var(--dim); margin: .2rem 0; } .facts b { color: CanvasText; }
.wrong { color: var(--bad); font-weight: 600; }
.texts { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; }
@media (max-width: 50rem) { .texts { grid-template-columns: 1fr; } }
.texts h3 { font-size: 1rem; margin: .4rem 0 0; } .texts p { white-space: pre-wrap; margin: .4rem 0;
  overflow-wrap: anywhere; max-height: 26rem; overflow-y: auto; }
mark { background: var(--mark); color: inherit; }
table { border-collapse: collapse; font-size: .9rem; } td, th { padding: .1rem .7rem .1rem 0;
  text-align: left; vertical-align: top; } td.n { text-align: right;
  font-variant-numeric: tabular-nums; }
code { font-size: .9em; } summary { cursor: pointer; } nav a { margin-right: 1.2rem; }
"""


def marked(body, spans):
    """The body as HTML with spans of bytes marked."""
    raw, out, done = body.encode("utf8"), [], 0
    for begin, end in sorted(spans):
        begin = max(begin, done)
        if end <= begin:
            continue
        out.append(html.escape(raw[done:begin].decode("utf8", "replace")))
        out.append(f"<mark>{html.escape(raw[begin:end].decode('utf8', 'replace'))}</mark>")
        done = end
    return "".join(out) + html.escape(raw[done:].decode("utf8", "replace"))


def side(article, spans):
    facts = " · ".join(html.escape(str(article.get(key) or "-"))
                       for key in ("publisher", "published_at"))
    return (f"<div><h3>{html.escape(article['title'] or '(no headline)')}</h3>"
            f"<div class=facts>{facts} · <code>{html.escape(article['id'])}</code></div>"
            f"<p>{marked(article['body'], spans)}</p></div>")


def features(answer):
    rows = sorted(answer.get("features", []), key=lambda f: -abs(f["contribution"]))
    cells = "".join(f"<tr><td>{html.escape(f['name'])}<td class=n>{f['value']:.3f}"
                    f"<td class=n>{f['contribution']:+.2f}" for f in rows)
    return ("<details><summary>Features</summary><table><tr><th>name<th>value<th>contribution"
            f"{cells}</table></details>")


def span(pair_of_ends):
    return int(pair_of_ends.get("begin", 0)), int(pair_of_ends.get("end", 0))


def pair_entry(part, pair, comparison):
    answer = pair.answer
    shared = comparison.get("shared", [])
    numbers = " · ".join(f"{name.replace('_', ' ')} <b>{answer[name]:.3f}</b>"
                         for name in ("score", "jaccard", "containment", "containment_in"))
    wrong = " · ".join(text for text, is_wrong in (
        ("judged " + ("the same article" if pair.merged else "another article"),
         pair.merged != pair.same),
        (("in one cluster" if pair.together else "in two clusters"), pair.together != pair.same))
        if is_wrong)
    reason = pair.columns.get("reason") or ""
    second = pair.columns.get("second_label") or ""
    notes = "; ".join(filter(None, [reason, f"second reader: {second}" if second else ""]))
    return (f"<article><div class=wrong>{wrong}</div>"
            f"<div class=facts>label <b>{pair.label}</b> ({pair.confidence}, {pair.source}) "
            f"{html.escape(notes)}</div>"
            f"<div class=facts>relation <b>{answer['relation']}</b> · rule "
            f"<b>{html.escape(answer.get('rule', '-'))}</b> · {numbers}</div>"
            "<div class=texts>"
            + side(part.articles[pair.a], [span(s["a"]) for s in shared if "a" in s])
            + side(part.articles[pair.b], [span(s["b"]) for s in shared if "b" in s])
            + f"</div>{features(answer)}</article>")


def pair_lists(part):
    comparisons = {}
    path = os.path.join(part.folder, "mistakes.tsv")
    with open(path, encoding="utf8") as ids:
        names = [tuple(line.rstrip("\n").split("\t")) for line in ids]
    comparisons = dict(zip(names, read_lines(os.path.join(part.folder, "mistakes.jsonl"))))
    wrong = mistakes(part.pairs)
    for title, chosen in (
            ("False merges, clear labels", [p for p in wrong if p.clear and not is_miss(p)]),
            ("Misses, clear labels", [p for p in wrong if p.clear and is_miss(p)]),
            ("False merges, other labels", [p for p in wrong if not p.clear and not is_miss(p)]),
            ("Misses, other labels", [p for p in wrong if not p.clear and is_miss(p)])):
        shown = f", the worst {MOST_PAIRS}" if len(chosen) > MOST_PAIRS else ""
        yield f"{title} ({len(chosen)}{shown})", "".join(
            pair_entry(part, pair, comparisons.get((pair.a, pair.b), {}))
            for pair in chosen[:MOST_PAIRS])


def cluster_entry(part, members):
    canonical = members[0]["canonical_document_id"]
    rows = []
    for line in members[:MOST_MEMBERS]:
        article = part.articles[line["document_id"]]
        name = html.escape(article["title"] or "(no headline)")
        rows.append(f"<tr><td>{'<b>' + name + '</b>' if article['id'] == canonical else name}"
                    f"<td>{html.escape(article.get('publisher') or '-')}"
                    f"<td>{html.escape(str(article.get('published_at') or '-'))}"
                    f"<td>{line['relation']}<td><code>{html.escape(article['id'])}</code>")
    left = len(members) - MOST_MEMBERS
    more = f"<p class=facts>and {left} more</p>" if left > 0 else ""
    title = html.escape(part.articles[canonical]["title"] or "(no headline)")
    return (f"<article><details><summary><b>{len(members)}</b> documents: {title}</summary>"
            f"<table>{''.join(rows)}</table>{more}</details></article>")


def cluster_list(part):
    members = collections.defaultdict(list)
    for line in part.export:
        members[line["cluster_id"]].append(line)
    ordered = sorted(members.values(), key=lambda lines: (-len(lines), lines[0]["document_id"]))
    chosen = [lines for number, lines in enumerate(ordered)
              if len(lines) > LARGE or number < LARGEST]
    return (f"Clusters of more than {LARGE} documents, and the {LARGEST} largest ({len(chosen)})",
            "".join(cluster_entry(part, lines) for lines in chosen))


def write(path, parts):
    links, sections = [], []
    for part in parts:
        for title, body in list(pair_lists(part)) + [cluster_list(part)]:
            name = f"s{len(sections)}"
            links.append(f"<a href=#{name}>{part.name}: {html.escape(title)}</a>")
            sections.append(f"<h2 id={name}>{part.name}: {html.escape(title)}</h2>"
                            + (body or "<p>none</p>"))
    with open(path, "w", encoding="utf8") as out:
        out.write("<!doctype html><html lang=ko><meta charset=utf-8>"
                  "<meta name=viewport content='width=device-width'>"
                  f"<title>wonbon: evaluation</title><style>{STYLE}</style>"
                  "<h1>Evaluation: what went wrong, and the largest clusters</h1>"
                  "<p class=facts>Passages in common are marked. Holds article texts: keep it out "
                  "of the repository.</p>"
                  f"<nav>{'<br>'.join(links)}</nav>{''.join(sections)}</html>\n")

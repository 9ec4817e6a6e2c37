#!/usr/bin/env python3
"""Prints clusters of more than one document the way an editor reads them, the largest first.

usage: show_clusters.py EXPORT.jsonl ARTICLES.jsonl[.zst|.gz] -- wonbon [--endpoint=...]

EXPORT.jsonl is what `wonbon export` wrote; headlines come from the articles, the reason of each
canonical copy and what the documents kept apart are linked to from the server.
"""
import collections
import datetime
import gzip
import json
import subprocess
import sys
import unicodedata

MAX_CLUSTERS = 8
MAX_MEMBERS = 6
MAX_LINKS = 6
KOREA = datetime.timezone(datetime.timedelta(hours=9))
LINKS = ("EMBEDS", "EXCERPT", "OVERLAP", "TEMPLATE")
REASONS = {
    "ONLY_DOCUMENT": "the only document",
    "PINNED": "pinned",
    "PREFERRED_PUBLISHER": "preferred publisher",
    "WIRE_ORIGIN": "the agency's own copy",
    "COMPLETE": "the earlier ones are cut",
    "EARLIEST": "published first",
    "SMALLEST_ID": "published at the same time, smaller id",
    "LATEST_REVISION": "latest revision of the first article",
}


def lines(path):
    if path.endswith(".zst"):
        command = ["zstd", "-dcq", "--long=31", "--", path]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            yield from process.stdout
    elif path.endswith(".gz"):
        with gzip.open(path, "rb") as file:
            yield from file
    else:
        with open(path, "rb") as file:
            yield from file


def cut(text, columns):
    """`text` on one line in at most `columns` columns of a terminal; Hangul takes two."""
    out, used = "", 0
    for char in " ".join(str(text or "").split()):
        width = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used + width > columns - 1:
            return out + "…" + " " * (columns - used - 1)
        out, used = out + char, used + width
    return out + " " * (columns - used)


def ask(client, *arguments, data=""):
    """One JSON answer of the client, or {} where it has none."""
    command = [*client, "--output", "json", *arguments]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=False, input=data.encode())
    try:
        return json.loads(answer.stdout)
    except ValueError:
        return {}


def local_time(text):
    """The wall clock in Korea: files and the server write times with other offsets."""
    try:
        return datetime.datetime.fromisoformat(text).astimezone(KOREA).strftime("%Y-%m-%d %H:%M")
    except (TypeError, ValueError):
        return ""


def link_of(client, article, relation):
    """The document that `article` has this relation to: what a copy of it would be linked to."""
    copy = {key: value for key, value in article.items() if key != "id"}
    links = ask(client, "check", "-", data=json.dumps(copy)).get("links", [])
    return next((link["document_id"] for link in links if link["relation"] == relation), None)


def main():
    split = sys.argv.index("--")
    export_path, articles_path = sys.argv[1:split]
    client = sys.argv[split + 1 :]

    clusters = collections.defaultdict(list)
    linked = []
    for line in lines(export_path):
        row = json.loads(line)
        clusters[row["cluster_id"]].append(row)
        if row["relation"] in LINKS:
            linked.append(row)
    several = sorted(
        (rows for rows in clusters.values() if len(rows) > 1),
        key=lambda rows: (-len(rows), min(int(row["sequence"]) for row in rows)),
    )
    shown = several[:MAX_CLUSTERS]

    # One document kept apart of each kind first, then more of the same.
    seen = collections.Counter()
    for row in linked:
        row["turn"] = seen[row["relation"]]
        seen[row["relation"]] += 1
    linked = sorted(linked, key=lambda row: (row["turn"], int(row["sequence"])))[:MAX_LINKS]

    wanted = {row["document_id"] for rows in shown for row in rows}
    wanted |= {row["document_id"] for row in linked}
    articles = {}
    for line in lines(articles_path):
        try:
            article = json.loads(line)
        except ValueError:
            continue
        if isinstance(article, dict) and article.get("id") in wanted:
            articles[article["id"]] = article

    def describe(mark, document_id, article):
        when = local_time(article.get("published_at"))
        print(
            f"      {mark:9} {cut(article.get('title'), 44)} {cut(article.get('publisher'), 14)} "
            f"{when:16} {document_id}"
        )

    print(f"    {len(several)} of {len(clusters)} clusters" + (", the largest:" if several else ""))
    for rows in shown:
        cluster_id = rows[0]["cluster_id"]
        canonical_id = rows[0]["canonical_document_id"]
        answer = ask(client, "cluster", cluster_id)
        reason = REASONS.get(answer.get("cluster", {}).get("canonical", {}).get("reason"))
        print(f"\n    {cluster_id}: {len(rows)} documents, canonical copy {canonical_id}"
              + (f" ({reason})" if reason else ""))
        describe("canonical", canonical_id, articles.get(canonical_id, {}))
        others = [row for row in rows if row["document_id"] != canonical_id]
        for row in others[:MAX_MEMBERS]:
            document_id = row["document_id"]
            # The one that founded the cluster has the relation it had when it came.
            describe(row["relation"], document_id, articles.get(document_id, {}))
        if len(others) > MAX_MEMBERS:
            print(f"      and {len(others) - MAX_MEMBERS} more")
    if linked:
        print("\n    Alike, but another article: linked and kept apart")
        for row in linked:
            article = articles.get(row["document_id"], {})
            describe(row["relation"], row["document_id"], article)
            other_id = link_of(client, article, row["relation"])
            if other_id:
                other = ask(client, "get", other_id, "--no-body").get("document", {})
                describe("  to", other_id, other)
    print()


if __name__ == "__main__":
    main()

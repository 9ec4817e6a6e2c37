"""Submits the articles of a file with the Python client, as a newcomer would write it; prints what was
decided of each.

usage: ingest.py ENDPOINT KEY_FILE ARTICLES.jsonl
"""
import collections
import json
import pathlib
import sys

from wonbon import Client, Relation

endpoint, key_file, articles = sys.argv[1:]
key = pathlib.Path(key_file).read_text(encoding="utf8").strip()
with Client(endpoint, api_key=key) as client, open(articles, encoding="utf8") as lines:
    decisions = list(client.submit_many(json.loads(line) for line in lines))
print(json.dumps({
    "documents": len(decisions),
    "clusters": len({decision.cluster_id for decision in decisions}),
    "relations": collections.Counter(Relation.Name(d.relation) for d in decisions)}))

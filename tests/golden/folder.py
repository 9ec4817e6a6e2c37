"""Data folders that are kept: how one is filled, and what a server must answer from one."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "attacks"))
from steps import Server, check  # noqa: E402,F401

COLLECTIONS = ("default", "news")
FIELDS = ("id", "title", "body", "content_type", "publisher", "url", "published_at", "byline",
          "section", "labels")
# An article that none of the corpus is, and what is asked about it.
ASKED = {"title": "항만 하역장 새벽까지 연다", "publisher": "가람통신",
         "body": "가람시가 다음 달부터 항만 하역장을 새벽 두 시까지 연다. 시는 밤에 들어오는 배가 한 해 사이 "
                 "31% 늘었다며 하역장 네 곳의 문 닫는 시각을 세 시간 늦추고 기사 58명을 더 뽑는다고 밝혔다. "
                 "노동조합은 교대 인원이 모자란다며 증원이 먼저라고 맞섰다."}


class Wonbon:
    """The command `build` has, of the server at `address`."""

    def __init__(self, build, address, state):
        self.command = [str(pathlib.Path(build) / "client/wonbon"), f"--endpoint={address}"]
        self.environment = {**os.environ, "XDG_STATE_HOME": str(state)}

    def run(self, *arguments):
        done = subprocess.run([*self.command, *map(str, arguments)], capture_output=True, text=True,
                              check=False, env=self.environment)
        check(done.returncode == 0, arguments, done.stdout, done.stderr)
        return done.stdout

    def lines(self, *arguments):
        return [json.loads(line) for line in self.run(*arguments, "--output=jsonl").splitlines()]


def fill(wonbon, corpus):
    """`corpus`: article lines. Every kind of record that a store has."""
    wonbon.run("collections", "create", "news", "--prefer=누리신문", "--wire=가람통신",
               "--retention=36500d")
    for collection in COLLECTIONS:
        wonbon.run("import", corpus, f"--collection={collection}")
    clusters = wonbon.lines("clusters", "--min-size=3")
    members = {}
    for line in wonbon.lines("export"):
        members.setdefault(line["cluster_id"], []).append(line["document_id"])
    first, second, third, fourth = (cluster["cluster_id"] for cluster in clusters[:4])
    wonbon.run("pin", first, members[first][-1], "--actor=desk", "--note=the fullest")
    wonbon.run("merge", second, third, "--actor=desk")
    wonbon.run("split", second, members[third][0], "--actor=desk")
    wonbon.run("delete", members[fourth][-1], "--reason=withdrawn")
    wonbon.run("delete", "never-came", "--block", "--reason=court")
    wonbon.run("submit", "--id=asked", f"--title={ASKED['title']}", f"--body={ASKED['body']}",
               f"--publisher={ASKED['publisher']}", "--published-at=2025-03-20T10:05:00+09:00")


def answers(wonbon):
    """What a server says of its folder, that no later version may say otherwise."""
    stats = wonbon.lines("stats")[0]
    said = {"store_id": stats["store_id"], "sequence": stats["sequence"],
            "documents": stats["documents"], "clusters": stats["clusters"], "collections": {}}
    for collection in COLLECTIONS:
        of = f"--collection={collection}"
        texts = hashlib.sha256()
        for line in wonbon.lines("documents", of):
            stored = wonbon.lines("get", line["document"]["id"], of)[0]
            kept = {field: stored["document"][field] for field in FIELDS}
            kept["received_at"] = stored["received_at"]
            texts.update(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode())
        settings = wonbon.lines("collections", "get", collection)[0]["settings"]
        said["collections"][collection] = {
            "settings": settings,
            "documents": [[line["document_id"], line["cluster_id"], line["canonical_document_id"],
                           line["relation"], line["sequence"]]
                          for line in wonbon.lines("export", of)],
            "words": [[cluster["cluster_id"], cluster["pinned_document_id"],
                       [[word["act"], word["actor"], word["note"]] for word in cluster["words"]]]
                      for cluster in wonbon.lines("clusters", of) if cluster["words"]],
            "stored_documents_sha256": texts.hexdigest(),
        }
    asked = wonbon.lines("check", f"--title={ASKED['title']}",
                         f"--body=(가람=가람통신) {ASKED['body']}")[0]
    said["check"] = [asked["relation"], asked["cluster_id"], asked["best_match"]["document_id"]]
    return said

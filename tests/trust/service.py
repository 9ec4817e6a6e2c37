"""Campaigns against wonbond itself, from outside: memory, overload, fairness, abuse.

usage: service.py BUILD_DIR CAMPAIGN [--runs=N] [--seed=N]

Prints a row as `trust` does: campaign, runs, faults, acknowledged, refused, died, lost, different,
unnamed; what went wrong on stderr, and exit code 1.
"""
import atexit
import collections
import contextlib
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BUILD = pathlib.Path(sys.argv[1])
MIB = 1 << 20
row = collections.Counter()


def wrong(column, words):
    row[column] += 1
    print(f"{sys.argv[2]}: {words}", file=sys.stderr)


class Server:
    """wonbond on free ports and a folder that outlives it."""

    def __init__(self, folder, *flags, address_space=None):
        self.log = open(folder / "wonbond.log", "w+", encoding="utf8")

        def limit():
            if address_space:
                resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))

        environment = {k: v for k, v in os.environ.items() if not k.startswith("WONBON_")}
        self.process = subprocess.Popen(
            [BUILD / "server/wonbond", "--insecure", "--listen=127.0.0.1:0",
             "--admin-listen=127.0.0.1:0", f"--data-dir={folder / 'data'}", *flags],
            stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL, text=True,
            env=environment, preexec_fn=limit)
        # Whatever becomes of this script, its servers go with it.
        atexit.register(self.process.kill)
        line = self.process.stdout.readline()
        found = re.search(r"grpc (\S+) admin (\S+)", line)
        if not found:
            self.process.kill()
            self.log.seek(0)
            sys.exit(f"wonbond did not start: {line}{self.log.read()[-500:]}")
        self.grpc, self.admin = found.groups()

    def status(self, name):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf8")
        return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.M).group(1)) << 10

    def get(self, path):
        with urllib.request.urlopen(f"http://{self.admin}{path}", timeout=10) as answer:
            return answer.read().decode()

    def said(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(encoding="utf8")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            wrong("died", "the server did not stop within 40 s")
            return self.process.wait()


def client(server, *arguments, folder, wait=True, **more):
    command = [BUILD / "client/wonbon", f"--endpoint={server.grpc}", *map(str, arguments)]
    environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
    if not wait:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                text=True, env=environment)
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False,
                          timeout=600, **more)


def articles(folder, name, seed, stories):
    path = folder / f"{name}.jsonl"
    with open(path, "w", encoding="utf8") as out:
        subprocess.run([BUILD / "tests/corpus/make_corpus", f"--seed={seed}",
                        f"--stories={stories}", "--copies=1"], stdout=out, check=True)
    lines = path.read_text(encoding="utf8").splitlines()
    # The ids of two corpora are the same: each file has a prefix of its own.
    documents = [json.loads(line) for line in lines]
    for document in documents:
        document["id"] = f"{name}-{document['id']}"
    path.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents),
                    encoding="utf8")
    return path, [d["id"] for d in documents]


def standing(server, folder):
    out = client(server, "export", "--output", "jsonl", folder=folder)
    if out.returncode != 0:
        wrong("lost", f"export: {out.stderr[-300:]}")
    return {json.loads(line)["document_id"] for line in out.stdout.splitlines()}


def expect_standing(server, folder, ids):
    row["acknowledged"] += len(ids)
    missing = set(ids) - standing(server, folder)
    if missing:
        wrong("lost", f"{len(missing)} acknowledged documents are gone, as {sorted(missing)[:3]}")


def answered(out, ids):
    """The ids that an import, one batch at a time, was answered for before it stopped."""
    found = re.search(r"stopped after ([\d,]+) documents", out.stderr)
    count = int(found.group(1).replace(",", "")) if found else 0
    return ids[:count]


def memory(folder, seed):
    """Past --memory-limit submissions are refused; reads and a restart work."""
    server = Server(folder)
    server.stop()
    server = Server(folder)
    anonymous = server.status("RssAnon")
    server.stop()
    limit = anonymous // MIB + 30
    server = Server(folder, f"--memory-limit={limit}MiB")
    path, ids = articles(folder, "m", seed, 4_000)
    out = client(server, "import", "--in-flight=1", "--retry-for=0", path, folder=folder)
    row["faults"] += "memory-limit" in out.stderr
    if out.returncode == 0 or "memory-limit" not in out.stderr:
        wrong("different", f"nothing was refused at {limit} MiB: {out.stderr[-300:]}")
    if server.status("RssAnon") > (limit + 150) * MIB:
        wrong("different", f"{server.status('RssAnon') // MIB} MiB taken of {limit}")
    if "submissions are refused" not in server.get("/readyz"):
        wrong("different", "/readyz does not say that submissions are refused")
    for verb in (["get", ids[0]], ["stats"], ["clusters", "--min-size=2"]):
        if client(server, *verb, folder=folder).returncode != 0:
            wrong("different", f"{verb[0]} fails past the limit")
    acknowledged = answered(out, ids)
    expect_standing(server, folder, acknowledged)
    server.stop()
    server = Server(folder, f"--memory-limit={limit}MiB")
    expect_standing(server, folder, acknowledged)
    server.stop()


def want(folder, seed):
    """The system has no memory left: an end in order, and nothing answered is lost."""
    server = Server(folder)
    size = server.status("VmSize")
    server.stop()
    path, ids = articles(folder, "w", seed, 4_000)
    server = Server(folder, "--article-cache-mb=4096", address_space=size + 150 * MIB)
    out = client(server, "import", "--in-flight=1", "--retry-for=0", path, folder=folder)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.process.wait(timeout=5)
    code = server.process.poll()
    row["faults"] += code is not None
    # gRPC aborts without a word where an allocation of its own fails: nobody can come between.
    if code != -signal.SIGABRT and (code != 3 or "out of memory" not in server.said()):
        wrong("died", f"exit code {code} for want of memory: {server.said()[-300:]}")
    server.stop()
    server = Server(folder)
    expect_standing(server, folder, answered(out, ids))
    server.stop()


def overload(folder, seed):
    """More clients than the queue takes: all are answered in the end."""
    server = Server(folder, "--max-queued-requests=2", "--threads=1")
    imports, expected = [], []
    for i in range(6):
        path, ids = articles(folder, f"o{i}", seed + i, 60)
        expected += ids
        imports.append(client(server, "import", "--in-flight=16", path, folder=folder, wait=False))
    for one in imports:
        _, said = one.communicate(timeout=300)
        if one.returncode != 0:
            wrong("different", f"an import was not answered: {said[-300:]}")
    pairs = folder / "pairs.tsv"
    pairs.write_text("".join(f"{a}\t{b}\n" for a, b in zip(expected, expected[1:])),
                     encoding="utf8")
    readers = [client(server, "compare", "--pairs", pairs, "--output", "json", folder=folder,
                      wait=False) for _ in range(3)]
    for one in readers:
        _, said = one.communicate(timeout=300)
        # Past its last attempt a client says which pairs it has no answer for: no silence.
        if one.returncode != 0 and "could not be compared" in said:
            row["refused"] += 1
        elif one.returncode != 0:
            wrong("different", f"pairs were not all compared: {said[-300:]}")
    refused = re.findall(r'grpc_server_handled_total\{.*ResourceExhausted.*\} (\d+)',
                         server.get("/metrics"))
    row["faults"] += any(int(n) > 0 for n in refused)
    expect_standing(server, folder, expected)
    server.stop()


def fairness(folder, seed):
    """One client imports all it can; another one's single calls are answered meanwhile."""
    server = Server(folder)
    path, ids = articles(folder, "f", seed, 3_000)
    small, _ = articles(folder, "s", seed + 1, 20)
    flood = client(server, "import", "--in-flight=64", path, folder=folder, wait=False)
    slowest, calls = 0.0, 0
    for line in small.read_text(encoding="utf8").splitlines():
        if flood.poll() is not None:
            break
        document = json.loads(line)
        began = time.monotonic()
        out = client(server, "submit", f"--id={document['id']}", f"--title={document['title']}",
                     f"--body={document['body']}", folder=folder)
        slowest = max(slowest, time.monotonic() - began)
        calls += 1
        if out.returncode != 0:
            wrong("different", f"a single submission failed: {out.stderr[-300:]}")
    row["faults"] += calls > 0
    if slowest > 5:
        wrong("different", f"a single submission took {slowest:.1f} s beside an import")
    print(f"fairness: {calls} single submissions beside an import, the slowest {slowest:.2f} s",
          file=sys.stderr)
    flood.communicate(timeout=600)
    expect_standing(server, folder, ids)
    server.stop()


def abuse(folder, seed):
    """Bytes that are no HTTP/2, connections that say nothing, floods of frames."""
    rng = random.Random(seed)
    server = Server(folder)
    path, ids = articles(folder, "a", seed, 100)
    if client(server, "import", path, folder=folder).returncode != 0:
        wrong("different", "the import before failed")
    host, port = server.grpc.rsplit(":", 1)
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
    idle = []
    for i in range(200):
        with contextlib.suppress(OSError):
            one = socket.create_connection((host, int(port)), timeout=2)
            kind = i % 4
            if kind == 0:
                one.sendall(rng.randbytes(rng.randrange(1, 4_096)))
            elif kind == 1:
                one.sendall(preface + rng.randbytes(rng.randrange(1, 4_096)))
            elif kind == 2:
                one.sendall(preface + b"\0\0\x08\6\0\0\0\0\0" * 50 + b"x" * 400)
            else:
                one.sendall(preface[: rng.randrange(len(preface))])
            idle.append(one)
            row["faults"] += 1
    out = client(server, "submit", "--id=after", "--title=뒤", "--body=뒤에 온 기사", folder=folder)
    if out.returncode != 0:
        wrong("different", f"a client is not served beside {len(idle)} bad ones: {out.stderr}")
    for one in idle:
        one.close()
    if server.process.poll() is not None:
        wrong("died", f"the server ended: {server.said()[-300:]}")
    expect_standing(server, folder, [*ids, "after"])
    server.stop()


def main():
    campaign = sys.argv[2]
    options = {"runs": 1, "seed": 1}
    for argument in sys.argv[3:]:
        name, value = argument.removeprefix("--").split("=")
        options[name] = int(value)
    work = {"memory": [memory, want], "overload": [overload], "fairness": [fairness],
            "abuse": [abuse]}[campaign]
    for run in range(options["runs"]):
        for one in work:
            folder = pathlib.Path(tempfile.mkdtemp(prefix=f"wonbon-{campaign}."))
            bad = sum(row[c] for c in ("died", "lost", "different"))
            one(folder, options["seed"] * 1_000 + run * 10)
            row["runs"] += 1
            if sum(row[c] for c in ("died", "lost", "different")) == bad:
                shutil.rmtree(folder)
            else:
                print(f"  left in {folder}", file=sys.stderr)
    columns = ["runs", "faults", "acknowledged", "refused", "died", "lost", "different", "unnamed"]
    print(campaign, *(row[c] for c in columns), sep="\t")
    sys.exit(any(row[c] for c in ("died", "lost", "different")))


main()

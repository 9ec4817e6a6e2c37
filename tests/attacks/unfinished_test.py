#!/usr/bin/env python3
"""Messages that are begun and never ended: gRPC keeps what came of them for as long as their client
likes. Four, then twelve connections send all but the last byte of 64 messages of 15 MiB each, again
and again, and then one sends a message that is said to have 1 GiB. The server closes those who hold
most, takes no more than MAY_GROW_MB for it, and answers a good client all the while. An import in
batches of 15 MiB, 8 in flight, is not cut.

usage: unfinished_test.py BUILD_DIR
"""
import json
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile
import threading
import time

import http2
from steps import GoodClient, Peak, Server, check

# kMaxUnfinishedBytes is 512 MiB; what comes between two looks, and what the allocator has not given
# back yet, come on top.
MAY_GROW_MB = 1024
SECONDS = 8
PATH = "/wonbon.v1.DedupService/SubmitBatch"
DOCUMENTS, BODY_WORDS = 500, 24_000


class Unfinished:
    """One connection that sends all but the last byte of `streams` messages of `size` bytes, evenly,
    as far as the windows of HTTP/2 let it."""

    def __init__(self, address, streams, size):
        self.connection = http2.Connection(address, timeout=1)
        self.window = 65535
        self.limits = {0: self.window}
        self.left = {}
        self.chunk = bytes(16384)
        for _ in range(streams):
            stream = self.connection.next_stream()
            self.connection.send(
                http2.frame(http2.HEADERS, http2.END_HEADERS, stream, http2.grpc_headers(PATH)),
                http2.frame(http2.DATA, 0, stream, struct.pack(">BI", 0, size)))
            self.limits[stream] = self.window - 5
            self.limits[0] -= 5
            self.left[stream] = size - 1

    def send(self, count):
        """Tells `count` how much went out."""
        for stream, left in self.left.items():
            room = min(left, self.limits[stream], self.limits[0], 1 << 20)
            for at in range(0, room, 16384):
                size = min(16384, room - at)
                self.connection.send(http2.frame(http2.DATA, 0, stream, self.chunk[:size]))
            if room > 0:
                self.left[stream] -= room
                self.limits[stream] -= room
                self.limits[0] -= room
                count(room)

    def listen(self):
        """Takes one frame in; False once the connection is closed."""
        try:
            got = self.connection.receive()
        except TimeoutError:
            return True
        if got is None or got[0] == http2.GOAWAY:
            return False
        kind, flags, stream, payload = got
        if kind == http2.SETTINGS and not flags & http2.ACK:
            for at in range(0, len(payload), 6):
                name, value = struct.unpack(">HI", payload[at:at + 6])
                if name == 4:
                    for each in self.left:
                        self.limits[each] += value - self.window
                    self.window = value
        elif kind == 8 and stream in self.limits:
            self.limits[stream] += struct.unpack(">I", payload)[0]
        elif kind == http2.RST_STREAM:
            self.left.pop(stream, None)
        return True


class Attack:
    def __init__(self, address, connections, streams, size):
        self.arguments = address, streams, size
        self.until = time.monotonic() + SECONDS
        self.sent = 0
        self.cuts = 0
        self.threads = [threading.Thread(target=self.run) for _ in range(connections)]
        for thread in self.threads:
            thread.start()

    def count(self, sent):
        self.sent += sent

    def run(self):
        while time.monotonic() < self.until:
            try:
                attacker = Unfinished(*self.arguments)
                while time.monotonic() < self.until:
                    attacker.send(self.count)
                    if not attacker.listen():
                        raise ConnectionResetError
                attacker.connection.close()
            except OSError:
                self.cuts += 1

    def wait(self):
        for thread in self.threads:
            thread.join()


def make_articles(path):
    words = ["".join(chr(random.randrange(0xAC00, 0xD7A4)) for _ in range(3)) for _ in range(5000)]
    with open(path, "w", encoding="utf-8") as out:
        for number in range(DOCUMENTS):
            body = " ".join(random.choices(words, k=BODY_WORDS))
            out.write(json.dumps({"id": f"d-{number}", "title": words[number], "body": body}, ensure_ascii=False) + "\n")


def import_articles(build, server, folder, articles):
    began = time.monotonic()
    answer = subprocess.run(
        [f"{build}/client/wonbon", "--insecure", f"--endpoint={server.grpc}", "import", "--no-resume",
         "--in-flight=8", "--batch-documents=1000", "--batch-bytes=15728640", articles],
        cwd=folder, capture_output=True, text=True, timeout=120)
    check(answer.returncode == 0, "the import ended with", answer.returncode, answer.stderr[-500:])
    return time.monotonic() - began


def cut(server):
    return int(re.search(r"\nwonbon_connections_hoarding_total (\d+)", server.get("/metrics")[1])[1])


def attack(server, build, shape):
    connections, streams, size = shape
    before = cut(server)
    peak = Peak(server.process.pid)
    client = GoodClient(build, "--insecure", f"--endpoint={server.grpc}")
    attackers = Attack(server.grpc, connections, streams, size)
    attackers.wait()
    said = client.stop()
    grown = peak.grown()[0]
    print(f"{connections} connections with {streams} messages of {size >> 20} MiB: "
          f"{attackers.sent >> 20} MiB sent, cut off {attackers.cuts} times, +{grown} MB; "
          f"good client {said}", flush=True)
    check(grown <= MAY_GROW_MB, "the server grew by", grown, "MB")
    check(attackers.sent > (512 << 20), "only", attackers.sent, "bytes were sent")
    check(cut(server) > before and attackers.cuts > 0, "nobody was cut off")
    check(not client.errors, "calls failed:", client.errors[:1])
    check(client.calls > 3, "the good client had", client.calls, "calls")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        articles = pathlib.Path(folder) / "articles.jsonl"
        make_articles(articles)
        print(f"{articles.stat().st_size >> 20} MiB of articles")
        server = Server(build, folder)
        try:
            took = import_articles(build, server, folder, articles)
            check(cut(server) == 0, "the import was cut off")
            print(f"an import alone took {took:.1f} s")
            for shape in (4, 64, 15 << 20), (12, 64, 15 << 20), (1, 1, 1 << 30):
                attack(server, build, shape)
        finally:
            server.stop()


main()

#!/usr/bin/env python3
"""deploy/edge under attack: rapid reset, two floods of headers, and messages that unpack to a
thousand times their size. The attacker is cut off, a good client's calls all succeed, and neither
nghttpx nor wonbond takes more than 64 MB for it.

usage: edge_test.py BUILD_DIR CERTIFICATES

Exit code 77, loudly, where nghttpx is not installed.
"""
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import http2
from steps import GoodClient, Peak, Server, check

MAY_GROW_MB = 64
SECONDS = 8
ATTACKERS = 4
PATH = "/wonbon.v1.DedupService/Submit"
EDGE = pathlib.Path(__file__).resolve().parents[2] / "deploy/edge/run"


def rapid_reset(connection, until):
    """Streams that are begun and reset, as fast as they can be sent."""
    block = http2.grpc_headers(PATH)
    while time.monotonic() < until:
        frames = []
        for _ in range(100):
            stream = connection.next_stream()
            frames.append(http2.frame(http2.HEADERS, http2.END_HEADERS, stream, block))
            frames.append(http2.frame(http2.RST_STREAM, 0, stream, b"\0\0\0\x08"))
        connection.send(*frames)
        connection.drain()


def endless_headers(connection, until):
    """A header block that never ends."""
    stream = connection.next_stream()
    connection.send(http2.frame(http2.HEADERS, 0, stream, http2.grpc_headers(PATH)))
    more = http2.header_block([("x-flood", "y" * 16000)])
    while time.monotonic() < until:
        connection.send(http2.frame(http2.CONTINUATION, 0, stream, more))
        connection.drain()


def large_headers(connection, until):
    """Streams that each bring a header block of 60 KB, and are left open."""
    fields = http2.grpc_headers(PATH, *((f"x-flood-{i}", "y" * 4000) for i in range(15)))
    while time.monotonic() < until:
        stream = connection.next_stream()
        connection.send(
            http2.frame(http2.HEADERS, 0, stream, fields[:16000]),
            *(http2.frame(http2.CONTINUATION, 0, stream, fields[at:at + 16000])
              for at in range(16000, len(fields) - 16000, 16000)),
            http2.frame(http2.CONTINUATION, http2.END_HEADERS, stream,
                        fields[(len(fields) - 1) // 16000 * 16000:]))
        connection.drain()


def bombs(connection, until):
    body = http2.grpc_message(BOMB, packed=True)
    while time.monotonic() < until:
        ended = connection.call(PATH, body, ("grpc-encoding", "gzip"))
        if ended in (None, http2.GOAWAY):
            raise ConnectionError


class Attack:
    """Attackers that connect anew whenever they are cut off; how often that was."""

    def __init__(self, flood, address, tls, seconds):
        self.flood, self.address, self.tls = flood, address, tls
        self.until = time.monotonic() + seconds
        self.cuts = 0
        self.threads = [threading.Thread(target=self.run) for _ in range(ATTACKERS)]
        for thread in self.threads:
            thread.start()

    def run(self):
        while time.monotonic() < self.until:
            try:
                connection = http2.Connection(self.address, self.tls)
                self.flood(connection, self.until)
                connection.close()
            except OSError:
                self.cuts += 1

    def wait(self):
        for thread in self.threads:
            thread.join()
        return self.cuts


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid):
    listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def attack(name, flood, server, edge, address, tls, build, ca):
    workers = children(edge.pid)
    peak = Peak(server.process.pid, *workers)
    client = GoodClient(build, f"--endpoint={address}", f"--ca={ca}")
    cuts = Attack(flood, address, tls, SECONDS).wait()
    said = client.stop()
    grown = peak.grown()
    print(f"{name}: cut off {cuts} times; good client {said}; "
          f"wonbond +{grown[0]} MB, nghttpx +{max(grown[1:])} MB", flush=True)
    check(not client.errors, name, "made calls fail:", client.errors[:1])
    check(client.calls > 3, name, "left the good client", client.calls, "calls")
    check(max(grown) <= MAY_GROW_MB, name, "took", grown, "MB")
    check(children(edge.pid) == workers, name, "ended a process of nghttpx")
    # The others are refused stream by stream, 431 and UNIMPLEMENTED, on a connection that may stay.
    floods = (rapid_reset, endless_headers)
    check(cuts > 0 or flood not in floods, name, "was never cut off")


def main():
    build, certificates = sys.argv[1:]
    if not shutil.which("nghttpx"):
        print("SKIPPED: there is no nghttpx; deploy/install-packages edge installs it",
              file=sys.stderr)
        sys.exit(77)
    tls = ssl.create_default_context(cafile=f"{certificates}/ca.pem")
    tls.check_hostname = False
    tls.set_alpn_protocols(["h2"])
    with tempfile.TemporaryDirectory() as folder:
        server = Server(build, folder)
        address = f"127.0.0.1:{free_port()}"
        edge = subprocess.Popen(
            [EDGE, f"--cert={certificates}/server.pem", f"--key={certificates}/server.key",
             f"--listen={address}", f"--backend={server.grpc}"],
            stdout=subprocess.DEVNULL, stderr=open(f"{folder}/edge.log", "wb"))
        try:
            warm = GoodClient(build, f"--endpoint={address}", f"--ca={certificates}/ca.pem")
            for _ in range(100):
                if warm.calls - len(warm.errors) >= 3:
                    break
                time.sleep(0.1)
            said = warm.stop()
            check(warm.calls - len(warm.errors) >= 3, "no call gets through:", said, warm.errors[-1:],
                  pathlib.Path(f"{folder}/edge.log").read_text()[-500:])
            for name, flood in (("rapid reset", rapid_reset), ("endless headers", endless_headers),
                                ("large headers", large_headers), ("bombs of 1 GB", bombs)):
                attack(name, flood, server, edge, address, tls, build, f"{certificates}/ca.pem")
        finally:
            edge.terminate()
            edge.wait(10)
            server.stop()


BOMB = http2.bomb(1 << 30, "gzip")
main()

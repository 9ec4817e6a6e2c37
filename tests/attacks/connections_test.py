#!/usr/bin/env python3
"""Connections that ask for nothing, and messages that unpack to a thousand times their size.

A server that may have 256 descriptors meets 400 idle connections: it says so, takes calls again
while they are still held, and its admin endpoint and its disk have what they need all along. A
thousand slow clients of the admin endpoint hold up no probe. Silent connections are closed. A
message of 1 MB that unpacks to 1 GB takes no memory.

usage: connections_test.py BUILD_DIR
"""
import socket
import sys
import tempfile
import time

import http2
from steps import GoodClient, Peak, Server, check

DESCRIPTORS = 256
IDLE = 400
SLOW = 1000
MAY_GROW_MB = 64


def connect(address):
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), 5)


def becomes(server, status):
    """Whether /readyz comes to answer so."""
    for _ in range(100):
        if server.get("/readyz")[0] == status:
            return True
        time.sleep(0.2)
    return False


def bombs(server):
    peak = Peak(server.process.pid)
    calls = 0
    for algorithm in "gzip", "deflate":
        body = http2.grpc_message(http2.bomb(1 << 30, algorithm), packed=True)
        for path in ("/wonbon.v1.DedupService/Submit", "/wonbon.v1.DedupService/SubmitStream",
                     "/wonbon.v1.DedupService/WatchClusters", "/grpc.health.v1.Health/Check"):
            for encoding in algorithm, "identity":
                connection = http2.Connection(server.grpc, timeout=30)
                ended = connection.call(path, body, ("grpc-encoding", encoding))
                check(ended in (http2.HEADERS, http2.RST_STREAM), path, encoding, "ended by", ended)
                connection.close()
                calls += 1
    grown = peak.grown()[0]
    print(f"{calls} messages of 1 MB that unpack to 1 GB: +{grown} MB")
    check(grown <= MAY_GROW_MB, "the server grew by", grown, "MB")


def silent_connection_is_closed(server):
    """Neither a first byte nor a preface without SETTINGS keeps a connection."""
    silent = [connect(server.grpc), connect(server.grpc)]
    silent[1].sendall(http2.PREFACE)
    began = time.monotonic()
    for one in silent:
        one.settimeout(30)
        while one.recv(4096):
            pass
    print(f"connections that did not begin were closed after {time.monotonic() - began:.0f} s")


def idle_connections(server, build):
    """More than there is room for, all of them alive and greeted."""
    held = []
    began = time.monotonic()
    while len(held) < IDLE and time.monotonic() - began < 30:
        try:
            one = connect(server.grpc)
            one.sendall(http2.PREFACE + http2.frame(http2.SETTINGS, 0, 0))
            held.append(one)
        except OSError:
            time.sleep(0.1)
    check(len(held) == IDLE, "only", len(held), "connections")
    check(server.get("/metrics")[0] == 200, "/metrics does not answer")
    check(becomes(server, 503), "/readyz says that it is ready:", server.get("/readyz"))
    client = GoodClient(build, "--insecure", f"--endpoint={server.grpc}")
    while not client.calls - len(client.errors) and time.monotonic() - began < 120:
        time.sleep(0.2)
    print(f"{IDLE} idle connections at {DESCRIPTORS} descriptors: a call went through after "
          f"{time.monotonic() - began:.0f} s; {client.stop()}")
    check(client.calls > len(client.errors), "no call went through:", client.errors[-1:])
    check(becomes(server, 200), "/readyz stays at", server.get("/readyz"))
    metrics = server.get("/metrics")[1]
    check("\nwonbon_connections_gave_way_total 0" not in metrics, "nobody gave way")
    for one in held:
        one.close()


def slow_admin_clients(server):
    held = []
    for _ in range(SLOW):
        try:
            one = connect(server.admin)
            one.sendall(b"GET /metr")
            held.append(one)
        except OSError:
            pass
    check(len(held) > SLOW * 0.9, "only", len(held), "connections")
    slowest = 0
    for path in ("/livez", "/readyz", "/metrics") * 5:
        began = time.monotonic()
        status, body = server.get(path)
        slowest = max(slowest, time.monotonic() - began)
        check(status == 200, path, "answers", status, body)
        for one in held[:20]:
            try:
                one.sendall(b"i")
            except OSError:
                pass
    print(f"{len(held)} slow clients of the admin endpoint: 15 probes, the slowest {slowest:.3f} s")
    for one in held:
        one.close()


def main():
    build = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        server = Server(build, folder, descriptors=DESCRIPTORS)
        try:
            bombs(server)
            silent_connection_is_closed(server)
            slow_admin_clients(server)
            idle_connections(server, build)
        finally:
            server.stop()


main()

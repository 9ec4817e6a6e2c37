#!/usr/bin/env python3
"""What HTTP clients do that is odd, and what they do that means no good: requests that two readers
could understand differently, heads and bodies that are too large or never end, answers that nobody
takes, a thousand watches, a server that stops meanwhile. It answers what is in order, refuses the
rest, takes no more memory than it may, and serves others all the while.

usage: connections_test.py BUILD_DIR
"""
import json
import pathlib
import re
import resource
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "attacks"))
from steps import Peak, Server, check  # noqa: E402
from wire import Watch, call, connect, plug, post, read_all  # noqa: E402

STATS = "AdminService/GetStats"
HEAD = "POST /wonbon.v1.AdminService/GetStats HTTP/1.1\r\nHost: localhost\r\n" \
       "Content-Type: application/json\r\n"
SLOW = 200
MIB = 1 << 20
# kMaxHttpBytes is 256 MiB; the rest is of calls in flight, and of what the allocator has not given
# back yet.
MAY_GROW_MB = 768
WATCHES = 1_000
MOST_CONNECTIONS = 1_024


def answers(address, request):
    """The status of each answer to these bytes, up to the end of the connection."""
    connection = plug(address, timeout=3)
    try:
        connection.sendall(request if isinstance(request, bytes) else request.encode())
    except OSError:
        pass  # refused before all was sent
    got = read_all(connection)
    connection.close()
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", got)]


def in_order(address):
    last = post(STATS, headers="Connection: close\r\n")
    chunked = HEAD + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n"
    for what, request, expected in [
            ("two requests at once", post(STATS) + last, [200, 200]),
            ("a request behind one that is refused", post("X/Y", b"") + last, [404, 200]),
            ("a body in chunks", chunked, [200]),
            ("HTTP/1.0", post(STATS).replace(b"HTTP/1.1", b"HTTP/1.0"), [200]),
            ("a client that asks first", last.replace(b"Host", b"Expect: 100-continue\r\nHost"),
             [100, 200])]:
        got = answers(address, request)
        check(got == expected, what, "is answered", got)
    byte_by_byte = plug(address)
    for byte in last:
        byte_by_byte.sendall(bytes([byte]))
    check(read_all(byte_by_byte).startswith(b"HTTP/1.1 200"), "a request in single bytes")
    print("what is in order is answered")


def smuggled(address):
    """None of these has a second reader who finds the request behind it."""
    inner = post(STATS).decode()
    for what, request, status in [
            ("two lengths", HEAD + "Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}" + inner, 400),
            ("a length twice", HEAD + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
            ("a list of lengths", HEAD + "Content-Length: 2, 5\r\n\r\n{}" + inner, 400),
            ("a length that is none", HEAD + "Content-Length: +2\r\n\r\n{}" + inner, 400),
            ("a length below zero", HEAD + "Content-Length: -2\r\n\r\n{}" + inner, 400),
            ("a length past counting", HEAD + f"Content-Length: {1 << 64}2\r\n\r\n{{}}", 400),
            ("length and chunks", HEAD + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
             "0\r\n\r\n" + inner, 400),
            ("chunks and length", HEAD + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n"
             "0\r\n\r\n" + inner, 400),
            ("packed chunks", HEAD + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + inner, 501),
            ("chunks that are none", HEAD + "Transfer-Encoding: xchunked\r\n\r\n" + inner, 501),
            ("chunks named twice", HEAD + "Transfer-Encoding: chunked\r\n"
             "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" + inner, 400),
            ("a space before the colon", HEAD + "Content-Length : 2\r\n\r\n{}" + inner, 400),
            ("a control character in a name", HEAD + "X\x01: 2\r\n\r\n" + inner, 400),
            ("a zero in a value", HEAD + "X: a\0b\r\n\r\n" + inner, 400),
            ("chunks of no size", HEAD + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + inner, 400),
            ("two hosts", HEAD + "Host: other\r\nContent-Length: 2\r\n\r\n{}" + inner, 400),
            ("a whole address", inner.replace("POST /", "POST http://localhost/"), 400),
            ("no path", inner.replace("POST /", "POST "), 400),
            ("no version", inner.replace(" HTTP/1.1", ""), 400),
            ("HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
            ("TLS", "\x16\x03\x01\x02\x00\x01\x00\x01", 400)]:
        got = answers(address, request)
        check(got == [status], what, "is answered", got)
    print("what could be understood in two ways is refused, and its connection closed")


def too_much(address):
    for what, request, status in [
            ("a token of 10 MB", HEAD + f"Authorization: Bearer {'A' * 10_000_000}\r\n\r\n", 431),
            ("a head of 20 KB", HEAD + "".join(f"X{n}: x\r\n" for n in range(2_500)) + "\r\n", 431),
            ("a path of 20 KB", f"GET /{'x' * 20_000} HTTP/1.1\r\nHost: localhost\r\n\r\n", 431),
            ("a body of 16 MiB and a byte", post(STATS, b"", length=16 * MIB + 1), 413),
            ("17 MiB in chunks", HEAD + "Transfer-Encoding: chunked\r\n\r\n"
             + (f"{MIB:x}\r\n" + " " * MIB + "\r\n") * 17, 413),
            ("a body where there is none", "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Length: 1\r\n\r\nx", 413),
            ("empty documents", post("DedupService/SubmitBatch", b'{"documents":['
                                     + b"{}," * (5 * MIB) + b"{}]}"), 400),
            ("deep nesting", post(STATS, b'{"a":' * 100_000), 400)]:
        got = answers(address, request)
        check(got == [status], what, "is answered", got)
    most = call(address, "DedupService/Check", {"document": {"id": "a", "body": "x"}, "view": 0})
    check(most.status == 200, most)
    print("what is too much is refused")


class Others:
    """A client that means well, with a connection of its own for each call."""

    def __init__(self, address):
        self.address, self.slowest, self.calls, self.failed = address, 0, 0, []
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.done.wait(0.02):
            began = time.monotonic()
            try:
                answer = call(self.address, STATS, {}, timeout=10)
                if answer.status != 200:
                    self.failed.append(str(answer))
            except OSError as error:
                self.failed.append(repr(error))
            self.calls += 1
            self.slowest = max(self.slowest, time.monotonic() - began)

    def stop(self):
        self.done.set()
        self.thread.join()
        check(not self.failed and self.calls > 5, "others:", self.calls, "calls;", self.failed[:2])
        check(self.slowest < 5, "others waited", self.slowest)
        return f"others: {self.calls} calls, the slowest {self.slowest:.2f} s"


def slow_clients(server):
    """A byte now and then, of heads and of bodies."""
    for address in server.http, server.admin:
        others = Others(address)
        held = []
        for number in range(SLOW):
            one = plug(address)
            one.sendall(HEAD[:20].encode() if number % 2 else post(STATS, b"{", length=50))
            held.append(one)
        for _ in range(10):
            time.sleep(0.3)
            for one in held:
                try:
                    one.sendall(b"x")
                except OSError:
                    pass
        print(f"{SLOW} slow clients; {others.stop()}", flush=True)
        for one in held:
            one.close()


def endless_bodies(server):
    """All but the last byte of 15 MiB, by 100 connections: 1.5 GB if it were kept."""
    peak, others = Peak(server.process.pid), Others(server.http)
    request = post("DedupService/Submit", b" " * (15 * MIB - 1), length=15 * MIB)
    held, cut, lock = [], 0, threading.Lock()

    def send():
        nonlocal cut
        for _ in range(25):
            one = plug(server.http, timeout=5)
            try:
                one.sendall(request)
                held.append(one)
            except OSError:
                with lock:
                    cut += 1

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    closed = cut + sum(is_closed(one) for one in held)
    said, grown = others.stop(), peak.grown()[0]
    print(f"100 bodies of 15 MiB without an end: {closed} cut, +{grown} MB; {said}", flush=True)
    check(closed >= 80, "only", closed, "were cut")
    check(grown <= MAY_GROW_MB, "the server grew by", grown, "MB")
    for one in held:
        one.close()


def is_closed(connection):
    connection.settimeout(0.05)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def answers_not_taken(server):
    """Documents of 200 KB, 18 in an answer, asked for by 200 connections that read nothing."""
    for number in range(18):
        answer = call(server.http, "DedupService/Submit",
                      {"document": {"id": f"large-{number}", "body": f"{number} 가나다라" * 16_000}})
        check(answer.status == 200, answer)
    request = post("DedupService/BatchGetDocuments",
                   json.dumps({"documentIds": [f"large-{n}" for n in range(18)]}).encode())
    size = len(read_answer(server.http, request))
    check(size > 3 * MIB, "an answer has only", size)
    peak, others = Peak(server.process.pid), Others(server.http)
    held = []
    for _ in range(200):
        one = plug(server.http)
        one.setsockopt(1, 8, 4096)  # SO_RCVBUF
        one.sendall(request)
        held.append(one)
    time.sleep(3)
    said, grown = others.stop(), peak.grown()[0]
    print(f"200 answers of {size >> 20} MiB that nobody takes: +{grown} MB; {said}", flush=True)
    check(grown <= MAY_GROW_MB, "the server grew by", grown, "MB")
    for one in held:
        one.close()


def read_answer(address, request):
    connection = plug(address)
    connection.sendall(request.replace(b"Host:", b"Connection: close\r\nHost:", 1))
    return read_all(connection)


def open_streams(server):
    return float(re.search(r"\nwonbon_open_streams (\d+)", server.get("/metrics")[1])[1])


def many_watches(server):
    peak = Peak(server.process.pid)
    watches = [Watch(server.http, timeout=30) for _ in range(WATCHES)]
    check(all(watch.status == 200 and watch.event() for watch in watches), "not all began")
    check(open_streams(server) == WATCHES, open_streams(server), "are open")
    began = time.monotonic()
    call(server.admin, "DedupService/Submit", {"document": {"id": "news", "body": "소식"}})
    for watch in watches:
        check("news" in watch.event()["data"], "a watch has no news")
    took = time.monotonic() - began
    # Past the limit of connections the oldest gives way; until its watch has ended, 429.
    more = [Watch(server.http, timeout=30) for _ in range(MOST_CONNECTIONS + 50 - WATCHES)]
    check({watch.status for watch in more} <= {200, 429}, [watch.status for watch in more])
    for _ in range(100):
        if more[-1].status == 200:
            break
        time.sleep(0.1)
        more.append(Watch(server.http, timeout=30))
    check(more[-1].status == 200, "no room for another")
    check(open_streams(server) <= MOST_CONNECTIONS, open_streams(server), "are open")
    check(call(server.http, STATS, {}).status == 200, "others are not served")
    grown = peak.grown()[0]
    print(f"{WATCHES} watches heard of a change within {took:.2f} s; +{grown} MB")
    for watch in watches + more:
        watch.close()
    for _ in range(100):
        if open_streams(server) == 0:
            return
        time.sleep(0.1)
    check(False, open_streams(server), "watches of nobody are open")


def stop_with_calls(server):
    watch = Watch(server.http, timeout=30)
    watch.event()
    idle = connect(server.http)
    check(call(server.http, STATS, {}, connection=idle).status == 200, "no answer")
    half = plug(server.http)
    half.sendall(post(STATS, b"{", length=2))
    began = time.monotonic()
    server.stop()
    end = watch.event()
    check(end.get("event") == "end" and json.loads(end["data"])["code"] == "unavailable",
          "the watch ended with", end)
    check(watch.event() == {} and read_all(half) == b"", "something is still open")
    took = time.monotonic() - began
    check(took < 10, "the server took", took, "s to stop")
    print(f"a server stops with open watches and connections, in {took:.2f} s")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16_384), hard))
    with tempfile.TemporaryDirectory() as folder:
        server = Server(build, folder, flags=["--http-listen=127.0.0.1:0"])
        stopped = False
        try:
            for address in server.http, server.admin:
                in_order(address)
                smuggled(address)
                too_much(address)
            slow_clients(server)
            many_watches(server)
            endless_bodies(server)
            answers_not_taken(server)
            stopped = True
            stop_with_calls(server)
        finally:
            if not stopped:
                server.stop()


main()

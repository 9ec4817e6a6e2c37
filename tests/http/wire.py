"""HTTP as tests speak it: by http.client where it is in order, by hand where it is not."""
import http.client
import json
import socket

SERVICE = "/wonbon.v1."


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def reason(self):
        """Of an error: its ErrorInfo's."""
        for detail in self.json().get("details", []):
            if detail["type"] == "google.rpc.ErrorInfo":
                return detail["debug"]["reason"]
        return ""

    def __str__(self):
        return f"{self.status} {self.body[:300]!r}"


def call(address, rpc, request, headers=None, tls=None, timeout=30, connection=None):
    """One rpc, "DedupService/Check", of `request`: bytes, or what is written as JSON."""
    made = connection or connect(address, tls, timeout)
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    try:
        made.request("POST", SERVICE + rpc, body,
                     {"Content-Type": "application/json", **(headers or {})})
        answer = made.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        if connection is None:
            made.close()


def connect(address, tls=None, timeout=30):
    if tls:
        return http.client.HTTPSConnection(address, context=tls, timeout=timeout)
    return http.client.HTTPConnection(address, timeout=timeout)


def plug(address, timeout=10):
    """A bare connection."""
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=timeout)


def post(rpc, body=b"{}", headers="", length=None):
    """The bytes of a call; `headers` each with CRLF."""
    size = len(body) if length is None else length
    return (f"POST {SERVICE}{rpc} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: application/json\r\nContent-Length: {size}\r\n{headers}\r\n"
            ).encode() + body


def read_all(connection):
    """What comes until the other end closes; what came so far where it does not."""
    got = b""
    try:
        while part := connection.recv(65536):
            got += part
    except OSError:
        pass
    return got


class Watch:
    """WatchClusters, an event at a time."""

    def __init__(self, address, query="", headers="", timeout=15):
        self.connection = plug(address, timeout)
        self.connection.sendall(f"GET {SERVICE}DedupService/WatchClusters{query} HTTP/1.1\r\n"
                                f"Host: localhost\r\n{headers}\r\n".encode())
        self.file = self.connection.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while line := self.file.readline().strip():
            name, value = line.decode().split(": ", 1)
            self.headers[name.lower()] = value

    def event(self):
        """Its fields by name; empty at the end."""
        fields = {}
        while line := self.file.readline():
            if line == b"\n":
                return fields
            name, value = line.decode().rstrip("\n").split(": ", 1)
            fields[name] = value
        return {}

    def close(self):
        self.file.close()
        self.connection.close()

"""HTTP/2 by hand, on plain sockets: what an attacker sends, and no well-behaved client can be made to.

Frames and header blocks are those of RFC 9113 and RFC 7541; of headers only literals without an
index are written, and answers are looked at by frame, not decoded.
"""
import socket
import ssl
import struct
import zlib

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 6, 7, 9
END_STREAM, END_HEADERS, ACK = 1, 4, 1
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def string(text):
    """A string of a header block, not packed; lengths from 127 on take more bytes."""
    length = len(text)
    if length < 127:
        return bytes([length]) + text
    length -= 127
    out = b"\x7f"
    while length >= 128:
        out += bytes([length % 128 + 128])
        length //= 128
    return out + bytes([length]) + text


def header_block(headers):
    return b"".join(b"\0" + string(name.encode()) + string(value.encode()) for name, value in headers)


def grpc_headers(path, *more):
    return header_block([(":method", "POST"), (":scheme", "http"), (":path", path),
                         (":authority", "localhost"), ("content-type", "application/grpc"),
                         ("te", "trailers"), *more])


def grpc_message(body, packed=False):
    return struct.pack(">BI", packed, len(body)) + body


def bomb(size, algorithm):
    """`size` zeros, packed: about a thousandth of it."""
    bits = {"gzip": 31, "deflate": 15}[algorithm]
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    chunk = bytes(1 << 20)
    parts = [packer.compress(chunk) for _ in range(size >> 20)]
    return b"".join(parts) + packer.flush()


class Connection:
    """Speaks first; the other end's SETTINGS are waited for and acknowledged."""

    def __init__(self, address, tls=None, timeout=10):
        host, port = address.rsplit(":", 1)
        self.timeout = timeout
        self.socket = socket.create_connection((host, int(port)), timeout)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        # A window that lets the other end send a GiB.
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0) + frame(8, 0, 0, struct.pack(">I", 1 << 30)))
        self.buffer = b""
        self.stream = -1

    def send(self, *frames):
        self.socket.sendall(b"".join(frames))

    def next_stream(self):
        self.stream += 2
        return self.stream

    def receive(self):
        """The next frame: kind, flags, stream, payload; nothing once the other end has closed."""
        while True:
            if len(self.buffer) >= 9:
                length = int.from_bytes(self.buffer[:3], "big")
                if len(self.buffer) >= 9 + length:
                    kind, flags, stream = struct.unpack(">BBI", self.buffer[3:9])
                    payload = self.buffer[9:9 + length]
                    self.buffer = self.buffer[9 + length:]
                    if kind in (SETTINGS, PING) and not flags & ACK:
                        self.send(frame(kind, ACK, 0, payload if kind == PING else b""))
                    return kind, flags, stream, payload
            try:
                got = self.socket.recv(1 << 16)
            except (ConnectionError, ssl.SSLError):
                got = b""
            if not got:
                return None
            self.buffer += got

    def drain(self):
        """Reads what there is, so that the other end is not kept from saying it."""
        self.socket.setblocking(False)
        try:
            while True:
                if not self.socket.recv(1 << 16):
                    raise ConnectionResetError
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            self.socket.settimeout(self.timeout)

    def call(self, path, message, *headers):
        """A unary call whose message may be larger than a window: what ended the stream."""
        stream = self.next_stream()
        self.send(frame(HEADERS, END_HEADERS, stream, grpc_headers(path, *headers)))
        window = 65535
        limits = {0: window, stream: window}
        sent = 0
        while True:
            while sent < len(message) and min(limits.values()) > 0:
                size = min(len(message) - sent, 16384, *limits.values())
                last = END_STREAM if sent + size == len(message) else 0
                self.send(frame(DATA, last, stream, message[sent:sent + size]))
                sent += size
                limits = {key: left - size for key, left in limits.items()}
            got = self.receive()
            if got is None:
                return None
            kind, flags, on, payload = got
            if kind == SETTINGS and not flags & ACK:
                for at in range(0, len(payload), 6):
                    name, value = struct.unpack(">HI", payload[at:at + 6])
                    if name == 4:
                        limits[stream] += value - window
                        window = value
            elif kind == 8 and on in limits:
                limits[on] += struct.unpack(">I", payload)[0]
            elif on == stream and (kind == RST_STREAM or flags & END_STREAM and kind <= HEADERS):
                return kind
            elif kind == GOAWAY:
                return kind

    def close(self):
        self.socket.close()

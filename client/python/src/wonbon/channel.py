"""How a server is reached: its address, the encryption, and who asks; the rules of the C++ client."""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import dataclass
from pathlib import Path

import grpc

from wonbon import limits
from wonbon.errors import invalid

DEFAULT_ENDPOINT = "127.0.0.1:7443"
_LOOPBACK = re.compile(r"unix(-abstract)?:|\[::1\]:|(localhost|127\.[0-9.]*|::1):[^:]*$")


@dataclass(frozen=True)
class Channel:
    """What a connection is made with. Files are read when it is made."""

    endpoint: str
    credentials: grpc.ChannelCredentials | None
    metadata: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, int | str], ...]


def describe(
    endpoint: str,
    api_key: str,
    ca_file: str,
    cert_file: str,
    key_file: str,
    insecure: bool,
) -> Channel:
    """InvalidArgument: names the option. OSError: a file that cannot be read."""
    host, colon, port = endpoint.rpartition(":")
    if not endpoint.startswith("unix") and (not (host and colon and port) or "//" in endpoint):
        raise invalid("endpoint", f"{endpoint!r} is not of the form host:port")
    # It is not repeated: what is wrong with it may be a line end.
    if not all("!" <= character <= "~" for character in api_key):
        raise invalid("api_key", "has spaces or characters that no key has")
    if bool(cert_file) != bool(key_file):
        raise invalid("cert_file", "a client's certificate and its key belong together")
    if insecure and cert_file:
        raise invalid("insecure", "a client's certificate needs TLS")
    loopback = _LOOPBACK.match(endpoint) is not None
    credentials = None
    if not insecure and (not loopback or ca_file or cert_file):
        credentials = grpc.ssl_channel_credentials(
            *(Path(file).read_bytes() if file else None for file in (ca_file, key_file, cert_file))
        )
    options: list[tuple[str, int | str]] = [
        ("grpc.max_send_message_length", limits.MAX_MESSAGE_BYTES),
        ("grpc.max_receive_message_length", limits.MAX_RESPONSE_BYTES),
        # gRPC's own waits between connection attempts go up to two minutes: a server that has just
        # restarted would look dead for as long.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", 1000),
        ("grpc.max_reconnect_backoff_ms", 2000),
        ("grpc.keepalive_time_ms", int(limits.KEEPALIVE_TIME * 1000)),
        ("grpc.keepalive_timeout_ms", int(limits.KEEPALIVE_TIMEOUT * 1000)),
        # A watch sends nothing of its own, for as long as it lasts.
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.primary_user_agent", f"wonbon-python/{importlib.metadata.version('wonbon')}"),
    ]
    if loopback:  # a proxy of the environment never leads to this machine
        options.append(("grpc.enable_http_proxy", 0))
    metadata = (("x-api-key", api_key),) if api_key else ()
    return Channel(endpoint, credentials, metadata, tuple(options))

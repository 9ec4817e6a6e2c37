"""A wonbond for each test, and the two clients behind one interface."""

import asyncio
import os
import pathlib
import random
import socket
import sys

import pytest
import wonbon

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("WONBON_BUILD_DIR", ROOT / "build/release"))
sys.path.insert(0, str(ROOT / "tests/attacks"))
from steps import Server


def free_port():
    """Below those that outgoing connections take, since a restarted server needs it again."""
    while True:
        port = random.randrange(23500, 24000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


class Restartable:
    """wonbond on one address and one data folder."""

    def __init__(self, folder, *flags):
        self.folder = folder
        self.flags = flags
        self.endpoint = f"127.0.0.1:{free_port()}"
        self.server = None
        self.start()

    def start(self):
        self.server = Server(BUILD, self.folder, self.endpoint, flags=self.flags)

    def kill(self):
        self.server.process.kill()
        self.server.process.wait()

    def stop(self):
        if self.server.process.poll() is None:
            self.server.stop()


@pytest.fixture
def serve(tmp_path):
    """serve(FLAGS...): a running server; ends with the test."""
    servers = []

    def start(*flags):
        folder = tmp_path / str(len(servers))
        folder.mkdir(mode=0o700)
        servers.append(Restartable(folder, *flags))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def server(serve):
    return serve()


class FromTasks:
    """AsyncClient with Client's interface: each call runs the loop until it has its answer."""

    def __init__(self, *arguments, **options):
        self.loop = asyncio.new_event_loop()

        async def make():
            return wonbon.AsyncClient(*arguments, **options)

        self.client = self.loop.run_until_complete(make())

    def close(self):
        self.loop.run_until_complete(self.client.close())
        self.loop.close()

    def _steps(self, answers):
        try:
            while True:
                yield self.loop.run_until_complete(anext(answers))
        except StopAsyncIteration:
            return
        finally:
            if not self.loop.is_closed():
                self.loop.run_until_complete(answers.aclose())

    def submit_many(self, documents, **options):
        return self._steps(self.client.submit_many(documents, **options))

    def watch(self, *arguments, **options):
        return self._steps(self.client.watch(*arguments, **options))

    def pages(self, *arguments, **options):
        return self._steps(self.client.pages(*arguments, **options))

    def __getattr__(self, name):
        method = getattr(self.client, name)
        return lambda *arguments, **options: self.loop.run_until_complete(
            method(*arguments, **options)
        )


@pytest.fixture(params=[wonbon.Client, FromTasks], ids=["sync", "asyncio"])
def connect(request):
    """connect(ENDPOINT, ...): either client; closed with the test."""
    clients = []

    def make(*arguments, **options):
        clients.append(request.param(*arguments, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(server, connect):
    return connect(server.endpoint)


def article(number, **more):
    """Articles with nothing in common but their form."""
    chooser = random.Random(number)
    words = ("".join(chr(chooser.randrange(0xAC00, 0xD7A4)) for _ in range(3)) for _ in range(40))
    return {"id": f"a-{number}", "title": f"제목 {number}", "body": " ".join(words)} | more

"""A server under attack, and what tells how it does: its memory, calls of a good client, /readyz."""
import http.client
import os
import pathlib
import re
import resource
import subprocess
import threading
import time


class Server:
    """wonbond on a free port, without TLS unless by `flags`; `descriptors`: its limit, soft and hard;
    `data`: its data folder, if not FOLDER/data."""

    def __init__(self, build, folder, listen="127.0.0.1:0", descriptors=None, data=None, flags=(),
                 admin="127.0.0.1:0"):
        self.log = pathlib.Path(folder) / "wonbond.log"

        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        environment = {k: v for k, v in os.environ.items() if not k.startswith("WONBON_")}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [f"{build}/server/wonbond",
                 *([] if any(flag.startswith("--tls-cert") for flag in flags) else ["--insecure"]),
                 f"--listen={listen}", f"--admin-listen={admin}",
                 f"--data-dir={data or f'{folder}/data'}", *flags],
                stdout=log, stderr=log, env=environment,
                # Without one Python has no need to fork, which gRPC's threads in this process may
                # not survive.
                preexec_fn=limit if descriptors else None)
        ready = None
        for _ in range(300):
            ready = re.search(r"wonbond ready: grpc (\S+) admin (\S+)(?: http (\S+))?\n", self.log.read_text())
            if ready or self.process.poll() is not None:
                break
            time.sleep(0.1)
        if not ready:
            raise SystemExit(f"the server did not start: {self.log.read_text()}")
        self.grpc, self.admin, self.http = ready.groups()

    def megabytes(self):
        return resident(self.process.pid)

    def get(self, path, timeout=10):
        """Status and body of the admin endpoint's answer."""
        connection = http.client.HTTPConnection(self.admin, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(60)
        if code:
            raise SystemExit(f"the server ended with {code}: {self.log.read_text()[-2000:]}")


def resident(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


class Peak:
    """The most memory of some processes while it is watched."""

    def __init__(self, *pids):
        self.pids = pids
        self.before = self.most = self.now()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def now(self):
        return [resident(pid) for pid in self.pids]

    def watch(self):
        while not self.done.wait(0.05):
            self.most = [max(pair) for pair in zip(self.most, self.now())]

    def grown(self):
        self.done.set()
        self.thread.join()
        return [round(most - before, 1) for most, before in zip(self.most, self.before)]


class GoodClient:
    """`wonbon stats` again and again, each time with a connection of its own, while it is run."""

    def __init__(self, build, *flags):
        self.command = [f"{build}/client/wonbon", *flags, "stats"]
        self.calls = 0
        self.slowest = 0
        self.errors = []
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.done.is_set():
            began = time.monotonic()
            answer = subprocess.run(self.command, capture_output=True, text=True, timeout=60)
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.calls += 1
            if answer.returncode:
                self.errors.append(answer.stderr.strip())
            time.sleep(0.05)

    def stop(self):
        self.done.set()
        self.thread.join()
        return f"{self.calls} calls, {len(self.errors)} errors, the slowest {self.slowest:.2f} s"


def check(condition, *words):
    if not condition:
        raise SystemExit(" ".join(map(str, words)))

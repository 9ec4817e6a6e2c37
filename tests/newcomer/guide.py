#!/usr/bin/python3
"""The way of a newcomer, from a key to an alert: the services as deploy/container/compose.yaml has them,
a key made as its comment says, articles by the Python client and by the command, the dashboard in
Chromium with that key, and Prometheus, which tells that the server was stopped.

usage: guide.py --work DIR --python PYTHON [--programs DIR --config FILE --quick] [--root /]

  --work DIR      logs, and the pictures of the dashboard
  --python FILE   an interpreter that has the package wonbon
  --root /        in a machine of its own (run): the usual places, users and ports. Without it the files
                  of the services are below DIR, and the ports any that are free
  --programs DIR  where wonbond and wonbon are, if not on the PATH; --config FILE: the settings that the
                  package brings
  --quick         Prometheus looks every second, and alerts wait for nothing
"""
import argparse
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "dashboard"), str(HERE)]
from browser import Browser  # noqa: E402
from compose import Compose, fail  # noqa: E402

DEPLOY = HERE.parent.parent / "deploy"
HEADLINE = "세종시, 밤 11시 이후 버스"  # of the sample's story with several copies
# Beyond what its `for` says: a look, an evaluation, and a machine that is busy.
PATIENCE = 60


def said(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=False, **more)
    if done.returncode != 0:
        fail(f"{command[0]} {command[1]}: {(done.stdout + done.stderr)[-1500:]}")
    return done.stdout


def wait_for(what, seconds, ask):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if answer := ask():
                return answer
        except (OSError, urllib.error.URLError):
            pass
        time.sleep(0.2)
    return fail(f"{what}: not within {seconds} s")


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Newcomer:
    def __init__(self, arguments):
        self.work = pathlib.Path(arguments.work)
        self.python, self.quick = arguments.python, arguments.quick
        self.programs = arguments.programs or "/usr/bin"
        own = arguments.root == "/"
        self.folder = self.work / "deploy/container"
        said("cp", "-R", DEPLOY, self.work)
        if self.quick:
            for name in ("prometheus.yml", "alerts.yml"):
                file = self.work / "deploy/monitoring" / name
                text = file.read_text(encoding="utf8").replace("interval: 15s", "interval: 1s")
                if not own:  # nobody but a machine of its own knows the server by its name
                    text = text.replace("wonbond:", "127.0.0.1:")
                file.write_text(re.sub(r"for: \d+[sm]", "for: 0s", text), encoding="utf8")
        root = pathlib.Path("/") if own else self.work / "root"
        ports = None if own else {port: free_port() for port in (7443, 9464, 9090)}
        self.compose = Compose(self.folder, root, ports, as_user=own)
        if arguments.config:
            settings = pathlib.Path(self.compose.here("/etc/wonbon/wonbond.toml"))
            settings.parent.mkdir(parents=True)
            text = pathlib.Path(arguments.config).read_text(encoding="utf8")
            settings.write_text(text.replace('"/var/lib', f'"{root}/var/lib'), encoding="utf8")
        if not own:
            file = self.work / "deploy/monitoring/prometheus.yml"
            file.write_text(self.compose.here(file.read_text(encoding="utf8")), encoding="utf8")
        self.endpoint = f"127.0.0.1:{self.compose.port(7443)}"
        self.admin = f"http://127.0.0.1:{self.compose.port(9464)}"
        self.prometheus = f"http://127.0.0.1:{self.compose.port(9090)}"
        self.environment = {
            "PATH": f"{self.programs}:/usr/bin:/bin", "HOME": str(self.work),
            "WONBON_ENDPOINT": self.endpoint, "LANG": "C.UTF-8"}
        self.running = {}

    def shell(self, command):
        return said("sh", "-euc", f"umask 077; {command}", cwd=self.folder, env=self.environment)

    def start(self, name, *more):
        log = self.work / f"{name}.log"
        self.running[name] = self.compose.start(name, log, self.programs, more)

    def log(self, name):
        return (self.work / f"{name}.log").read_text(encoding="utf8")[-1500:]

    # --- The steps ---------------------------------------------------------------------------------
    def key(self):
        self.shell(self.compose.told("wonbon keys new"))
        if self.compose.as_user:
            self.shell(self.compose.told("sudo chown").removeprefix("sudo "))
        self.key_file = self.folder / "newsroom.key"
        return "a key for the role writer"

    def up(self):
        self.start("wonbond")
        server = self.running["wonbond"]
        wait_for("a server that is ready, or ends", 60,
                 lambda: "wonbond ready" in self.log("wonbond") or server.poll() is not None)
        if server.poll() is not None:
            fail(f"wonbond ended with {server.returncode}: {self.log('wonbond')}")
        said(*self.compose.image.health, env=self.environment)
        refused = subprocess.run(["wonbon", "stats"], capture_output=True, text=True, check=False,
                                 env=self.environment)
        if refused.returncode == 0 or "show an API key" not in refused.stderr:
            fail(f"a call without a key: {refused.stdout + refused.stderr}")
        more = [] if self.compose.as_user else [
            f"--web.listen-address=127.0.0.1:{self.compose.port(9090)}"]
        self.start("prometheus", *more)
        return "wonbond and Prometheus, as compose.yaml has them"

    def ingest(self):
        sample = DEPLOY / "sample.jsonl"
        articles = len(sample.read_text(encoding="utf8").splitlines())
        told = json.loads(said(self.python, HERE / "ingest.py", self.endpoint, self.key_file, sample))
        if told["documents"] != articles or not 1 < told["clusters"] < articles:
            fail(f"the Python client was told {told}")
        again = self.shell(self.compose.told("wonbon --api-key-file") + " --no-resume --output=json")
        if json.loads(again)["unchanged"] != articles:
            fail(f"the command imported {again}")
        return f"{articles} articles in {told['clusters']} clusters, by the Python client"

    def dashboard(self):
        browser = Browser(self.admin, self.work)
        try:
            browser.open("clusters")
            browser.until("the question for a key", "return document.querySelector('#key input')")
            browser.type("#key input", self.key_file.read_text(encoding="utf8").strip())
            browser.click("#key button")
            browser.open("clusters?order=LARGEST")
            browser.until_text(HEADLINE)
            browser.shot("clusters")
            headlines = len(browser.find(".headline"))
            browser.click(".headline")
            browser.until("the cluster", "return document.querySelector('#members tbody tr')")
            browser.shot("cluster")
            members = len(browser.find("#members tbody tr"))
        finally:
            browser.close()
        if headlines < 2 or members < 2:
            fail(f"the dashboard shows {headlines} clusters, and {members} documents of the largest")
        return f"{headlines} clusters, {members} documents of the largest: {self.work}/clusters.png"

    def firing(self):
        answer = json.loads(get(f"{self.prometheus}/api/v1/alerts"))
        return [a["labels"]["alertname"] for a in answer["data"]["alerts"] if a["state"] == "firing"]

    def alert(self):
        ask = f"{self.prometheus}/api/v1/query?query=up%7Bjob%3D%22wonbond%22%7D%3D%3D1"
        wait_for("a look of Prometheus", PATIENCE, lambda: json.loads(get(ask))["data"]["result"])
        if self.firing():
            fail(f"alerts of a healthy server: {self.firing()}")
        server = self.running.pop("wonbond")
        server.terminate()
        if server.wait(60) != 0:
            fail(f"wonbond ended with {server.returncode}: {self.log('wonbond')}")
        began = time.monotonic()
        waits = 0 if self.quick else 60  # `for: 1m` of the alert
        wait_for("the alert", waits + PATIENCE, lambda: "WonbondDown" in self.firing())
        return f"WonbondDown fires {time.monotonic() - began:.0f} s after the server was stopped"

    def go(self):
        try:
            for step in (self.key, self.up, self.ingest, self.dashboard, self.alert):
                began = time.monotonic()
                print(f"newcomer: {step.__name__}: {step()} ({time.monotonic() - began:.1f} s)",
                      flush=True)
        finally:
            for process in self.running.values():
                process.kill()
                process.wait()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--root")
    parser.add_argument("--programs")
    parser.add_argument("--config")
    parser.add_argument("--quick", action="store_true")
    os.environ.pop("XDG_STATE_HOME", None)
    Newcomer(parser.parse_args()).go()


main()

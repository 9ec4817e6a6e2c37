#!/usr/bin/env python3
"""What the server keeps to itself: no core dump is written of it, a data folder that others could
read is for its owner alone from then on, and so are the files in it. SIGHUP ends nothing. It warns
where it listens beyond this machine.

usage: process_test.py BUILD_DIR
"""
import os
import pathlib
import resource
import signal
import sys
import tempfile
import time

from steps import Server, check


def says(server, words):
    for _ in range(100):
        if words in server.log.read_text():
            return True
        time.sleep(0.05)
    return False


def folder_is_private(folder):
    data = pathlib.Path(folder) / "data"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    server = Server(BUILD, folder)
    check(says(server, "found mode 0755"), "nothing is said of the folder's mode")
    for path in [data, *data.rglob("*")]:
        check(path.stat().st_mode & 0o077 == 0, path, "has mode", oct(path.stat().st_mode))
    server.process.send_signal(signal.SIGHUP)
    check(says(server, "without TLS there is nothing to reload"), "nothing is said of SIGHUP")
    check(server.get("/readyz")[0] == 200, "it is not ready after SIGHUP")
    check("beyond this machine" not in server.log.read_text(), "it warns on loopback")
    server.stop()


def leaves_no_core(folder):
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    os.chdir(folder)
    server = Server(BUILD, folder, listen="0.0.0.0:0")
    check(says(server, "beyond this machine"), "nothing is said of listening beyond the machine")
    os.kill(server.process.pid, signal.SIGABRT)
    _, status = os.waitpid(server.process.pid, 0)
    check(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT, "it ended by", status)
    check(not os.WCOREDUMP(status), "a core dump was written")
    check(not list(pathlib.Path(folder).glob("core*")), "there is a core file")


BUILD = pathlib.Path(sys.argv[1]).resolve()
for case in folder_is_private, leaves_no_core:
    with tempfile.TemporaryDirectory() as scratch:
        case(scratch)
print("process_test: passed")

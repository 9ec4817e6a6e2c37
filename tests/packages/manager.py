#!/usr/bin/env python3
"""Runs a service as systemd does one of Type=notify, and writes down what it is told; passes SIGTERM
on, and ends as the service ends.

usage: manager.py TOLD PROGRAM [ARGUMENT...]
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(f"{folder}/notify")
    manager.settimeout(0.1)
    service = subprocess.Popen(
        sys.argv[2:], env={**os.environ, "NOTIFY_SOCKET": f"{folder}/notify"})
    signal.signal(signal.SIGTERM, lambda *_: service.send_signal(signal.SIGTERM))
    with pathlib.Path(sys.argv[1]).open("w", encoding="utf8") as told:
        ended = False
        while not ended:
            ended = service.poll() is not None  # what it said before it ended is still to be heard
            try:
                while True:
                    told.write(manager.recv(65536).decode() + "\n")
                    told.flush()
            except TimeoutError:
                pass
sys.exit(service.returncode)

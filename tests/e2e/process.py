"""The real program as a child process: started on free ports, killed, started again on the same data."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from shop import Shop

START_LIMIT_S = 60
STOP_LIMIT_S = 20


def until(condition, limit_s, what):
    """Asks again and again until the condition gives something true, and returns that. `what`: a text, or what gives it."""
    pause = threading.Event()
    end = time.monotonic() + limit_s
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() >= end:
            raise AssertionError(f"not within {limit_s} s: {what() if callable(what) else what}")
        pause.wait(0.02)


def free_ports(count):
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class DevNode:
    """`stoa dev` on a data directory of its own; the ports stay the same over restarts."""

    def __init__(self, binary, options=()):
        self.binary = str(Path(binary).resolve())
        self.home = tempfile.mkdtemp(prefix="stoa-e2e-")
        self.http_port, self.admin_port = free_ports(2)
        self.options = list(options)
        self.child = None

    def launch(self):
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                [self.binary, "dev", "--data", self.home + "/data", "--http-port", str(self.http_port), "--admin-port",
                 str(self.admin_port), *self.options], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def start(self):
        """Returns once the node says that it is ready, and how many seconds that took."""
        begun = time.monotonic()
        self.launch()
        until(self._ready_or_dead, START_LIMIT_S, f"the node is ready; its log is {self.log}")
        return time.monotonic() - begun

    def _ready_or_dead(self):
        if self.child.poll() is not None:
            raise AssertionError(f"the node ended with {self.child.returncode}:\n{self.tail()}")
        try:
            return self.admin("/readyz")[0] == 200
        except OSError:
            return False

    def admin(self, path):
        """(status, body) of a GET on the admin listener."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.HTTPException as broken:
            raise ConnectionError(str(broken)) from broken
        finally:
            connection.close()

    def shop(self, email=None):
        return Shop(self.http_port, email)

    def invariants(self):
        status, text = self.admin("/v1/invariants")
        return [json.loads(text)] if status == 200 else []

    def kill(self):
        """kill -9: the process gets no chance to tidy up."""
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    def stop(self):
        """SIGTERM; returns the exit code."""
        self.child.terminate()
        return self.child.wait(timeout=STOP_LIMIT_S)

    @property
    def log(self):
        return os.path.join(self.home, "log")

    def tail(self):
        return "\n".join(Path(self.log).read_text(errors="replace").splitlines()[-20:])

    def remove(self):
        if self.child is not None and self.child.poll() is None:
            self.kill()
        shutil.rmtree(self.home)


def binary_from_command_line(usage):
    """The program under test: the first argument."""
    if len(sys.argv) < 2 or not re.search(r"stoa$", sys.argv[1]):
        sys.exit(usage)
    return sys.argv[1]

"""A session's worker with the test as its parent: the frames of edge-gateway/worker/frames.h."""

import os
import select
import socket
import struct
import subprocess
import sys
import time

from . import cbor
from .programs import ENVIRONMENT, RUNNING, program

KINDS = {"start": 1, "keys": 2, "size": 3, "allow": 4, "file": 5, "upload": 6, "end": 7}
NAMES = {65: "state", 66: "host_key", 67: "ready", 68: "output", 69: "answer", 70: "download", 71: "file_event", 72: "ended"}
BYTES = {"output", "download", "ready"}
# Moves the two sockets to where the worker wants them, then becomes it.
STARTER = """
import fcntl, os, sys
high = [fcntl.fcntl(int(one), fcntl.F_DUPFD, 20) for one in sys.argv[1:3]]
os.dup2(high[0], 3)
os.dup2(high[1], 4)
os.closerange(5, 100)
os.execv(sys.argv[3], sys.argv[3:])
"""


def credential(login, password="", key=b"", passphrase="", certificate=b""):
    kind = "certificate" if certificate else "key" if key else "password"
    return {"login": login, "kind": kind, "password": password.encode(), "private_key": key,
            "passphrase": passphrase.encode(), "certificate": certificate}


class Worker:
    def __init__(self, port, command=None, prefix=()):
        self.host = socket.create_connection(("127.0.0.1", port))
        self.socket, theirs = socket.socketpair()
        self.buffer = bytearray()
        self.seen = []        # frames that were passed over
        self.output = bytearray()
        command = command or [program("gateway-worker")]
        self.process = subprocess.Popen(
            [sys.executable, "-c", STARTER, str(theirs.fileno()), str(self.host.fileno()), *prefix, *command],
            pass_fds=(theirs.fileno(), self.host.fileno()), stdin=subprocess.DEVNULL, start_new_session=True,
            env={**ENVIRONMENT, "ASAN_OPTIONS": "detect_leaks=0"})
        RUNNING.add(self.process.pid)
        theirs.close()
        self.host.close()

    def say(self, kind, body=b""):
        data = body if isinstance(body, bytes) else cbor.encode(body)
        self.socket.sendall(struct.pack(">IB", len(data) + 1, KINDS[kind]) + data)

    def start(self, who, host_keys=(), host_cas=(), first_use=False, columns=120, rows=40, term="xterm-256color",
              allow=1 << 40):
        self.say("start", {**who, "host": "host.example", "port": 22, "host_keys": list(host_keys),
                           "host_cas": list(host_cas), "first_use": first_use, "columns": columns, "rows": rows, "term": term})
        if allow:
            self.allow(allow)

    def allow(self, sent):
        self.say("allow", {"sent": sent})

    def keys(self, text):
        self.say("keys", text.encode() if isinstance(text, str) else text)

    def frame(self, seconds=30):
        """The next frame as (kind, body); None when the worker is gone."""
        end = time.monotonic() + seconds
        while True:
            if len(self.buffer) >= 5:
                size, kind = struct.unpack_from(">IB", self.buffer)
                if len(self.buffer) >= 4 + size:
                    body = bytes(self.buffer[5:4 + size])
                    del self.buffer[:4 + size]
                    name = NAMES[kind]
                    return name, body if name in BYTES else cbor.decode(body)
            if not select.select([self.socket], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(f"no frame within {seconds} s; so far {self.seen}, {bytes(self.output[-500:])}")
            try:
                more = self.socket.recv(1 << 20)
            except ConnectionResetError:
                more = b""
            if not more:
                return None
            self.buffer += more

    def until(self, wanted, seconds=30):
        """The body of the next frame of this kind; output on the way is kept."""
        while True:
            got = self.frame(seconds)
            if got is None:
                raise EOFError(f"the worker went before {wanted}; so far {self.seen}")
            kind, body = got
            if kind == "output":
                self.output += body
            if kind == wanted:
                return body
            if kind != "output":
                self.seen.append(got)
            if kind == "ended":
                raise EOFError(f"ended before {wanted}: {body}")

    def until_output(self, text, seconds=30):
        wanted = text.encode() if isinstance(text, str) else text
        while wanted not in self.output:
            self.until("output", seconds)
        return bytes(self.output)

    def ended(self, seconds=30):
        return self.until("ended", seconds)

    def end(self):
        self.socket.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()
        RUNNING.discard(self.process.pid)
        return self.process.returncode

"""A real gateway whose core is the test, tickets for it, and the page's end of a session."""

import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import struct
import tempfile
import time

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import cbor, hpke
from .link import Kit, Link, base64url
from .site import Authority, Edge
from .websocket import Closed, WebSocket

INPUT, PASTE, COPY, UPLOAD, DOWNLOAD, ALL = 1, 2, 4, 8, 16, 31
WINDOW = 1 << 20


class Ticket:
    """As docs/formats/ticket.md section 1 makes it. `who` is a credential; other members of ticket.put by name."""

    def __init__(self, port, who, **members):
        self.id, self.secret, self.session = os.urandom(16), os.urandom(32), os.urandom(16)
        root = hmac.digest(self.id, self.secret, "sha256")
        proof = hpke.expand(root, b"sallyport ticket v1 proof", 32)
        key = hpke.expand(root, b"sallyport ticket v1 credential", 32)
        sealed = AESGCM(key).encrypt(bytes(12), cbor.encode(who), b"sallyport ticket v1" + self.id)
        self.recording_key = X25519PrivateKey.generate()
        self.body = {"session": self.session, "open": hashlib.sha256(proof).digest(), "life_ms": 60_000, "protocol": "ssh",
                     "title": "a host", "user": "Ada Admin", "host": "127.0.0.1", "port": port, "networks": [],
                     "host_keys": [], "host_cas": [], "first_use": False, "rights": ALL, "idle_ms": 900_000,
                     "total_ms": 3_600_000, "record": False, "record_input": False, "recording_key": bytes(32),
                     "disk_full": "continue", "sealed": sealed}
        if members.get("record"):
            self.body["recording_key"] = hpke.public_bytes(self.recording_key)
        self.body.update(members)

    @property
    def hash(self):
        return hashlib.sha256(self.id).digest()

    @property
    def item(self):
        return ("ticket.put", self.hash, self.body)

    def opening(self, **other):
        return {**opening_of(f"#{base64url(self.id)}.{base64url(self.secret)}"), **other}


def opening_of(url):
    """What the page that the core leads to sends first."""
    ticket, secret = url.split("#")[1].split(".")
    return {"v": 1, "id": ticket, "secret": secret, "columns": 120, "rows": 40, "term": "xterm-256color"}


def settings(ports=(), policy='networks = ["127.0.0.0/8"]'):
    """What a gateway may dial."""
    named = ", ".join(f'"{one}"' for one in ports)
    return f"""
[policy]
{policy}
{f"ports = [{named}]" if ports else ""}
"""


def add_gateway(site, port):
    """A gateway of `site`, enrolled, that may dial that port of this machine."""
    return site.add_edge(Edge(site.folder, site.authority, "gate", kind="gateway", more=settings([port])))


class Gateway(Edge):
    """One whose core is the test, with the test's link to it."""

    def __init__(self, more="", prefix=(), environment=None, **allowed):
        self.ground = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-gateway-"))
        (self.ground / "log").mkdir()
        self.authority = Authority(self.ground)
        super().__init__(self.ground, self.authority, "gateway", prefix, environment, kind="gateway",
                         more=settings(**allowed) + more)
        self.kit = Kit(kind="gateway")
        self.kit.write(self.folder / "kit")
        self.enrol(self.folder / "kit")
        try:
            self.program.start()
            self.link = Link("127.0.0.1", self.intake, self.ca, self.kit)
            self.link.enrol()
            self.link.hello()
            self.link.resync([])
        except BaseException:
            self.program.kill()
            raise

    def push(self, *items):
        answer = self.link.push(list(items))
        assert answer["refused"] == [], answer["refused"]
        return answer

    def socket(self, origin=None, **how):
        return WebSocket(self.public, self.ca, self.origin if origin is None else origin, **how)

    def page(self, opening, **how):
        return Page(self.socket(**how), opening)

    def events(self, kind=None, seconds=10):
        """Events so far until one of `kind` came; all that were pulled, decoded."""
        return self.link.pull_until(lambda event: event["kind"] == kind, seconds)

    def end(self):
        with contextlib.suppress(TimeoutError):
            status = self.program.stop()
            assert status in (0, -9), f"the gateway ended with {status}:\n{self.program.tail()}"
        if os.environ.get("KEEP_LOG"):
            print(self.program.said())
        shutil.rmtree(self.ground, ignore_errors=True)


class Page:
    """What the terminal page does: opens, acknowledges, comes back."""

    def __init__(self, socket, opening):
        self.socket, self.output, self.told, self.downloads = socket, bytearray(), [], {}
        self.received = self.acknowledged = 0
        self.ready, self.acknowledges = None, True
        socket.send(json.dumps(opening))

    def say(self, **message):
        self.socket.send(json.dumps(message))

    def type(self, text):
        self.socket.send(b"\0" + (text if isinstance(text, bytes) else text.encode()))

    def step(self, seconds=30):
        """Takes one message. A text is given, output is kept."""
        message = self.socket.read(seconds)
        if isinstance(message, str):
            told = json.loads(message)
            self.told.append(told)
            if told["type"] == "ready":
                self.ready = told
            return told
        if message[0] == 0:
            offset = struct.unpack(">Q", message[1:9])[0]
            assert offset == self.received, f"output at {offset}, not {self.received}"
            self.output += message[9:]
            self.received += len(message) - 9
            if self.acknowledges and self.received - self.acknowledged >= 64 * 1024:
                self.acknowledge()
        else:
            self.downloads.setdefault(struct.unpack(">I", message[1:5])[0], bytearray()).extend(message[5:])
        return None

    def acknowledge(self):
        self.acknowledged = self.received
        self.say(type="seen", seen=self.received)

    def until(self, kind, seconds=30):
        """The next text message of that type."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            told = self.step(end - time.monotonic())
            if told and told["type"] == kind:
                return told
            assert not told or told["type"] != "ended", f"ended instead of {kind}: {told}"
        raise TimeoutError(f"no {kind} among {self.told}")

    def until_output(self, text, seconds=30):
        wanted = text if isinstance(text, bytes) else text.encode()
        end = time.monotonic() + seconds
        while wanted not in self.output:
            if time.monotonic() > end:
                raise TimeoutError(f"no {text!r} in {bytes(self.output[-2000:])!r}; told {self.told}")
            self.step(max(end - time.monotonic(), 0.1))
        return self

    def drain(self, seconds=0.3):
        """All that comes until it is quiet for so long."""
        with contextlib.suppress(TimeoutError):
            while True:
                self.step(seconds)

    def closed(self, seconds=30):
        """The code that the gateway closes with; what it says before is kept."""
        try:
            while True:
                self.step(seconds)
        except Closed as end:
            return end.code

    def again(self, **other):
        """The first message with which a page comes back."""
        return {"v": 1, "session": self.ready["session"], "resume": self.ready["resume"], "seen": self.received,
                "columns": 120, "rows": 40, **other}

    def come_back(self, gateway, **other):
        """Another connection that goes on where this one was."""
        page = Page(gateway.socket(), self.again(**other))
        page.received = page.acknowledged = self.received
        page.output = self.output
        page.until("ready")
        return page

"""A core of our own making that speaks push/pull to a real edge (docs/formats/pushpull.md): it can do what the product's core
never would: replay, reorder, cut, flip, forget. It keeps one connection open."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import ssl
import struct
import time

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import cbor, hpke

INFO = b"sallyport pushpull v1"
HELLO, PUSH, PULL, BLOB, REKEY = 1, 2, 3, 4, 5
BATCH_ITEMS = 1024


class Refused(Exception):
    """The edge answered something else than 200."""

    def __init__(self, status, body):
        super().__init__(f"status {status}")
        self.status, self.body = status, body


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Kit:
    """What the core writes for `sallyport-selfdestruct enrol`."""

    def __init__(self, name="test", kind="selfdestruct"):
        self.edge_id, self.psk, self.core = os.urandom(16), os.urandom(32), X25519PrivateKey.generate()
        self.name, self.kind = name, kind

    def write(self, path, lives=3600):
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + lives))
        text = json.dumps({"v": 1, "edge_id": base64url(self.edge_id), "name": self.name, "kind": self.kind,
                           "core_key": base64url(hpke.public_bytes(self.core)), "psk": base64url(self.psk),
                           "expires_at": expires})
        path.write_text(text)
        path.chmod(0o600)


class Link:
    """The core's end. `push`, `pull`, `hello` keep the numbers right; `request` and `send` do exactly what they are told."""

    def __init__(self, host, port, ca, kit):
        self.host, self.port, self.kit = host, port, kit
        self.context = ssl.create_default_context(cafile=str(ca))
        self.connection = None
        self.epoch, self.psk, self.edge_key = 0, kit.psk, None
        self.core_epoch = os.urandom(16)
        self.applied = self.last_event = 0

    # The wire.
    def send(self, data, path="/pushpull/v1", method="POST"):
        for attempt in (1, 2):
            connection = self.connection
            try:
                if connection is None:
                    connection = self.connection = http.client.HTTPSConnection(
                        self.host, self.port, context=self.context, timeout=60)
                connection.request(method, path, body=data, headers={"Content-Type": "application/octet-stream"})
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
                self.connection = None
                if attempt == 2:
                    raise

    def sealed(self, operation, body, *, epoch=None, psk=None, key=None, edge_id=None):
        """(envelope, HPKE context)"""
        epoch = self.epoch if epoch is None else epoch
        edge_id = edge_id or self.kit.edge_id
        sender = hpke.Sender(key or self.kit.core, self.edge_key, INFO, psk or self.psk, edge_id + struct.pack(">I", epoch))
        head = b"SPP1" + bytes((1, operation)) + edge_id + struct.pack(">I", epoch) + sender.enc
        return head + sender.seal(head, cbor.encode(body)), sender

    @staticmethod
    def opened(answer, operation, sender):
        head, nonce = answer[:38], answer[6:38]
        assert head[:6] == b"SPP1" + bytes((2, operation)), head[:6]
        prk = hpke.extract(sender.enc + nonce, sender.export(b"sallyport response", 32))
        plain = AESGCM(hpke.expand(prk, b"key", 32)).decrypt(hpke.expand(prk, b"nonce", 12), answer[38:], head)
        return cbor.decode(plain)

    def request(self, operation, body, **how):
        envelope, sender = self.sealed(operation, body, **how)
        status, answer = self.send(envelope)
        if status != 200:
            raise Refused(status, answer)
        return self.opened(answer, operation, sender)

    # Enrolment.
    def enrol(self):
        status, answer = self.send(None, "/pushpull/v1/key", "GET")
        if status != 200:
            raise Refused(status, answer)
        told = cbor.decode(answer)
        assert told["edge_id"] == self.kit.edge_id
        certificate = x509.load_der_x509_certificate(self.connection.sock.getpeercert(binary_form=True))
        pin = hashlib.sha256(certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
        said = b"sallyport enrol edge" + told["edge_id"] + told["key"] + hpke.public_bytes(self.kit.core) + pin
        assert hmac.compare_digest(told["proof"], hmac.digest(self.kit.psk, said, "sha256")), "the edge's proof is wrong"
        self.edge_key = told["key"]
        return self.rekey()

    def rekey(self):
        epoch, psk = self.epoch + 1, os.urandom(32)
        answer = self.request(REKEY, {"epoch": epoch, "psk": psk})
        assert answer["epoch"] == epoch
        self.epoch, self.psk, self.edge_key = epoch, psk, answer["key"]
        return answer

    # Operations.
    def hello(self):
        answer = self.request(HELLO, {"v": 1, "core_epoch": self.core_epoch, "now": now(), "version": "test"})
        self.edge_epoch = answer["edge_epoch"]
        return answer

    def push_items(self, items, first=None):
        """`items` are (kind, id, body map); numbered from `first`."""
        first = self.applied + 1 if first is None else first
        numbered = [{"seq": first + n, "kind": kind, "id": id, "body": cbor.encode(body) if isinstance(body, dict) else body}
                    for n, (kind, id, body) in enumerate(items)]
        return self.request(PUSH, {"core_epoch": self.core_epoch, "now": now(), "items": numbered})

    def push(self, items):
        answer = self.push_items(items)
        self.applied = answer["applied"]
        return answer

    def pull(self, wait_ms=0, ack=None, max_bytes=1 << 20):
        answer = self.request(PULL, {"ack": self.last_event if ack is None else ack, "wait_ms": wait_ms, "max_bytes": max_bytes})
        if ack is None and answer["events"]:
            self.last_event = answer["events"][-1]["seq"]
        return answer

    def pull_until(self, wanted, seconds=10):
        """Events until `wanted(event)` held for one, all of them."""
        seen, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            for event in self.pull(wait_ms=1000)["events"]:
                event["body"] = cbor.decode(event["body"])
                seen.append(event)
            if any(wanted(event) for event in seen):
                return seen
        raise TimeoutError(f"not among {[(e['kind'], e['body']) for e in seen]}")

    def resync(self, live, seq=None, last_event=None):
        """`live` are (SHA-256 of the id, views left); `hello` must have told the edge's epoch."""
        seq = self.applied + 1 if seq is None else seq
        body = {"edge_epoch": self.edge_epoch, "part": 0, "parts": 1,
                "last_event": self.last_event if last_event is None else last_event,
                "live": [id + struct.pack(">I", views) for id, views in live]}
        answer = self.push_items([("resync", b"", body)], first=seq)
        self.applied = answer["applied"]
        self.hello()
        return answer


def now():
    return int(time.time() * 1000)

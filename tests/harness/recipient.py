"""A recipient and a sender of our own making (docs/formats/message.md), third beside the page and the command line."""

import hashlib
import http.client
import json
import os
import ssl
import struct
import unicodedata
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import hpke
from .link import base64url, now, unbase64url

SEGMENT = 65536


def argon2(passphrase, salt, memory_kib, passes):
    from argon2.low_level import Type, hash_secret_raw
    return hash_secret_raw(unicodedata.normalize("NFC", passphrase).encode(), salt, time_cost=passes, memory_cost=memory_kib,
                           parallelism=1, hash_len=32, type=Type.ID, version=0x13)


class Keys:
    """What follows from id, link secret and (hashed) passphrase."""

    def __init__(self, id, secret, hashed=b""):
        root, inner = hpke.extract(id, secret), hpke.extract(id, secret + hashed)
        self.link_proof = hpke.expand(root, b"sallyport message v1 link proof", 32)
        self.pass_proof = hpke.expand(inner, b"sallyport message v1 passphrase proof", 32)
        self.content = hpke.expand(inner, b"sallyport message v1 content", 32)


def padded(size):
    if size <= 1792:
        return 1792
    e = size.bit_length() - 1
    step = 1 << (e - (e.bit_length()))
    return -(-size // step) * step


def seal(id, content_key, text, files=()):
    header = json.dumps({"v": 1, "text": text, "fields": [],
                         "files": [{"name": n, "type": t, "size": len(d)} for n, t, d in files]}).encode()
    plain = struct.pack(">I", len(header)) + header + b"".join(d for _, _, d in files)
    plain += bytes(padded(len(plain)) - len(plain))
    cuts = [plain[at:at + SEGMENT] for at in range(0, len(plain), SEGMENT)]
    cipher = AESGCM(content_key)
    return b"".join(cipher.encrypt(struct.pack(">IQ", 0, n), cut, segment_data(id, n, n == len(cuts) - 1))
                    for n, cut in enumerate(cuts))


def unseal(id, content_key, sealed):
    """(header, {name: bytes}); raises if a single bit is wrong."""
    cipher, plain, count = AESGCM(content_key), b"", -(-len(sealed) // (SEGMENT + 16))
    for n in range(count):
        cut = sealed[n * (SEGMENT + 16):(n + 1) * (SEGMENT + 16)]
        plain += cipher.decrypt(struct.pack(">IQ", 0, n), cut, segment_data(id, n, n == count - 1))
    length = struct.unpack(">I", plain[:4])[0]
    header, at, files = json.loads(plain[4:4 + length]), 4 + length, {}
    for file in header["files"]:
        files[file["name"]] = plain[at:at + file["size"]]
        at += file["size"]
    assert not any(plain[at:]), "padding is not zero"
    return header, files


def segment_data(id, number, last):
    return b"sallyport message v1" + id + struct.pack(">QB", number, last)


class Message:
    """A message that a test makes for an edge by itself, without a core."""

    def __init__(self, text="hello", views=1, life_ms=3_600_000, grace_ms=0, attempts=5, passphrase=None, files=()):
        self.id, self.secret = os.urandom(16), os.urandom(32)
        self.salt = os.urandom(16) if passphrase else None
        self.keys = Keys(self.id, self.secret, argon2(passphrase, self.salt, 8192, 1) if passphrase else b"")
        self.sealed = seal(self.id, self.keys.content, text, files)
        self.body = {"link": hashlib.sha256(self.keys.link_proof).digest(),
                     "pass": hashlib.sha256(self.keys.pass_proof).digest() if passphrase else None,
                     "salt": self.salt, "memory_kib": 8192 if passphrase else 0, "passes": 1 if passphrase else 0,
                     "views": views, "attempts": attempts, "expires_at": now() + life_ms, "grace_ms": grace_ms,
                     "sender": None, "size": len(self.sealed), "chunks": 0, "data": self.sealed}

    @property
    def hash(self):
        return hashlib.sha256(self.id).digest()

    @property
    def item(self):
        return ("message.put", self.hash, self.body)

    def url(self, portal):
        return f"{portal}/m/{base64url(self.id)}#{base64url(self.secret)}"


class Recipient:
    """One browser at one link."""

    def __init__(self, url, ca, passphrase=None):
        self.parts = urlsplit(url)
        place, _, name = self.parts.path.rpartition("/m/")
        self.prefix, self.name = place, name
        self.id, self.secret = unbase64url(name), unbase64url(self.parts.fragment)
        self.passphrase, self.grace = passphrase, None
        self.context = ssl.create_default_context(cafile=str(ca))
        self.connection = None
        self.keys = Keys(self.id, self.secret)

    def fetch(self, method, path, body=None, headers=None):
        """(status, headers, body)"""
        if self.connection is None:
            self.connection = http.client.HTTPSConnection(self.parts.hostname, self.parts.port or 443, context=self.context,
                                                          timeout=30)
        try:
            self.connection.request(method, self.prefix + path, body=body, headers=headers or {})
            answer = self.connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except Exception:
            self.connection.close()
            self.connection = None
            raise

    def call(self, verb, **body):
        headers = {"Content-Type": "application/json"}
        if self.grace:
            headers["Sallyport-Grace"] = self.grace
        return self.fetch("POST", f"/api/v1/messages/{self.name}/{verb}", json.dumps(body), headers)

    def status(self):
        status, _, body = self.call("status", link_proof=base64url(self.keys.link_proof))
        return status, json.loads(body)

    def learn_passphrase(self, told):
        if self.passphrase and told["passphrase"]:
            how = told["passphrase"]
            hashed = argon2(self.passphrase, unbase64url(how["salt"]), how["memory_kib"], how["passes"])
            self.keys = Keys(self.id, self.secret, hashed)

    def reveal_raw(self):
        """The reveal call alone, with the proofs of now: (status, headers, body)."""
        return self.call("reveal", link_proof=base64url(self.keys.link_proof))

    def reveal(self):
        """(status, problem or (header, files))"""
        code, told = self.status()
        if code != 200:
            return code, told
        self.learn_passphrase(told)
        proofs = {"link_proof": base64url(self.keys.link_proof)}
        if told["passphrase"]:
            proofs["pass_proof"] = base64url(self.keys.pass_proof)
        code, headers, body = self.call("reveal", **proofs)
        if code != 200:
            return code, json.loads(body)
        self.grace = headers.get("Sallyport-Grace") or self.grace
        return code, unseal(self.id, self.keys.content, body)

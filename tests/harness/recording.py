"""Reads a gateway's recording as the core does: docs/formats/recording.md, written from the format alone."""

import hashlib
import json
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import hpke


def opened(file, session, key):
    """(plain text of all chunks, number of chunks, last hash, whether the last chunk is there)"""
    assert file[:4] == b"SPR1" and file[4:20] == session, file[:20]
    chain = hpke.exported(key, file[20:52], b"sallyport recording v1" + session, b"sallyport recording v1 chain", 32)
    seen, at, plain, count, last = hashlib.sha256(file[:52]).digest(), 52, b"", 0, False
    while at < len(file):
        size, last = struct.unpack(">I", file[at:at + 4])[0], file[at + 4] == 1
        chunk = file[at:at + 5 + size]
        key_of_chunk = hpke.expand(chain, b"sallyport recording v1 chunk", 32)
        plain += AESGCM(key_of_chunk).decrypt(bytes(12), chunk[5:], seen + chunk[4:5])
        chain = hpke.expand(chain, b"sallyport recording v1 next", 32)
        seen, at, count = hashlib.sha256(seen + chunk).digest(), at + len(chunk), count + 1
    return plain.decode(), count, seen, last


def lines(plain):
    """The head and the events of an asciicast."""
    first, *rest = plain.splitlines()
    return json.loads(first), [json.loads(line) for line in rest]


def shown(events, kind="o"):
    return "".join(text for _, what, text in events if what == kind)

#!/usr/bin/env python3
"""Makes recording-v1.json: docs/formats/recording.md a second time, from the document and RFC 9180 alone."""
import hashlib
import json
import pathlib
import struct

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand


def extract(salt, data):
    mac = hmac.HMAC(salt or bytes(32), hashes.SHA256())
    mac.update(data)
    return mac.finalize()


def expand(key, info, size=32):
    return HKDFExpand(hashes.SHA256(), size, info).derive(key)


KEM = b"KEM" + struct.pack(">H", 0x20)
HPKE = b"HPKE" + struct.pack(">HHH", 0x20, 1, 2)


def labeled_extract(suite, salt, label, data):
    return extract(salt, b"HPKE-v1" + suite + label + data)


def labeled_expand(suite, key, label, info, size=32):
    return expand(key, struct.pack(">H", size) + b"HPKE-v1" + suite + label + info, size)


def exported(ephemeral, recipient, info, context):
    enc = ephemeral.public_key().public_bytes_raw()
    dh = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    shared = labeled_expand(KEM, labeled_extract(KEM, b"", b"eae_prk", dh), b"shared_secret", enc + recipient)
    schedule = b"\0" + labeled_extract(HPKE, b"", b"psk_id_hash", b"") + labeled_extract(HPKE, b"", b"info_hash", info)
    secret = labeled_extract(HPKE, shared, b"secret", b"")
    return enc, labeled_expand(HPKE, labeled_expand(HPKE, secret, b"exp", schedule), b"sec", context)


def text(value):
    return json.dumps(value, ensure_ascii=False)


session = bytes(range(0xA0, 0xB0))
private = X25519PrivateKey.from_private_bytes(bytes(range(0x40, 0x60)))
public = private.public_key().public_bytes_raw()
ephemeral = X25519PrivateKey.from_private_bytes(bytes(range(32)))
began = 1_800_000_000_250
title = 'ann@db-1 "primary"'

head = '{"version":2,"width":120,"height":40,"timestamp":1800000000,"title":%s}\n' % text(title)
chunks = [
    (head + "[0.010, \"o\", %s]\n" % text("$ "), False),
    ('[0.500, "i", %s]\n' % text("ls\r") + '[0.612, "o", %s]\n' % text("caf\u00e9 \U0001f511\r\n") + '[1.000, "r", "100x30"]\n', False),
    ('[1.250, "m", ""]\n[2.000, "o", %s]\n' % text("bad:\ufffd!") + '[2.000, "o", "\ufffd"]\n', True),
]
steps = [
    {"output": "2420", "at": 10}, {"flush": True},
    {"input": "6c730d", "at": 500}, {"output": "636166c3", "at": 600}, {"output": "a920f09f94910d0a", "at": 612},
    {"resize": [100, 30], "at": 1000}, {"flush": True},
    {"mark": True, "at": 1250}, {"output": "6261643aff21e2", "at": 2000}, {"finish": True},
]
# The first read of "café" ends inside a character: what is whole of it goes out at once.
chunks[1] = ('[0.500, "i", %s]\n' % text("ls\r") + '[0.600, "o", "caf"]\n' + '[0.612, "o", %s]\n' % text("\u00e9 \U0001f511\r\n")
             + '[1.000, "r", "100x30"]\n', False)


def escaped(line):  # \r and \n as the document's other writer has them
    return line.replace("\\r", "\\u000d").replace("\\n", "\\u000a")


enc, key = exported(ephemeral, public, b"sallyport recording v1" + session, b"sallyport recording v1 chain")
file = b"SPR1" + session + enc
digest = hashlib.sha256(file).digest()
for plain, last in chunks:
    one = expand(key, b"sallyport recording v1 chunk")
    key = expand(key, b"sallyport recording v1 next")
    sealed = AESGCM(one).encrypt(bytes(12), escaped(plain).encode(), digest + bytes([last]))
    chunk = struct.pack(">IB", len(sealed), last) + sealed
    digest = hashlib.sha256(digest + chunk).digest()
    file += chunk

made = {
    "source": "make.py, by python3-cryptography; docs/formats/recording.md",
    "tests": [{
        "name": "three chunks", "session": session.hex(), "recording_private": bytes(range(0x40, 0x60)).hex(),
        "recording_key": public.hex(), "ephemeral": bytes(range(32)).hex(), "began": began, "columns": 120, "rows": 40,
        "title": title, "steps": steps, "file": file.hex(), "chunks": len(chunks), "hash": digest.hex(),
        "cast": "".join(escaped(plain) for plain, _ in chunks),
    }],
}
path = pathlib.Path(__file__).with_name("recording-v1.json")
path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")

#!/usr/bin/env python3
"""Writes message-v1.json: an implementation of docs/formats/message.md that shares no code with ours.

Needs python3-cryptography and python3-argon2. Ids, secrets and salts follow from the test's name, so the file
comes out the same each time.
"""
import base64, hashlib, json, pathlib, struct, unicodedata
from argon2.low_level import hash_secret_raw, Type
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def extract(salt, ikm):
    mac = HMAC(salt, hashes.SHA256())
    mac.update(ikm)
    return mac.finalize()


def expand(key, info):
    return HKDFExpand(hashes.SHA256(), 32, info.encode()).derive(key)


def padded(size):
    if size <= 1792:
        return 1792
    e = size.bit_length() - 1
    s = e.bit_length()
    mask = (1 << (e - s)) - 1
    return (size + mask) & ~mask


def seal(key, message_id, plain):
    count = (len(plain) + 65535) // 65536
    out = b""
    for i in range(count):
        aad = b"sallyport message v1" + message_id + struct.pack(">QB", i, i == count - 1)
        out += AESGCM(key).encrypt(struct.pack(">IQ", 0, i), plain[i * 65536:(i + 1) * 65536], aad)
    return out


def chance(name, what, size):
    return hashlib.shake_256(f"{name}/{what}".encode()).digest(size)


def header_of(content):
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def vector(name, text="", fields=(), files=(), passphrase=None, memory_kib=65536, passes=3):
    message_id, link = chance(name, "id", 16), chance(name, "link", 32)
    content = {"v": 1, "text": text, "fields": list(fields),
               "files": [{"name": n, "type": t, "size": len(d)} for n, t, d in files]}
    salt, p = None, b""
    if passphrase is not None:
        salt = chance(name, "salt", 16)
        p = hash_secret_raw(unicodedata.normalize("NFC", passphrase).encode(), salt, passes, memory_kib, 1, 32,
                            Type.ID, 0x13)
    root, inner = extract(message_id, link), extract(message_id, link + p)
    key = expand(inner, "sallyport message v1 content")
    header = header_of(content)
    plain = struct.pack(">I", len(header)) + header + b"".join(d for _, _, d in files)
    size = len(plain)
    plain += bytes(padded(size) - size)
    return {"name": name, "id": b64(message_id), "link_secret": b64(link), "passphrase": passphrase,
            "salt": salt and b64(salt), "memory_kib": memory_kib, "passes": passes,
            "link_proof": b64(expand(root, "sallyport message v1 link proof")),
            "pass_proof": b64(expand(inner, "sallyport message v1 passphrase proof")),
            "content_key": b64(key), "content": content, "files": [b64(d) for _, _, d in files],
            "sealed": b64(seal(key, message_id, plain))}


def text_for(size):
    """A text that makes the unpadded content `size` bytes."""
    empty = 4 + len(header_of({"v": 1, "text": "", "fields": [], "files": []}))
    return "x" * (size - empty)


two_segments = 2 * 65536 - 4 - len(header_of({"v": 1, "text": "", "fields": [],
                                              "files": [{"name": "f", "type": "", "size": 100000}]}))
tests = [
    vector("an empty message"),
    vector("a text in several scripts, with quotes and line ends", "Grüße\n\"日本\\語\"\t𝄞\u0001 end"),
    vector("a text with a passphrase", "the door code is 4711", passphrase="correct horse battery staple"),
    vector("a passphrase in NFD means the same as in NFC", "umlauts", passphrase="Gru\u0308n a\u030angstro\u0308m"),
    vector("other Argon2 settings", "cheap", passphrase="p", memory_kib=8192, passes=1),
    vector("fields, one of them secret", "", [
        {"name": "User name", "value": "administrator", "secret": False},
        {"name": "Password", "value": "s3cr€t \"quoted\"", "secret": True}]),
    vector("files, one of them empty, with a passphrase", "see the files", files=[
        ("a.bin", "application/octet-stream", bytes(range(256))), ("leer.txt", "text/plain", b""),
        ("résumé.txt", "text/plain", "zwei\n".encode())], passphrase="Fünf Wörter"),
    vector("content that just fills the least padding", text_for(1792)),
    vector("content one byte past the least padding", text_for(1793)),
    vector("content of exactly one segment", text_for(65536)),
    vector("content one byte past a segment", text_for(65537)),
    vector("a file across two full segments", files=[("f", "", chance("f", "data", two_segments))]),
]
path = pathlib.Path(__file__).with_name("message-v1.json")
path.write_text(json.dumps({"source": "make_message_v1.py, with python3-cryptography and argon2-cffi; "
                            "docs/formats/message.md", "tests": tests}, indent=1, ensure_ascii=False) + "\n")
print(path.name, path.stat().st_size, [len(t["sealed"]) for t in tests])

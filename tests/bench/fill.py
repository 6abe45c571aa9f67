"""Fills a lone edge with many messages quickly: random content and proofs, since nobody will decrypt them."""

import hashlib
import os

from harness.link import base64url, now

SEALED_1_KIB = 1808  # docs/formats/message.md section 2: 1,792 padded, and a tag


class Filler:
    """Pushes messages to `link` and keeps "name proof" of each for reveal.lua."""

    def __init__(self, link, path):
        self.link, self.path = link, path

    def push(self, count, views=1, keep=True, batch=1000):
        expires, noise = now() + 86_400_000, os.urandom(1 << 20)
        with open(self.path, "w") as file:
            while count > 0:
                items = []
                for _ in range(min(count, batch)):
                    id, proof = os.urandom(16), os.urandom(32)
                    at = int.from_bytes(proof[:2], "big")
                    body = {"link": hashlib.sha256(proof).digest(), "pass": None, "salt": None, "memory_kib": 0, "passes": 0,
                            "views": views, "attempts": 5, "expires_at": expires, "grace_ms": 0, "sender": None,
                            "size": SEALED_1_KIB, "chunks": 0, "data": id + noise[at:at + SEALED_1_KIB - 16]}
                    items.append(("message.put", hashlib.sha256(id).digest(), body))
                    if keep:
                        file.write(f"{base64url(id)} {base64url(proof)}\n")
                answer = self.link.push(items)
                assert not answer["refused"], answer["refused"][:3]
                count -= len(items)

    def lines(self):
        return self.path.read_text().splitlines()

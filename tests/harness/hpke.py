"""HPKE (RFC 9180), mode auth_psk, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, for the core's side of the
envelope (docs/formats/envelope.md). Written from the formats alone, so that it can disagree with the product."""

import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEM = b"KEM" + struct.pack(">H", 0x0020)
SUITE = b"HPKE" + struct.pack(">HHH", 0x0020, 0x0001, 0x0002)
MODE_BASE = 0
MODE_AUTH_PSK = 3


def extract(salt, key):
    return hmac.new(salt or bytes(32), key, hashlib.sha256).digest()


def expand(key, info, length):
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes((counter,)), hashlib.sha256).digest()
        out += block
        counter += 1
    return out[:length]


def _labeled_extract(suite, salt, label, key):
    return extract(salt, b"HPKE-v1" + suite + label + key)


def _labeled_expand(suite, key, label, info, length):
    return expand(key, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info, length)


def public_bytes(private):
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


class Sender:
    """The context of one sealed request; `seal` once, `export` for the response."""

    def __init__(self, own, peer, info, psk, psk_id, ephemeral=None):
        ephemeral = ephemeral or X25519PrivateKey.generate()
        receiver = X25519PublicKey.from_public_bytes(peer)
        self.enc = public_bytes(ephemeral)
        dh = ephemeral.exchange(receiver) + own.exchange(receiver)
        prk = _labeled_extract(KEM, b"", b"eae_prk", dh)
        shared = _labeled_expand(KEM, prk, b"shared_secret", self.enc + peer + public_bytes(own), 32)
        context = (bytes((MODE_AUTH_PSK,)) + _labeled_extract(SUITE, b"", b"psk_id_hash", psk_id)
                   + _labeled_extract(SUITE, b"", b"info_hash", info))
        secret = _labeled_extract(SUITE, shared, b"secret", psk)
        self.key = _labeled_expand(SUITE, secret, b"key", context, 32)
        self.nonce = _labeled_expand(SUITE, secret, b"base_nonce", context, 12)
        self.exporter = _labeled_expand(SUITE, secret, b"exp", context, 32)

    def seal(self, aad, plain):
        return AESGCM(self.key).encrypt(self.nonce, plain, aad)

    def export(self, context, length):
        return _labeled_expand(SUITE, self.exporter, b"sec", context, length)


def exported(own, enc, info, label, length):
    """What the receiver of mode base exports (docs/formats/recording.md)."""
    prk = _labeled_extract(KEM, b"", b"eae_prk", own.exchange(X25519PublicKey.from_public_bytes(enc)))
    shared = _labeled_expand(KEM, prk, b"shared_secret", enc + public_bytes(own), 32)
    context = (bytes((MODE_BASE,)) + _labeled_extract(SUITE, b"", b"psk_id_hash", b"")
               + _labeled_extract(SUITE, b"", b"info_hash", info))
    exporter = _labeled_expand(SUITE, _labeled_extract(SUITE, shared, b"secret", b""), b"exp", context, 32)
    return _labeled_expand(SUITE, exporter, b"sec", label, length)


def fresh_key():
    return X25519PrivateKey.generate()

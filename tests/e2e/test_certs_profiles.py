"""Every kind of certificate that sallyport-certs makes is accepted by OpenSSL at its strictest, GnuTLS, NSS and Mbed TLS, and refused
by them once something about it was changed."""

import datetime
import ipaddress
import pathlib
import shutil
import tempfile
import unittest

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from harness import judges
from harness.programs import run

SITE, ADDRESS = "portal.example", "192.0.2.7"
DAY = datetime.timedelta(days=1)


def certs(*arguments, **how):
    return run("sallyport-certs", "--quiet", *arguments, **how)


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class Made:
    """One of each, made once by the command."""

    def __init__(self, folder):
        self.folder = folder
        self.root = self.authority("root")
        self.authority("deep", "--intermediate")
        self.authority("link", "--permit", "site.internal")
        self.authority("old")
        issue = self.issue
        self.profiles = {  # name: root, chain, hosts, purposes
            "server": (self.root, issue("root", "server", "--url", f"https://{SITE}:8443", "--host", ADDRESS), [SITE, ADDRESS], ["server"]),
            "server below an intermediate": (folder / "deep/ca.crt", issue("deep", "below", "--host", SITE), [SITE], ["server"]),
            "server with RSA": (self.root, issue("root", "rsa", "--host", SITE, "--key-type", "rsa2048"), [SITE], ["server"]),
            "server with P-384": (self.root, issue("root", "p384", "--host", SITE, "--key-type", "p384"), [SITE], ["server"]),
            "wildcard": (self.root, issue("root", "wild", "--host", f"*.{SITE}"), [f"a.{SITE}"], ["server"]),
            "international name": (self.root, issue("root", "idn", "--url", f"https://bücher.{SITE}"), [f"xn--bcher-kva.{SITE}"], ["server"]),
            "address alone": (self.root, issue("root", "address", "--host", ADDRESS, "--host", "2001:db8::7"), [ADDRESS, "2001:db8::7"], ["server"]),
            "core identity": (folder / "link/ca.crt", issue("link", "core", "--profile", "core", "--uri", "sallyport://site/core/1",
                                                            "--host", "core.site.internal"), ["core.site.internal"], ["server", "client"]),
            "edge identity": (folder / "link/ca.crt", issue("link", "edge", "--profile", "edge", "--uri", "sallyport://site/edge/portal"),
                              [None], ["client", "server"]),
            "self-signed": (folder / "self.root.crt", self.self_signed("self"), [SITE, ADDRESS], ["server"]),
            "flat": (folder / "flat.crt", self.self_signed("flat", "--flat"), [SITE, ADDRESS], ["server"]),
        }
        certs("ca", "rotate", "--ca", folder / "old")
        before, = (folder / "old/old").iterdir()
        self.profiles["after a rotation, for those who know the new root"] = (
            folder / "old/ca.crt", issue("old", "rotated", "--host", SITE), [SITE], ["server"])
        self.profiles["after a rotation, for those who know the old root"] = (
            before / "ca.crt", folder / "rotated.crt", [SITE], ["server"])

    def authority(self, name, *more):
        permit = () if "--permit" in more else ("--permit", SITE, "192.0.2.0/24", "2001:db8::/32")
        certs("ca", "init", "--out", self.folder / name, "--name", f"{name} authority", *permit, *more)
        return self.folder / name / "ca.crt"

    def issue(self, authority, name, *more):
        certs("issue", "--ca", self.folder / authority, "--out", self.folder, "--name", name, *more)
        return self.folder / f"{name}.crt"

    def self_signed(self, name, *more):
        certs("self-signed", "--out", self.folder, "--name", name, "--url", f"https://{SITE}", "--url", f"https://{ADDRESS}:8443", *more)
        return self.folder / f"{name}.crt"


class Forger:
    """Has the authority's key, and signs what the command would not."""

    def __init__(self, made):
        self.made = made
        self.root = x509.load_pem_x509_certificate(made.root.read_bytes())
        self.key = serialization.load_pem_private_key((made.root.parent / "ca.key").read_bytes(), None)
        self.leaf = x509.load_pem_x509_certificate((made.folder / "server.crt").read_bytes())
        self.leaf_key = serialization.load_pem_private_key((made.folder / "server.key").read_bytes(), None)

    def again(self, names=None, usage=None, authority=False, start=None, end=None, issuer=None, key=None, public=None, subject=None):
        """The leaf, but for what is said."""
        leaf, issuer = self.leaf, issuer or self.root
        public = public or leaf.public_key()
        usage = usage or ExtendedKeyUsageOID.SERVER_AUTH
        names = names or leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        sign = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
                              "decipher_only"), False)
        builder = x509.CertificateBuilder(
            issuer.subject, subject or leaf.subject, public, x509.random_serial_number(), start or leaf.not_valid_before,
            end or leaf.not_valid_after)
        builder = builder.add_extension(x509.BasicConstraints(authority, 0 if authority else None), True)
        builder = builder.add_extension(x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **sign), True)
        if not authority:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), False).add_extension(names, False)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), False)
        return builder.sign(key or self.key, hashes.SHA256())

    def chain(self, name, *certificates):
        file = self.made.folder / f"forged-{name.replace(' ', '-')}.pem"
        file.write_text("".join(map(pem, certificates)))
        return file

    def flipped(self, where):
        """The leaf with one bit turned."""
        data = bytearray(self.leaf.public_bytes(serialization.Encoding.DER))
        data[where(data)] ^= 1
        return x509.load_der_x509_certificate(bytes(data))

    def mutations(self):
        """name, chain, host asked for, who cannot see it (and why)."""
        now = datetime.datetime.utcnow()
        names = lambda *all: x509.SubjectAlternativeName(all)
        other = ec.generate_private_key(ec.SECP256R1())
        serial = self.leaf.serial_number.to_bytes(20, "big")
        below = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "below")])
        third = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "third")])
        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
        # The root has room for one authority below it, and that one for none.
        first = self.again(authority=True, subject=below, public=keys[0].public_key())
        second = self.again(authority=True, subject=third, public=keys[1].public_key(), issuer=first, key=keys[0])
        from_leaf = self.again(issuer=self.leaf, key=self.leaf_key, public=other.public_key())
        outside = "portal.elsewhere"
        return [
            ("signature bit flipped", self.chain("signature", self.flipped(lambda data: len(data) - 1)), SITE, {}),
            ("serial number bit flipped", self.chain("serial", self.flipped(lambda data: data.index(serial) + 10)), SITE, {}),
            ("another name", self.made.folder / "server.crt", "other.example", {"NSS": "its tools ask no name"}),
            ("another address", self.made.folder / "server.crt", "192.0.2.8",
             {"NSS": "its tools ask no name", "Mbed TLS": "knows no addresses before 3.5"}),
            ("for clients", self.chain("usage", self.again(usage=ExtendedKeyUsageOID.CLIENT_AUTH)), SITE, {}),
            ("for code", self.chain("code", self.again(usage=ExtendedKeyUsageOID.CODE_SIGNING)), SITE, {}),
            ("expired", self.chain("expired", self.again(start=now - 30 * DAY, end=now - DAY)), SITE, {}),
            # NSS forgives a day.
            ("not yet valid", self.chain("early", self.again(start=now + 3 * DAY, end=now + 30 * DAY)), SITE, {}),
            ("signed by another key", self.chain("issuer", self.again(key=other)), SITE, {}),
            ("signed by a leaf", self.chain("leaf", from_leaf, self.leaf), SITE, {}),
            ("a chain too long", self.chain("long", self.again(issuer=second, key=keys[1]), second, first), SITE, {}),
            ("a name outside of the constraints", self.chain("outside", self.again(names(x509.DNSName(outside)))), outside,
             {"Mbed TLS": "knows no name constraints"}),
            ("an address outside of the constraints",
             self.chain("address", self.again(names(x509.DNSName(SITE), x509.IPAddress(ipaddress.ip_address("198.51.100.1"))))), SITE,
             {"Mbed TLS": "knows no name constraints"}),
            ("a mail address outside of the constraints",
             self.chain("mail", self.again(names(x509.DNSName(SITE), x509.RFC822Name("root@portal.example")))), SITE,
             {"Mbed TLS": "knows no name constraints"}),
        ]


class Profiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-profiles-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.made = Made(cls.folder)
        cls.forger = Forger(cls.made)

    def judge(self, kind):
        missing = kind.missing()
        if missing:
            self.skipTest(missing)
        return kind()

    def accepts_all(self, kind):
        judge = self.judge(kind)
        for name, (root, chain, hosts, purposes) in self.made.profiles.items():
            if name == "flat" and kind is judges.GnuTls:
                continue  # takes authorities alone for anchors; its clients can pin such a certificate
            for host in hosts:
                for purpose in purposes:
                    with self.subTest(profile=name, host=host, purpose=purpose):
                        self.assertTrue(judge.accepts(root, chain, host, purpose))

    def refuses_all(self, kind):
        judge = self.judge(kind)
        self.assertTrue(judge.accepts(self.made.root, self.forger.chain("same", self.forger.again()), SITE, "server"),
                        "the forger's leaf is refused even unchanged")
        for name, chain, host, blind in self.forger.mutations():
            with self.subTest(mutation=name):
                if kind.name not in blind:
                    self.assertFalse(judge.accepts(self.made.root, chain, host, "server"))

    def test_openssl_accepts_every_profile(self):
        self.accepts_all(judges.OpenSsl)

    def test_gnutls_accepts_every_profile(self):
        self.accepts_all(judges.GnuTls)

    def test_nss_accepts_every_profile(self):
        self.accepts_all(judges.Nss)

    def test_mbedtls_accepts_every_profile(self):
        self.accepts_all(judges.MbedTls)

    def test_openssl_refuses_every_mutation(self):
        self.refuses_all(judges.OpenSsl)

    def test_gnutls_refuses_every_mutation(self):
        self.refuses_all(judges.GnuTls)

    def test_nss_refuses_every_mutation(self):
        self.refuses_all(judges.Nss)

    def test_mbedtls_refuses_every_mutation(self):
        self.refuses_all(judges.MbedTls)

    def test_our_own_verify_says_the_same(self):
        for name, (root, chain, hosts, purposes) in self.made.profiles.items():
            if name == "flat":
                continue
            with self.subTest(profile=name):
                host = [] if hosts[0] is None else ["--host", hosts[0]]
                done = certs("verify", "--chain", chain, "--root", root, "--purpose", purposes[0], *host, check=False)
                self.assertEqual(done.returncode, 0, done.out + done.err)
        for name, chain, host, _ in self.forger.mutations():
            with self.subTest(mutation=name):
                done = certs("verify", "--chain", chain, "--root", self.made.root, "--purpose", "server", "--host", host, check=False)
                self.assertEqual(done.returncode, 1, done.out + done.err)

    def test_what_is_outside_is_refused_before_it_is_signed(self):
        for host in ("portal.elsewhere", "198.51.100.1", "2001:db9::1"):
            done = certs("issue", "--ca", self.folder / "root", "--out", self.folder, "--name", "never", "--host", host, check=False)
            self.assertEqual(done.returncode, 4, done.err)
            self.assertIn(f"{host} is outside of what this authority may sign", done.err)
        self.assertFalse((self.folder / "never.crt").exists())


if __name__ == "__main__":
    unittest.main()

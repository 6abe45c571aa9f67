"""A certificate that the core orders: the portal makes the key, answers the CA's challenges, checks and shows what comes back
(docs/formats/certificates.md)."""

import datetime
import hashlib
import http.client
import os
import socket
import ssl
import time
import unittest

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from harness.case import EdgeCase
from harness.programs import free_ports

TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"
ANSWER = TOKEN + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI"
PATH = "/.well-known/acme-challenge/" + TOKEN


class Ca:
    """Signs whatever request it is given, as long as it is signed by its own key."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a public authority")])

    def sign(self, csr, names=None, days=30):
        request = x509.load_der_x509_csr(csr)
        assert request.is_signature_valid
        alternative = names or request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        now = datetime.datetime.utcnow()
        made = (x509.CertificateBuilder().subject_name(request.subject).issuer_name(self.name).public_key(request.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
                .not_valid_after(now + datetime.timedelta(days=days)).add_extension(alternative, critical=not request.subject)
                .add_extension(x509.BasicConstraints(False, None), True))
        return made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)


class OrderedCertificate(EdgeCase):
    def setUp(self):
        super().setUp()
        self.ca = Ca()

    def kill_and_start(self):
        self.alone.edge.program.kill()
        self.alone.edge.program.start()
        if self.link.connection:
            self.link.connection.close()
        self.link.connection = None

    def shown(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.alone.edge.public)) as raw, context.wrap_socket(raw) as tls:
            return tls.getpeercert(binary_form=True)

    def item(self, kind, **body):
        self.link.push([(kind, b"", body)])

    def event(self, kind):
        return self.link.pull_until(lambda event: event["kind"] == kind)[-1]["body"]

    def request(self, order):
        self.item("certificate.request", order=order, names=["127.0.0.1"])
        told = self.event("certificate.requested")
        self.assertEqual(told["order"], order)
        return told["csr"]

    def put_chain(self, order, chain):
        self.item("certificate.put", order=order, chain=chain)

    def get(self, port, path, secure, method="GET"):
        context = ssl._create_unverified_context()
        connection = (http.client.HTTPSConnection("127.0.0.1", port, context=context) if secure
                      else http.client.HTTPConnection("127.0.0.1", port))
        self.addCleanup(connection.close)
        connection.request(method, path, headers={"Host": "evil.example"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.getheader("Location")

    def test_a_certificate_is_ordered_checked_shown_and_survives_a_kill(self):
        first, second = os.urandom(16), os.urandom(16)
        before = self.shown()

        csr = self.request(first)
        self.put_chain(first, self.ca.sign(csr, names=x509.SubjectAlternativeName([x509.DNSName("bank.example")])))
        self.assertEqual(self.event("certificate.refused"), {"order": first, "code": "wrong_certificate"})
        self.assertEqual(self.shown(), before)
        self.put_chain(second, self.ca.sign(csr))
        self.assertEqual(self.event("certificate.refused"), {"order": second, "code": "unknown_order"})

        self.kill_and_start()
        chain = self.ca.sign(self.request(first))
        self.put_chain(first, chain)
        told = self.event("certificate.installed")
        installed = self.shown()
        self.assertEqual(told, {"order": first, "fingerprint": hashlib.sha256(installed).digest()})
        self.assertEqual(x509.load_pem_x509_certificate(chain).public_bytes(Encoding.DER), installed)

        self.kill_and_start()
        self.assertEqual(self.shown(), installed)

        running = http.client.HTTPSConnection("127.0.0.1", self.alone.edge.public, context=ssl._create_unverified_context())
        self.addCleanup(running.close)
        running.request("GET", "/m/x")
        running.getresponse().read()
        self.put_chain(second, self.ca.sign(self.request(second)))
        self.event("certificate.installed")
        self.assertNotEqual(self.shown(), installed)
        running.request("GET", "/m/x")
        self.assertEqual(running.getresponse().status, 200, "a running connection is not dropped")

    def test_challenges_are_answered_on_both_listeners_and_all_else_is_sent_to_https(self):
        edge = self.alone.edge
        (plain,) = free_ports(1)
        text = edge.config.read_text().replace("[intake]", f'http = "127.0.0.1:{plain}"\n[intake]', 1)
        edge.config.write_text(text)
        self.kill_and_start()

        self.assertEqual(self.get(edge.public, PATH, True)[0], 404)
        self.item("challenge.put", token=TOKEN, answer=ANSWER, expires_at=int(time.time() * 1000) + 60_000)
        for port, secure in ((plain, False), (edge.public, True)):
            self.assertEqual(self.get(port, PATH, secure)[:2], (200, ANSWER))
            self.assertNotEqual(self.get(port, PATH + "x", secure)[0], 200)
        self.assertEqual(self.get(plain, "/m/x?y=z", False), (308, "", edge.url + "/m/x?y=z"))
        self.assertEqual(self.get(plain, "/m/x", False, "POST")[0], 405)
        self.kill_and_start()
        self.assertEqual(self.get(plain, PATH, False)[:2], (200, ANSWER), "after a kill too")
        self.item("challenge.remove", token=TOKEN)
        self.assertEqual(self.get(edge.public, PATH, True)[0], 404)
        self.assertEqual(self.get(plain, PATH, False)[0], 308)


if __name__ == "__main__":
    unittest.main()

"""What testssl.sh says of the core's site, the portal and its intake: TLS 1.2 and 1.3 with forward secrecy alone, and nothing to mend.

TESTSSL names another testssl.sh than the one in PATH. Its versions from 3.2 on also give a grade; Debian 12 has 3.0."""

import http.client
import json
import os
import shutil
import ssl
import subprocess
import unittest

from harness.case import SiteCase
from harness.gateway import Gateway

TESTSSL = os.environ.get("TESTSSL") or shutil.which("testssl") or shutil.which("testssl.sh")
# Protocols, kinds of ciphers, forward secrecy, preferences, certificate, headers, vulnerabilities: what a grade needs.
FOR_A_GRADE = ("-p", "-s", "-f", "-P", "-S", "-h", "-U")
WITHOUT_HTTP = ("-p", "-s", "-f", "-P", "-S")
FINE = {"OK", "INFO", "LOW"}  # above: MEDIUM, HIGH, CRITICAL, FATAL, and WARN where a check could not be made

# Findings that are not about our programs, or that are as we want them: what they say, and why that is well. Anything else that is
# said under such a name counts.
EXEMPT = {
    "engine_problem": ("engine", "the judge's own OpenSSL has no engine for GOST ciphers"),
    "RC4": ("local OpenSSL", "the judge's own OpenSSL knows no RC4; cipherlist_LOW looks for it without"),
    "sessionresumption_ticket": ("connect problem", "testssl.sh 3.0 cannot ask OpenSSL 3 for it; test_certificates.py resumes sessions"),
    "cert_revocation": ("Neither CRL nor OCSP URI provided", "an own CA has no responder that browsers would ask: a key that leaked is "
                        "replaced on the servers, whose number is known"),
    "BREACH": ("only supplied '/' tested", "the pages are the same for everybody and hold nothing of a request; answers with secrets are "
               "not compressed (see below)"),
}


# An enrolled edge's intake shows an identity of the link (docs/formats/certificates.md): 30 days, no host name, and the core knows it by its
# key, not by a chain. test_identities.py looks at it. The rest of what is said of the certificate counts there too.
OF_A_NAMED_SERVER = ("cert_trust", "cert_chain_of_trust", "cert_expirationStatus", "cert_notAfter")


def is_exempt(finding):
    words, _ = EXEMPT.get(finding["id"], (None, None))
    return words is not None and words in finding["finding"]


def to_mend(findings):
    """What is above LOW, in words. WARN is said of a check that could not be made, so it is no pass either."""
    return [f"{one['id']}: {one['severity']}: {one['finding']}" for one in findings
            if one["severity"] not in FINE and not is_exempt(one)]


@unittest.skipUnless(TESTSSL, "testssl.sh is not installed; see installers/packages-test.txt")
class Judged(SiteCase):
    options = {"mail": False}

    def findings(self, port, checks, name, ca):
        out = self.site.folder / f"{name}.json"
        command = [TESTSSL, "--quiet", "--color", "0", "--warnings", "off", "--fast", "--nodns", "min", "--ip", "127.0.0.1",
                   "--add-ca", ca, *checks, "--jsonfile", out, f"https://localhost:{port}/"]
        said = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900,
                              cwd=self.site.folder, errors="replace").stdout
        self.assertTrue(out.exists(), said[-3000:])
        return json.loads(out.read_text(), strict=False)

    def judge(self, port, checks, name, protocols, apart=(), ca=None):
        findings = [one for one in self.findings(port, checks, name, ca or self.site.ca) if one["id"] not in apart]
        by_id = {one["id"]: one for one in findings}
        found = lambda id: by_id[id]["finding"]

        self.assertEqual(to_mend(findings), [])
        for protocol in ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3"):
            with self.subTest(protocol):
                self.assertEqual(found(protocol).startswith("offered"), protocol in protocols, found(protocol))
        self.assert_forward_secrecy(by_id, findings)
        if not apart:
            self.assertEqual(by_id["cert_chain_of_trust"]["severity"], "OK", found("cert_chain_of_trust"))
        return by_id

    def assert_forward_secrecy(self, by_id, findings):
        """Every cipher that is offered has it, and authenticates what it encrypts."""
        self.assertIn("OK", (by_id.get("FS") or by_id["PFS"])["severity"])
        ciphers = (by_id.get("FS_ciphers") or by_id["PFS_ciphers"])["finding"].split()
        self.assertTrue(all(one.startswith(("TLS_", "ECDHE-")) and not one.endswith("SHA") for one in ciphers), ciphers)
        # The kinds that have neither: none, export, weak, triple DES, CBC, and AEAD without forward secrecy where it is told apart.
        for kind in ("NULL", "aNULL", "EXPORT", "LOW", "3DES_IDEA", "AVERAGE", "OBSOLETED", "STRONG_NOFS"):
            if f"cipherlist_{kind}" in by_id:
                with self.subTest(kind):
                    self.assertTrue(by_id[f"cipherlist_{kind}"]["finding"].startswith("not offered"))
        self.assertGreater(sum(one["id"].startswith("cipherlist_") for one in findings), 5)

    def assert_grade(self, by_id):
        """Where the tool gives one. The root is one that was added by hand, so its T for a strange root would be wrong here."""
        if "overall_grade" in by_id:
            capped = [one["finding"] for id, one in by_id.items() if id.startswith("grade_cap_reason")]
            self.assertIn(by_id["overall_grade"]["finding"], ("A", "A+"), capped)

    def test_the_core(self):
        self.assert_grade(self.judge(self.site.port, FOR_A_GRADE, "core", {"TLS1_2", "TLS1_3"}))

    def test_the_portal(self):
        self.assert_grade(self.judge(self.site.edge.public, FOR_A_GRADE, "portal", {"TLS1_2", "TLS1_3"}))

    def test_the_intake_before_the_core_gave_it_an_identity(self):
        gateway = Gateway()  # its core is the test, which gives none
        self.addCleanup(gateway.end)
        self.judge(gateway.intake, WITHOUT_HTTP, "intake-at-first", {"TLS1_3"}, ca=gateway.ca)

    def test_the_intake_speaks_tls_1_3_alone(self):
        self.judge(self.site.edge.intake, WITHOUT_HTTP, "intake", {"TLS1_3"}, OF_A_NAMED_SERVER)

    def test_no_answer_of_the_api_is_compressed(self):
        for path in ("/api/v1/messages", "/api/v1/edges", "/api/v1/settings"):
            with self.subTest(path):
                headers = {"Accept-Encoding": "gzip, deflate, br", "Authorization": f"Bearer {self.site.token}"}
                connection = http.client.HTTPSConnection("127.0.0.1", self.site.port, timeout=60,
                                                         context=ssl.create_default_context(cafile=str(self.site.ca)))
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                self.assertTrue(answer.read().startswith(b"{"))
                self.assertIsNone(answer.getheader("Content-Encoding"))


class Exemptions(unittest.TestCase):
    def test_an_exemption_covers_its_reason_alone(self):
        no_responder = {"id": "cert_revocation", "severity": "HIGH", "finding": "Neither CRL nor OCSP URI provided"}
        revoked = {"id": "cert_revocation", "severity": "CRITICAL", "finding": "revoked"}
        weak = {"id": "cipher_order", "severity": "HIGH", "finding": "NOT a cipher order configured"}

        self.assertEqual(to_mend([no_responder]), [])
        self.assertEqual(len(to_mend([no_responder, revoked, weak])), 2)


if __name__ == "__main__":
    unittest.main()

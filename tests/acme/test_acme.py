"""`sallyport-certs acme` against real programs: pebble as the CA, Knot as the name server, a proxy that makes trouble."""

import datetime
import email.utils
import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import tempfile
import unittest

from cryptography import x509
from harness.programs import ENVIRONMENT, program, run, until
from harness.site import Authority

from front import Front
from knot import KNOTD, Knot
from pebble import BLOCKED, EXTERNAL, PEBBLE, Names, Pebble

for needed, package in ((PEBBLE, "pebble"), (KNOTD, "knot")):
    if not pathlib.Path(needed).exists():
        raise unittest.SkipTest(f"{needed} is not installed: apt-get install {package}")


def moment(**ahead):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")


class AcmeCase(unittest.TestCase):
    """A name server for the class; each test has its own folder and starts the CA it wants."""

    @classmethod
    def setUpClass(cls):
        cls.ground = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-acme-"))
        cls.addClassCleanup(shutil.rmtree, cls.ground, ignore_errors=True)
        cls.authority = Authority(cls.ground)
        cls.knot = Knot(cls.ground)
        cls.addClassCleanup(cls.knot.end)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.ground))
        self.out = self.folder / "site"

    def pebble(self, **how):
        ca = Pebble(self.folder, self.authority, how.pop("dns", self.knot.port), **how)
        self.addCleanup(ca.end)
        return ca

    def front(self, ca):
        front = Front(ca, self.folder / "pebble.crt", self.folder / "pebble.key")
        self.addCleanup(front.end)
        return front

    def acme(self, *arguments, code=0):
        done = run("sallyport-certs", "acme", *arguments, check=False)
        self.assertEqual(done.returncode, code, done.out + done.err)
        return done

    def issue(self, ca, *more, directory=None, code=0, names=("www.example.test",), way=None):
        way = way or ("--http-01", f"listen=127.0.0.1:{ca.http_port}")
        domains = [part for name in names for part in ("--domain", name)]
        return self.acme("issue", "--directory", directory or ca.directory, "--ca", ca.ca, "--agree-terms", "--out", self.out,
                         *domains, *way, *more, code=code)

    def leaf(self):
        return x509.load_pem_x509_certificate((self.out / "live/tls.crt").read_bytes())

    def names(self):
        found = self.leaf().extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return sorted(found.get_values_for_type(x509.DNSName))

    def dns_01(self, *more):
        return "--dns-01", ",".join([f"rfc2136=127.0.0.1:{self.knot.port}", f"key-file={self.knot.key_file}", *more])


class Issuing(AcmeCase):
    def test_http_01_with_every_nonce_in_two_rejected(self):
        ca = self.pebble(nonce_reject=50)

        done = self.issue(ca, names=("www.example.test", "mail.example.test"))

        self.assertEqual(self.names(), ["mail.example.test", "www.example.test"])
        self.assertIn("next: ", done.err)
        self.assertEqual(stat.S_IMODE((self.out / "live/tls.key").stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE((self.out / "account/account.key").stat().st_mode), 0o600)
        self.assertFalse((self.out / "order.json").exists())
        self.assertFalse((self.out / "order.key").exists())
        (self.folder / "root.pem").write_text(ca.root())
        chain = self.out / "live/tls.crt"
        subprocess.run(["openssl", "verify", "-x509_strict", "-CAfile", self.folder / "root.pem", "-untrusted", chain, chain],
                       check=True, capture_output=True)

    def test_wildcard_and_apex_by_dynamic_update_in_one_order(self):
        ca = self.pebble(strict=True)

        self.issue(ca, names=("*.example.test", "example.test"), way=self.dns_01(f"seen-by=127.0.0.1:{self.knot.port}"))

        self.assertEqual(self.names(), ["*.example.test", "example.test"])
        self.assertRegex(self.knot.program.said(), r"DDNS, finished")

    def test_http_01_for_names_and_dns_01_for_the_wildcard(self):
        ca = self.pebble()

        self.issue(ca, *self.dns_01("zone=example.test"), names=("*.example.test", "other.test"), code=3)
        self.issue(ca, *self.dns_01("zone=example.test"), names=("*.example.test", "www.example.test"))

        self.assertEqual(self.names(), ["*.example.test", "www.example.test"])

    def test_name_server_that_refuses_says_why(self):
        ca = self.pebble()
        wrong = self.issue(ca, code=4, way=("--dns-01", f"rfc2136=127.0.0.1:{self.knot.port},key-file={self.knot.wrong_key_file}"))
        strange = self.issue(ca, code=4,
                             way=("--dns-01", f"rfc2136=127.0.0.1:{self.knot.port},key-file={self.knot.strange_key_file}"))
        elsewhere = self.issue(ca, code=3, way=self.dns_01("zone=other.test"))

        self.assertIn("bad signature (16)", wrong.err)
        self.assertIn("unknown key (17)", strange.err)
        self.assertRegex(elsewhere.err, r"not authoritative \(9\)|not in the zone \(10\)|refused \(5\)")

    def test_hook_in_the_form_of_lego(self):
        names = Names(self.folder)
        self.addCleanup(names.end)
        ca = self.pebble(dns=names.dns)
        hook = names.hook(self.folder / "hook")

        self.issue(ca, names=("*.example.test",), way=("--dns-01", f"hook={hook}"))

        calls = [line.split() for line in pathlib.Path(f"{hook}.calls").read_text().splitlines()]
        self.assertEqual([call[0] for call in calls], ["present", "cleanup"])
        self.assertEqual({call[1] for call in calls}, {"_acme-challenge.example.test."})
        self.assertEqual(calls[0][2], calls[1][2])

    def test_hook_that_fails_ends_the_run(self):
        ca = self.pebble()
        hook = self.folder / "hook"
        hook.write_text("#!/bin/sh\necho no >&2\nexit 7\n")
        hook.chmod(0o755)

        done = self.issue(ca, way=("--http-01", f"hook={hook}"), code=3)

        self.assertIn("ended with 7", done.err)

    def test_webroot(self):
        ca = self.pebble()
        root = self.folder / "root"
        server = subprocess.Popen(["/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", root,
                                   str(ca.http_port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        root.mkdir()

        self.issue(ca, way=("--http-01", f"webroot={root}"))

        self.assertEqual(list((root / ".well-known/acme-challenge").iterdir()), [])

    def test_external_account(self):
        ca = self.pebble(external=True, strict=True)
        key = self.folder / "eab"
        key.write_text(EXTERNAL[1] + "\n")
        key.chmod(0o600)
        wrong = self.folder / "wrong"
        wrong.write_text("AAAA" + EXTERNAL[1][4:])
        wrong.chmod(0o600)

        without = self.issue(ca, code=2)
        refused = self.issue(ca, "--eab-kid", EXTERNAL[0], "--eab-key-file", wrong, code=4)
        self.issue(ca, "--eab-kid", EXTERNAL[0], "--eab-key-file", key)

        self.assertIn("--eab-kid", without.err)
        self.assertIn("the CA says", refused.err)

    def test_alternate_chain(self):
        ca = self.pebble(alternates=2)
        root = x509.load_pem_x509_certificate(ca.root(1).encode())
        name = root.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value

        self.issue(ca, "--preferred-root", name)

        last = x509.load_pem_x509_certificate(b"-----BEGIN" + (self.out / "live/tls.crt").read_bytes().rpartition(b"-----BEGIN")[2])
        self.assertEqual(last.issuer, root.subject)

    def test_refusals_in_the_words_of_the_ca(self):
        ca = self.pebble()

        blocked = self.issue(ca, names=(BLOCKED,), code=4)
        unanswered = self.issue(ca, way=("--http-01", f"webroot={self.folder}"), code=3)
        silent = self.issue(ca, names=("*.example.test",), code=2)

        self.assertIn("rejectedIdentifier", blocked.err)
        self.assertIn(BLOCKED, blocked.err)
        self.assertRegex(unanswered.err, r"could not verify www\.example\.test by http-01: the CA says .*(connection|refused)")
        self.assertIn("--dns-01", silent.err)
        self.assertFalse((self.out / "live").exists())

    def test_address_by_http_01(self):
        ca = self.pebble()

        self.acme("issue", "--directory", ca.directory, "--ca", ca.ca, "--agree-terms", "--out", self.out, "--url",
                  "https://127.0.0.1:8443/", "--http-01", f"listen=127.0.0.1:{ca.http_port}")

        found = self.leaf().extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        self.assertEqual([str(one) for one in found.get_values_for_type(x509.IPAddress)], ["127.0.0.1"])

    def test_profiles(self):
        ca = self.pebble()
        front = self.front(ca)
        front.profiles = {"classic": "as ever", "shortlived": "six days"}

        unknown = self.issue(ca, "--profile", "longlived", directory=front.directory, code=2)
        self.issue(ca, "--profile", "shortlived", directory=front.directory)

        self.assertIn("classic, shortlived", unknown.err)
        self.assertEqual([order.get("profile") for order in front.orders], ["shortlived"])

    def test_terms_and_trust(self):
        ca = self.pebble()
        base = ("issue", "--directory", ca.directory, "--out", self.out, "--domain", "www.example.test", "--http-01",
                f"listen=127.0.0.1:{ca.http_port}")

        distrusted = self.acme(*base, "--agree-terms", code=4)
        disagreed = self.acme(*base, "--ca", ca.ca, code=2)

        self.assertIn("--ca", distrusted.err)
        self.assertIn("--agree-terms", disagreed.err)


class Trouble(AcmeCase):
    def test_ca_that_is_away_for_a_while(self):
        ca = self.pebble()
        front = self.front(ca)
        away = (503, {}, b"<html>back soon</html>")
        front.answers = {"/dir": [away], "/order-plz": [away, (500, {}, {"detail": "oops"})], "/finalize-order": [away]}

        self.issue(ca, directory=front.directory)

        self.assertEqual(self.names(), ["www.example.test"])
        self.assertEqual([len(left) for left in front.answers.values()], [0, 0, 0])

    def test_rate_limits_short_and_long(self):
        ca = self.pebble()
        front = self.front(ca)
        problem = {"type": "urn:ietf:params:acme:error:rateLimited", "detail": "too many orders, slow down"}
        date = email.utils.formatdate(usegmt=True)
        front.answers = {"/order-plz": [(429, {"Retry-After": "1"}, problem), (429, {"Retry-After": date}, problem),
                                        (429, {"Retry-After": "86400"}, problem)]}

        limited = self.issue(ca, directory=front.directory, code=3)
        self.issue(ca, directory=front.directory)

        self.assertIn('the CA says "too many orders, slow down" (rateLimited); come back after ' + moment(days=1)[:10], limited.err)

    def killed_while(self, ca, front, held):
        """A run that is killed while the CA's answer to `held` is on its way."""
        front.hold = held
        running = subprocess.Popen(
            [program("sallyport-certs"), "acme", "issue", "--directory", front.directory, "--ca", ca.ca, "--agree-terms", "--out",
             self.out, "--domain", "www.example.test", "--http-01", f"listen=127.0.0.1:{ca.http_port}"],
            env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(front.held.wait(60))
        running.send_signal(signal.SIGKILL)
        running.wait()
        front.hold = None
        front.release.set()

    def test_killed_and_gone_on_with(self):
        for held in ("/authZ/", "/chalZ/", "/finalize-order/", "/certZ/"):
            with self.subTest(held):
                self.out = self.folder / held.strip("/")
                ca = self.pebble(name=held.strip("/"))
                (self.folder / "pebble.crt").write_bytes((self.folder / f"{held.strip('/')}.crt").read_bytes())
                (self.folder / "pebble.key").write_bytes((self.folder / f"{held.strip('/')}.key").read_bytes())
                front = self.front(ca)
                self.killed_while(ca, front, held)
                order = json.loads((self.out / "order.json").read_text())

                self.issue(ca, directory=front.directory)

                # A CA that looks while nobody answers refuses the order: then, and only then, there is another.
                self.assertLessEqual(len(front.orders), 2 if held == "/chalZ/" else 1)
                self.assertTrue(order["url"])
                self.assertEqual(self.names(), ["www.example.test"])
                self.assertFalse((self.out / "order.json").exists())

    def test_two_runs_do_not_meet(self):
        ca = self.pebble()
        front = self.front(ca)
        front.hold = "/order-plz"
        first = subprocess.Popen(
            [program("sallyport-certs"), "acme", "issue", "--directory", front.directory, "--ca", ca.ca, "--agree-terms", "--out",
             self.out, "--domain", "www.example.test", "--http-01", f"listen=127.0.0.1:{ca.http_port}"],
            env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(front.held.wait(60))

        second = self.issue(ca, directory=front.directory, code=3)
        front.release.set()

        self.assertIn("another run is at work", second.err)
        self.assertEqual(first.wait(60), 0)


class Renewing(AcmeCase):
    def renew(self, *more, code=0):
        done = self.acme("renew", "--out", self.out, "--json", *more, code=code)
        return json.loads(done.out) if done.out else {}

    def test_by_its_life(self):
        ca = self.pebble(validity=8)
        self.issue(ca)
        first = self.leaf().serial_number

        until(lambda: run("sallyport-certs", "acme", "renew", "--out", self.out, "--dry-run", check=False).returncode == 0,
              seconds=60, what="the certificate to be due", every=0.5)
        renewed = self.renew()

        self.assertTrue(renewed["renewed"])
        self.assertNotEqual(self.leaf().serial_number, first)

    def test_not_due_forced_key_kept_and_previous_kept(self):
        ca = self.pebble()
        self.issue(ca, "--reuse-key")
        first, key = self.leaf(), (self.out / "live/tls.key").read_bytes()

        not_due = self.renew(code=1)
        forced = self.renew("--force")
        again = self.renew("--force")

        self.assertFalse(not_due["renewed"])
        self.assertIn("by its life", not_due["reason"])
        self.assertTrue(forced["renewed"] and again["renewed"])
        self.assertEqual((self.out / "live/tls.key").read_bytes(), key)
        self.assertNotEqual(self.leaf().serial_number, first.serial_number)
        self.assertTrue((self.out / "live/previous/tls.crt").exists())
        self.assertEqual(sorted(one.name for one in self.out.iterdir() if one.name.isdigit()), ["2", "3"])
        latest = self.leaf().serial_number
        run("sallyport-certs", "rollback", self.out / "live")
        self.assertNotEqual(self.leaf().serial_number, latest)

    def test_new_key_each_time(self):
        ca = self.pebble()
        self.issue(ca)
        key = (self.out / "live/tls.key").read_bytes()

        self.renew("--force")

        self.assertNotEqual((self.out / "live/tls.key").read_bytes(), key)

    def test_by_the_ca_s_advice(self):
        ca = self.pebble()
        front = self.front(ca)
        front.window, front.retry_after = (moment(days=3), moment(days=4)), "3600"
        self.issue(ca, directory=front.directory)

        first = self.renew(code=1)
        second = self.renew(code=1)
        asked = len(front.asked)
        front.window = (moment(days=-2), moment(days=-1))
        (self.out / "renewal.json").unlink()
        due = self.renew()

        self.assertIn("the CA suggests", first["reason"])
        self.assertEqual(first["due_at"], second["due_at"], "the point that was chosen stays")
        self.assertEqual(asked, 1, "Retry-After holds")
        self.assertTrue(due["renewed"])
        self.assertNotIn("replaces", front.orders[0])
        self.assertEqual(front.orders[1]["replaces"], front.asked[0])

    def test_already_replaced_is_ordered_all_the_same(self):
        ca = self.pebble()
        front = self.front(ca)
        front.window = (moment(days=-2), moment(days=-1))
        self.issue(ca, directory=front.directory)
        front.already_replaced = True

        self.assertTrue(self.renew()["renewed"])

        self.assertEqual(["replaces" in order for order in front.orders], [False, True, False])

    def test_failures_wait_but_not_for_force(self):
        ca = self.pebble()
        front = self.front(ca)
        front.window = (moment(days=-2), moment(days=-1))
        self.issue(ca, directory=front.directory)
        kept = self.leaf().serial_number
        problem = {"type": "urn:ietf:params:acme:error:rateLimited", "detail": "not today"}
        front.answers = {"/order-plz": [(429, {"Retry-After": "86400"}, problem)]}

        self.acme("renew", "--out", self.out, code=3)
        waiting = self.renew(code=1)
        served = self.leaf().serial_number
        forced = self.renew("--force")

        self.assertEqual(served, kept)
        self.assertIn("attempts failed", waiting["reason"])
        self.assertTrue(forced["renewed"])

    def test_revoked_and_renewed(self):
        ca = self.pebble()
        self.issue(ca)

        self.acme("revoke", "--out", self.out, "--reason", "4")
        self.acme("revoke", "--out", self.out)
        renewed = self.renew()

        self.assertTrue(renewed["renewed"])
        self.assertIn("revoked", renewed["reason"])

    def test_account_key_is_changed_also_when_killed_half_way(self):
        ca = self.pebble()
        self.issue(ca)
        account = self.out / "account"
        before = (account / "account.key").read_bytes()

        self.acme("account-key", "--out", self.out)
        changed = (account / "account.key").read_bytes()
        self.renew("--force")
        # As after a kill between the CA's yes and the rename: the new key lies beside, the old one in its place.
        (account / "next").mkdir()
        (account / "next/account.key").write_bytes(changed)
        os.chmod(account / "next/account.key", 0o600)
        (account / "account.key").write_bytes(before)
        self.renew("--force")

        self.assertNotEqual(changed, before)
        self.assertEqual((account / "account.key").read_bytes(), changed)
        self.assertFalse((account / "next").exists())

    def test_clock_that_is_wrong_does_no_harm_and_is_told(self):
        ca = self.pebble()
        self.issue(ca)
        behind = ["/usr/bin/faketime", "-f", "-30m"]  # more, and the test authority would not be valid yet

        done = run("sallyport-certs", "acme", "renew", "--force", "--out", self.out, check=False, prefix=behind,
                   environment={"ASAN_OPTIONS": ENVIRONMENT["ASAN_OPTIONS"] + ":verify_asan_link_order=0"})

        self.assertEqual(done.returncode, 0, done.err)
        self.assertRegex(done.err, r"clock is (29|30) minutes behind the CA's")

    def test_nothing_there_says_what_to_do(self):
        done = self.acme("renew", "--out", self.out, code=3)

        self.assertIn("sallyport-certs acme issue", done.err)


if __name__ == "__main__":
    unittest.main()

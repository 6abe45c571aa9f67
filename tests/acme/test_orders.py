"""Certificates that the core orders for its edges: the real core, two real edges, pebble as the CA."""

import datetime
import email.header
import pathlib
import shutil
import socket
import ssl
import tempfile
import unittest

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from harness.api import Problem
from harness.programs import free_ports, until
from harness.site import Edge, Site, text_of

from front import Front
from knot import KNOTD, Knot
from pebble import BLOCKED, EXTERNAL, PEBBLE, Names, Pebble
from spread import Spread

for needed, package in ((PEBBLE, "pebble"), (KNOTD, "knot")):
    if not pathlib.Path(needed).exists():
        raise unittest.SkipTest(f"{needed} is not installed: apt-get install {package}")

NAME = "portal.example.test"
SITES = ("dmz-a", "dmz-b")


class OrderedCase(unittest.TestCase):
    """A core with two edges behind one name, and a name server; each test starts the CA it wants."""

    @classmethod
    def setUpClass(cls):
        cls.ground = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-orders-"))
        cls.addClassCleanup(shutil.rmtree, cls.ground, ignore_errors=True)
        cls.knot = Knot(cls.ground)
        cls.addClassCleanup(cls.knot.end)
        cls.site = Site().__enter__()
        cls.addClassCleanup(cls.site.end)
        cls.edges = [cls.add_edge(name) for name in SITES]

    @classmethod
    def add_edge(cls, name):
        edge = Edge(cls.site.folder, cls.site.authority, name, public_url=f"https://{NAME}")
        cls.site.authority.issue("edge", edge.folder, NAME, "--force")
        edge.plain, = free_ports(1)
        edge.write_config(public=f'http = "127.0.0.1:{edge.plain}"')
        return cls.site.add_edge(edge)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.ground))
        self.api = self.site.api

    def pebble(self, **how):
        ca = Pebble(self.folder, self.site.authority, **{"dns": self.knot.port, **how})
        self.addCleanup(ca.end)
        self.spread = Spread(ca.http_port, [edge.plain for edge in self.edges])
        self.addCleanup(self.spread.end)
        return ca

    def front(self, ca):
        front = Front(ca, self.folder / "pebble.crt", self.folder / "pebble.key")
        self.addCleanup(front.end)
        return front

    def order(self, ca, **more):
        made = self.api.post("/certificate-orders", {"names": [NAME], "directory": ca.directory,
                                                     "ca_roots": self.site.ca.read_text(), "terms_agreed": True, **more})
        self.addCleanup(self.api.raw, "DELETE", f"/certificate-orders/{made['id']}")
        return made["id"]

    def show(self, id):
        return self.api.get(f"/certificate-orders/{id}")

    def wait(self, id, state, seconds=90):
        def reached():
            order = self.show(id)
            if order["state"] == "failed" != state:
                self.fail(str([one["problem"] for one in order["certificates"]]))
            return order if order["state"] == state else None
        return until(reached, seconds, f"the order to be {state}", every=0.2)

    def shown(self, edge):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", edge.public)) as raw, context.wrap_socket(raw) as tls:
            return x509.load_der_x509_certificate(tls.getpeercert(binary_form=True))

    def trusted(self, edge, ca):
        """A browser that trusts the CA's root alone."""
        context = ssl.create_default_context(cadata=ca.root())
        with socket.create_connection(("127.0.0.1", edge.public)) as raw, context.wrap_socket(raw, server_hostname=NAME) as tls:
            return tls.version()


def moment(**ahead):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")


def subject_of(mail):
    return str(email.header.make_header(email.header.decode_header(mail["Subject"])))


def about_renewal(mail):
    return "could not be renewed" in subject_of(mail)


def names_of(certificate):
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)


def key_of(certificate):
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


class Ordering(OrderedCase):
    def test_http_01_through_one_edge(self):
        ca = self.pebble()
        order = self.order(ca, edges=["dmz-a"], contact="ops@example.test")
        done = self.wait(order, "installed")

        shown = self.shown(self.edges[0])
        self.assertEqual(names_of(shown), [NAME])
        self.assertTrue(self.trusted(self.edges[0], ca))
        leaf, = done["certificates"]
        self.assertEqual(leaf["edge"]["name"], "dmz-a")
        self.assertIn("Pebble", leaf["issuer"])
        self.assertEqual((leaf["problem"], leaf["failures"]), ("", 0))
        self.assertIsNotNone(leaf["installed_at"])
        until(lambda: self.show(order)["certificates"][0]["next"], 20, "the next renewal to be known")
        codes = [one["code"] for one in self.api.get("/audit")["items"]]
        self.assertIn("settings.changed", codes)
        self.assertIn("certificate.replaced", codes)

    def test_two_edges_each_with_a_key_of_its_own_while_half_of_the_nonces_are_rejected(self):
        ca = self.pebble(nonce_reject=50)

        order = self.order(ca)
        done = self.wait(order, "installed")

        shown = [self.shown(edge) for edge in self.edges]
        self.assertEqual([names_of(one) for one in shown], [[NAME], [NAME]])
        self.assertNotEqual(key_of(shown[0]), key_of(shown[1]))
        for edge in self.edges:
            self.trusted(edge, ca)
        self.assertEqual(sorted(one["edge"]["name"] for one in done["certificates"]), list(SITES))
        self.assertEqual(set(self.spread.met), {edge.plain for edge in self.edges}, "the CA met both edges")

    def test_what_fails_is_told_in_the_ca_s_words_and_tried_again(self):
        ca = self.pebble()
        before = self.shown(self.edges[0])
        self.spread.broken = True

        order = self.order(ca, edges=["dmz-a"])
        failed = self.wait(order, "failed")
        after = self.shown(self.edges[0])
        self.spread.broken = False
        self.api.post(f"/certificate-orders/{order}/retry")
        leaf, = failed["certificates"]

        self.assertRegex(leaf["problem"], rf"could not verify {NAME} by http-01: the CA says \".+\" \(\w+\)")
        self.assertEqual(leaf["failures"], 1)
        self.assertGreater(leaf["next"], leaf["since"])
        self.assertEqual(after, before)
        self.assertEqual(self.wait(order, "installed")["certificates"][0]["failures"], 0)
        self.assertNotEqual(self.shown(self.edges[0]), before)

    def test_what_the_ca_refuses_at_once_is_told(self):
        ca = self.pebble()

        order = self.order(ca, names=[NAME, BLOCKED], edges=["dmz-a"])

        self.assertIn("(rejectedIdentifier)", self.wait(order, "failed")["certificates"][0]["problem"])

    def test_a_ca_that_is_busy_is_left_alone_as_long_as_it_says(self):
        ca = self.pebble()
        front = self.front(ca)
        front.answers = {"/order-plz": [(429, {"Retry-After": "86400"},
                                         {"type": "urn:ietf:params:acme:error:rateLimited", "detail": "not today"})]}

        order = self.order(front, edges=["dmz-a"])
        leaf, = self.wait(order, "failed")["certificates"]

        self.assertIn("not today", leaf["problem"])
        wait = datetime.datetime.fromisoformat(leaf["next"]) - datetime.datetime.fromisoformat(leaf["since"])
        self.assertGreater(wait, datetime.timedelta(hours=23))

    def test_renewed_by_its_life_with_a_new_key(self):
        ca = self.pebble(validity=90)

        order = self.order(ca, edges=["dmz-a"])
        self.wait(order, "installed")
        first = self.shown(self.edges[0])
        until(lambda: self.shown(self.edges[0]).serial_number != first.serial_number, 90, "the renewal", every=0.5)

        self.assertNotEqual(key_of(self.shown(self.edges[0])), key_of(first))

    def test_renewed_by_the_ca_s_advice_naming_what_it_replaces(self):
        ca = self.pebble()
        front = self.front(ca)
        front.window = (moment(days=3), moment(days=4))

        order = self.order(front, edges=["dmz-a"])
        self.wait(order, "installed")
        until(lambda: self.show(order)["certificates"][0]["next"], 20, "the advice")
        advised = self.show(order)["certificates"][0]["next"]
        self.api.post(f"/certificate-orders/{order}/renew")
        until(lambda: len(front.orders) == 2, 60, "the renewal")
        self.wait(order, "installed")

        self.assertTrue(moment(days=3) < advised < moment(days=4, minutes=1), advised)
        self.assertNotIn("replaces", front.orders[0])
        self.assertEqual(front.orders[1]["replaces"], front.asked[0])

    def test_a_failed_renewal_is_mailed_once(self):
        ca = self.pebble()
        order = self.order(ca, edges=["dmz-b"])
        self.wait(order, "installed")
        self.spread.broken = True

        self.api.post(f"/certificate-orders/{order}/renew")
        self.wait(order, "failed")
        mail = self.site.wait_mail(about_renewal)
        self.api.post(f"/certificate-orders/{order}/retry")
        until(lambda: self.show(order)["certificates"][0]["failures"] == 2, 90, "the second failure")

        self.assertIn("dmz-b", subject_of(mail))
        self.assertIn(f"could not verify {NAME}", text_of(mail))
        self.assertEqual(len([one for one in self.site.mails() if about_renewal(one)]), 1)

    def test_killed_anywhere_and_gone_on_with(self):
        for held in ("/order-plz", "/chalZ/", "/finalize-order/", "/certZ/"):
            with self.subTest(held):
                self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.ground))
                ca = self.pebble()
                front = self.front(ca)
                front.hold = held
                order = self.order(front, edges=["dmz-a"])
                self.assertTrue(front.held.wait(60))
                before = self.shown(self.edges[0])

                self.site.core.kill()
                front.hold = None
                front.release.set()
                self.site.start_core()
                self.wait(order, "installed")

                self.assertNotEqual(self.shown(self.edges[0]), before)
                # One that was made and not yet written down is made again; so is one that a CA refused meanwhile.
                self.assertLessEqual(len(front.orders), 2 if held in ("/order-plz", "/chalZ/") else 1)
                self.api.delete(f"/certificate-orders/{order}")
                front.end()
                ca.end()
                self.spread.end()

    def test_a_wildcard_by_dynamic_update(self):
        ca = self.pebble()

        order = self.order(ca, names=["*.example.test"], challenge="dns-01", name_server=f"127.0.0.1:{self.knot.port}",
                           dns_key=self.knot.key_file.read_text())
        self.wait(order, "installed")

        self.assertEqual([names_of(self.shown(edge)) for edge in self.edges], [["*.example.test"]] * 2)
        self.assertNotIn("secret", str(self.show(order)))

    def hooks(self):
        folder = self.site.folder / "hooks"  # beside root.key
        folder.mkdir(exist_ok=True)
        return folder

    def test_a_wildcard_by_a_program_of_the_administrator(self):
        names = Names(self.folder)
        self.addCleanup(names.end)
        ca = self.pebble(dns=names.dns)
        hook = names.hook(self.hooks() / "dns")

        order = self.order(ca, names=["*.example.test"], edges=["dmz-a"], challenge="dns-01", hook="dns")
        self.wait(order, "installed")

        self.assertEqual(names_of(self.shown(self.edges[0])), ["*.example.test"])
        calls = [line.split() for line in pathlib.Path(f"{hook}.calls").read_text().splitlines()]
        self.assertEqual([call[:2] for call in calls],
                         [["present", "_acme-challenge.example.test."], ["cleanup", "_acme-challenge.example.test."]])

    def test_a_program_that_fails_or_is_not_there_is_told(self):
        ca = self.pebble()
        failing = self.hooks() / "failing"
        failing.write_text("#!/bin/sh\necho no such zone >&2\nexit 7\n")
        failing.chmod(0o755)

        for hook, said in (("failing", "ended with 7"), ("missing", "missing")):
            with self.subTest(hook):
                order = self.order(ca, names=["*.example.test"], edges=["dmz-a"], challenge="dns-01", hook=hook)
                self.assertIn(said, self.wait(order, "failed")["certificates"][0]["problem"])
        with self.assertRaises(Problem) as refused:
            self.order(ca, names=["*.example.test"], edges=["dmz-a"], challenge="dns-01", hook="../../bin/sh")
        self.assertEqual([one["field"] for one in refused.exception.json["errors"]], ["hook"])

    def test_an_external_account(self):
        ca = self.pebble(external=True)
        id, key = EXTERNAL

        without = self.order(ca, edges=["dmz-a"], contact="nobody@example.test")
        self.assertIn("external account", self.wait(without, "failed")["certificates"][0]["problem"])
        order = self.order(ca, edges=["dmz-a"], external_id=id, external_key=key)

        self.wait(order, "installed")

    def test_bad_orders_are_refused_with_the_member(self):
        for member, order in (("names", {"names": ["elsewhere.test"]}), ("names", {"names": ["*.example.test"]}),
                              ("edges", {"edges": ["nowhere"]}), ("directory", {"directory": "http://127.0.0.1/dir"}),
                              ("ca_roots", {"ca_roots": "no PEM"}), ("terms_agreed", {"terms_agreed": False})):
            with self.subTest(member), self.assertRaises(Problem) as refused:
                self.api.post("/certificate-orders", {"names": [NAME], "directory": "https://127.0.0.1/dir",
                                                      "terms_agreed": True, **order})
            self.assertEqual([one["field"] for one in refused.exception.json["errors"]], [member])

    def test_the_command_line(self):
        ca = self.pebble()

        self.site.cli("certificates", "order", "--name", NAME, "--site", "dmz-a", "--directory", ca.directory, "--ca-roots",
                      self.site.ca, "--agree-terms")
        order = self.api.get("/certificate-orders")["items"][-1]["id"]
        self.wait(order, "installed")

        self.assertIn("installed", self.site.cli("certificates", "orders").out)
        self.assertIn("portal", self.site.cli("certificates").out)
        self.assertEqual(self.site.cli("certificates", "retry", order, check=False).returncode, 3)
        self.site.cli("certificates", "renew", order)
        self.wait(order, "installed")
        self.site.cli("certificates", "cancel", order)
        self.assertNotIn(order, [one["id"] for one in self.api.get("/certificate-orders")["items"]])


if __name__ == "__main__":
    unittest.main()

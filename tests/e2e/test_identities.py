"""The edge's identity on the link: signed by the core, renewed over the link, with real programs; and its authority replaced."""

import json
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from harness.case import SiteCase
from harness.programs import run, until
from harness.site import Edge

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def shown(edge):
    """The certificate of an edge's intake, DER."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(socket.create_connection(("127.0.0.1", edge.intake), 30)) as connection:
        return connection.getpeercert(binary_form=True)


def text_of(der):
    return subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-text"], input=der, check=True, capture_output=True).stdout.decode()


class IdentityCase(SiteCase):
    def core(self, *arguments, **how):
        return run("sallyport-core", *arguments, "--config", self.site.config, **how)

    def state(self):
        return json.loads(self.core("link-authority", "--json").out)

    def identity(self, edge):
        return next(one for one in self.state()["edges"] if one["id"] == edge.id)

    def codes(self, code):
        return [entry["code"] for entry in self.site.api.get("/audit?code=" + code)["items"]]

    def wait_identity(self, edge, authority, seconds=90):
        until(lambda: self.identity(edge)["authority"] == authority, seconds, f"an identity of authority {authority}", 0.3)

    def works(self, edge):
        until(lambda: self.site.edge_state(edge)["light"] == "green", 60, "a green light")
        made = self.site.send("over the link", site=edge.name)
        self.assertEqual(self.site.recipient(made["url"]).reveal()[0], 200)
        self.site.wait_state(made["id"], "destroyed", seconds=60)


class Identities(IdentityCase):
    options = {"mail": False}

    def test_an_enrolled_edge_gets_an_identity_and_keeps_it_over_restarts(self):
        edge = self.site.edge
        self.wait_identity(edge, 1)
        first = shown(edge)
        told = text_of(first)
        self.assertIn(f"URI:sallyport://link/edge/{edge.id}", told)
        own = subprocess.run(["openssl", "x509", "-in", edge.folder / "intake.crt", "-outform", "DER"], check=True, capture_output=True)
        self.assertNotEqual(first, own.stdout)
        self.works(edge)
        listed = until(lambda: next((one for one in self.site.api.get("/certificates")["items"] if one["place"] == "intake"
                                     and one["renewed_by"] == "Sallyport"), None), 90, "the list to show it")
        self.assertEqual((listed["days_left"], listed["light"]), (29, "green"))

        for step in (edge.program.restart, self.site.core.restart, edge.program.kill, self.site.core.kill):
            step()
            for program in (edge.program, self.site.core):
                if not program.running:
                    program.start()
            self.works(edge)
            self.assertEqual(shown(edge), first)
        self.assertEqual(self.codes("edge.identity_renewed"), ["edge.identity_renewed"])

    def test_an_edge_that_shows_a_foreign_key_is_not_spoken_to(self):
        edge = self.site.edge
        self.wait_identity(edge, 1)
        live = edge.folder / "data" / "identity" / "live"
        good = {name: (live / name).read_bytes() for name in ("tls.crt", "tls.key")}
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x",
                        "-addext", f"subjectAltName=URI:sallyport://link/edge/{edge.id}", "-days", "20", "-keyout", live / "tls.key",
                        "-out", live / "tls.crt"], check=True, capture_output=True)
        edge.program.restart()

        until(lambda: "key" in self.site.edge_state()["reason"].lower(), 60, "the reason to name the key")

        for name, content in good.items():
            (live / name).write_bytes(content)
        edge.program.restart()
        self.works(edge)


@unittest.skipUnless(os.path.exists(FAKETIME), "libfaketime is not installed")
class Later(IdentityCase):
    """Core and edge at another time, which is the same for both."""

    @classmethod
    def setUpClass(cls):
        handle, cls.clock = tempfile.mkstemp(prefix="sallyport-clock-")
        os.close(handle)
        cls.addClassCleanup(os.unlink, cls.clock)
        cls.turn("+0")
        environment = {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": cls.clock, "FAKETIME_NO_CACHE": "1",
                       "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                       "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0:exitcode=99"}
        cls.options = {"mail": False, "edge_environment": environment,
                       "core_prefix": ["env", *(f"{name}={value}" for name, value in environment.items())]}
        super().setUpClass()

    @classmethod
    def turn(cls, offset):
        pathlib.Path(cls.clock).write_text(offset + "\n")

    def test_it_is_renewed_in_time_and_also_after_its_end(self):
        edge = self.site.edge
        self.wait_identity(edge, 1)
        first, until_first = shown(edge), self.identity(edge)["expires_at"]

        self.turn("+16d")
        until(lambda: self.identity(edge)["expires_at"] > until_first, 150, "the identity to be renewed", 0.5)
        second, until_second = shown(edge), self.identity(edge)["expires_at"]
        self.assertNotEqual(second, first)

        edge.program.stop()
        self.turn("+66d")
        edge.program.start()  # with what ended 20 days ago
        self.assertEqual(shown(edge), second)
        until(lambda: self.identity(edge)["expires_at"] > until_second, 150, "the expired one to be renewed", 0.5)
        self.assertNotEqual(shown(edge), second)
        until(lambda: self.site.edge_state()["light"] == "green", 60, "a green light")

        # Set back to the one before the last: it is known, and replaced.
        edge.program.stop()
        identity = edge.folder / "data" / "identity"
        before = (identity / os.readlink(identity / "live")).name
        older = next(one for one in identity.iterdir() if one.name.isdigit() and one.name != before)
        (identity / "live").unlink()
        (identity / "live").symlink_to(older.name)
        edge.program.start()
        self.assertEqual(shown(edge), second)
        until(lambda: shown(edge) != second, 90, "another one", 0.5)
        until(lambda: self.site.edge_state()["light"] == "green", 60, "a green light")


class Rotation(IdentityCase):
    options = {"mail": False}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.site.edge
        cls.away = cls.site.add_edge(Edge(cls.site.folder, cls.site.authority, "branch"))

    def kill_and_start(self, program, after):
        """As power cuts would, later and later into what it does."""
        for seconds in after:
            time.sleep(seconds)
            program.kill()
            program.start()

    def test_an_authority_gives_way_once_every_edge_has_confirmed_whatever_is_killed_meanwhile(self):
        here, away, core = self.here, self.away, self.site.core
        for edge in (here, away):
            self.wait_identity(edge, 1)
        first = shown(here)

        away.program.kill()
        self.core("link-authority", "--rotate")
        core.kill()
        self.assertEqual(self.state()["authorities"], [1, 2])
        core.start()
        self.kill_and_start(core, (0.05, 0.2, 0.4, 0.8))
        self.kill_and_start(here.program, (0.05, 0.2, 0.4, 0.8))
        self.wait_identity(here, 2)
        self.assertNotEqual(shown(here), first)
        self.kill_and_start(core, (0.1,))
        self.works(here)

        said = self.state()
        self.assertEqual((said["authorities"], said["signs"], said["rotating"], said["waits_for"]), ([1, 2], 2, True, ["branch"]))
        self.assertIn("waits for branch", self.core("link-authority").out)
        again = self.core("link-authority", "--rotate", check=False)
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("it waits for: branch", again.err)
        self.assertEqual(self.codes("authority.retired"), [])

        away.program.start()
        self.kill_and_start(away.program, (0.05, 0.2, 0.4, 0.8))
        until(lambda: self.state()["authorities"] == [2], 120, "the first authority to be retired", 0.5)
        for edge in (here, away):
            self.works(edge)
        self.assertEqual(len(self.codes("authority.made")), 2)
        self.assertEqual(len(self.codes("authority.retired")), 1)
        self.core("audit", "verify")

        self.core("link-authority", "--rotate")
        self.core("link-authority", "--back")
        until(lambda: self.state()["authorities"] == [4], 120, "the second authority to stay", 0.5)
        for edge in (here, away):
            self.works(edge)


if __name__ == "__main__":
    unittest.main()

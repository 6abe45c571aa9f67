"""Disks, clocks, databases and certificates that fail: each is answered clearly, nothing is lost."""

import contextlib
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from harness.api import Problem
from harness.case import EdgeCase, LoneEdge, SiteCase
from harness.link import Refused
from harness.programs import run, until
from harness.recipient import Message
from harness.site import Site

ROOT_ONLY = unittest.skipUnless(os.geteuid() == 0, "mounting needs root")


@contextlib.contextmanager
def small_disk(mebibytes):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-disk-"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", folder], capture_output=True)
    if mounted.returncode != 0:
        folder.rmdir()
        raise unittest.SkipTest("this machine does not let us mount: " + mounted.stderr.decode().strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


def fill(folder):
    """Takes every byte of the disk; the file that holds them."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    return path


@ROOT_ONLY
class Disks(unittest.TestCase):
    def test_on_a_full_disk_the_edge_claims_and_accepts_nothing_and_goes_on_when_there_is_room(self):
        with small_disk(200) as disk:
            alone = LoneEdge(parent=disk)
            self.addCleanup(alone.end)
            standing = [Message(f"standing {n}") for n in range(100)]
            alone.link.push([m.item for m in standing])
            filler = fill(disk)

            revealed = [m for m in standing if self.try_reveal(alone, m)]
            with self.assertRaises((Refused, AssertionError)):
                for _ in range(20):
                    answer = alone.link.push([Message("x" * 500_000).item])
                    self.assertEqual(answer["refused"], [])
            filler.unlink()

            until(lambda: alone.link.send(None, "/healthz", "GET")[0] == 200, what="the edge to be healthy again")
            for message in standing:
                code, _ = alone.recipient(message).reveal()
                self.assertEqual(code, 404 if message in revealed else 200)
            late = Message("late")
            alone.link.applied = alone.link.hello()["applied"]
            self.assertEqual(alone.link.push([late.item])["refused"], [])
            self.assertEqual(alone.recipient(late).reveal()[0], 200)

    def try_reveal(self, alone, message):
        code, told = alone.recipient(message).reveal()
        self.assertIn(code, (200, 503), told)
        if code == 503:
            self.assertEqual(told["code"], "unavailable")
        return code == 200

    def test_on_a_read_only_disk_the_edge_says_so_and_does_not_serve(self):
        with small_disk(160) as disk:
            alone = LoneEdge(parent=disk)
            self.addCleanup(alone.end)
            alone.edge.program.stop()
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)

            done = run("sallyport-selfdestruct", "serve", "--config", alone.edge.config, check=False, timeout=60)

            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.err + done.out, "(?i)EROFS|read-only")
            self.assertIn("writable", done.err)
            subprocess.run(["mount", "-o", "remount,rw", disk], check=True)

    def test_on_a_full_disk_the_core_refuses_clearly_and_keeps_what_it_has(self):
        with small_disk(250) as disk:
            with Site(parent=disk, mail=False) as site:
                kept = site.send("kept")
                filler = fill(disk)

                with self.assertRaises(Problem) as refused:
                    for _ in range(50):
                        site.api.post("/messages", {"text": "x" * 200_000})
                filler.unlink()

                self.assertEqual((refused.exception.status, refused.exception.json["code"]), (503, "unavailable"))
                self.assertEqual(site.message(kept["id"])["state"], "live")
                self.assertEqual(site.recipient(kept["url"]).reveal()[0], 200)
                site.wait_state(kept["id"], "destroyed")
                site.send("after")


class Clocks(EdgeCase):
    library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"

    def setUp(self):
        if not os.path.exists(self.library):
            self.skipTest("libfaketime is not installed")
        self.clock = tempfile.NamedTemporaryFile("w", delete=False)
        self.addCleanup(os.unlink, self.clock.name)
        self.turn("+0")
        options = {"LD_PRELOAD": self.library, "FAKETIME_TIMESTAMP_FILE": self.clock.name, "FAKETIME_NO_CACHE": "1",
                   "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                   "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0:exitcode=99"}
        self.options = {"environment": options}
        super().setUp()

    def turn(self, offset):
        pathlib.Path(self.clock.name).write_text(offset + "\n")

    def test_an_edge_whose_clock_ran_back_shows_nothing_longer_and_says_so(self):
        message = self.put(life_ms=3_600_000)
        self.turn("+2h")
        self.assertEqual(self.alone.recipient(message).status()[0], 404)
        fresh = self.put(life_ms=8 * 3_600_000)

        self.turn("-5h")

        self.assertEqual(self.alone.recipient(message).status()[0], 404)
        self.assertEqual(self.alone.recipient(fresh).reveal()[0], 200)
        warned = self.link.pull_until(lambda e: e["kind"] == "edge.warning" and e["body"]["code"] == "clock_ran_back")
        self.assertTrue(warned)
        self.edge.program.restart()
        self.assertEqual(self.alone.recipient(message).status()[0], 404)

    def test_the_core_can_see_how_wrong_the_clock_is(self):
        self.turn("+3h")

        skew = self.link.hello()["now"] - time.time() * 1000

        self.assertAlmostEqual(skew / 3_600_000, 3, delta=0.05)


class ExpiredCertificate(SiteCase):
    options = {"mail": False}

    def test_the_light_goes_and_says_why_and_messages_wait(self):
        edge = self.site.edge
        identity = edge.folder / "data" / "identity" / "live"
        until((identity / "tls.crt").exists, 60, "an identity")
        good = (identity / "tls.crt").read_bytes()
        self.write_expired(identity)
        edge.program.restart()

        until(lambda: "certificate" in self.site.edge_state()["reason"].lower(), 40, "the reason to name the certificate")

        self.assertNotEqual(self.site.edge_state()["light"], "green")
        (identity / "tls.crt").write_bytes(good)
        edge.program.restart()
        until(lambda: self.site.edge_state()["light"] == "green", 60, "green again")
        self.site.send("through")

    def write_expired(self, folder):
        subprocess.run(["openssl", "req", "-x509", "-key", folder / "tls.key", "-subj", "/CN=127.0.0.1", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-days", "1", "-out", folder / "tls.crt"],
                       check=True, capture_output=True, env={**os.environ, **self.long_ago()})

    @staticmethod
    def long_ago():
        if not os.path.exists(Clocks.library):
            raise unittest.SkipTest("libfaketime is not installed")
        return {"LD_PRELOAD": Clocks.library, "FAKETIME": "-30d"}


if __name__ == "__main__":
    unittest.main()

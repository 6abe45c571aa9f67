"""Canary strings: what a message holds and what opens it is nowhere but where it belongs."""

import os
import resource
import time
import unittest

from harness.case import SiteCase
from harness.link import unbase64url
from harness.search import Search

TEXT = b"canary-text-3b1f60c2d9"
FILE = b"canary-file-77ac01be54"
FIELD = b"canary-field-5518fd20aa"
PASSPHRASE = b"canary-passphrase-90ce11d8"


class Canaries(SiteCase):
    options = {"embedded": True}

    @classmethod
    def setUpClass(cls):
        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))  # the programs must lower it by themselves
        super().setUpClass()

    def test_they_are_in_no_log_database_or_mail_and_in_no_memory_of_the_edge(self):
        made = self.run_once("guest@example.test")
        secret = made["url"].partition("#")[2]
        invite = self.site.wait_mail(lambda m: m["X-Envelope-To"] == "guest@example.test")
        self.assertIn(secret.encode(), invite.as_bytes() + quoted_unwrapped(invite))
        search = Search(text=TEXT, file=FILE, field=FIELD, passphrase=PASSPHRASE, link=secret.encode(), raw_link=unbase64url(secret))

        found = search.in_tree(self.site.folder)

        invites = {path for path, names in found.items() if "/mail/" in path and names <= {"link", "raw_link"}}
        self.assertEqual({path: names for path, names in found.items() if path not in invites}, {})
        self.assertLessEqual(len(invites), 1)
        if os.geteuid() == 0:
            for edge in self.site.edges.values():
                self.assertEqual(search.in_process(edge.program.pid), set(), edge.name)

    @unittest.skipUnless(os.geteuid() == 0, "reading another process's memory needs root")
    def test_the_core_forgets_them_once_the_mail_is_out(self):
        if b"libasan" in open(f"/proc/{self.site.core.pid}/maps", "rb").read():
            self.skipTest("AddressSanitizer keeps what was freed; set SALLYPORT_BIN to a release build")
        made = self.run_once("other@example.test")
        self.site.wait_mail(lambda m: m["X-Envelope-To"] == "other@example.test")
        secret = made["url"].partition("#")[2]
        search = Search(text=TEXT, file=FILE, field=FIELD, passphrase=PASSPHRASE, link=secret.encode(), raw_link=unbase64url(secret))
        for _ in range(20):
            self.site.api.get("/messages")

        left, end = search.in_process(self.site.core.pid), time.monotonic() + 5
        while left and time.monotonic() < end:
            time.sleep(0.5)
            left = search.in_process(self.site.core.pid)

        self.assertEqual(left, set())

    def run_once(self, to):
        upload = self.site.api.upload("canary.txt", FILE * 3000, "text/plain")
        made = self.site.send(TEXT.decode(), files=[upload], passphrase=PASSPHRASE.decode(), to=to, views=2,
                              fields=[{"name": "login", "value": FIELD.decode(), "secret": True}])
        wrong, right = self.site.recipient(made["url"], "not it"), self.site.recipient(made["url"], PASSPHRASE.decode())
        self.assertEqual(wrong.reveal()[0], 403)
        code, (header, _) = right.reveal()
        self.assertEqual((code, header["text"]), (200, TEXT.decode()))
        self.site.wait_event(made["id"], "message.viewed")
        return made

    def test_programs_with_keys_cannot_be_dumped(self):
        for one in (self.site.core, self.site.edge.program):
            limit = next(line for line in open(f"/proc/{one.pid}/limits") if line.startswith("Max core file size"))
            self.assertEqual(limit.split()[4], "0", one.name)


def quoted_unwrapped(mail):
    return b"".join(part.get_payload(decode=True) or b"" for part in mail.walk())


if __name__ == "__main__":
    unittest.main()

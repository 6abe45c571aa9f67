"""What a thief of the gateway's disk finds, and what a gateway does that is short of it."""

import os
import pathlib
import sqlite3
import unittest

from harness import sshd
from harness.gateway import Ticket
from harness.gateway_case import GatewayCase
from harness.link import base64url
from harness.programs import until
from harness.worker import credential


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")


class Stolen(GatewayCase):
    def files(self):
        for path in self.gateway.ground.rglob("*"):
            if path.is_file():
                yield path, path.read_bytes()

    def test_no_credential_no_ticket_secret_and_no_recording_can_be_read(self):
        waiting = self.ticket(record=True)
        page = self.shell(record=True, record_input=True)
        page.type("echo a-word-of-the-ses''sion\n")
        page.until_output("a-word-of-the-session")
        pid = self.gateway.program.pid
        secrets = [self.user.password, base64url(page.ticket.secret), base64url(waiting.secret), page.ready["resume"]]
        told = [*secrets, "a-word-of-the-session", page.ticket.secret.hex()]
        for path, data in self.files():
            for word in told:
                self.assertNotIn(word.encode(), data, f"{word} in {path}")
            for secret in (page.ticket.secret, waiting.secret, page.ticket.id, waiting.id):
                self.assertNotIn(secret, data, path)
        for place in ("cmdline", "environ"):
            try:
                self.assertNotIn(self.user.password.encode(), pathlib.Path(f"/proc/{pid}/{place}").read_bytes())
            except PermissionError:
                pass
        database = sqlite3.connect(f"file:{self.gateway.folder}/data/edge.sqlite?mode=ro", uri=True)
        kept = dict(database.execute("SELECT hex(id), length(body) FROM ticket").fetchall())
        database.close()
        self.assertGreater(kept[waiting.hash.hex().upper()], 0)
        self.assertEqual(kept[page.ticket.hash.hex().upper()], 0)
        mode = os.stat(self.gateway.folder / "data" / "edge.sqlite").st_mode & 0o777
        self.assertEqual(mode, 0o600)
        page.say(type="end")
        page.until("ended")

    def test_no_worker_is_left_when_its_session_is_over(self):
        page = self.shell()
        self.assertEqual(len(sshd.children(self.gateway.program.pid)), 1)
        page.say(type="end")
        page.closed()
        self.ended(page.ticket)
        until(lambda: not sshd.children(self.gateway.program.pid), 10, "the worker to be gone")


class ShortOfDisk(GatewayCase):
    options = {"more": "[limits]\ndisk_reserve_mib = 2147483647"}

    def test_no_ticket_is_taken(self):
        refused = []

        def pushed():
            ticket = Ticket(self.host.port, credential(self.user.name, self.user.password))
            refused[:] = self.gateway.link.push([ticket.item])["refused"]
            return refused
        until(pushed, 10, "the gateway to look at its disk")
        self.assertEqual(refused[0]["code"], "too_many")
        # What ends a session passes all the same.
        self.assertEqual(self.gateway.link.push([("session.terminate", bytes(16), {"by": ""})])["refused"], [])


if __name__ == "__main__":
    unittest.main()

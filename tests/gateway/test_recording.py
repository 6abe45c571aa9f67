"""What a gateway records: for the core alone, whole, and there until the core has it."""

import time
import unittest

from harness import recording, sshd
from harness.gateway_case import GatewayCase
from harness.link import BLOB
from harness.programs import until


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")


class Recordings(GatewayCase):
    def file(self, session):
        return self.gateway.folder / "data" / "recordings" / f"{session.hex()}.rec"

    def fetched(self, session, piece=10_000):
        """As the core reads it: in ranges."""
        out = b""
        while True:
            answer = self.gateway.link.request(BLOB, {"id": session, "offset": len(out), "length": piece})
            out += answer["data"]
            if len(out) >= answer["total"]:
                return out

    def test_a_session_is_recorded_for_the_core_alone(self):
        page = self.shell(record=True, title="db 1")
        self.assertTrue(page.ready["recorded"])
        self.assertFalse(page.ready["records_input"])
        page.type("echo se''cret; stty -echo; read x; exit\n")
        page.until_output("secret")
        time.sleep(1.2)  # a chunk is durable after half a second
        page.socket.cut()
        back = page.come_back(self.gateway)
        back.say(type="size", columns=90, rows=30)
        back.type("hidden\n")
        back.until("ended")
        body = self.ended(page.ticket)

        told = [event["body"] for event in self.last if event["kind"] == "session.recording"]
        self.assertTrue(told)
        data = self.fetched(page.ticket.session)
        plain, count, seen, last = recording.opened(data, page.ticket.session, page.ticket.recording_key)
        self.assertEqual((body["chunks"], body["bytes"], body["hash"]), (count, len(data), seen))
        self.assertTrue(last)
        head, events = recording.lines(plain)
        self.assertEqual((head["version"], head["width"], head["height"], head["title"]), (2, 120, 40, "db 1"))
        self.assertEqual(recording.shown(events), back.output.decode())
        self.assertEqual(recording.shown(events, "r"), "90x30")
        self.assertEqual(len([one for one in events if one[1] == "m"]), 2)
        self.assertNotIn("hidden", plain)
        self.assertNotIn(b"secret", data)
        self.assertNotIn(b"secret", self.file(page.ticket.session).read_bytes())

        self.gateway.push(("recording.stored", page.ticket.session, {}))
        self.assertFalse(self.file(page.ticket.session).exists())
        self.assertEqual(self.fetched(page.ticket.session), b"")

    def test_input_is_recorded_where_the_ticket_says_so(self):
        page = self.shell(record=True, record_input=True)
        self.assertTrue(page.ready["records_input"])
        page.type("exit\n")
        page.until("ended")
        self.ended(page.ticket)
        data = self.fetched(page.ticket.session)
        plain, *_ = recording.opened(data, page.ticket.session, page.ticket.recording_key)
        self.assertEqual(recording.shown(recording.lines(plain)[1], "i"), "exit\n")

    def test_what_was_durable_at_a_kill_is_told_and_can_be_read(self):
        page = self.shell(record=True)
        page.type("echo be''fore\n")
        page.until_output("before")
        until(lambda: self.fetched(page.ticket.session), what="a first chunk to be told")
        time.sleep(1)
        self.gateway.program.kill()
        self.gateway.program.start()
        self.gateway.link.connection = None
        body = self.ended(page.ticket)
        self.assertEqual(body["reason"], "restarted")
        data = self.fetched(page.ticket.session)
        plain, count, seen, last = recording.opened(data, page.ticket.session, page.ticket.recording_key)
        self.assertEqual((body["chunks"], body["bytes"], body["hash"]), (count, len(data), seen))
        self.assertFalse(last)
        self.assertIn("before", plain)

    def test_a_session_that_is_not_recorded_leaves_nothing(self):
        page = self.shell()
        page.say(type="end")
        page.until("ended")
        body = self.ended(page.ticket)
        self.assertEqual((body["chunks"], body["bytes"], body["hash"]), (0, 0, bytes(32)))
        self.assertFalse(self.file(page.ticket.session).exists())


if __name__ == "__main__":
    unittest.main()

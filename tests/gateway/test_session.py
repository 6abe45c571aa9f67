"""A session through the real gateway with a real sshd: the way in, back in, and out."""

import time
import unittest

from harness import sshd
from harness.gateway import COPY, WINDOW
from harness.gateway_case import GatewayCase


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")


class WholePath(GatewayCase):
    def test_a_shell_opens_works_and_ends(self):
        page = self.shell()
        self.assertEqual([one["type"] for one in page.told], ["state", "state", "state", "ready"])
        self.assertEqual([one["state"] for one in page.told[:3]], ["dialling", "host_key", "login"])
        self.assertEqual(page.ready["title"], "a host")
        self.assertEqual(page.ready["rights"],
                         {"input": True, "paste": True, "copy": True, "upload": True, "download": True})

        page.type("echo it wor''ks; exit 7\n")
        page.until_output("it works")
        ended = page.until("ended")

        self.assertEqual((ended["reason"], ended["exit"], ended["by"]), ("logout", 7, None))
        self.assertEqual(page.closed(), 1000)
        body = self.ended(page.ticket)
        self.assertEqual((body["reason"], body["exit"]), ("logout", 7))
        self.assertEqual(body["bytes_out"], page.received)
        self.assertEqual([event["kind"] for event in self.last], ["ticket.redeemed", "session.started", "session.ended"])
        self.assertEqual(self.last[0]["body"], {"source": "127.0.0.1"})
        self.assertEqual(self.last[1]["body"], {"address": "127.0.0.1", "host_key": self.host.public_keys()[0]})


class Rights(GatewayCase):
    def test_nothing_is_typed_without_the_right(self):
        page = self.shell(rights=COPY)
        self.assertFalse(page.ready["rights"]["input"])
        page.type("echo ty''ped\n")
        page.drain(1)
        self.assertNotIn(b"typed", page.output)
        page.say(type="end")
        self.assertEqual(page.until("ended")["reason"], "closed")
        self.assertEqual(self.ended(page.ticket)["bytes_in"], 0)

    def test_files_need_their_rights(self):
        page = self.shell(rights=COPY)
        page.say(type="list", request=1, path="")
        self.assertEqual(page.until("failed"), {"type": "failed", "request": 1, "code": "forbidden"})


class Flow(GatewayCase):
    def test_ctrl_c_stops_yes_at_once_and_nothing_is_lost(self):
        page = self.shell()
        page.type("stty -echo; PS1=; yes 0123456789\n")
        while page.received < 8 * WINDOW:
            page.step()
        page.type("\x03echo do''ne\n")
        at = page.received
        page.until_output("done", 60)
        self.assertLess(page.received - at, 3 * WINDOW)  # what was under way: a page takes it in moments

    def test_a_page_that_does_not_acknowledge_gets_a_window_and_no_more(self):
        page = self.shell()
        page.acknowledges = False
        page.type("head -c 5000000 /dev/zero | tr '\\0' x; echo en''d\n")
        page.drain(2)
        self.assertLessEqual(page.received, WINDOW)
        self.assertGreater(page.received, WINDOW - 64 * 1024)
        page.acknowledge()
        page.acknowledges = True
        page.until_output("end")
        self.assertGreater(page.received, 5_000_000)

    def test_a_resize_reaches_the_shell(self):
        page = self.shell()
        page.type("stty size\n")
        page.until_output("40 120")
        page.say(type="size", columns=90, rows=30)
        page.type("stty size\n")
        page.until_output("30 90")


class Resume(GatewayCase):
    def test_a_lost_page_comes_back_and_lacks_nothing(self):
        page = self.shell()
        page.type("for i in $(seq 1 20); do echo line $i; sleep 0.1; done; echo al''l\n")
        page.until_output("line 3")
        page.socket.cut()
        time.sleep(0.5)
        back = page.come_back(self.gateway)
        back.until_output("all")
        for number in range(1, 21):
            self.assertIn(b"line %d\r\n" % number, back.output)
        self.assertNotEqual(back.ready["resume"], page.ready["resume"])
        back.say(type="end")
        back.until("ended")
        self.ended(page.ticket)
        self.assertIn("session.attached", [event["kind"] for event in self.last])

    def test_a_resume_secret_works_once(self):
        page = self.shell()
        page.socket.cut()
        back = page.come_back(self.gateway)
        self.assertEqual(self.gateway.page(page.again()).closed(), 4404)
        back.type("echo st''ill\n")
        back.until_output("still")

    def test_a_newer_connection_takes_over(self):
        page = self.shell()
        back = page.come_back(self.gateway)
        self.assertEqual(page.closed(), 4409)
        back.type("echo ta''ken\n")
        back.until_output("taken")

    def test_output_while_nobody_looks_is_kept_up_to_four_megabytes_then_the_host_waits(self):
        page = self.shell()
        page.type("head -c 9000000 /dev/zero | tr '\\0' x; echo en''d\n")
        page.until_output("xxxx")
        page.socket.cut()
        time.sleep(3)
        back = page.come_back(self.gateway)
        back.until_output("end", 60)
        self.assertGreater(back.received, 9_000_000)

    def test_what_was_never_sent_cannot_be_asked_for(self):
        page = self.shell()
        page.socket.cut()
        self.assertEqual(self.gateway.page(page.again(seen=page.received + 1_000_000)).closed(), 4404)

    def test_a_page_that_is_lost_before_its_shell_ends_its_session(self):
        ticket = self.ticket(host="10.255.255.1", port=self.host.port)
        page = self.gateway.page(ticket.opening())
        page.until("state")
        page.socket.cut()
        self.assertIn(self.ended(ticket)["reason"], ("lost", "unreachable", "address"))


class Ends(GatewayCase):
    def test_the_core_ends_it_within_a_second(self):
        page = self.shell()
        page.type("sleep 1000\n")
        page.drain(0.2)
        asked = time.monotonic()
        self.gateway.push(("session.terminate", page.ticket.session, {"by": "Eve Admin"}))
        ended = page.until("ended")
        self.assertLess(time.monotonic() - asked, 1)
        self.assertEqual((ended["reason"], ended["by"]), ("terminated", "Eve Admin"))
        self.assertEqual(page.closed(), 1000)
        self.assertEqual(self.ended(page.ticket)["reason"], "terminated")

    def test_it_ends_when_nobody_uses_it(self):
        page = self.shell(idle_ms=1_500)
        page.type("echo us''ed\n")
        self.assertEqual(page.until("ended", 10)["reason"], "idle")
        self.assertEqual(self.ended(page.ticket)["reason"], "idle")

    def test_it_ends_after_its_time_whatever_is_typed(self):
        page = self.shell(total_ms=2_000)
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            page.type(" ")
            time.sleep(0.1)
        self.assertEqual(page.until("ended", 10)["reason"], "limit")

    def test_an_end_is_announced(self):
        page = self.shell(total_ms=61_000)
        warning = page.until("warning", 10)
        self.assertEqual(warning["code"], "limit")
        self.assertLessEqual(warning["left_ms"], 60_000)
        self.assertGreater(warning["left_ms"], 58_000)
        page.say(type="end")

    def test_a_host_that_fails_is_told(self):
        page = self.shell()
        self.host.kill_connections()
        self.assertEqual(page.until("ended", 10)["reason"], "hung_up")

    def test_a_wrong_credential_and_a_wrong_key(self):
        wrong = self.ticket(password="wrong")
        page = self.gateway.page(wrong.opening())
        self.assertEqual(page.until("ended")["reason"], "credential")
        unknown = self.ticket(host_keys=[])
        page = self.gateway.page(unknown.opening())
        self.assertEqual(page.until("ended")["reason"], "host_key")
        self.assertEqual(self.ended(unknown)["reason"], "host_key")
        told = [event for event in self.last if event["kind"] == "session.host_key"]
        self.assertEqual(told[0]["body"], {"host_key": self.host.public_keys()[0], "verdict": "unknown"})
        self.assertNotIn("session.started", [event["kind"] for event in self.last])

    def test_a_port_without_a_host_is_unreachable(self):
        ticket = self.ticket()
        self.host.end()
        try:
            page = self.gateway.page(ticket.opening())
            self.assertEqual(page.until("ended")["reason"], "unreachable")
        finally:
            self.host.__init__(port=self.host.port)


if __name__ == "__main__":
    unittest.main()

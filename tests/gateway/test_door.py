"""Who is not let in, what they learn, what the core is told, and what is never dialled."""

import os
import socket
import threading
import time
import unittest

from harness import sshd
from harness.gateway import Gateway, Ticket
from harness.gateway_case import GatewayCase
from harness.link import base64url
from harness.websocket import Closed
from harness.worker import credential


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")


def bodies(events, kind):
    return [event["body"] for event in events if event["kind"] == kind]


class Refusals(GatewayCase):
    options = {"more": "[limits]\nwrong_tickets_per_minute = 1000"}

    def refusal(self, opening, **how):
        """What a stranger sees: the code, and that nothing was said before."""
        page = self.gateway.page(opening, **how)
        code = page.closed()
        self.assertEqual(page.told, [])
        self.assertEqual(bytes(page.output), b"")
        return code

    def told(self, reason):
        """Waits until the core was told of that reason."""
        def wanted(event):
            return event["kind"] == "ticket.refused" and event["body"]["reason"] == reason
        if not any(wanted(event) for event in self.seen):
            self.seen += self.gateway.link.pull_until(wanted)
        event = next(event for event in self.seen if wanted(event))
        self.assertEqual(event["body"]["source"], "127.0.0.0/24")
        self.assertEqual(event["id"], b"")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seen = []

    def test_another_origin(self):
        ticket = self.ticket()
        for origin in ("https://evil.example", self.gateway.origin + "/", self.gateway.origin.upper(), "null", ""):
            self.assertEqual(self.refusal(ticket.opening(), origin=origin), 4404)
        self.told("origin")
        page = self.gateway.page(ticket.opening())  # the ticket was not used up
        page.until("ready")

    def test_a_used_ticket(self):
        ticket = self.ticket()
        self.gateway.page(ticket.opening()).until("ready")
        self.assertEqual(self.refusal(ticket.opening()), 4404)
        self.told("used")

    def test_one_of_many_who_use_a_ticket_at_once_gets_in(self):
        ticket = self.ticket()
        codes, inside, together = [], [], threading.Barrier(12)

        def visit():
            wire = self.gateway.socket()
            together.wait()
            from harness.gateway import Page
            page = Page(wire, ticket.opening())
            try:
                page.until("ready")
                inside.append(page)
            except Closed as end:
                codes.append(end.code)
        threads = [threading.Thread(target=visit) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(inside), codes), (1, [4404] * 11))

    def test_a_late_ticket(self):
        ticket = self.ticket(life_ms=300)
        time.sleep(0.5)
        self.assertEqual(self.refusal(ticket.opening()), 4404)
        self.told("late")
        def expired(event):
            return event["kind"] == "ticket.expired" and event["id"] == ticket.session
        if not any(expired(event) for event in self.seen):
            self.seen += self.gateway.link.pull_until(expired)

    def test_a_revoked_ticket(self):
        ticket = self.ticket()
        self.gateway.push(("ticket.revoke", ticket.hash, {}))
        self.assertEqual(self.refusal(ticket.opening()), 4404)
        self.told("revoked")

    def test_a_guess_and_a_wrong_secret(self):
        ticket = self.ticket()
        self.assertEqual(self.refusal(ticket.opening(id=base64url(os.urandom(16)))), 4404)
        self.told("unknown")
        self.assertEqual(self.refusal(ticket.opening(secret=base64url(os.urandom(32)))), 4404)
        self.told("proof")
        self.gateway.page(ticket.opening()).until("ready")

    def test_a_ticket_sealed_for_another(self):
        ticket, other = self.ticket(), Ticket(1, credential("nobody", "nothing"))
        foreign = Ticket(self.host.port, credential(self.user.name, self.user.password), sealed=other.body["sealed"])
        self.gateway.push(foreign.item)
        page = self.gateway.page(foreign.opening())
        self.assertEqual(page.until("ended")["reason"], "credential")
        del ticket

    def test_nonsense_and_silence(self):
        ticket = self.ticket()
        for opening in ({}, [], ticket.opening(v=2), ticket.opening(more=1), ticket.opening(columns=0),
                        ticket.opening(term="a b"), {"pad": "x" * 5000}):
            self.assertEqual(self.refusal(opening), 4404)
        wire = self.gateway.socket()
        wire.send(b"\0keys")
        with self.assertRaises(Closed) as closed:
            wire.read()
        self.assertEqual(closed.exception.code, 4404)
        began = time.monotonic()
        silent = self.gateway.socket()
        with self.assertRaises(Closed) as closed:
            silent.read(10)
        self.assertEqual(closed.exception.code, 4404)
        self.assertTrue(4.5 < time.monotonic() - began < 6.5)
        self.told("missing")

    def test_refusals_alike_are_told_once_a_minute(self):
        for _ in range(20):
            self.refusal({"v": 1})
        time.sleep(1.5)
        self.seen += [dict(event) for event in self.gateway.link.pull()["events"]]
        said = [event for event in self.seen if event["kind"] == "ticket.refused"]
        self.assertLess(len(said), 15)

    def test_what_is_no_websocket_of_ours(self):
        self.assertEqual(self.gateway.socket(protocol="chat").status, 400)
        self.assertEqual(self.gateway.socket(protocol=None).status, 400)
        self.assertEqual(self.gateway.socket(path="/wss").status, 404)


class Limited(GatewayCase):
    options = {"more": "[limits]\nwrong_tickets_per_minute = 3\nsessions = 3\nsessions_per_user = 2"}

    def test_limits_of_sessions_and_of_tries(self):
        first, second = self.shell(user="Ada"), self.shell(user="Ada")
        third = self.ticket(user="Ada")
        self.assertEqual(self.gateway.page(third.opening()).closed(), 4404)
        other = self.shell(user="Bob")
        fourth = self.ticket(user="Cleo")
        self.assertEqual(self.gateway.page(fourth.opening()).closed(), 4404)
        events = self.gateway.link.pull_until(lambda event: event["kind"] == "ticket.refused")
        self.assertEqual(bodies(events, "ticket.refused"), [{"reason": "limit", "source": "127.0.0.0/24", "count": 1}])
        for page in (first, other):
            page.say(type="end")
            page.closed()
        time.sleep(2.5)  # places are given back within two seconds
        self.gateway.page(third.opening()).until("ready")  # neither was used up

        self.assertEqual(self.gateway.page({"v": 1}).closed(), 4404)
        self.assertEqual(self.gateway.page(fourth.opening()).closed(), 4404)  # three tries: now it waits
        del second


class Targets(GatewayCase):
    """A listener counts who comes; nobody may."""

    def reason(self, **members):
        ticket = self.ticket(**members)
        return self.gateway.page(ticket.opening()).until("ended")["reason"]

    def test_what_is_never_dialled(self):
        with socket.create_server(("127.0.0.1", 0)) as trap:
            port = trap.getsockname()[1]
            trap.settimeout(0.5)
            self.assertEqual(self.reason(port=port), "address")  # a port that the policy does not name
            with self.assertRaises(TimeoutError):
                trap.accept()
        for host in ("0.0.0.0", "169.254.169.254", "::1", "::ffff:127.0.0.2", "224.0.0.1", "127.1", "2130706433", "0x7f000001",
                     "a/../b", "10.0.0.1"):
            with self.subTest(host=host):
                wanted = ("address",) if host != "::ffff:127.0.0.2" else ("address", "unreachable")
                self.assertIn(self.reason(host=host), wanted)

    def test_a_ticket_narrows_the_policy_and_never_widens_it(self):
        self.assertEqual(self.reason(networks=["10.0.0.0/8"]), "address")
        self.assertEqual(self.reason(networks=["nonsense"]), "address")
        self.assertEqual(self.reason(host="10.1.2.3", networks=["10.0.0.0/8"]), "address")

    def test_a_name_is_resolved(self):
        page = self.shell(host="localhost", networks=["127.0.0.0/8"])
        page.say(type="end")
        page.until("ended")
        self.assertEqual(self.reason(host="no-such-host.invalid"), "unreachable")


class NoPolicy(GatewayCase):
    options = {"policy": ""}

    def test_loopback_is_struck_out_unless_it_is_named(self):
        ticket = self.ticket()
        self.assertEqual(self.gateway.page(ticket.opening()).until("ended")["reason"], "address")


class Restart(unittest.TestCase):
    def setUp(self):
        self.user = sshd.User()
        self.addCleanup(self.user.end)
        self.host = sshd.Host()
        self.addCleanup(self.host.end)
        self.gateway = Gateway(ports=[self.host.port])
        self.addCleanup(self.gateway.end)

    def ticket(self, **members):
        ticket = Ticket(self.host.port, credential(self.user.name, self.user.password), host_keys=self.host.public_keys(), **members)
        self.gateway.push(ticket.item)
        return ticket

    def test_a_restart_closes_tickets_and_ends_sessions(self):
        waiting, used = self.ticket(), self.ticket()
        page = self.gateway.page(used.opening())
        page.until("ready")
        self.gateway.program.restart()
        self.assertEqual(page.until("ended")["reason"], "restarted")
        self.gateway.link.connection = None
        self.assertEqual(self.gateway.page(waiting.opening()).closed(), 4404)
        self.assertEqual(self.gateway.page(page.again()).closed(), 4404)
        events = self.gateway.link.pull_until(lambda event: event["kind"] == "session.ended")
        self.assertEqual(bodies(events, "session.ended")[-1]["reason"], "restarted")

    def test_a_kill_in_each_state_leaves_nothing_open(self):
        for state in ("waiting", "dialling", "ready"):
            with self.subTest(state=state):
                ticket = self.ticket()
                page = None
                if state != "waiting":
                    page = self.gateway.page(ticket.opening())
                    page.until("state" if state == "dialling" else "ready")
                self.gateway.program.kill()
                self.gateway.program.start()
                self.gateway.link.connection = None
                self.assertEqual(self.gateway.page(ticket.opening()).closed(), 4404)
                if page:
                    events = self.gateway.link.pull_until(
                        lambda event: event["kind"] == "session.ended" and event["id"] == ticket.session)
                    self.assertEqual(bodies(events, "session.ended")[-1]["reason"], "restarted")

    def test_a_resync_ends_what_the_core_does_not_know(self):
        known, unknown, waiting = self.ticket(), self.ticket(), self.ticket()
        pages = [self.gateway.page(one.opening()) for one in (known, unknown)]
        for page in pages:
            page.until("ready")
        self.gateway.link.hello()
        self.gateway.link.resync([(known.hash, 1)])
        self.assertEqual(pages[1].until("ended")["reason"], "terminated")
        self.assertEqual(self.gateway.page(waiting.opening()).closed(), 4404)
        pages[0].type("echo go''es on\n")
        pages[0].until_output("goes on")


if __name__ == "__main__":
    unittest.main()

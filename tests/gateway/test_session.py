"""A session through the real gateway with a real sshd: the way in, back in, and out."""

import time
import unittest

from harness import sshd
from harness.gateway import ALL, COPY, INPUT, Gateway, Ticket
from harness.worker import credential


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")


class GatewayCase(unittest.TestCase):
    """One host, one user and one gateway for all tests of the class."""

    options = {}

    @classmethod
    def setUpClass(cls):
        cls.user = sshd.User()
        cls.addClassCleanup(cls.user.end)
        cls.host = sshd.Host()
        cls.addClassCleanup(cls.host.end)
        cls.gateway = Gateway(ports=[cls.host.port], **cls.options)
        cls.addClassCleanup(cls.gateway.end)

    def ticket(self, **members):
        who = credential(self.user.name, members.pop("password", self.user.password))
        ticket = Ticket(members.pop("port", self.host.port), who, **{"host_keys": self.host.public_keys(), **members})
        self.gateway.push(ticket.item)
        return ticket

    def shell(self, **members):
        """A page whose shell runs; its ticket is in `page.ticket`."""
        ticket = self.ticket(**members)
        page = self.gateway.page(ticket.opening())
        page.ticket = ticket
        page.until("ready")
        return page

    def ended(self, ticket, seconds=10):
        """Body of the event that ends the ticket's session."""
        events = self.gateway.link.pull_until(
            lambda event: event["kind"] == "session.ended" and event["id"] == ticket.session, seconds)
        self.last = [event for event in events if event["id"] == ticket.session]
        return self.last[-1]["body"]


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


if __name__ == "__main__":
    unittest.main()

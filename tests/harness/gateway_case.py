"""A test case with one gateway, one host and one user."""

import unittest

from . import sshd
from .gateway import Gateway, Ticket
from .worker import credential


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

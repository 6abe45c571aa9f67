"""Reverse proxies in front of an edge: the visitor's own address counts, and nobody writes another's (docs/reverse-proxies.md)."""

import http.client
import socket
import ssl
import unittest

from harness.case import EdgeCase
from harness.fronts import Front
from harness.recipient import Message, Recipient

VISITOR, NEIGHBOUR, LIAR = "127.5.6.7", "127.8.8.8", "127.9.9.9"


class Visitor(Recipient):
    """A recipient with an address of its own, who may also lie about it."""

    def __init__(self, url, ca, address, lie=None):
        super().__init__(url, ca)
        self.address, self.lie = address, lie

    def fetch(self, method, path, body=None, headers=None):
        if self.connection is None:
            self.connection = http.client.HTTPSConnection(self.parts.hostname, self.parts.port, context=self.context,
                                                          timeout=30, source_address=(self.address, 0))
        return super().fetch(method, path, body, {**(headers or {}), **({"X-Forwarded-For": self.lie} if self.lie else {})})


class BehindProxies(EdgeCase):
    def behind(self, kind, public, more=""):
        self.edge.write_config(more, public)
        self.edge.program.restart()
        return Front(self.alone.folder, self.edge, kind)

    def visitor(self, where, message, address, lie=None):
        return Visitor(message.url(where.url), self.alone.authority.certificate, address, lie)

    def source_of_next_view(self):
        events = self.link.pull_until(lambda event: event["kind"] == "message.viewed")
        return next(event["body"]["source"] for event in events if event["kind"] == "message.viewed")

    def assert_seen(self, where, address, network, lie=None):
        self.assertEqual(self.visitor(where, self.put(), address, lie).reveal()[0], 200)
        self.assertEqual(self.source_of_next_view(), network)

    def wrong_links(self, where, address, lies=(None,)):
        """Statuses of guesses at links that do not exist."""
        return [self.visitor(where, Message(), address, lie).status()[0] for lie in lies]

    def check(self, kind, public):
        limits = "[limits]\nwrong_links_per_minute = 3\n"
        with self.behind(kind, public, limits) as front:
            self.assert_seen(front, VISITOR, "127.5.6.0/24")
            self.assert_seen(front, LIAR, "127.9.9.0/24", lie="203.0.113.5")
            # From an address that is not named: served, and believed nothing.
            self.assert_seen(self.edge, LIAR, "127.9.9.0/24", lie="203.0.113.5")

            guesses = self.wrong_links(front, VISITOR, [None, "203.0.113.5", "203.0.114.5", "203.0.115.5", None])

            self.assertEqual(guesses[:3], [404] * 3)
            self.assertIn(429, guesses[3:])
            self.assertEqual(self.wrong_links(front, NEIGHBOUR), [404])

    def test_haproxy_passes_tcp_on_with_proxy_v1(self):
        self.check("haproxy-v1", 'proxies = ["127.0.0.1"]\nproxy_protocol = true')

    def test_haproxy_passes_tcp_on_with_proxy_v2(self):
        self.check("haproxy-v2", 'proxies = ["127.0.0.1"]\nproxy_protocol = true')

    def test_nginx_passes_tcp_on_with_proxy_v1(self):
        self.check("nginx-v1", 'proxies = ["127.0.0.1"]\nproxy_protocol = true')

    def test_haproxy_ends_tls_and_adds_the_header(self):
        self.check("haproxy-http", 'proxies = ["127.0.0.1"]')

    def test_nginx_ends_tls_and_adds_the_header(self):
        self.check("nginx-http", 'proxies = ["127.0.0.1"]')

    def test_caddy_ends_tls_and_adds_the_header(self):
        self.check("caddy-http", 'proxies = ["127.0.0.1"]')

    def test_a_proxy_line_from_an_address_that_is_not_named_is_no_part_of_the_protocol(self):
        self.edge.write_config(public='proxies = ["127.0.0.1"]\nproxy_protocol = true')
        self.edge.program.restart()
        context = ssl.create_default_context(cafile=str(self.alone.authority.certificate))

        with socket.create_connection(("127.0.0.1", self.edge.public), 10, (LIAR, 0)) as connection:
            connection.sendall(b"PROXY TCP4 203.0.113.5 127.0.0.1 4711 443\r\n")
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(connection, server_hostname="127.0.0.1")

    def test_a_proxy_that_sends_no_proxy_header_is_not_served(self):
        self.edge.write_config(public='proxies = ["127.0.0.1"]\nproxy_protocol = true')
        self.edge.program.restart()
        context = ssl.create_default_context(cafile=str(self.alone.authority.certificate))

        with socket.create_connection(("127.0.0.1", self.edge.public), 10) as connection:
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(connection, server_hostname="127.0.0.1")


if __name__ == "__main__":
    unittest.main()

"""Mail over real SMTP servers: encrypted, with a password, away, refusing, hostile."""

import contextlib
import logging
import socket
import ssl
import threading
import unittest

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from harness.case import SiteCase
from harness.programs import free_ports, run
from harness.site import Authority

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # handshakes fail here as they should
USER, PASSWORD = b"core@example.test", b"correct-horse-7f31"


class Box:
    """Keeps what was taken; `refuse` answers RCPT, `judge` answers the mail."""

    def __init__(self, refuse=None, judge=None):
        self.taken, self.refuse, self.judge = [], refuse, judge

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.judge:
            return self.judge(envelope)
        self.taken.append((session.ssl is not None, session.authenticated, envelope))
        return "250 taken"

    def taken_by(self, recipient):
        """What came for it; mails of other tests may be tried again meanwhile."""
        return [one for one in self.taken if one[2].rcpt_tos == [recipient]]


class Server(Controller):
    """An aiosmtpd on a port of its own. `secure`: tls, starttls, or None."""

    def __init__(self, handler, secure=None, context=None, port=None, **how):
        self.secure, self.starttls_context = secure, context
        if secure == "starttls":
            how.update(require_starttls=True)
        super().__init__(handler, hostname="127.0.0.1", port=port or free_ports(1)[0], server_hostname="mail.example.test",
                         ssl_context=context if secure == "tls" else None, **how)

    def factory(self):
        return SMTP(self.handler, tls_context=self.starttls_context if self.secure == "starttls" else None, **self.SMTP_kwargs)


@contextlib.contextmanager
def serving(*arguments, **how):
    server = Server(*arguments, **how)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def saying(script):
    """A server on a raw socket: `script(file)` is run for each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError), connection.makefile("rwb", buffering=0) as file:
                script(file)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def check_password(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (USER, PASSWORD), handled=False)


class Mail(SiteCase):
    options = {"mail": False}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trusted = cls.site.authority
        folder = cls.site.folder / "other"
        folder.mkdir()
        cls.other = Authority(folder)
        cls.context = cls.context_of(cls.trusted, "127.0.0.1")

    @classmethod
    def context_of(cls, authority, host):
        run("sallyport-certs", "issue", "--ca", authority.folder / "ca", "--out", authority.folder, "--name", f"mail-{host}",
            "--host", host)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.folder / f"mail-{host}.crt", authority.folder / f"mail-{host}.key")
        return context

    def settings(self, port, security, authority=None, user="", password=None):
        authority = self.trusted if authority is None else authority
        self.site.api.patch("/settings", {"mail": {
            "host": "127.0.0.1", "port": port, "security": security, "from": "sallyport@example.test", "username": user,
            "password": password, "ca_certificate": authority.certificate.read_text() if authority else ""}})

    def try_it(self):
        return self.site.api.post("/settings/mail/test", {"to": "guest@example.test"})

    def assert_sent(self, box):
        answer = self.try_it()
        self.assertTrue(answer["sent"], answer)
        taken = box.taken_by("guest@example.test")
        self.assertEqual(len(taken), 1)
        return taken[0]

    def assert_not_sent(self, *words):
        answer = self.try_it()
        self.assertFalse(answer["sent"], answer)
        for word in words:
            self.assertIn(word, answer["detail"])
        return answer["detail"]

    # Encryption.
    def test_starttls_with_a_certificate_of_an_internal_authority(self):
        box = Box()
        with serving(box, "starttls", self.context) as server:
            self.settings(server.port, "starttls")
            encrypted, _, envelope = self.assert_sent(box)
        self.assertTrue(encrypted)
        self.assertEqual(envelope.rcpt_tos, ["guest@example.test"])

    def test_tls_from_the_first_byte(self):
        box = Box()
        with serving(box, "tls", self.context) as server:
            self.settings(server.port, "tls")
            self.assert_sent(box)

    def test_a_server_without_starttls_gets_nothing_when_it_was_asked_for(self):
        box = Box()
        with serving(box) as server:
            self.settings(server.port, "starttls", user=USER.decode(), password=PASSWORD.decode())
            self.assert_not_sent("does not offer STARTTLS", "nothing was sent")
        self.assertEqual(box.taken, [])

    def test_starttls_struck_out_on_the_way_is_not_gone_without(self):
        heard = []

        def script(file):
            file.write(b"220 ready\r\n")
            for line in iter(file.readline, b""):
                heard.append(line)
                verb = line[:4].upper()
                file.write({b"EHLO": b"250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n", b"STAR": b"502 no\r\n"}
                           .get(verb, b"250 ok\r\n"))

        with saying(script) as port:
            self.settings(port, "starttls", user=USER.decode(), password=PASSWORD.decode())
            self.assert_not_sent("refused STARTTLS: 502")
        self.assertFalse([line for line in heard if line[:4].upper() in (b"AUTH", b"MAIL", b"RCPT", b"DATA")], heard)

    def test_a_certificate_that_the_machine_does_not_trust(self):
        for security in ("starttls", "tls"):
            with self.subTest(security), serving(Box(), security, self.context) as server:
                self.settings(server.port, security, authority=False)
                self.assert_not_sent("not from an authority that this machine trusts", "add its certificate (PEM)")

    def test_a_certificate_of_another_authority_than_the_given_one(self):
        for security in ("starttls", "tls"):
            with self.subTest(security), serving(Box(), security, self.context) as server:
                self.settings(server.port, security, authority=self.other)
                self.assert_not_sent("not from the certificate authority in the mail settings")

    def test_a_certificate_for_another_name(self):
        with serving(Box(), "tls", self.context_of(self.trusted, "mail.example.test")) as server:
            self.settings(server.port, "tls")
            self.assert_not_sent("for another name than 127.0.0.1")

    def test_tls_where_the_server_speaks_plain_text(self):
        with serving(Box()) as server:
            self.settings(server.port, "tls")
            self.assert_not_sent("STARTTLS instead of TLS")

    def test_an_authority_that_is_none_is_refused(self):
        status, _, body = self.site.api.raw("PATCH", "/settings", b'{"mail":{"ca_certificate":"nothing"}}',
                                            {"Content-Type": "application/json"})
        self.assertIn(status, range(400, 500))
        self.assertIn(b"mail.ca_certificate", body)

    # Passwords.
    def test_the_right_password_by_each_way(self):
        for without in (["LOGIN"], ["PLAIN"]):
            box = Box()
            with self.subTest(without=without), serving(box, "starttls", self.context, authenticator=check_password,
                                                        auth_required=True, auth_exclude_mechanism=without) as server:
                self.settings(server.port, "starttls", user=USER.decode(), password=PASSWORD.decode())
                encrypted, authenticated, _ = self.assert_sent(box)
                self.assertTrue(encrypted and authenticated)

    def test_the_right_password_over_tls(self):
        box = Box()
        with serving(box, "tls", self.context, authenticator=check_password, auth_required=True,
                     auth_require_tls=False) as server:
            self.settings(server.port, "tls", user=USER.decode(), password=PASSWORD.decode())
            self.assertTrue(self.assert_sent(box)[1])

    def test_a_wrong_password_and_none(self):
        with serving(Box(), "starttls", self.context, authenticator=check_password, auth_required=True) as server:
            self.settings(server.port, "starttls", user=USER.decode(), password="wrong-9a8b7c")
            said = self.assert_not_sent("refused the user name or the password (535)")
            self.assertNotIn("wrong-9a8b7c", said)
            self.settings(server.port, "starttls")
            self.assert_not_sent("wants authentication", "530")

    # Servers that are away.
    def test_nobody_listens(self):
        port, = free_ports(1)
        self.settings(port, "none")
        self.assert_not_sent(f"Could not connect to 127.0.0.1:{port}", "running")

    def test_a_name_that_is_not_there(self):
        self.settings(25, "none")
        self.site.api.patch("/settings", {"mail": {"host": "mail.invalid"}})
        self.assert_not_sent("The name mail.invalid was not found")

    def test_a_server_that_was_away_gets_the_mail_later(self):
        port, box = free_ports(1)[0], Box()
        self.settings(port, "none")
        made = self.site.send("later", to="later@example.test")
        told = self.site.wait_event(made["id"], "mail.delayed")
        self.assertIn(f"Could not connect to 127.0.0.1:{port}", told["reason"])
        self.assertEqual(self.site.message(made["id"])["mail"], "queued")

        with serving(box, port=port):
            self.site.wait_event(made["id"], "mail.sent", seconds=100)  # the second try is a minute after the first

        self.assertEqual(self.site.message(made["id"])["mail"], "sent")
        self.assertEqual(len(box.taken_by("later@example.test")), 1)

    # Servers that refuse.
    def test_a_refusal_for_good_is_not_repeated_and_shows_the_reply(self):
        box = Box(refuse="550 5.1.1 nobody of that name")
        with serving(box) as server:
            self.settings(server.port, "none")
            made = self.site.send("refused", to="refused@example.test")
            told = self.site.wait_event(made["id"], "mail.failed")

        self.assertEqual(told["reason"], 'The mail server refused the recipient: 550 "5.1.1 nobody of that name".')
        self.assertEqual(self.site.message(made["id"])["mail"], "failed")

    def test_a_refusal_for_now_waits(self):
        with serving(Box(refuse="451 4.7.1 greylisted")) as server:
            self.settings(server.port, "none")
            made = self.site.send("grey", to="grey@example.test")
            told = self.site.wait_event(made["id"], "mail.delayed")

        self.assertIn('does not take the recipient now: 451 "4.7.1 greylisted"', told["reason"])
        self.assertEqual(self.site.message(made["id"])["mail"], "queued")

    def test_a_server_that_quotes_the_mail_brings_the_link_into_no_log(self):
        box = Box(judge=lambda envelope: "554 spam: " + envelope.content.decode().replace("\r\n", " ").replace("=3D", "=")[-400:])
        with serving(box) as server:
            self.settings(server.port, "none")
            made = self.site.send("spam?", to="spam@example.test")
            told = self.site.wait_event(made["id"], "mail.failed")

        self.assertEqual(told["reason"], "The mail server refused the mail: 554.")
        secret = made["url"].partition("#")[2]
        self.assertNotIn(secret, (self.site.log / "core.log").read_text())

    def test_hostile_replies_stay_on_their_line(self):
        hostile = b"550 x\x1b[2J\x07 \"quoted\" \xff\xfe admin_signed_in ok\r\n"

        def script(file):
            file.write(b"220 ready\r\n")
            for line in iter(file.readline, b""):
                file.write(hostile if line[:4].upper() == b"RCPT" else b"250 ok\r\n")

        with saying(script) as port:
            self.settings(port, "none")
            detail = self.assert_not_sent("refused the recipient: 550")
            made = self.site.send("x", to="hostile@example.test")
            self.site.wait_event(made["id"], "mail.failed")

        log = (self.site.log / "core.log").read_bytes()
        self.assertIn(b"mail_not_delivered", log)
        for text in (detail.encode(), log.replace(b"\n", b"")):
            self.assertNotRegex(text, rb"[\x00-\x1f\x7f-\xff]")

    def test_a_reply_without_end_ends(self):
        def script(file):
            file.write(b"220-" + b"a" * (1 << 20) + b"\r\n")
            while file.write(b"220-more\r\n" * 1000):
                pass

        with saying(script) as port:
            self.settings(port, "none")
            self.assert_not_sent()


if __name__ == "__main__":
    unittest.main()

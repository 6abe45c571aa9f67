"""A session's worker against a real sshd: who gets in, who does not, and what it says of an end."""

import hashlib
import shutil
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from harness import sshd
from harness.programs import program, until
from harness.search import Search
from harness.worker import Worker, credential


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")


def sanitized():
    return b"__asan_init" in Path(program("gateway-worker")).read_bytes()


class WorkerCase(unittest.TestCase):
    """One host and one user for all tests of the class."""

    options = ()
    kinds = ("ed25519", "rsa")

    @classmethod
    def setUpClass(cls):
        cls.user = sshd.User()
        cls.addClassCleanup(cls.user.end)
        cls.host = sshd.Host(cls.options, cls.kinds)
        cls.addClassCleanup(cls.host.end)
        cls.folder = Path(tempfile.mkdtemp(prefix="sallyport-worker-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)

    def worker(self, port=None):
        made = Worker(port or self.host.port)
        self.addCleanup(made.end)
        return made

    def by_password(self, password=None):
        return credential(self.user.name, password or self.user.password)

    def shell(self, who=None, **how):
        worker = self.worker()
        worker.start(who or self.by_password(), host_keys=self.host.public_keys(), **how)
        worker.until("ready")
        return worker

    def assert_works(self, worker):
        worker.keys("echo wor''ks; exit 7\n")
        worker.until_output("works")
        self.assertEqual(worker.ended(), {"reason": "logout", "exit": 7})

    def assert_refused(self, reason, who, **how):
        worker = self.worker()
        worker.start(who, **{"host_keys": self.host.public_keys(), **how})
        self.assertEqual(worker.ended()["reason"], reason)
        return worker


class Passwords(WorkerCase):
    def test_a_shell_runs_and_ends_with_its_status(self):
        worker = self.shell()
        self.assertEqual(worker.seen, [("state", {"state": "host_key"}),
                                       ("host_key", {"verdict": "known", "key": self.host.public_keys()[0]}),
                                       ("state", {"state": "login"})])
        self.assert_works(worker)
        self.assertEqual(worker.end(), 0)

    def test_a_wrong_password_is_the_credential(self):
        self.assert_refused("credential", self.by_password("wrong"))

    def test_terminal_size_language_and_resize(self):
        worker = self.shell(columns=133, rows=37)
        worker.keys("stty size; echo $TERM-$LANG\n")
        worker.until_output("37 133")
        worker.until_output("xterm-256color-C.UTF-8")
        worker.say("size", {"columns": 90, "rows": 30})
        worker.keys("stty size\n")
        worker.until_output("30 90")

    def test_the_password_is_gone_from_memory_once_it_was_used(self):
        worker = self.shell()
        worker.keys("echo $HO''ME-in-memory\n")
        worker.until_output("-in-memory")
        search = Search(password=self.user.password.encode(), host_key=self.host.public_keys()[0].split()[1].encode())
        found = search.in_process(worker.process.pid)
        self.assertEqual(found, {"host_key"})  # which shows that the search sees what is there

    def test_the_parent_ends_it(self):
        worker = self.shell()
        worker.say("end")
        self.assertEqual(worker.ended(), {"reason": "closed", "exit": None})

    def test_it_is_confined_before_it_knows_its_host(self):
        worker = self.worker()
        folder = Path(f"/proc/{worker.process.pid}")
        status = until(lambda: "Seccomp:\t2" in (told := (folder / "status").read_text()) and told, what="the sandbox")
        self.assertIn("NoNewPrivs:\t1", status)
        self.assertEqual({one.name for one in (folder / "fd").iterdir()}, set("01234"))
        limits = (folder / "limits").read_text()
        for limit in ("Max open files            5 ", "Max file size             0 ", "Max core file size        0 "):
            self.assertIn(limit, limits)

    def test_a_worker_goes_with_its_parent(self):
        worker = self.shell()
        worker.socket.close()
        self.assertEqual(worker.process.wait(5), 0)

    def test_a_killed_shell_has_no_status(self):
        worker = self.shell()
        worker.keys("kill -9 $$\n")
        self.assertEqual(worker.ended(), {"reason": "logout", "exit": None})

    def test_what_is_no_frame_ends_the_worker(self):
        worker = self.shell()
        worker.socket.sendall(b"\0\0\0\0\0")
        self.assertEqual(worker.process.wait(5), 0)


class HostKeys(WorkerCase):
    def test_the_known_type_is_asked_for(self):
        worker = self.worker()
        worker.start(self.by_password(), host_keys=self.host.public_keys()[1:])
        worker.until("ready")
        self.assertEqual(worker.seen[1][1]["verdict"], "known")
        self.assertTrue(worker.seen[1][1]["key"].startswith("ssh-rsa "))

    def test_a_changed_key_is_told_and_no_credential_is_sent(self):
        other = sshd.make_key(self.folder / "other").with_suffix(".pub").read_text()
        before = self.host.log.read_text().count(self.user.name)
        worker = self.assert_refused("host_key", self.by_password(), host_keys=[other], first_use=True)
        self.assertIn(("host_key", {"verdict": "changed", "key": self.host.public_keys()[0]}), worker.seen)
        self.assertNotIn(("state", {"state": "login"}), worker.seen)
        self.assertEqual(self.host.log.read_text().count(self.user.name), before)

    def test_a_host_that_lost_the_known_type_has_changed(self):
        other = sshd.make_key(self.folder / "ecdsa", "ecdsa").with_suffix(".pub").read_text()
        worker = self.assert_refused("host_key", self.by_password(), host_keys=[other])
        self.assertEqual(worker.seen[1][1]["verdict"], "changed")

    def test_the_first_key_counts_only_where_it_may(self):
        worker = self.assert_refused("host_key", self.by_password(), host_keys=[])
        self.assertEqual(worker.seen[1][1]["verdict"], "unknown")
        worker = self.worker()
        worker.start(self.by_password(), first_use=True)
        worker.until("ready")
        self.assertEqual(worker.seen[1][1]["verdict"], "first_use")

    def test_an_authority_alone_is_not_enough(self):
        authority = sshd.make_key(self.folder / "ca").with_suffix(".pub").read_text()
        worker = self.assert_refused("host_key", self.by_password(), host_keys=[], host_cas=[authority], first_use=True)
        self.assertEqual(worker.seen[1][1]["verdict"], "unknown")


class Keys(WorkerCase):
    options = ("PasswordAuthentication no",)

    def by_key(self, name, kind="ed25519", passphrase="", pem=False, given=None):
        key = sshd.make_key(self.folder / name, kind, passphrase, pem)
        self.user.authorize(key.with_suffix(".pub"))
        return credential(self.user.name, key=key.read_bytes(), passphrase=passphrase if given is None else given)

    def test_each_kind_of_key(self):
        for kind in ("ed25519", "ecdsa", "rsa"):
            with self.subTest(kind):
                self.assert_works(self.shell(self.by_key(f"plain_{kind}", kind)))

    def test_keys_with_a_passphrase_in_both_forms(self):
        self.assert_works(self.shell(self.by_key("locked", passphrase="open sesame")))
        self.assert_works(self.shell(self.by_key("locked_pem", "rsa", "open sesame", pem=True)))
        self.assert_works(self.shell(self.by_key("plain_pem", "rsa", pem=True)))

    def test_a_wrong_or_missing_passphrase_is_the_credential(self):
        self.assert_refused("credential", self.by_key("locked_1", passphrase="open sesame", given="wrong"))
        self.assert_refused("credential", self.by_key("locked_2", passphrase="open sesame", given=""))
        self.assert_refused("credential", self.by_key("locked_3", "rsa", "open sesame", pem=True, given="wrong"))

    def test_a_key_that_the_host_does_not_know(self):
        key = sshd.make_key(self.folder / "stranger")
        self.assert_refused("credential", credential(self.user.name, key=key.read_bytes()))

    def test_what_is_no_key(self):
        self.assert_refused("credential", credential(self.user.name, key=b"-----BEGIN OPENSSH PRIVATE KEY-----\nAA\n"))

    def test_a_password_where_none_is_taken(self):
        self.assert_refused("credential", self.by_password())


    def test_a_key_is_gone_from_memory_once_it_was_used(self):
        """In a build without sanitizers: their heap keeps what libssh frees, and nothing gets at it there."""
        key = sshd.make_key(self.folder / "watched", "rsa")
        number = load_ssh_private_key(key.read_bytes(), None).private_numbers().d.to_bytes(256, "big")
        sshd.quiet("ssh-keygen", "-q", "-p", "-P", "", "-N", "open sesame street", "-f", key)
        self.user.authorize(key.with_suffix(".pub"))
        who = credential(self.user.name, key=key.read_bytes(), passphrase="open sesame street")
        secrets = {"passphrase": b"open sesame street", "armor": who["private_key"][200:264]}
        if not sanitized():
            secrets.update(number=number[:64], reversed=number[:-65:-1])
        worker = self.shell(who)
        self.assertEqual(Search(**secrets).in_process(worker.process.pid), set())


class Certificates(WorkerCase):
    @classmethod
    def setUpClass(cls):
        cls.users_authority = Path(tempfile.mkdtemp(prefix="sallyport-ca-")) / "ca"
        cls.addClassCleanup(shutil.rmtree, cls.users_authority.parent)
        sshd.make_key(cls.users_authority)
        cls.options = (f"TrustedUserCAKeys {cls.users_authority}.pub", "PasswordAuthentication no")
        super().setUpClass()

    def certified(self, kind="ed25519", principal=None):
        key = sshd.make_key(self.folder / f"certified_{kind}_{principal}", kind)
        sshd.quiet("ssh-keygen", "-q", "-s", self.users_authority, "-I", "test", "-n", principal or self.user.name,
                   "-V", "+5m", key.with_suffix(".pub"))
        return credential(self.user.name, key=key.read_bytes(), certificate=Path(f"{key}-cert.pub").read_bytes())

    def test_a_certificate_lets_in(self):
        for kind in ("ed25519", "ecdsa", "rsa"):
            with self.subTest(kind):
                self.assert_works(self.shell(self.certified(kind)))

    def test_a_certificate_for_somebody_else_does_not(self):
        self.assert_refused("credential", self.certified(principal="somebody"))

    def test_a_certificate_of_another_key_does_not(self):
        who = self.certified("ed25519", self.user.name)
        other = sshd.make_key(self.folder / "another")
        self.assert_refused("credential", {**who, "private_key": other.read_bytes()})


class Banners(WorkerCase):
    options = ("Banner /etc/issue.net",)

    def test_what_the_host_says_before_the_login_is_shown(self):
        first, *_ = Path("/etc/issue.net").read_text().splitlines()
        self.assertTrue(self.shell().until_output(first).startswith(first.encode() + b"\r\n"))


class Questions(WorkerCase):
    """Keyboard-interactive, by PAM."""

    options = ("UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes")

    def test_the_password_answers_the_question(self):
        self.assert_works(self.shell())

    def test_a_wrong_password_is_the_credential_and_is_tried_once(self):
        before = self.host.log.read_text().count("Failed")
        self.assert_refused("credential", self.by_password("wrong"))
        self.assertLessEqual(self.host.log.read_text().count("Failed") - before, 1)


class OldHosts(WorkerCase):
    """What a host offers that we do not take."""

    options = ("KexAlgorithms diffie-hellman-group14-sha1,diffie-hellman-group14-sha256", "Ciphers aes128-cbc,3des-cbc")

    def test_weak_algorithms_are_not_our_protocol(self):
        self.assert_refused("protocol", self.by_password())


class Flow(WorkerCase):
    options = ("RekeyLimit 1M",)

    def test_output_waits_for_credit_and_keys_do_not(self):
        worker = self.shell(allow=0)
        worker.allow(100_000)
        worker.keys("yes | head -c 100000000; echo; echo flood''ed\n")
        while len(worker.output) < 100_000:
            worker.until("output")
        with self.assertRaises(TimeoutError):
            worker.until("output", seconds=1)
        self.assertEqual(len(worker.output), 100_000)
        worker.keys(b"\x03")
        worker.keys("echo after''wards\n")
        worker.allow(1 << 40)
        worker.until_output("afterwards")
        self.assertNotIn(b"flooded", worker.output)

    def test_a_flood_is_whole_and_in_order(self):
        worker = self.shell()
        worker.keys("stty -onlcr; PS1=; clear; seq 1 300000; echo do''ne\n")
        text = worker.until_output("done").decode()
        numbers = text[text.index("\n1\n2\n") + 1:text.index("done")] if "\n1\n2\n" in text else text[text.index("1\n2\n"):text.index("done")]
        self.assertEqual(numbers, "".join(f"{n}\n" for n in range(1, 300_001)))

    def test_a_large_paste_arrives(self):
        worker = self.shell()
        worker.keys("stty raw -echo; echo rea''dy; head -c 1000000 | sha256sum; exit\n")
        worker.until_output("ready")
        for _ in range(100):
            worker.keys(b"0123456789" * 1_000)
        worker.until_output(hashlib.sha256(b"0123456789" * 100_000).hexdigest())

    def test_a_connection_that_breaks_is_a_host_that_hung_up(self):
        worker = self.shell()
        self.host.kill_connections()
        self.assertEqual(worker.ended(), {"reason": "hung_up", "exit": None})


class Strangers(unittest.TestCase):
    """Hosts that are none."""

    def serve(self, behave):
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def run():
            try:
                one, _ = server.accept()
            except OSError:
                return
            with one:
                behave(one)
        threading.Thread(target=run, daemon=True).start()
        worker = Worker(server.getsockname()[1])
        self.addCleanup(worker.end)
        worker.start(credential("nobody", "secret"), first_use=True)
        return worker

    def test_a_host_that_hangs_up_at_once(self):
        self.assertEqual(self.serve(lambda one: None).ended()["reason"], "hung_up")

    def test_a_host_that_hangs_up_after_its_banner(self):
        def behave(one):
            one.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
            one.recv(100)
        self.assertEqual(self.serve(behave).ended()["reason"], "hung_up")

    def test_a_host_that_speaks_something_else(self):
        def behave(one):
            one.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" * 3)
            one.recv(100)
        self.assertEqual(self.serve(behave).ended()["reason"], "protocol")

    def test_a_host_that_sends_rubbish(self):
        def behave(one):
            one.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
            one.sendall(bytes(range(256)) * 2_000)
            one.recv(100)
        self.assertEqual(self.serve(behave).ended()["reason"], "protocol")

    def test_a_host_that_never_answers_is_given_up(self):
        begun = time.monotonic()
        worker = self.serve(lambda one: time.sleep(40))
        self.assertEqual(worker.ended()["reason"], "unreachable")
        self.assertLess(time.monotonic() - begun, 25)

    def test_an_endless_banner_ends(self):
        def behave(one):
            try:
                while True:
                    one.sendall(b"x" * 100 + b"\r\n")
            except OSError:
                pass
        self.assertEqual(self.serve(behave).ended(seconds=20)["reason"], "protocol")

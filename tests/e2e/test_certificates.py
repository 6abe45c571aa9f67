"""A renewed certificate reaches new connections of the real programs and fails none; a bad one is refused and the old one kept.

RELOADS sets how many (40; the full measure is 1000)."""

import email.header
import hashlib
import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import unittest

from harness.case import EdgeCase, SiteCase
from harness.programs import until
from harness.site import Authority, text_of

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
RELOADS = int(os.environ.get("RELOADS", "40"))


def shown(port, context):
    """SHA-256 of the certificate that a new connection sees."""
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=60)
    try:
        connection.connect()
        return hashlib.sha256(connection.sock.getpeercert(binary_form=True)).hexdigest()
    finally:
        connection.close()


def fingerprint(path):
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(path.read_text().split("-----END CERTIFICATE-----")[0]
                                                   + "-----END CERTIFICATE-----\n")).hexdigest()


def subject_of(mail):
    return str(email.header.make_header(email.header.decode_header(mail["Subject"])))


def one_request(port, path, context, session=None):
    """A whole request on a connection that offers `session`: its status, the session to offer next, and whether it was resumed."""
    connection = socket.create_connection(("127.0.0.1", port), 60)
    with context.wrap_socket(connection, server_hostname="127.0.0.1", session=session) as secured:
        secured.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := secured.recv(65536):
            answer += piece
        return int(answer.split()[1]), secured.session, secured.session_reused


def anybody():
    """For an intake: its core alone knows it, by its key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Load:
    """Handshakes without end on threads of their own, each a whole request on a new connection; one of them resumes its session."""

    def __init__(self, port, path, context, threads=3):
        self.port, self.path, self.context = port, path, context
        self.over, self.done, self.resumed, self.failures = threading.Event(), 0, 0, []
        self.lock = threading.Lock()
        works = [self.resume] + [self.work] * (threads - 1)
        self.threads = [threading.Thread(target=one, daemon=True) for one in works]

    def resume(self):
        session = None
        while not self.over.is_set():
            try:
                _, session, reused = one_request(self.port, self.path, self.context, session)
                with self.lock:
                    self.done += 1
                    self.resumed += reused
            except (OSError, IndexError) as error:
                with self.lock:
                    self.failures.append(repr(error))

    def work(self):
        while not self.over.is_set():
            try:
                connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=60)
                connection.request("GET", self.path)
                connection.getresponse().read()
                connection.close()
                with self.lock:
                    self.done += 1
            except OSError as error:
                with self.lock:
                    self.failures.append(repr(error))

    def __enter__(self):
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for one in self.threads:
            one.join(90)


class HotReload(SiteCase):
    options = {"mail": False}

    def setUp(self):
        self.trust = ssl.create_default_context(cafile=str(self.site.ca))
        self.no_trust = anybody()

    def spares(self, name, folder, count=2):
        """Certificates for the same hosts, each with its own key, beside the one in use."""
        out = []
        for i in range(count):
            self.site.authority.issue(f"spare-{name}-{i}", folder, "--force")
            out.append((folder / f"spare-{name}-{i}.crt", folder / f"spare-{name}-{i}.key"))
        return out

    @staticmethod
    def put(spare, certificate, key):
        """As a renewal does: whole files, renamed over the old ones."""
        for source, target in ((spare[1], key), (spare[0], certificate)):
            beside = target.with_suffix(target.suffix + ".new")
            shutil.copy2(source, beside)
            beside.replace(target)

    def reload_under_load(self, program, port, path, certificate, key):
        spares = self.spares(certificate.stem, certificate.parent)
        kept = http.client.HTTPSConnection("127.0.0.1", port, context=self.trust, timeout=60)
        kept.connect()
        socket_of_the_beginning = kept.sock
        with Load(port, path, self.trust) as load:
            for i in range(RELOADS):
                spare = spares[i % 2]
                self.put(spare, certificate, key)
                os.kill(program.pid, signal.SIGHUP)
                wanted = fingerprint(spare[0])
                until(lambda: shown(port, self.trust) == wanted, 60, f"reload {i} of {program.name}")
                if i < 900:  # the core ends a connection after its thousandth request
                    kept.request("GET", path)
                    kept.getresponse().read()
                    self.assertIs(kept.sock, socket_of_the_beginning, f"reload {i} dropped a connection")
        kept.close()
        self.assertEqual(load.failures, [])
        self.assertGreater(load.done, RELOADS)
        self.assertGreater(load.resumed, 0)
        print(f"{program.name}: {RELOADS} reloads, {load.done} handshakes under load ({load.resumed} resumed), {len(load.failures)} failed")

    def test_the_core_reloads_under_load_and_no_handshake_fails(self):
        self.reload_under_load(self.site.core, self.site.port, "/healthz", self.site.folder / "core.crt",
                               self.site.folder / "core.key")
        codes = [entry["code"] for entry in self.site.api.get("/audit?code=certificate")["items"]]
        self.assertIn("certificate.replaced", codes)

    def test_the_portal_reloads_under_load_and_no_handshake_fails(self):
        folder = self.site.edge.folder
        self.reload_under_load(self.site.edge.program, self.site.edge.public, "/m/x", folder / "edge.crt", folder / "edge.key")

    def show_instead(self, program, port, certificate, key, spare, context):
        self.put(spare, certificate, key)
        os.kill(program.pid, signal.SIGHUP)
        until(lambda: shown(port, context) == fingerprint(spare[0]), 60, f"{program.name} to show {spare[0].name}")

    def check_resumption(self, program, port, path, certificate, key):
        folder = self.site.folder / f"strangers-{program.name}"
        folder.mkdir()
        other = Authority(folder)
        stranger = other.issue(f"stranger-{program.name}", certificate.parent)
        both = ssl.create_default_context(cafile=str(self.site.ca))
        both.load_verify_locations(str(other.certificate))
        spares = self.spares(f"same-{certificate.stem}", certificate.parent)
        self.show_instead(program, port, certificate, key, spares[0], both)

        _, session, _ = one_request(port, path, both)
        self.assertTrue(one_request(port, path, both, session)[2])
        self.show_instead(program, port, certificate, key, spares[1], both)
        self.assertTrue(one_request(port, path, both, session)[2], "a renewed certificate ends no session")
        self.show_instead(program, port, certificate, key, (stranger, stranger.with_suffix(".key")), both)
        _, fresh, reused = one_request(port, path, both, session)
        self.assertFalse(reused, "the authority is gone, and its sessions with it")
        self.assertTrue(one_request(port, path, both, fresh)[2])
        self.show_instead(program, port, certificate, key, spares[1], both)
        self.assertFalse(one_request(port, path, both, fresh)[2])

    def test_a_session_ends_with_the_authority_of_its_certificate(self):
        site, edge = self.site, self.site.edge
        self.check_resumption(site.core, site.port, "/healthz", site.folder / "core.crt", site.folder / "core.key")
        self.check_resumption(edge.program, edge.public, "/m/x", edge.folder / "edge.crt", edge.folder / "edge.key")

    def refused(self, program, port, why):
        before = shown(port, self.trust)
        told = program.said().count("certificate_refused")
        os.kill(program.pid, signal.SIGHUP)
        until(lambda: program.said().count("certificate_refused") > told, 60, "the refusal in the log")
        line = [line for line in program.said().splitlines() if "certificate_refused" in line][-1]
        self.assertIn(why, line)
        self.assertEqual(shown(port, self.trust), before)

    def check_refusals(self, program, port, certificate, key):
        folder, name = certificate.parent, certificate.stem
        good = certificate.read_bytes(), key.read_bytes()
        spare = self.spares(f"bad-{name}", folder, 1)[0]
        other = folder / f"other-{name}.crt"
        self.site.authority.issue(other.stem, folder)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                        "-subj", "/CN=x", "-addext", "subjectAltName=DNS:other.example", "-keyout", folder / "strange.key",
                        "-out", folder / "strange.crt"], check=True, capture_output=True)
        for source, source_key, why in ((None, spare[1], "certificate chain"), (spare[0], other.with_suffix(".key"), "does not belong"),
                                        (folder / "strange.crt", folder / "strange.key", "other.example")):
            with self.subTest(why):
                certificate.write_bytes(source.read_bytes() if source else b"nothing\n")
                key.write_bytes(source_key.read_bytes())
                self.refused(program, port, why)
        certificate.write_bytes(good[0])
        key.write_bytes(good[1])
        told = program.said().count("certificate_reloaded")
        os.kill(program.pid, signal.SIGHUP)
        until(lambda: program.said().count("certificate_reloaded") > told, 60, "the good one to be taken again")

    def test_a_bad_certificate_is_refused_and_the_old_one_kept(self):
        site, edge = self.site, self.site.edge
        self.check_refusals(site.core, site.port, site.folder / "core.crt", site.folder / "core.key")
        self.check_refusals(edge.program, edge.public, edge.folder / "edge.crt", edge.folder / "edge.key")
        codes = [entry["code"] for entry in site.api.get("/audit?code=certificate")["items"]]
        self.assertIn("certificate.refused", codes)

    def test_the_intake_shows_its_identity_alone_and_resumes_no_session(self):
        edge = self.site.edge
        identity = edge.folder / "data" / "identity" / "live" / "tls.crt"
        until(identity.exists, 60, "an identity")
        until(lambda: shown(edge.intake, self.no_trust) == fingerprint(identity), 60, "it to be shown")
        spare = self.spares("intake", edge.folder, 1)[0]
        self.put(spare, edge.folder / "intake.crt", edge.folder / "intake.key")
        told = edge.program.said().count("certificate_reloaded")
        os.kill(edge.program.pid, signal.SIGHUP)
        until(lambda: edge.program.said().count("certificate_reloaded") >= told + 2, 60, "both listeners to look")
        self.assertEqual(shown(edge.intake, self.no_trust), fingerprint(identity))

        with self.connected(edge.intake) as first:
            first.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertTrue(first.recv(1000))  # tickets would have come by now
            session = first.session
            self.assertFalse(session.has_ticket)
        with self.connected(edge.intake, session) as second:
            self.assertFalse(second.session_reused)

    def connected(self, port, session=None):
        return self.no_trust.wrap_socket(socket.create_connection(("127.0.0.1", port), 60), session=session)


class Waiting(EdgeCase):
    def test_an_intake_without_an_identity_keeps_its_key(self):
        edge, folder = self.edge, self.edge.folder
        before = shown(edge.intake, anybody())
        self.alone.authority.issue("spare", folder)
        for kind in ("key", "crt"):
            (folder / f"intake.{kind}").write_bytes((folder / f"spare.{kind}").read_bytes())
        os.kill(edge.program.pid, signal.SIGHUP)

        line = until(lambda: next((line for line in edge.program.said().splitlines() if "certificate_refused" in line), None), 60,
                     "the refusal in the log")

        self.assertIn("another key", line)
        self.assertEqual(shown(edge.intake, anybody()), before)


class Watched(SiteCase):
    def listed(self):
        return self.site.api.get("/certificates")["items"]

    def one(self, place):
        return next((item for item in self.listed() if item["place"] == place), None)

    def test_the_list_tells_of_every_certificate(self):
        folder = self.site.edge.folder
        files = {"site": self.site.folder / "core.crt", "root": self.site.ca, "portal": folder / "edge.crt",
                 "intake": folder / "data" / "identity" / "live" / "tls.crt"}
        until(files["intake"].exists, 60, "an identity")
        wanted = {place: fingerprint(path) for place, path in files.items()}
        until(lambda: {one["place"]: one["fingerprint"] for one in self.listed()} == wanted, 120, "all certificates to be seen")

        for item in self.listed():
            with self.subTest(item["place"]):
                self.assertEqual((item["light"], item["reason"]), ("green", ""))
                self.assertEqual(item["owner"] and item["owner"]["name"],
                                 "selfdestruct" if item["place"] in ("portal", "intake") else None)

    def test_when_a_certificate_ends_soon_that_is_told_and_mailed_once(self):
        edge = self.site.edge
        good = (edge.folder / "edge.crt").read_bytes()
        self.issue_with_days_left(edge.folder, 5)
        self.addCleanup(os.kill, edge.program.pid, signal.SIGHUP)
        self.addCleanup((edge.folder / "edge.crt").write_bytes, good)
        os.kill(edge.program.pid, signal.SIGHUP)
        mine = fingerprint(edge.folder / "edge.crt")

        until(lambda: self.one("portal") and self.one("portal")["fingerprint"] == mine, 120, "hello to tell of it")
        self.assertEqual(self.one("portal")["light"], "red")
        mail = self.site.wait_mail(lambda one: "portal of the site selfdestruct" in subject_of(one), 60)
        self.assertIn("ends in 4 days", subject_of(mail))
        self.assertIn("Renew it.", text_of(mail))
        told = self.site.api.get("/audit?code=certificate.expiring")["items"]
        self.assertEqual(len(told), 1)
        self.assertEqual(sum("ends in 4 days" in subject_of(one) for one in self.site.mails()), 1)

    def issue_with_days_left(self, folder, left, life=100):
        """Signed by the site's authority, most of its life ago."""
        if not os.path.exists(FAKETIME):
            self.skipTest("libfaketime is not installed")
        (folder / "names").write_text("subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
        request = subprocess.run(["openssl", "req", "-new", "-key", folder / "edge.key", "-subj", "/CN=127.0.0.1"], check=True,
                                 capture_output=True).stdout
        ca = self.site.folder / "ca"
        leaf = subprocess.run(["openssl", "x509", "-req", "-CA", ca / "ca.crt", "-CAkey", ca / "ca.key", "-set_serial", "0x4711",
                               "-days", str(life), "-extfile", folder / "names"], input=request, check=True, capture_output=True,
                              env={**os.environ, "LD_PRELOAD": FAKETIME, "FAKETIME": f"-{life - left}d"}).stdout
        (folder / "edge.crt").write_bytes(leaf)

    def test_the_root_is_for_everybody(self):
        stranger = self.site.client()
        root = stranger.get("/trust")["root"]
        status, headers, body = stranger.raw("GET", "/trust/root.crt")

        self.assertEqual((status, headers["Content-Type"]), (200, "application/x-x509-ca-cert"))
        self.assertEqual(body, self.site.ca.read_bytes())
        self.assertEqual(root["fingerprint"], fingerprint(self.site.ca))
        self.assertEqual(stranger.raw("GET", "/certificates")[0], 401)


if __name__ == "__main__":
    unittest.main()

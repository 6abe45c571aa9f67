"""`sallyport-certs` verify, check and import as an administrator calls them."""

import json
import os
import pathlib
import socket
import ssl
import stat
import subprocess
import tempfile
import threading
import unittest

program = pathlib.Path(os.environ.get("SALLYPORT_BIN", "build/dev/bin")).resolve() / "sallyport-certs"


class Judging(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "root.key", "-out", "root.pem",
                     "-days", "900", "-subj", "/CN=Test root", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=localhost")
        self.path("extensions").write_text("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
                                           "subjectAltName=DNS:localhost,IP:127.0.0.1\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n")
        self.openssl("x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "90", "-extfile", "extensions",
                     "-out", "leaf.pem")
        for name in ("root.key", "leaf.key"):
            self.path(name).chmod(0o600)

    def path(self, name):
        return pathlib.Path(self.folder.name) / name

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder.name, check=True, capture_output=True)

    def certs(self, *arguments):
        return subprocess.run([program, *arguments], cwd=self.folder.name, capture_output=True, text=True, timeout=60)

    def test_verify_answers_by_its_exit_code(self):
        asked = ("verify", "--chain", "leaf.pem", "--root", "root.pem", "--second-opinion", "--json")
        good = self.certs(*asked, "--host", "localhost")
        other = self.certs(*asked, "--host", "other.example")
        self.assertEqual(good.returncode, 0, good.stderr)
        self.assertTrue(json.loads(good.stdout)["second_opinion"]["accepted"])
        self.assertEqual(other.returncode, 1)
        self.assertIn("get one that names it", json.loads(other.stdout)["reason"])
        self.assertEqual(self.certs("verify", "--chain", "leaf.pem").returncode, 2)

    def test_check_finds_a_foreign_key_and_says_good_of_its_own(self):
        good = self.certs("check", "leaf.pem", "--root", "root.pem", "--key", "leaf.key", "--host", "localhost")
        foreign = self.certs("check", "leaf.pem", "--root", "root.pem", "--key", "root.key")
        self.assertEqual(good.returncode, 0, good.stdout)
        self.assertEqual(foreign.returncode, 1)
        self.assertIn("the key is another's", foreign.stdout)

    def test_check_asks_a_server(self):
        listening = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listening.close)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path("leaf.pem"), self.path("leaf.key"))

        def answer():
            with listening.accept()[0] as connection, context.wrap_socket(connection, server_side=True) as secured:
                secured.recv(4096)
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        serving = threading.Thread(target=answer)
        serving.start()
        ran = self.certs("check", "--json", "--root", "root.pem", f"https://127.0.0.1:{listening.getsockname()[1]}")
        serving.join(60)
        [report] = json.loads(ran.stdout)["checked"]
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertEqual(report["names"], ["localhost", "127.0.0.1"])
        self.assertTrue(report["host"]["good"])

    def test_import_writes_what_a_server_loads(self):
        self.path("password").write_text("abc\n")
        self.path("password").chmod(0o600)
        self.openssl("pkcs12", "-export", "-inkey", "leaf.key", "-in", "leaf.pem", "-certfile", "root.pem", "-out", "all.pfx", "-passout", "pass:abc")
        ran = self.certs("import", "all.pfx", "--password-file", "password", "--host", "localhost", "--out", "out")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(stat.S_IMODE(self.path("out/server.key").stat().st_mode), 0o600)
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.path("out/server.crt"), self.path("out/server.key"))
        again = self.certs("import", "all.pfx", "--password-file", "password", "--out", "out")
        foreign = self.certs("import", "leaf.pem", "--key", "root.key", "--out", "other")
        self.assertEqual((again.returncode, foreign.returncode), (3, 2))
        self.assertIn("find the one that its request was made with", foreign.stderr)
        self.assertFalse(self.path("other").exists())


if __name__ == "__main__":
    unittest.main()

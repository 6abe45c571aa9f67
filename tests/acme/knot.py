"""A name server of Debian's that takes dynamic updates (Knot DNS), for one zone on loopback."""

import base64
import os
import shutil

from harness.programs import Program, accepts, free_ports

KNOTD = shutil.which("knotd") or "/usr/sbin/knotd"


class Knot:
    """Primary for example.test: every name is 127.0.0.1, and the key sallyport-acme may change TXT records."""

    def __init__(self, folder):
        self.folder = folder / "knot"
        self.folder.mkdir()
        self.port, = free_ports(1)
        secret = base64.b64encode(os.urandom(32)).decode()
        self.key_file = self.folder / "tsig.key"
        self.write_key(self.key_file, "sallyport-acme", secret)
        self.wrong_key_file = self.folder / "wrong.key"
        self.write_key(self.wrong_key_file, "sallyport-acme", base64.b64encode(bytes(32)).decode())
        self.strange_key_file = self.folder / "strange.key"
        self.write_key(self.strange_key_file, "nobody", secret)
        (self.folder / "example.test.zone").write_text("""$ORIGIN example.test.
$TTL 60
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
@ A 127.0.0.1
* A 127.0.0.1
ns A 127.0.0.1
""")
        config = self.folder / "knot.conf"
        config.write_text(f"""
server:
    rundir: "{self.folder}"
    listen: 127.0.0.1@{self.port}
log:
  - target: stderr
    any: info
database:
    storage: "{self.folder}"
key:
  - id: sallyport-acme
    algorithm: hmac-sha256
    secret: {secret}
acl:
  - id: acme
    key: sallyport-acme
    action: update
    update-type: [TXT]
zone:
  - domain: example.test
    storage: "{self.folder}"
    file: example.test.zone
    acl: acme
    zonefile-sync: -1
    journal-content: all
    zonefile-load: difference
""")
        self.program = Program("knotd", ["-c", config], self.folder / "knotd.log", lambda: accepts(self.port), binary=KNOTD)
        self.program.start()

    @staticmethod
    def write_key(path, name, secret):
        """As tsig-keygen writes it."""
        path.write_text(f'key "{name}" {{\n\talgorithm hmac-sha256;\n\tsecret "{secret}";\n}};\n')
        path.chmod(0o600)

    def end(self):
        self.program.kill()

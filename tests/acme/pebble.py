"""Pebble, the small ACME server of Let's Encrypt, and its mock of the DNS, as Debian packages them."""

import json
import ssl
import urllib.request

from harness.programs import Program, accepts, free_ports

PEBBLE, CHALLTESTSRV = "/usr/bin/pebble", "/usr/bin/pebble-challtestsrv"
EXTERNAL = ("kid-1", "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W")
BLOCKED = "blocked.test"  # not longer than any name ordered: Debian's pebble would stumble


class Pebble:
    """A CA that asks `dns` (a port) for names, and looks for http-01 at `http_port`."""

    def __init__(self, folder, authority, dns, name="pebble", strict=False, external=False, validity=None, nonce_reject=0,
                 authz_reuse=0, alternates=0):
        self.folder = folder
        self.ca = authority.certificate
        self.port, self.management, self.http_port, tls_port = free_ports(4)
        authority.issue(name, folder)
        config = {"listenAddress": f"127.0.0.1:{self.port}", "managementListenAddress": f"127.0.0.1:{self.management}",
                  "certificate": str(folder / f"{name}.crt"), "privateKey": str(folder / f"{name}.key"),
                  "httpPort": self.http_port, "tlsPort": tls_port, "ocspResponderURL": "",
                  "externalAccountBindingRequired": external, "domainBlocklist": [BLOCKED]}
        if external:
            config["externalAccountMACKeys"] = dict([EXTERNAL])
        if validity:
            config["certificateValidityPeriod"] = validity
        path = folder / f"{name}.json"
        path.write_text(json.dumps({"pebble": config}))
        environment = {"PEBBLE_WFE_NONCEREJECT": str(nonce_reject), "PEBBLE_VA_NOSLEEP": "1",
                       "PEBBLE_AUTHZREUSE": str(authz_reuse), "PEBBLE_ALTERNATE_ROOTS": str(alternates)}
        self.program = Program("pebble", ["-config", path, "-dnsserver", f"127.0.0.1:{dns}", f"-strict={str(strict).lower()}"],
                               folder / f"{name}.log", lambda: accepts(self.port), environment=environment, binary=PEBBLE)
        self.program.start()

    @property
    def directory(self):
        return f"https://127.0.0.1:{self.port}/dir"

    def root(self, number=0):
        """One of its roots, PEM."""
        context = ssl.create_default_context(cafile=self.ca)
        with urllib.request.urlopen(f"https://127.0.0.1:{self.management}/roots/{number}", context=context) as answer:
            return answer.read().decode()

    def end(self):
        self.program.kill()


class Names:
    """A DNS that says 127.0.0.1 to every question and can be told TXT records (pebble-challtestsrv)."""

    def __init__(self, folder):
        self.dns, self.management = free_ports(2)
        self.program = Program("pebble-challtestsrv",
                               ["-dns01", f"127.0.0.1:{self.dns}", "-management", f"127.0.0.1:{self.management}", "-http01", "",
                                "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""],
                               folder / "names.log", lambda: accepts(self.management), binary=CHALLTESTSRV)
        self.program.start()

    def hook(self, path):
        """Writes a program for --dns-01 hook= that tells this DNS, and notes how it was called beside itself."""
        path.write_text(f"""#!/usr/bin/python3
import json, sys, urllib.request
verb, name, value = sys.argv[1:]
with open({str(path) + ".calls"!r}, "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
body = {{"host": name, "value": value}} if verb == "present" else {{"host": name}}
target = "set-txt" if verb == "present" else "clear-txt"
urllib.request.urlopen("http://127.0.0.1:{self.management}/" + target, json.dumps(body).encode())
print("the hook", verb, name)
""")
        path.chmod(0o755)
        return path

    def end(self):
        self.program.kill()

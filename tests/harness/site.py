"""A whole site in a temporary folder: authority, core, DMZ edge, embedded edge, mail catcher, on ports of its own.

Everything is real but the network in between, which a test may cut (`cutter=True`)."""

import mailbox
import pathlib
import re
import shutil
import sys
import tempfile

from .api import Api
from .cutter import Cutter
from .programs import ROOT, Program, accepts, free_ports, run, until
from .recipient import Recipient

ADMIN = "admin"


class Authority:
    """A certificate authority of this test, made by `sallyport-certs`."""

    def __init__(self, folder):
        self.folder = folder
        run("sallyport-certs", "ca", "init", "--out", folder / "ca", "--name", "test authority")
        self.certificate = folder / "ca" / "ca.crt"

    def issue(self, name, out=None, *more, **how):
        out = out or self.folder
        run("sallyport-certs", "issue", "--ca", self.folder / "ca", "--out", out, "--name", name,
            "--host", "127.0.0.1", "localhost", *more, **how)
        return out / f"{name}.crt"


class Edge:
    """One real edge, a portal unless `kind` is another: its folder, ports and life."""

    def __init__(self, folder, authority, name="selfdestruct", prefix=(), environment=None, public_url=None,
                 kind="selfdestruct", more=""):
        self.folder, self.name, self.kind = folder / name, name, kind
        self.folder.mkdir(mode=0o700)
        self.public, self.intake = free_ports(2)
        self.ca = authority.certificate
        self.url = self.origin = public_url or f"https://127.0.0.1:{self.public}"
        for use in ("edge", "intake"):
            authority.issue(use, self.folder)
        self.config = self.folder / "edge.toml"
        self.write_config(more)
        self.program = Program(f"sallyport-{kind}", ["serve", "--config", self.config], folder / "log" / f"{name}.log",
                               lambda: accepts(self.public) and accepts(self.intake), prefix, environment)

    def write_config(self, more="", public=""):
        self.config.write_text(f"""
[public]
url = "{self.url}"
listen = "127.0.0.1:{self.public}"
certificate = "edge.crt"
key = "edge.key"
{'proxies = ["127.0.0.1"]' if self.name == "embedded" else public}

[intake]
listen = "127.0.0.1:{self.intake}"
certificate = "intake.crt"
key = "intake.key"

[data]
directory = "data"
{more}""")

    def enrol(self, kit):
        run(f"sallyport-{self.kind}", "enrol", kit, "--config", self.config)

    @property
    def database(self):
        return self.folder / "data" / "edge.sqlite"


class Site:
    """`with Site() as site:` gives a running site with an administrator's token in `site.api`."""

    def __init__(self, *, database="sqlite:core.sqlite", embedded=False, cutter=False, mail=True, edge=True, core_prefix=(),
                 edge_prefix=(), edge_environment=None, parent=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-test-", dir=parent))
        self.folder.chmod(0o755)
        self.log = self.folder / "log"
        self.log.mkdir()
        self.database, self.core_prefix = database, core_prefix
        self.edge_prefix, self.edge_environment = edge_prefix, edge_environment
        self.with_embedded, self.with_cutter, self.with_mail, self.with_edge = embedded, cutter, mail, edge
        self.edge, self.edges, self.cutter, self.mail, self.core = None, {}, None, None, None
        self.port, self.mail_port = free_ports(2)
        self.url = f"https://127.0.0.1:{self.port}"

    # Life.
    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.end(keep=True)
            raise
        return self

    def __exit__(self, kind, *_):
        try:
            self.end(keep=kind is not None)
        except Exception:
            if kind is None:
                raise

    def build(self):
        self.authority = Authority(self.folder)
        self.ca = self.authority.certificate
        self.authority.issue("core")
        embedded = Edge(self.folder, self.authority, "embedded", self.edge_prefix, self.edge_environment,
                        f"{self.url}/selfdestruct") if self.with_embedded else None
        self.write_config(embedded)
        if self.with_mail:
            self.start_mail()
        self.init_core()
        self.api = self.client(self.token)
        self.start_core()
        self.settle()
        if not self.with_edge:
            return
        edge = self.add_edge(Edge(self.folder, self.authority, prefix=self.edge_prefix, environment=self.edge_environment),
                             self.with_cutter)
        if embedded:
            self.add_edge(embedded)
        self.edge = edge

    def write_config(self, embedded=None):
        self.config = self.folder / "core.toml"
        # A copy: whoever builds the web site meanwhile does not end this core.
        shutil.copytree(ROOT / "core/web/dist", self.folder / "web")
        lines = f"""
[site]
url = "{self.url}"
listen = "127.0.0.1:{self.port}"
certificate = "core.crt"
key = "core.key"
web_root = "web"

[database]
url = "{self.database}"

[keys]
root = "root.key"

[certificates]
site_ca = "ca/ca.crt"
"""
        if embedded:
            lines += f"""
[embedded]
edge = "embedded"
upstream = "https://127.0.0.1:{embedded.public}"
certificate = "embedded/edge.crt"
"""
        self.config.write_text(lines)

    def init_core(self):
        password = self.folder / "admin.password"
        run("sallyport-core", "init", "--config", self.config, "--admin", ADMIN, "--password-out", password)
        self.password = password.read_text().strip()
        token = self.folder / "token"
        run("sallyport-core", "token", "--config", self.config, "--user", ADMIN, "--name", "tests", "--scope", "admin",
            "--out", token)
        self.token_file, self.token = token, token.read_text().strip()

    def start_core(self):
        self.core = Program("sallyport-core", ["serve", "--config", self.config], self.log / "core.log",
                            lambda: accepts(self.port), self.core_prefix).start()

    def start_mail(self):
        self.mail_folder = self.folder / "mail"
        self.mail = Program("mail_catcher", [ROOT / "installers/demo/mail_catcher.py", "--port", self.mail_port, "--directory",
                                             self.mail_folder], self.log / "mail.log",
                            lambda: accepts(self.mail_port), binary="/usr/bin/python3").start()

    def settle(self):
        """Mail settings, and an address for the administrator's notices."""
        me = self.api.get("/people")["items"][0]
        self.api.patch(f"/people/{me['id']}", {"email": "sender@example.test", "name": "Ada Sender"})
        if self.mail:
            self.api.patch("/settings", {"mail": {"host": "127.0.0.1", "port": self.mail_port, "security": "none",
                                                  "from": "sallyport@example.test", "from_name": "Sallyport"}})

    def add_edge(self, edge, cutter=False):
        intake = edge.intake
        if cutter:
            self.cutter = Cutter(("127.0.0.1", edge.intake))
            intake = self.cutter.port
        made = self.api.post("/edges", {"name": edge.name, "kind": edge.kind, "public_url": edge.url,
                                        "intake_url": f"https://127.0.0.1:{intake}"})
        edge.id = made["id"]
        kit = self.folder / f"{edge.name}.kit"
        kit.touch(0o600)
        kit.write_text(made["kit"])
        edge.enrol(kit)
        edge.program.start()
        self.edges[edge.name] = edge
        until(lambda: self.edge_state(edge)["light"] == "green", 60, f"the light of {edge.name} to be green")
        return edge

    def end(self, keep=False):
        """Stops everything; a program that died or that a sanitizer stopped is an error."""
        wrong = []
        for one in [self.core, *(e.program for e in self.edges.values()), self.mail]:
            if one and one.process and one.running:
                try:
                    status = one.stop()
                except TimeoutError as error:
                    wrong.append(str(error))
                    continue
                if status not in (0, -15) or (status == -15 and one.name.startswith("sallyport")):
                    wrong.append(f"{one.name} answered SIGTERM with exit {status}")
        if self.cutter:
            self.cutter.close()
        wrong += [f"{log}: {line}" for log in self.log.glob("*.log") for line in log.read_text(errors="replace").splitlines()
                  if re.search(r"(ERROR: \w+Sanitizer|runtime error:|WARNING: ThreadSanitizer|terminate called)", line)]
        if keep or wrong:
            print(f"kept for a look: {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
        if wrong:
            raise AssertionError("\n".join(wrong))

    # What tests do.
    def client(self, token=None, base="/api/v1"):
        return Api("127.0.0.1", self.port, self.ca, token, base)

    def cli(self, *arguments, **how):
        return run("sallyport", "--server", self.url, "--token-file", self.token_file, "--ca", self.ca, *arguments, **how)

    def edge_state(self, edge=None):
        return self.api.get(f"/edges/{(edge or self.edge).id}")

    def send(self, text="hello", **more):
        """Sends (without a grace, so that the last view ends it) and waits until it is live; what the API answered."""
        made = self.api.post("/messages", {"text": text, "grace": "0s", **more})
        self.wait_state(made["id"], "live")
        return made

    def message(self, id):
        return self.api.get(f"/messages/{id}")

    def wait_state(self, id, *states, seconds=20):
        def reached():
            message = self.message(id)
            return message if message["state"] in states else None
        return until(reached, seconds, f"message {id} to be {' or '.join(states)}")

    def wait_event(self, id, code, seconds=20):
        def happened():
            return next((e for e in self.message(id)["events"] if e["code"] == code), None)
        return until(happened, seconds, f"event {code} of message {id}")

    def recipient(self, url, passphrase=None):
        return Recipient(url, self.ca, passphrase)

    def mails(self):
        box = mailbox.Maildir(self.mail_folder / "Maildir", create=True)
        return list(box)

    def wait_mail(self, wanted, seconds=30):
        return until(lambda: next((m for m in self.mails() if wanted(m)), None), seconds, "the mail")


def text_of(mail):
    """All text parts of a mail, decoded."""
    return "\n".join(part.get_payload(decode=True).decode(part.get_content_charset() or "utf-8")
                     for part in mail.walk() if part.get_content_maintype() == "text")

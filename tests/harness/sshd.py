"""A host of our own on loopback: OpenSSH's server, with its own keys, and a user that is gone afterwards. Needs root."""

import contextlib
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import tempfile

from .programs import RUNNING, free_ports, until

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/bin") or ""
SFTP_SERVER = "/usr/lib/openssh/sftp-server"
possible = bool(SSHD) and os.geteuid() == 0


def quiet(*command, **how):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, **how)


def make_key(path, kind="ed25519", passphrase="", pem=False):
    """A key pair by ssh-keygen. Gives the path of the private one."""
    options = ["-m", "PEM"] if pem else []
    bits = ["-b", "2048"] if kind == "rsa" else []
    quiet("ssh-keygen", "-q", "-t", kind, *bits, "-N", passphrase, "-C", "", *options, "-f", path)
    return pathlib.Path(path)


def children(pid):
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=False).stdout
    return [int(one) for one in told.split()]


class User:
    """A user of this machine, with a password and a home, until `end`."""

    def __init__(self, shell="/bin/bash"):
        self.name = "sp" + secrets.token_hex(5)
        self.password = secrets.token_urlsafe(12)
        self.home = pathlib.Path("/tmp") / self.name
        hashed = quiet("openssl", "passwd", "-6", "-stdin", input=self.password.encode()).stdout.decode().strip()
        quiet("useradd", "-m", "-d", self.home, "-s", shell, "-p", hashed, self.name)

    def authorize(self, *public_keys):
        folder = self.home / ".ssh"
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "authorized_keys").write_text("".join(pathlib.Path(key).read_text() for key in public_keys))
        quiet("chown", "-R", self.name, folder)

    def end(self):
        subprocess.run(["userdel", "-r", "-f", self.name], check=False, capture_output=True)
        shutil.rmtree(self.home, ignore_errors=True)


class Host:
    """sshd on a free port of loopback, or where it is told; `prefix` is how it is started in another network. `options` are lines of sshd_config, before ours: the first one counts."""

    def __init__(self, options=(), kinds=("ed25519", "rsa"), port=None, address="127.0.0.1", prefix=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-sshd-"))
        self.port, self.address, self.prefix = port or free_ports(1)[0], address, prefix
        self.keys = [make_key(self.folder / f"host_{kind}", kind) for kind in kinds]
        self.log = self.folder / "log"
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        (self.folder / "config").write_text("\n".join([
            *options, f"Port {self.port}", f"ListenAddress {address}", "PidFile none", "StrictModes no", "UsePAM no",
            *(f"HostKey {key}" for key in self.keys), "AcceptEnv LANG", "LogLevel VERBOSE",
            *([] if any(one.startswith("Subsystem") for one in options) else [f"Subsystem sftp {SFTP_SERVER}"]),
            "MaxStartups 100", "PrintMotd no", ""]))
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([*self.prefix, SSHD, "-D", "-f", self.folder / "config", "-E", self.log], start_new_session=True)
        RUNNING.add(self.process.pid)
        until(self._listens, what="sshd")

    def _listens(self):
        if self.process.poll() is not None:
            raise RuntimeError(self.log.read_text())
        tried = ["bash", "-c", f"exec 3<>/dev/tcp/{self.address}/{self.port}"]
        return subprocess.run([*self.prefix, *tried], check=False, capture_output=True).returncode == 0

    def public_keys(self):
        """As a ticket carries them: type and base64."""
        return [" ".join(key.with_suffix(".pub").read_text().split()[:2]) for key in self.keys]

    def kill_connections(self):
        """As when the machine fails: each connection's two processes at once, without a word."""
        self._signal_connections(signal.SIGKILL)

    @contextlib.contextmanager
    def stalled(self):
        """While in it, no connection takes or gives a byte, and none ends."""
        self._signal_connections(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal_connections(signal.SIGCONT)

    def _signal_connections(self, number):
        for monitor in children(self.process.pid):
            for pid in [*children(monitor), monitor]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)

    def end(self):
        self.process.terminate()
        self.process.wait(10)
        RUNNING.discard(self.process.pid)
        shutil.rmtree(self.folder, ignore_errors=True)

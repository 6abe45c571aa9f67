"""Machines for the installation test: a fresh root file system each, in a network namespace of its own, with a firewall in between.

Everything lies in the mount namespace that run.sh made and goes with it."""

import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PLACES = {"core": "10.77.1", "dmz": "10.77.2", "outside": "10.77.3"}
# What docs/operations.md tells an administrator to allow, and nothing else; what is refused is counted by where it came from.
FIREWALL = """
table inet between {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    ip saddr 10.77.1.2 ip daddr 10.77.2.2 tcp dport 9443 accept
    ip daddr 10.77.2.2 tcp dport 443 accept
    iifname "dmz" counter reject with icmpx admin-prohibited
    counter reject with icmpx admin-prohibited
  }
}
"""


def run(*command, check=True, **how):
    done = subprocess.run([str(one) for one in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, **how)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


class Network:
    """Three networks and a router between them."""

    def __init__(self):
        for name in (*PLACES, "between"):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        for name, net in PLACES.items():
            run("ip", "-n", "between", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
            run("ip", "-n", "between", "address", "add", f"{net}.1/24", "dev", name)
            run("ip", "-n", "between", "link", "set", name, "up")
            run("ip", "-n", name, "address", "add", f"{net}.2/24", "dev", "eth0")
            run("ip", "-n", name, "link", "set", "eth0", "up")
            run("ip", "-n", name, "route", "add", "default", "via", f"{net}.1")
        run("ip", "netns", "exec", "between", "sysctl", "-qw", "net.ipv4.ip_forward=1")
        subprocess.run(["ip", "netns", "exec", "between", "nft", "-f", "-"], input=FIREWALL, text=True, check=True)

    def refused_from_dmz(self):
        """Packets that the DMZ tried to send somewhere."""
        told = run("ip", "netns", "exec", "between", "nft", "list", "chain", "inet", "between", "forward").stdout
        return int(re.search(r'iifname "dmz" counter packets (\d+)', told)[1])


class Machine:
    """A copy of the fresh root, at a place of the network."""

    def __init__(self, name, place, base, folder):
        self.name, self.place, self.services = name, place, {}
        self.folder, self.root = folder / name, folder / name / "root"
        for part in ("root", "upper", "work"):
            (self.folder / part).mkdir(parents=True)
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={base},upperdir={self.folder}/upper,workdir={self.folder}/work", self.root)
        run("mount", "-t", "proc", "proc", self.root / "proc")
        run("mount", "--rbind", "/dev", self.root / "dev")
        (self.root / "etc/hostname").write_text(f"{name}\n")
        (self.root / "etc/hosts").write_text(f"127.0.0.1 localhost {name}\n10.77.1.2 core.example.com\n10.77.2.2 send.example.com\n")

    # Files in it.
    def path(self, path):
        return self.root / path.removeprefix("/")

    def read(self, path):
        return self.path(path).read_text()

    def put(self, path, text, mode=0o600):
        self.path(path).touch(mode)
        self.path(path).write_text(text)

    # Programs in it.
    def run(self, *command, **how):
        """In its root and network, as root."""
        return run("ip", "netns", "exec", self.place, "chroot", self.root, "env", "-i", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
                   "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *command, timeout=600, **how)

    def apt(self, *arguments, online=False, **how):
        """apt-get; without `online` in its own network, where there is no archive."""
        command = ["apt-get", "-y", "-q", "--no-install-recommends", *arguments]
        if not online:
            return self.run(*command, **how)
        return run("chroot", self.root, "env", "-i", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                   *command, timeout=1200, **how)

    def status(self, package):
        return self.run("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Version}", package, check=False).stdout.split()

    def user(self, name):
        return next((line.split(":") for line in self.read("/etc/passwd").splitlines() if line.startswith(name + ":")), None)

    # Its services, which nobody else starts here.
    def start(self, unit, *ports):
        log = (self.folder / f"{unit}.log").open("ab")
        self.services[unit] = subprocess.Popen(
            ["ip", "netns", "exec", self.place, sys.executable, HERE / "as_unit.py", self.root, self.path(f"/lib/systemd/system/{unit}.service")],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for port in ports:
            self.wait(unit, port)

    def wait(self, unit, port):
        end = time.monotonic() + 30
        while f":{port} " not in run("ip", "netns", "exec", self.place, "ss", "-Hltn").stdout:
            if self.services[unit].poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{unit} does not listen on {port}:\n{self.said(unit)}")
            time.sleep(0.05)

    def said(self, unit):
        return (self.folder / f"{unit}.log").read_text()

    def stop(self, unit):
        """As the service manager would; the exit status."""
        process = self.services.pop(unit)
        process.send_signal(signal.SIGTERM)
        return process.wait(30)

    def end(self):
        for process in self.services.values():
            process.kill()
            process.wait()
        run("umount", "--recursive", "--lazy", self.root, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

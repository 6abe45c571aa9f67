"""Machines for the installation test: a fresh root file system each, in a network namespace of its own, with a firewall in between.

Everything lies in the mount namespace that run.sh made and goes with it."""

import pathlib
import re
import shutil
import subprocess

from harness.programs import until

HERE = pathlib.Path(__file__).resolve().parent
PLACES = {"core": "10.77.1", "dmz": "10.77.2", "outside": "10.77.3", "branch": "10.77.4", "hosts": "10.77.5"}
CLEAN = ("env", "-i", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "PATH=/usr/sbin:/usr/bin:/sbin:/bin")
APT = ("apt-get", "-y", "-q", "--no-install-recommends")
# What docs/operations.md tells an administrator to allow, and nothing else; what is refused is counted by where it came from.
FIREWALL = """
table inet between {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    ip saddr 10.77.1.2 ip daddr 10.77.2.2 tcp dport 9443 accept
    ip daddr 10.77.2.2 tcp dport 443 accept
    ip saddr 10.77.1.2 ip daddr 10.77.4.2 tcp dport 9443 accept
    ip daddr 10.77.4.2 tcp dport 443 accept
    ip saddr 10.77.4.2 ip daddr 10.77.5.0/24 tcp dport 22 accept
    iifname "dmz" counter reject with icmpx admin-prohibited
    iifname "branch" counter reject with icmpx admin-prohibited
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
    """Networks and a router between them."""

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

    def refused_from(self, place):
        """Packets that this network tried to send somewhere."""
        told = run("ip", "netns", "exec", "between", "nft", "list", "chain", "inet", "between", "forward").stdout
        return int(re.search(rf'iifname "{place}" counter packets (\d+)', told)[1])


class Machine:
    """A copy of the fresh root, at a place of the network, with its own systemd once it was booted."""

    def __init__(self, name, place, base, folder):
        self.name, self.place, self.systemd = name, place, None
        self.folder, self.root, self.cgroup = folder / name, folder / name / "root", folder / "cgroup" / f"{folder.name}-{name}"
        for part in ("root", "upper", "work"):
            (self.folder / part).mkdir(parents=True)
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={base},upperdir={self.folder}/upper,workdir={self.folder}/work", self.root)
        (self.root / "etc/hostname").write_text(f"{name}\n")
        (self.root / "etc/hosts").write_text(f"127.0.0.1 localhost {name}\n10.77.1.2 core.example.com\n10.77.2.2 send.example.com\n10.77.4.2 gate.example.com\n")

    def install(self, *files):
        """Before it boots, from where there is an archive: the packages, and what they need."""
        (self.root / "packages").mkdir()
        for file in files:
            shutil.copy(file, self.root / "packages")
        chroot = ("unshare", "--mount", "sh", "-c", 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', self.root)
        run(*chroot, *CLEAN, *APT, "install", *(f"./packages/{file.name}" for file in files))
        run(*chroot, *CLEAN, "apt-get", "clean")
        (self.root / "etc/resolv.conf").write_text("")

    def boot(self):
        self.cgroup.mkdir()
        started = subprocess.Popen(
            ["sh", "-c", 'echo $$ >"$0/cgroup.procs" && exec "$@"', self.cgroup, "ip", "netns", "exec", self.place, "unshare", "--mount", "--pid",
             "--cgroup", "--uts", "--ipc", "--fork", "--kill-child", "--propagation=private", HERE / "boot.sh", self.root],
            stdin=subprocess.DEVNULL, stdout=(self.folder / "boot.log").open("ab"), stderr=subprocess.STDOUT)
        self.systemd = started
        until(lambda: self.is_up(), 60, f"{self.name} to be up (see {self.folder}/boot.log)", every=0.2)

    def is_up(self):
        if self.systemd.poll() is not None:
            raise RuntimeError(f"{self.name} did not boot:\n" + (self.folder / "boot.log").read_text())
        return self.init() and self.run("systemctl", "is-system-running", check=False).stdout.strip() in ("running", "degraded")

    def init(self):
        """The process id of its systemd."""
        return pathlib.Path(f"/proc/{self.systemd.pid}/task/{self.systemd.pid}/children").read_text().strip()

    def end(self):
        if self.systemd:
            self.systemd.kill()
            self.systemd.wait()
            until(self.cgroup_is_gone, 10, f"the processes of {self.name} to end")
        run("umount", "--lazy", self.root, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def cgroup_is_gone(self):
        run("find", self.cgroup, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";", check=False)
        return not self.cgroup.exists()

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
        return run(*self.command(*command), timeout=300, **how)

    def command(self, *command):
        """What runs it in there, for those who start it themselves."""
        return ("nsenter", "--target", self.init(), "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--root", "--wd", *CLEAN, *command)

    def apt(self, *arguments, **how):
        """In its own network, where there is no archive."""
        return self.run(*APT, *arguments, **how)

    def status(self, package):
        """["ii", version]; [] when it is not known."""
        return self.run("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Version}", package, check=False).stdout.split()

    def user(self, name):
        return next((line.split(":") for line in self.read("/etc/passwd").splitlines() if line.startswith(name + ":")), None)

    def service(self, unit, what="ActiveState"):
        return self.run("systemctl", "show", "--value", "--property", what, unit).stdout.strip()

    def journal(self, unit):
        return self.run("journalctl", "--no-pager", "--unit", unit, check=False).stdout

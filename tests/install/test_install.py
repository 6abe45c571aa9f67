"""The packages' whole life on fresh machines: installed, set up, enrolled, used, upgraded, removed, purged. The tests stand in the order of that life."""

import json
import os
import pathlib
import shutil
import unittest

from harness import sshd
from harness.programs import until
from harness.terminal import Terminal
from machines import Machine, Network, run

PACKAGES, PLACE = os.environ.get("INSTALL_PACKAGES"), os.environ.get("INSTALL_PLACE")  # from run.sh, where it may make machines
EXPOSURE = 15  # of 100, the highest of docs/operations.md
CORE, PORTAL, GATEWAY = "https://core.example.com:8443", "https://send.example.com", "https://gate.example.com"
AS_ALICE = ("--server", CORE, "--ca", "/var/lib/sallyport-core/site.crt", "--token-file", "/root/token")
ROOT_MADE_FOR_TESTS = "/root/portal-ca/ca.crt"


def packages(*names, folder=PACKAGES):
    """The files of these packages, by their short names."""
    return [next(pathlib.Path(folder).glob(f"{name}_*.deb")) for name in names]


def higher(package, folder):
    """The same package with a higher version, as the next release would be."""
    folder.mkdir(exist_ok=True)
    tree = folder / "tree"
    run("dpkg-deb", "--raw-extract", package, tree)
    control = tree / "DEBIAN/control"
    version = run("dpkg-deb", "--field", package, "Version").stdout.strip()
    control.write_text(control.read_text().replace(version, version + "+next"))
    run("dpkg-deb", "-Zgzip", "--root-owner-group", "--build", tree, folder)
    shutil.rmtree(tree)


@unittest.skipUnless(PLACE, "run.sh could make no machines: it needs root")
class Life(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = pathlib.Path(PLACE)
        cls.network, cls.machines = Network(), []
        cls.addClassCleanup(lambda: [one.end() for one in cls.machines])
        cls.core = cls.install("core", "core", place, "sallyport", "sallyport-core", "sallyport-certs")
        cls.edge = cls.install("edge", "dmz", place, "sallyport-selfdestruct", "sallyport-certs")
        cls.gate = cls.install("gate", "branch", place, "sallyport-gateway", "sallyport-certs")
        cls.guest = cls.install("guest", "outside", place, "sallyport")
        cls.services = ((cls.core, "sallyport-core"), (cls.edge, "sallyport-selfdestruct"), (cls.gate, "sallyport-gateway"))
        cls.user = sshd.User()
        cls.addClassCleanup(cls.user.end)
        cls.host = sshd.Host(port=22, address="10.77.5.2", prefix=("ip", "netns", "exec", "hosts"))
        cls.addClassCleanup(cls.host.end)
        cls.next = place / "next"

    @classmethod
    def install(cls, name, at, place, *names):
        machine = Machine(name, at, place / "base", place)
        cls.machines.append(machine)
        machine.install(*packages(*names))
        machine.boot()
        return machine

    def cli(self, *arguments, **how):
        return self.core.run("sallyport", "--json", *AS_ALICE, *arguments, **how)

    def send(self, text):
        self.core.put("/root/text", text)
        made = json.loads(self.core.run("sh", "-c", 'exec sallyport --json "$@" send --views 1 --grace 0s </root/text', "sh", *AS_ALICE).stdout)
        self.until_state(made["id"], "live")
        return made

    def until_state(self, id, *states):
        until(lambda: json.loads(self.cli("messages", "show", id).stdout)["state"] in states, 30, f"message {id} to be {states}", every=0.2)

    def open(self, url):
        return self.guest.run("sallyport", "--ca", ROOT_MADE_FOR_TESTS, "open", url).stdout

    def edges_are_green(self):
        told = self.cli("edge", "list", check=False)  # right after a start nobody may answer yet
        lights = {one["light"] for one in json.loads(told.stdout)["items"]} if told.returncode == 0 else {}
        return lights == {"green"}

    def session(self):
        """With the host, through the gateway, by a technician inside; its recording has come to the core when it is over."""
        recordings = len(self.recordings())
        with Terminal(self.core.command("env", "TERM=xterm", "sallyport", *AS_ALICE, "connect", "--gateway-ca", "/root/gate.crt", "db-1")) as terminal:
            terminal.until(rb"this session is recorded")
            terminal.type("echo it wor''ks; exit 5\r")
            terminal.until(rb"it works")
            self.assertEqual(terminal.end(), 5)
        until(lambda: len(self.recordings()) == recordings + 1, 60, "the recording to come", every=0.5)

    def recordings(self):
        return [one for one in json.loads(self.cli("sessions", "list").stdout)["items"] if one["recording"]["stored_at"]]

    def assertRuns(self, machine, unit):
        self.assertEqual(machine.service(unit), "active", machine.journal(unit))

    def test_01_what_is_installed(self):
        for machine, package in self.services:
            self.assertEqual(machine.status(package)[0], "ii")
            user = machine.user(package)
            self.assertEqual((user[5], user[6]), (f"/var/lib/{package}", "/usr/sbin/nologin"))
            data = machine.path(f"/var/lib/{package}").stat()
            self.assertEqual((data.st_mode & 0o7777, data.st_uid), (0o700, int(user[2])))
            self.assertEqual(list(machine.path("/etc/sallyport").iterdir()), [], "a configuration was shipped")
            machine.run(package, "--version")
            machine.run("systemd-analyze", "security", "--no-pager", f"--threshold={EXPOSURE}", f"{package}.service")
        self.assertFalse(self.guest.path("/usr/bin/sallyport-core").exists())

    def test_02_set_up_by_options(self):
        told = self.core.run("sallyport-core", "setup", "--non-interactive", "--url", CORE, "--listen", "10.77.1.2:8443", "--admin", "alice",
                             "--password-out", "/root/password").stdout
        self.assertIn("The site answers over TLSv1.3", told)
        self.assertIn("A firewall must allow", told)
        as_user = ("setpriv", "--reuid=sallyport-core", "--regid=sallyport-core", "--clear-groups")
        self.core.run(*as_user, "sallyport-core", "token", "--user", "alice", "--name", "t", "--scope", "admin", "--out", "/var/lib/sallyport-core/token",
                      "--config", "/etc/sallyport/core.toml")
        self.core.run("mv", "/var/lib/sallyport-core/token", "/root/token")
        self.assertRuns(self.core, "sallyport-core")

    def test_03_enrolled_by_kit(self):
        self.cli("edge", "add", "dmz", "--public-url", PORTAL, "--intake-url", "https://10.77.2.2:9443", "--out", "/root/dmz.kit")
        self.edge.put("/root/dmz.kit", self.core.read("/root/dmz.kit"))
        self.edge.run("sallyport-certs", "ca", "init", "--out", "/root/portal-ca", "--name", "test authority", "--permit", "send.example.com")
        self.edge.run("sallyport-certs", "issue", "--ca", "/root/portal-ca", "--out", "/root", "--name", "portal", "--host", "send.example.com")
        told = self.edge.run("sallyport-selfdestruct", "setup", "--non-interactive", "--url", PORTAL, "--listen", "10.77.2.2:443", "--intake",
                             "10.77.2.2:9443", "--certificate", "files", "--certificate-file", "/root/portal.crt", "--key-file", "/root/portal.key",
                             "--kit", "/root/dmz.kit").stdout
        self.assertIn("Enrolled", told)
        self.assertIn("The portal answers over TLSv1.3", told)
        self.guest.run("mkdir", "-p", "/root/portal-ca")
        self.guest.put(ROOT_MADE_FOR_TESTS, self.edge.read("/root/portal-ca/ca.crt"))
        self.assertRuns(self.edge, "sallyport-selfdestruct")
        until(self.edges_are_green, 60, "a green light", every=0.2)

    def test_04_a_gateway_set_up_and_enrolled(self):
        self.cli("edge", "add", "gate", "--kind", "gateway", "--public-url", GATEWAY, "--intake-url", "https://10.77.4.2:9443", "--out", "/root/gate.kit")
        self.gate.put("/root/gate.kit", self.core.read("/root/gate.kit"))
        told = self.gate.run("sallyport-gateway", "setup", "--non-interactive", "--url", GATEWAY, "--listen", "10.77.4.2:443", "--intake", "10.77.4.2:9443",
                             "--networks", "10.77.5.0/24", "--kit", "/root/gate.kit").stdout
        for words in ("Enrolled", "The gateway answers over TLSv1.3", "your users          -> 10.77.4.2:443 (TCP)",
                      "the core's address  -> 10.77.4.2:9443 (TCP)", "this machine        -> 10.77.5.0/24 port 22 (TCP)"):
            self.assertIn(words, told)
        self.core.put("/root/gate.crt", self.gate.read("/var/lib/sallyport-gateway/site.crt"))
        self.assertRuns(self.gate, "sallyport-gateway")
        until(self.edges_are_green, 60, "a green light", every=0.2)
        before, process = self.gate.read("/etc/sallyport/gateway.toml"), self.gate.service("sallyport-gateway", "MainPID")
        told = self.gate.run("sallyport-gateway", "setup", "--non-interactive", "--ports", "22, 2222").stdout
        self.assertIn("10.77.5.0/24 port 22, 2222 (TCP)", told)
        self.assertEqual(self.gate.read("/etc/sallyport/gateway.toml"), before.replace('ports = ["22"]', 'ports = ["22", "2222"]'))
        self.assertNotEqual(self.gate.service("sallyport-gateway", "MainPID"), process, "the old settings still hold")
        self.assertEqual(self.gate.read("/var/lib/sallyport-gateway/site.crt"), self.core.read("/root/gate.crt"))

    def test_05_reloaded_and_started_anew_as_a_service(self):
        for machine, package in self.services:
            machine.run("systemctl", "reload", package)
            self.assertRuns(machine, package)
            machine.run("systemctl", "restart", package)
            self.assertRuns(machine, package)
            self.assertEqual(machine.run("systemctl", "is-enabled", package).stdout.strip(), "enabled")
        until(self.edges_are_green, 60, "a green light", every=0.2)

    def test_06_sent_opened_viewed(self):
        made = self.send("the code is 4711")
        self.assertIn("the code is 4711", self.open(made["url"]))
        self.until_state(made["id"], "destroyed")
        message = json.loads(self.cli("messages", "show", made["id"]).stdout)
        self.assertEqual(message["reason"], "views")
        self.assertIn("message.viewed", [event["code"] for event in message["events"]])
        self.assertNotEqual(self.guest.run("sallyport", "--ca", ROOT_MADE_FOR_TESTS, "open", made["url"], check=False).returncode, 0)

    def test_07_a_session_with_a_host_of_the_site(self):
        self.cli("sites", "add", "Berlin", "--gateway", "gate")
        keys = [part for key in self.host.public_keys() for part in ("--host-key", key)]
        self.cli("hosts", "add", "db-1", "--site", "Berlin", "--address", "10.77.5.2", *keys)
        self.core.put("/root/host-password", self.user.password)
        self.cli("credentials", "add", "a login", "--login", self.user.name, "--hosts", "*", "--password-file", "/root/host-password")
        self.session()

    def test_08_the_firewall_needs_no_other_hole_and_nothing_tries_one(self):
        for place in ("dmz", "branch"):
            self.assertEqual(self.network.refused_from(place), 0, f"something in {place} tried to reach something")
        for machine, address, port in ((self.edge, "10.77.1.2", 8443), (self.gate, "10.77.1.2", 8443), (self.guest, "10.77.1.2", 8443),
                                       (self.guest, "10.77.2.2", 9443), (self.guest, "10.77.4.2", 9443), (self.guest, "10.77.5.2", 22)):
            tried = run("ip", "netns", "exec", machine.place, "timeout", "5", "bash", "-c", f"exec 3<>/dev/tcp/{address}/{port}", check=False)
            self.assertNotEqual(tried.returncode, 0, f"{machine.name} reached {address}:{port}")
        for place in ("dmz", "branch"):
            self.assertGreater(self.network.refused_from(place), 0)

    def test_09_upgrading_keeps_everything_and_backs_up_before(self):
        made = self.send("written before the upgrade")
        for name in ("sallyport", "sallyport-core", "sallyport-certs", "sallyport-selfdestruct", "sallyport-gateway"):
            higher(packages(name)[0], self.next)
        for machine, package in self.services:
            config = self.config(machine, package)
            config.write_text(config.read_text() + "# a line of the administrator's own\n")
            before, process = config.read_text(), machine.service(package, "MainPID")
            self.install_next(machine)
            self.assertEqual(config.read_text(), before)
            self.assertTrue(machine.status(package)[1].endswith("+next"))
            self.assertRuns(machine, package)
            self.assertNotEqual(machine.service(package, "MainPID"), process, "the old program still runs")
        self.assertEqual(len(list(self.core.path("/var/lib/sallyport-core/backups").glob("*.backup"))), 1)
        until(self.edges_are_green, 60, "a green light", every=0.2)
        self.assertIn("written before the upgrade", self.open(made["url"]))
        self.session()

    def test_10_removing_keeps_configuration_and_data(self):
        made = self.send("written before the removal")
        for machine, package in self.services:
            machine.apt("remove", package)
            self.assertEqual(machine.status(package)[0], "rc")
            self.assertNotEqual(machine.service(package), "active")
            self.assertTrue(self.config(machine, package).exists())
        for machine, package in self.services:
            self.install_next(machine)
            self.assertRuns(machine, package)
        until(self.edges_are_green, 60, "a green light", every=0.2)
        self.assertIn("written before the removal", self.open(made["url"]))
        self.session()

    def test_11_purging_deletes_them(self):
        for machine, package in self.services:
            machine.apt("purge", package)
            self.assertEqual(machine.status(package), [])
            self.assertIsNone(machine.user(package))
            self.assertEqual(run("find", machine.path("/etc"), machine.path("/var/lib"), "-name", f"*{package}*").stdout, "")
            self.assertFalse(machine.path("/etc/sallyport").exists())

    def install_next(self, machine):
        """What of the next release belongs on this machine, as an administrator would give it to apt."""
        folder = machine.path("/packages-next")
        folder.mkdir(exist_ok=True)
        mine = {file.name.split("_")[0] for file in machine.path("/packages").iterdir()}
        for file in self.next.glob("*.deb"):
            if file.name.split("_")[0] in mine:
                shutil.copy(file, folder)
        machine.apt("install", *(f"/packages-next/{file.name}" for file in folder.iterdir()))

    def config(self, machine, package):
        return machine.path(f"/etc/sallyport/{package.removeprefix('sallyport-')}.toml")


if __name__ == "__main__":
    unittest.main()

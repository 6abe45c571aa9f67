"""The packages' whole life on fresh machines: installed, set up, enrolled, used, upgraded, removed, purged. The tests stand in the order of that life."""

import json
import os
import pathlib
import shutil
import unittest

from harness.programs import until
from machines import Machine, Network, run

PACKAGES, PLACE = os.environ.get("INSTALL_PACKAGES"), os.environ.get("INSTALL_PLACE")  # from run.sh, where it may make machines
EXPOSURE = 15  # of 100, the highest of docs/operations.md
CORE, PORTAL = "https://core.example.com:8443", "https://send.example.com"
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
        cls.guest = cls.install("guest", "outside", place, "sallyport")
        cls.services = ((cls.core, "sallyport-core"), (cls.edge, "sallyport-selfdestruct"))
        cls.next = place / "next"

    @classmethod
    def install(cls, name, at, place, *names):
        machine = Machine(name, at, place / "base", place)
        cls.machines.append(machine)
        machine.install(*packages(*names))
        machine.boot()
        return machine

    def cli(self, *arguments, **how):
        return self.core.run("sallyport", "--json", "--server", CORE, "--ca", "/var/lib/sallyport-core/site.crt", "--token-file", "/root/token",
                             *arguments, **how)

    def send(self, text):
        self.core.put("/root/text", text)
        made = json.loads(self.core.run("sh", "-c", 'exec sallyport --json --server "$1" --ca "$2" --token-file /root/token send --views 1 --grace 0s </root/text',
                                        "sh", CORE, "/var/lib/sallyport-core/site.crt").stdout)
        self.until_state(made["id"], "live")
        return made

    def until_state(self, id, *states):
        until(lambda: json.loads(self.cli("messages", "show", id).stdout)["state"] in states, 30, f"message {id} to be {states}", every=0.2)

    def open(self, url):
        return self.guest.run("sallyport", "--ca", ROOT_MADE_FOR_TESTS, "open", url).stdout

    def portal_is_green(self):
        told = self.cli("edge", "list", check=False)  # right after a start nobody may answer yet
        lights = json.loads(told.stdout)["items"] if told.returncode == 0 else []
        return [one["light"] for one in lights] == ["green"]

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
        until(self.portal_is_green, 60, "a green light", every=0.2)

    def test_04_reloaded_and_started_anew_as_a_service(self):
        for machine, package in self.services:
            machine.run("systemctl", "reload", package)
            self.assertRuns(machine, package)
            machine.run("systemctl", "restart", package)
            self.assertRuns(machine, package)
            self.assertEqual(machine.run("systemctl", "is-enabled", package).stdout.strip(), "enabled")
        until(self.portal_is_green, 60, "a green light", every=0.2)

    def test_05_sent_opened_viewed(self):
        made = self.send("the code is 4711")
        self.assertIn("the code is 4711", self.open(made["url"]))
        self.until_state(made["id"], "destroyed")
        message = json.loads(self.cli("messages", "show", made["id"]).stdout)
        self.assertEqual(message["reason"], "views")
        self.assertIn("message.viewed", [event["code"] for event in message["events"]])
        self.assertNotEqual(self.guest.run("sallyport", "--ca", ROOT_MADE_FOR_TESTS, "open", made["url"], check=False).returncode, 0)

    def test_06_the_firewall_needs_no_other_hole_and_nothing_tries_one(self):
        self.assertEqual(self.network.refused_from_dmz(), 0, "the portal tried to reach something")
        for machine, address, port in ((self.edge, "10.77.1.2", 8443), (self.guest, "10.77.1.2", 8443), (self.guest, "10.77.2.2", 9443)):
            tried = run("ip", "netns", "exec", machine.place, "timeout", "5", "bash", "-c", f"exec 3<>/dev/tcp/{address}/{port}", check=False)
            self.assertNotEqual(tried.returncode, 0, f"{machine.name} reached {address}:{port}")
        self.assertGreater(self.network.refused_from_dmz(), 0)

    def test_07_upgrading_keeps_everything_and_backs_up_before(self):
        made = self.send("written before the upgrade")
        for name in ("sallyport", "sallyport-core", "sallyport-certs", "sallyport-selfdestruct"):
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
        until(self.portal_is_green, 60, "a green light", every=0.2)
        self.assertIn("written before the upgrade", self.open(made["url"]))

    def test_08_removing_keeps_configuration_and_data(self):
        made = self.send("written before the removal")
        for machine, package in self.services:
            machine.apt("remove", package)
            self.assertEqual(machine.status(package)[0], "rc")
            self.assertNotEqual(machine.service(package), "active")
            self.assertTrue(self.config(machine, package).exists())
        for machine, package in self.services:
            self.install_next(machine)
            self.assertRuns(machine, package)
        until(self.portal_is_green, 60, "a green light", every=0.2)
        self.assertIn("written before the removal", self.open(made["url"]))

    def test_09_purging_deletes_them(self):
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

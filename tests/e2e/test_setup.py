"""Set-up and doctor of the programs, by options alone, from nothing to an enrolled portal and an enrolled gateway."""

import json
import pathlib
import shutil
import tempfile
import unittest

from harness.api import Api
from harness.programs import ENVIRONMENT, Program, accepts, free_ports, program, run, until
from harness.terminal import Terminal


class SetUp(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-setup-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.port, self.public, self.intake = free_ports(3)
        self.core, self.edge = self.folder / "core" / "core.toml", self.folder / "edge" / "edge.toml"
        self.core.parent.mkdir(0o700)
        self.edge.parent.mkdir(0o700)

    def setup_core(self, *more, **how):
        return run("sallyport-core", "setup", "--non-interactive", "--config", self.core, *more, **how)

    def setup_edge(self, *more, of="sallyport-selfdestruct", **how):
        return run(of, "setup", "--non-interactive", "--config", self.edge, *more, **how)

    def start(self, name, config, *ports):
        running = Program(name, ["serve", "--config", config], self.folder / f"{name}.log", lambda: all(map(accepts, ports))).start()
        self.addCleanup(running.stop)

    def doctor(self, name, config, *more):
        done = run(name, "doctor", "--json", "--config", config, *more, check=False)
        told = json.loads(done.out)
        self.assertEqual(done.returncode, 0 if told["well"] else 1)
        return {one["about"]: one for one in told["findings"] if one["grade"] == "bad"}

    def a_core(self):
        """Set up and running; a client of its API."""
        self.setup_core("--url", f"https://localhost:{self.port}", "--listen", f"127.0.0.1:{self.port}", "--admin", "alice",
                        "--password-out", self.folder / "password")
        self.start("sallyport-core", self.core, self.port)
        token = self.folder / "token"
        run("sallyport-core", "token", "--config", self.core, "--user", "alice", "--name", "t", "--scope", "admin", "--out", token)
        api = Api("localhost", self.port, self.core.parent / "site.crt", token.read_text().strip())
        self.addCleanup(api.close)
        return api

    def an_edge(self, api, kind):
        """Added at the core: its id, and its kit in a file."""
        edge = api.post("/edges", {"name": "dmz", "kind": kind, "public_url": f"https://localhost:{self.public}",
                                   "intake_url": f"https://127.0.0.1:{self.intake}"})
        kit = self.folder / "kit"
        kit.touch(0o600)
        kit.write_text(edge["kit"])
        return edge["id"], kit

    def is_green(self, api, edge):
        until(lambda: api.get(f"/edges/{edge}")["light"] == "green", 60, "a green light")

    def test_a_core_is_set_up_and_again(self):
        made = self.setup_core("--url", f"https://localhost:{self.port}", "--listen", f"127.0.0.1:{self.port}", "--admin", "alice",
                               "--password-out", self.folder / "password")
        self.assertIn("The site answers over TLSv1.3", made.out)
        self.assertIn("A firewall must allow", made.out)
        self.assertEqual((self.folder / "password").stat().st_mode & 0o777, 0o600)
        before = self.core.read_text()
        again = self.setup_core()
        self.assertIn(f"https://localhost:{self.port}", again.out)
        self.assertEqual(self.core.read_text(), before)
        self.assertIn("site port", self.doctor("sallyport-core", self.core))

    def test_from_nothing_to_an_enrolled_portal_that_two_doctors_find_well(self):
        api = self.a_core()
        edge, kit = self.an_edge(api, "selfdestruct")
        made = self.setup_edge("--url", f"https://localhost:{self.public}", "--listen", f"127.0.0.1:{self.public}",
                               "--intake", f"127.0.0.1:{self.intake}", "--kit", kit)
        self.assertIn("Enrolled", made.out)
        self.assertIn("The portal answers over TLSv1.3", made.out)
        self.start("sallyport-selfdestruct", self.edge, self.public, self.intake)
        self.is_green(api, edge)

        self.assertEqual(self.doctor("sallyport-core", self.core), {})
        self.assertEqual(self.doctor("sallyport-selfdestruct", self.edge), {})
        found = self.doctor("sallyport-selfdestruct", self.edge, "--core", f"127.0.0.1:{self.port}")
        self.assertEqual(list(found), ["way inside"])

    def test_from_nothing_to_an_enrolled_gateway_with_its_policy(self):
        gateway = "sallyport-gateway"
        api = self.a_core()
        edge, kit = self.an_edge(api, "gateway")
        made = self.setup_edge("--url", f"https://localhost:{self.public}", "--listen", f"127.0.0.1:{self.public}",
                               "--intake", f"127.0.0.1:{self.intake}", "--networks", "10.20.0.0/16", "--kit", kit, of=gateway)
        self.assertIn("Enrolled", made.out)
        self.assertIn("The gateway answers over TLSv1.3", made.out)
        self.assertIn(f"your users          -> 127.0.0.1:{self.public} (TCP)", made.out)
        self.assertIn(f"the core's address  -> 127.0.0.1:{self.intake} (TCP)", made.out)
        self.assertIn("this machine        -> 10.20.0.0/16 port 22 (TCP)", made.out)
        self.start(gateway, self.edge, self.public, self.intake)
        self.is_green(api, edge)
        self.assertEqual(self.doctor(gateway, self.edge), {})
        self.assertEqual(list(self.doctor(gateway, self.edge, "--core", f"127.0.0.1:{self.port}")), ["way inside"])

    def test_the_wizard_asks_on_a_terminal_and_takes_advice(self):
        with Terminal([program("sallyport-gateway"), "setup", "--config", self.edge], env=ENVIRONMENT) as terminal:
            for question, answer in ((rb"as browsers show it.*: $", f"https://localhost:{self.public}"),
                                     (rb"for technicians.*: $", f"127.0.0.1:{self.public}"),
                                     (rb"for the core.*: $", f"127.0.0.1:{self.intake}"),
                                     (rb"of this site.*: $", "10.1.0.1/8"),
                                     (rb"must be networks.*\n.*of this site.*: $", "10.0.0.0/8"),
                                     (rb"Ports of.*: $", ""),
                                     (rb"Certificate.*: $", "advise"),
                                     (rb"from outside.*\] $", "\n" * 7),
                                     (rb"here and now(.|\n)*Certificate.*: $", "internal-ca"),
                                     (rb"Kit of the core.*: $", "")):
                terminal.until(question)
                terminal.type(answer + "\n")
            terminal.until(rb"The gateway answers over TLSv1.3(.|\n)*setup --kit KIT")
            self.assertEqual(terminal.end(), 0)
        self.assertTrue((self.edge.parent / "ca" / "ca.crt").exists())

    def test_a_second_set_up_changes_only_what_is_asked(self):
        gateway = {"of": "sallyport-gateway"}
        self.setup_edge("--url", f"https://localhost:{self.public}", "--listen", f"127.0.0.1:{self.public}",
                        "--intake", f"127.0.0.1:{self.intake}", "--no-start", **gateway)
        key = (self.edge.parent / "site.key").read_bytes()
        mine = self.edge.read_text().replace("[policy]", "# a line of the administrator's own\n[policy]")
        self.edge.write_text(mine)
        shown = self.setup_edge("--no-start", **gateway).out
        self.assertEqual(self.edge.read_text(), mine)
        for standing in (f"https://localhost:{self.public}", f"127.0.0.1:{self.intake}", "networks     all", "ports        22"):
            self.assertIn(standing, shown)
        self.setup_edge("--no-start", "--ports", "22, 2222", **gateway)
        self.assertEqual(self.edge.read_text(), mine.replace('ports = ["22"]', 'ports = ["22", "2222"]'))
        self.assertEqual((self.edge.parent / "site.key").read_bytes(), key)

    def test_wrong_answers_of_a_gateway_leave_nothing_behind(self):
        for option, answer, words in (("--url", "gate.example.com", "--url: must be an address"),
                                      ("--networks", "10.20.0.1/16", "--networks: must be networks such as"),
                                      ("--ports", "ssh", "--ports: must be ports such as 22"),
                                      ("--certificate", "advise", "the adviser asks on a terminal")):
            done = self.setup_edge(option, answer, of="sallyport-gateway", check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(words, done.err)
            self.assertEqual(list(self.edge.parent.iterdir()), [])

    def test_wrong_answers_are_refused_in_words_and_leave_nothing_behind(self):
        for option, answer, words in (("--url", "http://plain", "--url: must be an address"),
                                      ("--listen", "localhost:1", "--listen: must be an IP address"),
                                      ("--certificate", "magic", "--certificate: must be one of"),
                                      ("--database", "postgresql://nobody@127.0.0.1:1/none", "the database does not answer")):
            done = self.setup_core(option, answer, check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(words, done.err)
            self.assertFalse(self.core.exists())


if __name__ == "__main__":
    unittest.main()

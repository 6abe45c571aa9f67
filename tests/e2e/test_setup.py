"""Set-up and doctor of both programs, by options alone, from nothing to an enrolled portal."""

import json
import pathlib
import shutil
import tempfile
import unittest

from harness.programs import Program, accepts, free_ports, run, until
from harness.api import Api


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

    def setup_edge(self, *more, **how):
        return run("sallyport-selfdestruct", "setup", "--non-interactive", "--config", self.edge, *more, **how)

    def start(self, name, config, *ports):
        program = Program(name, ["serve", "--config", config], self.folder / f"{name}.log", lambda: all(map(accepts, ports))).start()
        self.addCleanup(program.stop)

    def doctor(self, name, config, *more):
        done = run(name, "doctor", "--json", "--config", config, *more, check=False)
        told = json.loads(done.out)
        self.assertEqual(done.returncode, 0 if told["well"] else 1)
        return {one["about"]: one for one in told["findings"] if one["grade"] == "bad"}

    def test_from_nothing_to_an_enrolled_portal_that_two_doctors_find_well(self):
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

        self.start("sallyport-core", self.core, self.port)
        token = self.folder / "token"
        run("sallyport-core", "token", "--config", self.core, "--user", "alice", "--name", "t", "--scope", "admin", "--out", token)
        api = Api("localhost", self.port, self.core.parent / "site.crt", token.read_text().strip())
        edge = api.post("/edges", {"name": "dmz", "kind": "selfdestruct", "public_url": f"https://localhost:{self.public}",
                                   "intake_url": f"https://127.0.0.1:{self.intake}"})
        kit = self.folder / "kit"
        kit.touch(0o600)
        kit.write_text(edge["kit"])
        made = self.setup_edge("--url", f"https://localhost:{self.public}", "--listen", f"127.0.0.1:{self.public}",
                               "--intake", f"127.0.0.1:{self.intake}", "--kit", kit)
        self.assertIn("Enrolled", made.out)
        self.assertIn("The portal answers over TLSv1.3", made.out)
        self.start("sallyport-selfdestruct", self.edge, self.public, self.intake)
        until(lambda: api.get(f"/edges/{edge['id']}")["light"] == "green", 60, "a green light")
        api.close()

        self.assertEqual(self.doctor("sallyport-core", self.core), {})
        self.assertEqual(self.doctor("sallyport-selfdestruct", self.edge), {})
        found = self.doctor("sallyport-selfdestruct", self.edge, "--core", f"127.0.0.1:{self.port}")
        self.assertEqual(list(found), ["way inside"])

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

"""An administrator sets up a client's site on the command line; a technician sees what was given to them, and no secret."""

import json
import unittest

from harness.case import SiteCase
from harness.programs import run

PASSWORD = "correct horse battery"


class RemoteAccess(SiteCase):
    options = {"edge": False, "mail": False}

    def cli(self, *arguments, **how):
        return self.site.cli(*arguments, **how)

    def told(self, *arguments, **how):
        return json.loads(self.cli("--json", *arguments, **how).out)

    def technician(self, login):
        """A client of somebody who has an account, and a token for sessions."""
        self.site.api.post("/people", {"login": login})
        token = self.site.folder / f"{login}.token"
        run("sallyport-core", "token", "--config", self.site.config, "--user", login, "--name", "t", "--scope", "sessions:use",
            "--out", token)
        return self.site.client(token.read_text().strip())

    def test_a_clients_site_from_the_command_line(self):
        folder = self.site.folder
        self.cli("edge", "add", "gw-acme", "--kind", "gateway", "--public-url", "https://gw.acme.test", "--intake-url",
                 "https://127.0.0.1:1", "--out", folder / "gw-acme.kit")
        made = self.told("sites", "add", "Acme", "--gateway", "gw-acme", "--network", "10.20.0.0/16", "--reason-required",
                         "--recording-days", "90", "--maintenance", "monday,friday 22:00-02:00", "--no-record")
        self.assertEqual([one["name"] for one in made["gateways"]], ["gw-acme"])
        self.assertEqual(made["maintenance"], {"days": ["monday", "friday"], "from": "22:00", "to": "02:00"})
        self.assertEqual((made["recording_days"], made["record"], made["reason_required"]), (90, False, True))

        table = folder / "hosts.csv"
        table.write_text("site;name;address;tags\nAcme;web-1;10.20.0.1;prod,web\nAcme;web-2;not an address;\n")
        wrong = self.cli("hosts", "import", table, check=False)
        self.assertIn("line 3: address", wrong.err)
        self.assertNotEqual(wrong.returncode, 0)
        table.write_text("site;name;address;tags\nAcme;web-1;10.20.0.1;prod,web\nAcme;web-2;10.20.0.2;\n")
        self.assertIn("a dry run", self.cli("hosts", "import", table, "--dry-run").out)
        self.assertEqual(self.told("hosts", "list")["items"], [])
        self.assertIn("2 added", self.cli("hosts", "import", table).out)
        self.assertIn("web-1", self.cli("hosts", "list", "--site", "acme", "--tag", "prod").out)

        secret = folder / "password"
        secret.write_text(PASSWORD + "\n")
        added = self.cli("credentials", "add", "acme-root", "--site", "Acme", "--login", "root", "--hosts", "web-*", "--except",
                         "web-2", "--password-file", secret)
        exported = self.cli("credentials", "export")
        self.assertNotIn(PASSWORD, added.out + exported.out)
        self.assertIn("acme-root", exported.out)
        shown = self.cli("credentials", "reveal", "acme-root", "--reason", "the test")
        self.assertIn(PASSWORD, shown.out)

        client = self.technician("tech")
        self.assertEqual(client.get("/hosts")["items"], [])
        self.cli("sites", "permit", "Acme", "tech", "--rights", "use")
        hosts = {one["name"]: one for one in client.get("/hosts")["items"]}
        self.assertEqual(sorted(hosts), ["web-1", "web-2"])
        usable = [client.get(f"/hosts/{hosts[name]['id']}/credentials")["items"] for name in ("web-1", "web-2")]
        self.assertEqual([[one["name"] for one in some] for some in usable], [["acme-root"], []])
        credential = usable[0][0]["id"]
        self.assertEqual(client.raw("POST", f"/credentials/{credential}/reveal", "{}", {"Content-Type": "application/json"})[0], 403)
        self.assertIn("tech", self.cli("sites", "permissions", "Acme").out)
        self.cli("sites", "forbid", "Acme", "tech")
        self.assertEqual(client.get("/hosts")["items"], [])

        moved = self.told("hosts", "change", "Acme/web-2", "--folder", "Linux/Web", "--port", "2222", "--tag", "one", "--tag", "two")
        self.assertEqual((moved["folder"], moved["port"], moved["tags"]), ("Linux/Web", 2222, ["one", "two"]))
        again = folder / "again.csv"
        self.cli("hosts", "export", "--out", again)
        self.assertIn("2 changed", self.cli("hosts", "import", again, "--update").out)
        self.assertIn("removed", self.cli("hosts", "remove", "web-2").out)
        refused = self.cli("sites", "remove", "Acme", check=False)
        self.assertIn("belong to it", refused.err)

    def test_no_secret_stands_in_the_database_or_a_log(self):
        secret = self.site.folder / "password"
        secret.write_text(PASSWORD)
        self.cli("credentials", "add", "anywhere", "--login", "root", "--password-file", secret)
        self.cli("credentials", "reveal", "anywhere")
        secret.unlink()
        files = [one for one in self.site.folder.rglob("*") if one.is_file() and "web" not in one.parts]
        holding = [one for one in files if PASSWORD.encode() in one.read_bytes()]
        self.assertEqual(holding, [])


if __name__ == "__main__":
    unittest.main()

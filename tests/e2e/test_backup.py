"""Backup while the core runs, and restore, with the real programs, on SQLite and on PostgreSQL (promises 6 and 7)."""

import re
import sqlite3
import subprocess
import threading
import unittest

from harness.case import SiteCase
from harness.postgres import Postgres
from harness.programs import run, until
from harness.site import Site, text_of


class Traffic:
    """Somebody who sends all the time, and somebody who looks at every second message."""

    def __init__(self, site):
        self.site, self.over = site, threading.Event()
        self.sent, self.seen, self.failures = [], set(), []
        self.threads = [threading.Thread(target=self.guarded, args=(one,), daemon=True) for one in (self.send, self.view)]

    def guarded(self, work):
        try:
            work()
        except Exception as problem:
            self.failures.append(repr(problem))

    def send(self):
        client = self.site.client(self.site.token)
        while not self.over.is_set():
            made = client.post("/messages", {"text": "under load", "expires_in": "1h", "grace": "0s"})
            self.sent.append((made["id"], made["url"]))

    def view(self):
        number = 0
        while not self.over.is_set():
            if number >= len(self.sent):
                self.over.wait(0.01)
                continue
            id, url = self.sent[number]
            until(lambda: self.site.recipient(url).status()[0] == 200 or self.over.is_set(), 60, "the message on the edge", 0.05)
            if self.over.is_set():
                return
            if self.site.recipient(url).reveal()[0] == 200:
                self.seen.add(id)
            number += 2

    def __enter__(self):
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for one in self.threads:
            one.join(90)


class Backup(SiteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.allow_many_wrong_links()

    @classmethod
    def allow_many_wrong_links(cls):
        """Who looks at what a restore destroyed has many of them."""
        cls.site.edge.write_config("[limits]\nwrong_links_per_minute = 60000\n")
        cls.site.edge.program.restart()

    def setUp(self):
        until(lambda: self.site.edge_state()["light"] == "green", 60, "a green light")
        self.passphrase = self.site.folder / "backup.passphrase"
        self.passphrase.touch(0o600)
        self.passphrase.write_text("correct horse battery staple\n")

    def core(self, *arguments, **how):
        return run("sallyport-core", *arguments, **how)

    def backup(self, name):
        file = self.site.folder / name
        self.core("backup", "--config", self.site.config, "--out", file, "--passphrase-file", self.passphrase)
        return file

    def restore(self, file, *more, **how):
        return self.core("restore", file, "--config", self.site.config, "--passphrase-file", self.passphrase, *more, **how)

    def code(self, made):
        return self.site.recipient(made["url"]).status()[0]

    def ids(self):
        """Of all messages that the core's database holds now."""
        with sqlite3.connect(f"file:{self.site.folder}/core.sqlite?mode=ro", uri=True) as connection:
            return {row[0] for row in connection.execute("SELECT id FROM messages")}

    def fresh_database(self):
        return "sqlite:core.sqlite"

    def restored_codes(self):
        return [(one["code"], dict(one["details"])) for one in self.site.api.get("/audit?code=core.restored")["items"]]

    def test_under_load_nothing_that_was_accepted_before_the_backup_is_lost_or_shown_twice(self):
        with Traffic(self.site) as traffic:
            until(lambda: len(traffic.sent) > 10 and len(traffic.seen) > 2, 120, "traffic")
            for number in range(2):
                before, count = self.ids(), len(traffic.sent)
                file = self.backup(f"load-{number}.backup")
                until(lambda: len(traffic.sent) > count + 8, 120, "more traffic")
        self.assertEqual(traffic.failures, [])
        self.core("backup", "verify", file, "--passphrase-file", self.passphrase)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(b"under load", file.read_bytes())
        later = self.site.send("after everything")

        self.site.core.stop()
        self.restore(file, "--replace")
        self.site.core.start()
        until(lambda: self.code(later) == 404, 120, "what was sent after the backup to be destroyed")
        until(lambda: self.site.edge_state()["light"] == "green", 60, "a green light")

        after = self.ids()
        self.assertLessEqual(before, after)
        self.assertNotIn(later["id"], after)
        until(lambda: all(self.site.message(id)["state"] != "queued" for id in after), 120, "everything to be delivered")
        for id, url in traffic.sent:
            # Once for whom it was accepted, and not once more for whom it was shown already.
            wanted = 200 if id in after and id not in traffic.seen else 404
            with self.subTest(id=id, known=id in after, seen=id in traffic.seen):
                self.assertEqual([self.site.recipient(url).reveal()[0] for _ in range(2)], [wanted, 404])
        self.core("audit", "verify", "--config", self.site.config)

    def test_what_was_seen_after_the_backup_is_not_seen_again_and_what_was_sent_after_it_is_destroyed(self):
        viewed, living, halfway = self.site.send("viewed later"), self.site.send("lives on"), self.site.send("twice", views=2)
        file = self.backup("earlier.backup")
        unknown = self.site.send("sent after the backup")
        for message in (viewed, halfway):
            self.assertEqual(self.site.recipient(message["url"]).reveal()[0], 200)
        self.site.wait_state(viewed["id"], "destroyed")
        self.site.wait_event(halfway["id"], "message.viewed")

        self.site.core.stop()
        self.restore(file, "--replace")
        self.site.core.start()

        until(lambda: self.code(unknown) == 404, 60, "the unknown message to be destroyed")
        until(lambda: self.site.edge_state()["light"] == "green", 60, "a green light")
        self.assertEqual(self.site.recipient(viewed["url"]).reveal()[0], 404)
        self.assertEqual([self.site.recipient(halfway["url"]).reveal()[0] for _ in range(2)], [200, 404])
        self.assertEqual([self.site.recipient(living["url"]).reveal()[0] for _ in range(2)], [200, 404])
        made = self.site.send("and on it goes")
        self.assertEqual(self.site.recipient(made["url"]).reveal()[0], 200)
        self.site.wait_state(made["id"], "destroyed", seconds=60)
        self.core("audit", "verify", "--config", self.site.config)

    def test_a_restore_over_a_site_a_running_one_or_with_a_wrong_passphrase_changes_nothing(self):
        file = self.backup("refused.backup")
        wrong = self.site.folder / "wrong.passphrase"
        wrong.touch(0o600)
        wrong.write_text("another horse entirely")

        running = self.restore(file, "--replace", check=False)
        self.site.core.stop()
        standing = self.restore(file, check=False)
        closed = self.core("restore", file, "--config", self.site.config, "--passphrase-file", wrong, "--replace", check=False)
        self.site.core.start()

        self.assertIn("stop the core first", running.err)
        self.assertIn("a site stands here already", standing.err)
        self.assertIn("another passphrase, or it is damaged", closed.err)
        self.assertTrue(all(one.returncode != 0 for one in (running, standing, closed)))
        self.assertEqual(list(self.site.folder.glob(".backup-*")), [])
        self.site.send("still here")

    def test_on_another_machine_a_backup_makes_the_whole_site(self):
        made = self.site.send("on both")
        file = self.backup("moves.backup")
        other = self.site.folder / "elsewhere"
        other.mkdir(0o700)
        config = other / "core.toml"
        text = self.site.config.read_text().replace(str(self.site.port), "1")
        config.write_text(text.replace(self.site.database, self.fresh_database()))

        told = self.core("restore", file, "--config", config, "--passphrase-file", self.passphrase).out

        self.assertNotIn("DROP SCHEMA", told)
        self.core("audit", "verify", "--config", config)
        self.assertIn("core.restored", self.codes_elsewhere(config))
        self.assertEqual((other / "root.key").read_bytes(), (self.site.folder / "root.key").read_bytes())
        self.assertEqual(self.site.recipient(made["url"]).reveal()[0], 200)

    def codes_elsewhere(self, config):
        with sqlite3.connect(f"file:{config.parent}/core.sqlite?mode=ro", uri=True) as connection:
            return [row[0] for row in connection.execute("SELECT code FROM audit")]

    def test_mails_that_waited_are_kept_back_until_somebody_lets_them_go(self):
        self.site.mail.stop()
        for to in ("first@example.test", "second@example.test"):
            made = self.site.send("invited", to=to)
            self.site.wait_event(made["id"], "mail.delayed", 60)
        file = self.backup("with-mails.backup")
        self.site.core.stop()
        told = self.restore(file, "--replace").out
        self.site.mail.start()
        self.site.core.start()

        self.assertIn("2 mails waited", told)
        listed = self.core("mails", "--config", self.site.config).out.splitlines()
        self.assertEqual(len(listed), 2)
        first, second = (next(line.split()[0] for line in listed if name in line) for name in ("first@", "second@"))
        both = self.core("mails", "release", first, "--all", "--config", self.site.config, check=False)
        self.assertIn("name one mail", both.err)
        self.core("mails", "drop", second, "--config", self.site.config)
        self.assertEqual(self.invited(), [])
        self.core("mails", "release", "--all", "--config", self.site.config)
        until(self.invited, 60, "the mail that was released")
        self.assertEqual(self.invited(), ["first@example.test"])
        self.assertEqual(self.site.message(made["id"])["mail"], "failed")
        self.assertEqual(self.core("mails", "--config", self.site.config).out, "")
        self.assertEqual(self.restored_codes()[0][1]["count"], "2")
        self.assertEqual(len(self.site.api.get("/audit?code=mail.released")["items"]), 1)

    def invited(self):
        return sorted(re.findall(r"[a-z]+@example\.test", mail["To"])[0] for mail in self.site.mails() if "/m/" in text_of(mail))

    def test_before_an_upgrade_three_backups_are_kept_with_a_passphrase_beside_them(self):
        for _ in range(4):
            done = self.core("backup", "--before-upgrade", "--config", self.site.config)

        folder = self.site.folder / "backups"
        self.assertEqual(len(list(folder.glob("*.backup"))), 3)
        self.core("backup", "verify", done.out.strip(), "--passphrase-file", folder / "passphrase")


class BackupOnPostgres(Backup):
    """The same on PostgreSQL, and what is its own."""

    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres().__enter__()
        cls.addClassCleanup(cls.postgres.__exit__)
        cls.site = Site(database=cls.postgres.url).__enter__()
        cls.allow_many_wrong_links()

    def sql(self, text, url=None):
        done = subprocess.run(["psql", "--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", url or self.postgres.url, "-c", text],
                              check=True, capture_output=True, text=True)
        return done.stdout.split()

    def ids(self):
        return set(self.sql("SELECT id FROM messages"))

    def fresh_database(self):
        self.sql("CREATE DATABASE elsewhere")
        return self.postgres.url.removesuffix("postgres") + "elsewhere"

    def codes_elsewhere(self, config):
        return self.sql("SELECT code FROM audit", self.postgres.url.removesuffix("postgres") + "elsewhere")

    def kept(self):
        return self.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'sallyport_before_%' ORDER BY 1")

    def test_what_stood_is_kept_in_the_database_and_no_later_backup_holds_it(self):
        file, count = self.backup("plain.backup"), len(self.kept())
        made = self.site.send("replaced")
        self.site.core.stop()
        self.sql("CREATE TABLE of_a_newer_version (id bigint)")
        told = self.restore(file, "--replace").out
        self.site.core.start()

        schema = re.search(r"DROP SCHEMA (sallyport_before_\d+) CASCADE", told)[1]
        self.assertEqual(len(self.kept()), count + 1)
        self.assertIn(made["id"], self.sql(f"SELECT id FROM {schema}.messages"))
        self.assertEqual(self.sql("SELECT to_regclass('of_a_newer_version')"), [])
        dump = self.site.folder / "dump"
        subprocess.run(["pg_dump", "-Fc", "-f", dump, "--exclude-schema=sallyport_before_*", self.postgres.url], check=True)
        self.assertNotIn(schema.encode(), subprocess.run(["pg_restore", "--list", dump], check=True, capture_output=True).stdout)
        self.sql(f"DROP SCHEMA {schema} CASCADE")

    def test_a_restore_that_fails_leaves_what_stood(self):
        self.sql("CREATE VIEW in_the_way AS SELECT 1")  # pg_restore cannot make it a second time
        self.addCleanup(self.sql, "DROP VIEW in_the_way")
        file, made = self.backup("fails.backup"), self.site.send("after the backup")
        kept = self.kept()
        self.site.core.stop()

        failed = self.restore(file, "--replace", check=False)
        self.site.core.start()

        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("in_the_way", failed.err)
        self.assertEqual(self.kept(), kept)
        self.assertEqual(self.site.recipient(made["url"]).reveal()[0], 200)
        self.site.wait_state(made["id"], "destroyed", seconds=60)

    def test_a_password_in_the_url_is_not_put_on_a_command_line(self):
        config = self.site.folder / "with-password.toml"
        config.write_text(self.site.config.read_text().replace("sallyport@", "sallyport:secret@"))

        refused = self.core("backup", "--config", config, "--out", self.site.folder / "no.backup", "--passphrase-file",
                            self.passphrase, check=False)

        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("~/.pgpass", refused.err)

if __name__ == "__main__":
    unittest.main()

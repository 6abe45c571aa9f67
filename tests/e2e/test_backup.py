"""Backup while the core runs, and restore, with the real programs (promises 6 and 7)."""

import sqlite3
import threading
import unittest

from harness.case import SiteCase
from harness.programs import run, until


class Backup(SiteCase):
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

    def ids(self, database):
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return {row[0] for row in connection.execute("SELECT id FROM messages")}

    def test_a_backup_under_load_holds_all_that_was_accepted_before_it_and_opens(self):
        stop, failures, client = threading.Event(), [], self.site.client(self.site.token)

        def send():
            try:
                while not stop.is_set():
                    client.post("/messages", {"text": "under load", "expires_in": "1h"})
            except Exception as problem:
                failures.append(problem)

        sender = threading.Thread(target=send)
        sender.start()
        try:
            before = set()
            for number in range(3):
                until(lambda seen=len(before): len(self.ids(self.site.folder / "core.sqlite")) > seen + 5, what="messages")
                before = self.ids(self.site.folder / "core.sqlite")
                file = self.backup(f"load-{number}.backup")
        finally:
            stop.set()
            sender.join()

        self.assertEqual(failures, [])
        self.core("backup", "verify", file, "--passphrase-file", self.passphrase)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(b"under load", file.read_bytes())
        other = self.site.folder / "elsewhere"
        other.mkdir(0o700)
        config = other / "core.toml"
        config.write_text(self.site.config.read_text().replace(str(self.site.port), "1"))
        self.core("restore", file, "--config", config, "--passphrase-file", self.passphrase)
        self.assertLessEqual(before, self.ids(other / "core.sqlite"))
        self.core("audit", "verify", "--config", config)

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

    def test_before_an_upgrade_three_backups_are_kept_with_a_passphrase_beside_them(self):
        for _ in range(4):
            done = self.core("backup", "--before-upgrade", "--config", self.site.config)

        folder = self.site.folder / "backups"
        self.assertEqual(len(list(folder.glob("*.backup"))), 3)
        self.core("backup", "verify", done.out.strip(), "--passphrase-file", folder / "passphrase")


if __name__ == "__main__":
    unittest.main()

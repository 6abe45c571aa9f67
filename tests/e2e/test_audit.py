"""`sallyport-core audit verify` finds a changed, a removed and a reordered row."""

import json
import shutil
import sqlite3
import unittest

from harness.case import SiteCase
from harness.programs import run


class Tampering(SiteCase):
    options = {"mail": False}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for n in range(5):
            made = cls.site.send(f"message {n}")
            cls.site.recipient(made["url"]).reveal()
            cls.site.wait_state(made["id"], "destroyed")
        cls.site.core.stop()
        cls.path = cls.site.folder / "core.sqlite"
        connection = sqlite3.connect(cls.path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        cls.whole = cls.site.folder / "whole.sqlite"
        shutil.copy(cls.path, cls.whole)

    def setUp(self):
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.whole, self.path)

    def verify(self):
        return run("sallyport-core", "audit", "verify", "--config", self.site.config, "--json", check=False)

    def tamper(self, *statements):
        connection = sqlite3.connect(self.path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def middle(self):
        connection = sqlite3.connect(self.path)
        low, high = connection.execute("SELECT min(seq), max(seq) FROM audit").fetchone()
        connection.close()
        return (low + high) // 2

    def assert_found(self, *at):
        done = self.verify()
        told = json.loads(done.out)
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(told["intact"])
        self.assertIn(told["at_seq"], at)
        self.assertTrue(told["problem"])

    def test_whole(self):
        done = self.verify()

        told = json.loads(done.out)
        self.assertEqual((done.returncode, told["intact"]), (0, True))
        self.assertGreater(told["checked"], 10)

    def test_a_changed_row_is_found(self):
        at = self.middle()
        for column in self.columns():
            with self.subTest(column=column):
                self.setUp()
                self.tamper(f"UPDATE audit SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} + 1 WHEN 'blob' "
                            f"THEN zeroblob(32) ELSE coalesce({column}, '') || 'x' END WHERE seq = {at}")
                self.assert_found(at, at + 1)

    def columns(self):
        connection = sqlite3.connect(self.path)
        names = [row[1] for row in connection.execute("PRAGMA table_info(audit)")]
        connection.close()
        return [name for name in names if name != "seq"]

    def test_a_removed_row_is_found(self):
        at = self.middle()
        self.tamper(f"DELETE FROM audit WHERE seq = {at}")
        self.assert_found(at, at + 1)

    def test_a_removed_end_is_found(self):
        connection = sqlite3.connect(self.path)
        last = connection.execute("SELECT max(seq) FROM audit").fetchone()[0]
        connection.close()
        self.tamper(f"DELETE FROM audit WHERE seq = {last}")
        self.assert_found(last, last - 1, None)

    def test_reordered_rows_are_found(self):
        at = self.middle()
        self.tamper("UPDATE audit SET seq = -1 WHERE seq = %d" % at, "UPDATE audit SET seq = %d WHERE seq = %d" % (at, at + 1),
                    "UPDATE audit SET seq = %d WHERE seq = -1" % (at + 1))
        self.assert_found(at, at + 1)


if __name__ == "__main__":
    unittest.main()

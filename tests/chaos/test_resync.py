"""Each row of the table "When things go wrong" in docs/architecture.md, with the real programs."""

import json
import shutil
import unittest

from harness.case import SiteCase
from harness.link import base64url
from harness.programs import until


class WhenThingsGoWrong(SiteCase):
    options = {"cutter": True}

    def code(self, made):
        return self.site.recipient(made["url"]).status()[0]

    def backup(self, program, path):
        """A copy of a database as a backup holds it: the file, checkpointed by a clean stop."""
        program.stop()
        copy = path.with_suffix(".backup")
        shutil.copy(path, copy)
        program.start()
        return copy

    def restore(self, copy, path):
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        shutil.copy(copy, path)

    def setUp(self):
        until(lambda: self.site.edge_state()["light"] == "green", 60, "a green light")

    def test_an_edge_away_keeps_items_waiting_and_the_light_tells(self):
        self.site.cutter.refuse = True
        self.site.cutter.cut()
        made = self.site.api.post("/messages", {"text": "waits"})

        until(lambda: self.site.edge_state()["light"] in ("amber", "red"), 90, "the light to change")

        self.assertEqual(self.site.message(made["id"])["state"], "queued")
        self.assertGreater(self.site.edge_state()["items_waiting"], 0)
        self.assertTrue(self.site.edge_state()["reason"])
        self.site.cutter.refuse = False
        self.site.wait_state(made["id"], "live", seconds=60)
        self.assertEqual(self.code(made), 200)

    def test_with_the_core_down_the_edge_serves_and_events_wait(self):
        made = self.site.send("core is down", views=2)
        self.site.core.kill()

        self.assertEqual(self.site.recipient(made["url"]).reveal()[0], 200)
        self.assertEqual(self.site.recipient(made["url"]).reveal()[0], 200)

        self.site.core.start()
        ended = self.site.wait_state(made["id"], "destroyed", seconds=60)
        self.assertEqual([e["view"] for e in ended["events"] if e["code"] == "message.viewed"], [1, 2])

    def test_an_edge_restored_from_an_old_backup_serves_nothing_until_the_core_told_it_what_lives(self):
        edge = self.site.edge
        viewed, living = self.site.send("viewed later"), self.site.send("lives on")
        copy = self.backup(edge.program, edge.database)
        until(lambda: self.site.edge_state()["light"] == "green", 60)
        newer = self.site.send("newer than the backup")
        self.assertEqual(self.site.recipient(viewed["url"]).reveal()[0], 200)
        self.site.wait_state(viewed["id"], "destroyed")

        edge.program.stop()
        self.site.cutter.refuse = True
        self.site.cutter.cut()
        self.restore(copy, edge.database)
        edge.program.start()

        self.assertEqual([self.code(m) for m in (viewed, living, newer)], [404, 404, 404])
        self.site.cutter.refuse = False
        until(lambda: self.code(living) == 200, 60, "the resync")
        self.assertEqual([self.code(m) for m in (viewed, newer)], [404, 404])
        self.site.wait_state(newer["id"], "lost", seconds=60)
        self.assertEqual(self.site.recipient(living["url"]).reveal()[0], 200)
        self.assertEqual(self.site.recipient(viewed["url"]).reveal()[0], 404)
        self.site.wait_state(living["id"], "destroyed", seconds=60)
        self.site.send("and on it goes")

    def test_a_core_restored_from_an_old_backup_revokes_what_it_does_not_know(self):
        database = self.site.folder / "core.sqlite"
        known, revoked = self.site.send("known", views=2), self.site.send("to be revoked")
        copy = self.backup(self.site.core, database)
        until(lambda: self.site.edge_state()["light"] == "green", 60)
        unknown = self.site.send("unknown to the backup")
        self.site.api.delete(f"/messages/{revoked['id']}")
        until(lambda: self.code(revoked) == 404)
        self.assertEqual(self.site.recipient(known["url"]).reveal()[0], 200)
        self.site.wait_event(known["id"], "message.viewed")

        self.site.core.stop()
        self.restore(copy, database)
        self.site.core.start()

        until(lambda: self.code(unknown) == 404, 60, "the unknown message to be destroyed")
        self.site.wait_state(revoked["id"], "lost", "revoked", "destroyed", seconds=60)
        self.assertEqual(self.site.recipient(known["url"]).reveal()[0], 200)
        self.assertEqual(self.site.recipient(known["url"]).reveal()[0], 404)
        made = self.site.send("and on it goes")
        self.assertEqual(self.site.recipient(made["url"]).reveal()[0], 200)
        self.site.wait_state(made["id"], "destroyed", seconds=60)

    def test_a_view_whose_answer_was_lost_is_spent_and_the_event_says_so(self):
        made = self.site.send("x" * 900_000, grace="0s")
        guest = self.site.recipient(made["url"])
        self.assertEqual(guest.status()[0], 200)
        guest.connection.request("POST", f"/api/v1/messages/{guest.name}/reveal",
                                 json.dumps({"link_proof": base64url(guest.keys.link_proof)}), {"Content-Type": "application/json"})
        self.site.wait_event(made["id"], "message.viewed")
        self.site.edge.program.kill()
        self.site.edge.program.start()

        self.assertEqual(self.site.recipient(made["url"]).reveal()[0], 404)
        self.assertEqual(self.site.wait_state(made["id"], "destroyed", seconds=60)["views_left"], 0)

    def test_keys_rotate_without_losing_an_item(self):
        before = self.site.send("before")

        self.site.api.post(f"/edges/{self.site.edge.id}/rotate")
        sent = [self.site.api.post("/messages", {"text": f"during {n}"}) for n in range(20)]

        for made in sent:
            self.site.wait_state(made["id"], "live", seconds=60)
        for made in (before, *sent):
            self.assertEqual(self.site.recipient(made["url"]).reveal()[0], 200)

    def test_z_an_edge_that_is_removed_loses_its_messages_and_senders_are_told(self):
        made = self.site.send("will be lost", to="lost@example.test")

        self.site.cli("edge", "list")
        self.site.api.delete(f"/edges/{self.site.edge.id}")

        self.site.wait_state(made["id"], "lost", seconds=60)
        self.site.wait_mail(lambda m: m["X-Envelope-To"] == "sender@example.test" and "lost@example.test" in m.as_string())


if __name__ == "__main__":
    unittest.main()

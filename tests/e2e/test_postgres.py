"""The core on PostgreSQL: the same path, and a database that goes away and comes back."""

import time
import unittest

from harness.api import Problem
from harness.postgres import Postgres
from harness.programs import until
from harness.site import Site


class OnPostgres(unittest.TestCase):
    def test_a_lost_database_is_answered_clearly_and_the_core_goes_on_when_it_is_back(self):
        with Postgres() as postgres, Site(database=postgres.url) as site:
            made, waiting = site.send("before", views=2), site.send("waits")
            self.assertEqual(site.recipient(made["url"]).reveal()[0], 200)
            site.wait_event(made["id"], "message.viewed")
            pid = site.core.pid

            postgres.pause()
            with self.assertRaises(Problem) as refused:
                site.api.get("/messages")
            self.assertEqual((refused.exception.status, refused.exception.json["code"]), (503, "unavailable"))
            with self.assertRaises(Problem) as refused:
                site.api.post("/messages", {"text": "nowhere to put it"})
            self.assertEqual(refused.exception.status, 503)
            self.assertEqual(site.recipient(waiting["url"]).reveal()[0], 200, "the edge needs no core")
            postgres.resume()

            until(lambda: works(site), 30, "the core to see its database again", every=0.2)
            self.assertEqual(site.core.pid, pid)
            self.assertTrue(site.core.running)
            self.assertEqual(site.wait_state(waiting["id"], "destroyed", seconds=60)["views_left"], 0)
            after = site.send("after")
            self.assertEqual(site.recipient(after["url"]).reveal()[0], 200)
            self.assertEqual(site.recipient(made["url"]).reveal()[0], 200)
            site.wait_state(made["id"], "destroyed")


def works(site):
    try:
        site.api.get("/messages")
        return True
    except (Problem, OSError):
        time.sleep(0.1)
        return False


if __name__ == "__main__":
    unittest.main()

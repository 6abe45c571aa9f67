"""Promise 3: N views means N, under 2 to 64 racing readers and through kill -9. RACE_TRIALS changes the number of messages."""

import http.client
import os
import threading
import unittest

from harness.case import EdgeCase
from harness.link import base64url
from harness.recipient import Message

TRIALS = int(os.environ.get("RACE_TRIALS", "300"))


class Races(EdgeCase):
    def test_exactly_n_views_under_any_race(self):
        for readers in (2, 8, 64):
            with self.subTest(readers=readers):
                messages = [Message(f"race {n}", views=1 + n % 3) for n in range(max(10, TRIALS // readers))]
                for at in range(0, len(messages), 500):
                    self.link.push([m.item for m in messages[at:at + 500]])
                won = self.race(messages, readers)
                self.assertEqual(won, [min(readers, m.body["views"]) for m in messages])

    def race(self, messages, readers):
        """How many of `readers`, each on a connection of its own, got each message."""
        won, lock, gate = [0] * len(messages), threading.Lock(), threading.Barrier(readers)

        def reader():
            guest = self.alone.recipient(messages[0])
            for n, message in enumerate(messages):
                guest.name = base64url(message.id)
                gate.wait()
                status, _, body = guest.call("reveal", link_proof=base64url(message.keys.link_proof))
                if status == 200:
                    assert body == message.sealed
                    with lock:
                        won[n] += 1

        threads = [threading.Thread(target=reader) for _ in range(readers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return won

    def test_never_more_than_n_through_kill_9(self):
        message = self.put(views=400)
        got, stop = [], threading.Event()

        def reader():
            while not stop.is_set():
                try:
                    guest = self.alone.recipient(message)
                    status, _, body = guest.call("reveal", link_proof=base64url(message.keys.link_proof))
                except (OSError, http.client.HTTPException):
                    continue
                if status == 200 and body == message.sealed:
                    got.append(1)
                elif status == 404:
                    return

        threads = [threading.Thread(target=reader) for _ in range(8)]
        for thread in threads:
            thread.start()
        for _ in range(3):
            self.edge.program.kill()
            self.edge.program.start()
        for thread in threads:
            thread.join(60)
        stop.set()

        self.assertLessEqual(len(got), 400)
        self.assertGreater(len(got), 300)
        self.link.connection = None
        viewed = [e for e in self.link.pull_until(lambda e: e["kind"] == "message.destroyed") if e["kind"] == "message.viewed"]
        self.assertEqual(sorted(e["body"]["view"] for e in viewed), list(range(1, 401)))


if __name__ == "__main__":
    unittest.main()

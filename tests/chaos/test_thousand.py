"""1,000 messages while edge, core and the connection between them are killed and cut at random (promises 3 and 6).

CHAOS_MESSAGES and CHAOS_SEED change the number and the chance."""

import http.client
import os
import queue
import random
import threading
import time
import unittest

from harness.api import Problem
from harness.programs import until
from harness.site import Site

COUNT = int(os.environ.get("CHAOS_MESSAGES", "1000"))
SEED = int(os.environ.get("CHAOS_SEED", str(random.randrange(1 << 30))))
SENDERS, SECONDS = 4, 40  # so long, whatever the number: chaos needs time too
NETWORK = (OSError, http.client.HTTPException)


class Chaos:
    """Kills and cuts until told to stop, then puts everything back."""

    def __init__(self, site):
        self.site, self.random, self.done = site, random.Random(SEED), threading.Event()
        self.kills, self.failure = {"core": 0, "edge": 0, "cut": 0}, None
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        try:
            while not self.done.wait(self.random.uniform(0.05, 0.5)):
                self.strike()
        except Exception as error:  # noqa: BLE001  # told to the test, which fails with it
            self.failure = error

    def strike(self):
        what = self.random.choice(("core", "edge", "cut", "cut"))
        self.kills[what] += 1
        if what == "cut":
            self.site.cutter.refuse = True
            self.site.cutter.cut()
            time.sleep(self.random.uniform(0, 0.3))
            self.site.cutter.refuse = False
            return
        program = self.site.core if what == "core" else self.site.edge.program
        program.kill()
        time.sleep(self.random.uniform(0, 0.3))
        program.start()


class AThousandMessages(unittest.TestCase):
    def test_each_arrives_once_and_each_event_comes_back_once(self):
        print(f"\n  {COUNT} messages, CHAOS_SEED={SEED}")
        with Site(cutter=True, mail=False) as site:
            site.cutter.chance, site.cutter.delay = 0.03, 0.01
            chaos = Chaos(site)
            sent, revealed = queue.Queue(), {}
            senders = [threading.Thread(target=self.send, args=(site, chaos, range(n, COUNT, SENDERS), sent), daemon=True) for n in range(SENDERS)]
            readers = [threading.Thread(target=self.read, args=(site, chaos, sent, revealed), daemon=True) for _ in range(4)]
            for thread in (chaos.thread, *senders, *readers):
                thread.start()
            for thread in senders:
                thread.join()
            for _ in readers:
                sent.put(None)
            for thread in readers:
                thread.join()
            chaos.done.set()
            chaos.thread.join()
            self.assertIsNone(chaos.failure)
            print(f"  struck: {chaos.kills}, severed in the middle of a message: {site.cutter.cuts}")
            site.cutter.chance = site.cutter.delay = 0
            self.check(site, revealed)

    def send(self, site, chaos, numbers, sent):
        """Sends each number once, however often it has to ask."""
        api, chance = site.client(site.token), random.Random(SEED + numbers.start)
        for number in numbers:
            made = None
            time.sleep(chance.uniform(0, 2 * SENDERS * SECONDS / COUNT))
            while made is None and chaos.failure is None:
                try:
                    made = api.call("POST", "/messages", {"text": f"number {number}", "subject": f"n{number}", "grace": "0s"},
                                    {"Idempotency-Key": f"chaos-{number}"})
                except NETWORK:
                    time.sleep(0.05)
                except Problem as problem:
                    if problem.status not in (409, 429, 503):
                        raise
                    time.sleep(0.05)
            if made is None:
                return
            sent.put((number, made))

    def read(self, site, chaos, sent, revealed):
        """Reveals each message once it is live; an answer that was cut off may have spent the view."""
        while (one := sent.get()) is not None:
            number, made = one
            guest, tried, end = site.recipient(made["url"]), False, time.monotonic() + 120
            while time.monotonic() < end and chaos.failure is None:
                try:
                    if not tried and guest.status()[0] == 404:
                        time.sleep(0.05)
                        continue
                    tried = True
                    code, told = guest.reveal()
                except NETWORK:
                    time.sleep(0.05)
                    continue
                if code == 200:
                    revealed.setdefault(number, []).append(told[0]["text"])
                elif code == 503 or code == 429:
                    time.sleep(0.05)
                    continue
                elif code == 404 and not was_spent(site, made):
                    time.sleep(0.05)
                    continue
                break

    def check(self, site, revealed):
        listed = self.all_messages(site)
        self.assertEqual(len(listed), COUNT)
        self.assertEqual(len({m["subject"] for m in listed}), COUNT)
        for message in listed:
            found = site.wait_state(message["id"], "destroyed", seconds=60)
            viewed = [e for e in found["events"] if e["code"] == "message.viewed"]
            self.assertEqual(len(viewed), 1, found)
            # Seen before the core heard that it is live: then the timeline has no line for that.
            self.assertLessEqual([e["code"] for e in found["events"]].count("message.live"), 1, found)
            self.assertIsNotNone(found["live_at"])
            self.assertEqual([e["code"] for e in found["events"]].count("message.destroyed"), 1, found)
        for number, texts in revealed.items():
            self.assertEqual(texts, [f"number {number}"])
        print(f"  {len(revealed)} read, {COUNT - len(revealed)} whose answer was cut off")
        self.assertGreater(len(revealed), COUNT * 0.8)
        until(lambda: site.edge_state()["items_waiting"] == 0 and not site.edge_state()["events_waiting"], 30, "empty queues")

    def all_messages(self, site):
        found, after = [], ""
        while True:
            page = site.api.get("/messages?limit=100" + after)
            found += page["items"]
            if not page["next"]:
                return found
            after = "&after=" + page["next"]


def was_spent(site, made):
    """Whether the core has heard that the message ended."""
    try:
        return site.client(site.token).get(f"/messages/{made['id']}")["state"] == "destroyed"
    except (*NETWORK, Problem):
        return False


if __name__ == "__main__":
    unittest.main()

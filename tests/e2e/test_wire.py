"""What a hostile network or a strange core can send to a real edge: refused, and nothing changed (docs/formats/envelope.md)."""

import os
import random
import unittest

from harness import cbor, hpke
from harness.case import EdgeCase
from harness.link import PULL, PUSH, Kit, Link, Refused, now
from harness.recipient import Message


class HostileEnvelopes(EdgeCase):
    def push_of(self, message, seq=None):
        return {"core_epoch": self.link.core_epoch, "now": now(),
                "items": [{"seq": seq or self.link.applied + 1, "kind": "message.put", "id": message.hash,
                           "body": cbor.encode(message.body)}]}

    def state(self):
        hello = self.link.hello()
        return hello["applied"], hello["holds"], hello["edge_epoch"]

    def assert_refused(self, envelope):
        status, body = self.link.send(envelope)
        self.assertEqual((status, body), (400, b""))

    def test_flipped_cut_and_lengthened_envelopes_are_refused(self):
        before = self.state()
        envelope, _ = self.link.sealed(PUSH, self.push_of(Message()))
        chance = random.Random(1)
        positions = list(range(58 * 8)) + chance.sample(range(58 * 8, len(envelope) * 8), 200)

        for bit in positions:
            flipped = bytearray(envelope)
            flipped[bit // 8] ^= 1 << bit % 8
            self.assert_refused(bytes(flipped))
        for length in [0, 1, 4, 57, 58, 59, 73, 74, len(envelope) - 1, *chance.sample(range(len(envelope)), 100)]:
            self.assert_refused(envelope[:length])
        self.assert_refused(envelope + b"\0")

        self.assertEqual(self.state(), before)

    def test_a_replayed_push_changes_nothing(self):
        message = Message()
        envelope, _ = self.link.sealed(PUSH, self.push_of(message))
        self.assertEqual(self.link.send(envelope)[0], 200)
        before = self.state()
        self.assertEqual(self.alone.recipient(message).reveal()[0], 200)
        spent = self.state()

        answers = [self.link.send(envelope) for _ in range(3)]

        self.assertEqual((before[1], spent[1]), (1, 0))
        self.assertEqual(self.state(), spent)
        self.assertEqual(self.alone.recipient(message).status()[0], 404)
        self.assertEqual(len({body for _, body in answers}), 3, "answers to replays must not be the same bytes")

    def test_reordered_and_gapped_items_are_not_applied(self):
        first = self.link.applied + 1
        items = [Message() for _ in range(3)]

        gap = self.link.push_items([items[0].item], first=first + 1)
        self.assertEqual(gap["applied"], first - 1)
        self.link.push_items([m.item for m in items], first=first)
        again = self.link.push_items([items[1].item], first=first + 1)

        self.assertEqual(again["applied"], first + 2)
        self.assertEqual(self.link.hello()["holds"], 3)

    def test_foreign_keys_edges_and_epochs_are_refused(self):
        body = self.push_of(Message())
        for how in ({"key": hpke.fresh_key()}, {"psk": os.urandom(32)}, {"edge_id": os.urandom(16)},
                    {"epoch": 0, "psk": self.link.kit.psk}, {"epoch": self.link.epoch + 1}, {"epoch": 2**32 - 1}):
            with self.subTest(**{k: str(v)[:20] for k, v in how.items()}):
                with self.assertRaises(Refused) as refused:
                    self.link.request(PUSH, body, **how)
                self.assertEqual((refused.exception.status, refused.exception.body), (400, b""))
        self.assertEqual(self.link.hello()["holds"], 0)

    def test_a_kit_works_once(self):
        other = Link("127.0.0.1", self.edge.intake, self.edge.ca, self.link.kit)

        with self.assertRaises(Refused) as refused:
            other.enrol()

        self.assertEqual(refused.exception.status, 404)

    def test_keys_rotate_and_the_old_ones_are_refused(self):
        old_epoch, old_psk, old_key = self.link.epoch, self.link.psk, self.link.edge_key
        self.link.push([("key.rotate", b"", {})])

        self.link.rekey()
        self.link.hello()

        self.assertNotEqual(self.link.edge_key, old_key)
        new_key, self.link.edge_key = self.link.edge_key, old_key
        with self.assertRaises(Refused):
            self.link.request(PULL, {"ack": 0, "wait_ms": 0, "max_bytes": 1000}, epoch=old_epoch, psk=old_psk)
        self.link.edge_key = new_key
        self.put()

    def test_what_can_never_be_applied_is_passed_and_reported(self):
        good, bad = Message(), Message()
        bad.body = {**bad.body, "views": -1}

        answer = self.link.push([("message.put", bad.hash, bad.body), ("message.moon", b"", {}), good.item,
                                 ("message.revoke", good.hash, b"\xff\xff")])

        self.assertEqual([r["seq"] - self.link.applied + 4 for r in answer["refused"]], [1, 2, 4])
        self.assertEqual(self.link.hello()["holds"], 1)

    def test_the_intake_answers_strangers_with_nothing_useful(self):
        for method, path in (("GET", "/"), ("POST", "/pushpull/v2"), ("GET", "/pushpull/v1/key"), ("GET", "/m/AAAA"),
                             ("POST", "/api/v1/messages/AAAA/status")):
            status, _ = self.link.send(b"" if method == "POST" else None, path, method)
            self.assertIn(status, (400, 404, 405), path)

    def test_health_and_metrics_are_on_the_intake_only(self):
        self.assertEqual(self.link.send(None, "/healthz", "GET")[0], 200)
        status, metrics = self.link.send(None, "/metrics", "GET")
        self.assertEqual(status, 200)
        self.assertIn(b"# TYPE", metrics)
        guest = self.alone.recipient(self.put())
        for path in ("/healthz", "/metrics", "/pushpull/v1", "/pushpull/v1/key"):
            self.assertEqual(guest.fetch("GET", path)[0], 404, path)


if __name__ == "__main__":
    unittest.main()

"""Files beside the terminal, through page, gateway, worker and host."""

import hashlib
import os
import struct
import unittest

from harness import sshd
from harness.gateway_case import GatewayCase

PIECE = 32 * 1024
WINDOW = 1 << 20


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")


class Files(GatewayCase):
    def put(self, page, path, data, request=1):
        """Uploads as the page does: a megabyte under way."""
        page.say(type="put", request=request, path=path, size=len(data), offset=0, replace=False)
        sent = seen = 0
        while True:
            while sent < len(data) and sent - seen < WINDOW - PIECE:
                part = data[sent:sent + PIECE]
                page.socket.send(b"\1" + struct.pack(">I", request) + part)
                sent += len(part)
            told = page.step()
            if told and told["type"] == "more":
                seen = told["seen"]
            elif told and told["type"] in ("done", "failed"):
                return told

    def get(self, page, path, request=2):
        page.say(type="get", request=request, path=path, offset=0)
        taken = 0
        while True:
            told = page.step()
            have = len(page.downloads.get(request, b""))
            if have - taken >= 256 * 1024:
                page.say(type="taken", request=request, seen=have)
                taken = have
            if told and told["type"] in ("done", "failed"):
                return told

    def test_a_file_goes_there_and_back(self):
        page = self.shell()
        data = os.urandom(3 * WINDOW + 12_345)
        digest = hashlib.sha256(data).hexdigest()

        done = self.put(page, "there.bin", data)
        self.assertEqual((done["type"], done["size"], done["sha256"]), ("done", len(data), digest))
        self.assertEqual((self.user.home / "there.bin").read_bytes(), data)
        back = self.get(page, "there.bin")
        self.assertEqual((back["type"], back["sha256"]), ("done", digest))
        self.assertEqual(bytes(page.downloads[2]), data)
        page.say(type="list", request=3, path="")
        names = [entry["name"] for entry in page.until("entries")["entries"]]
        self.assertIn("there.bin", names)
        page.say(type="make", request=4, path="folder")
        page.until("done")
        page.say(type="rename", request=5, path="there.bin", to="folder/moved.bin")
        page.until("done")
        page.say(type="remove", request=6, path="folder/moved.bin")
        page.until("done")
        page.say(type="remove", request=7, path="no-such-file")
        self.assertEqual(page.until("failed")["code"], "not_found")
        page.say(type="end")
        page.until("ended")

        self.ended(page.ticket)
        told = [(event["body"]["action"], event["body"]["outcome"]) for event in self.last if event["kind"] == "session.file"]
        self.assertEqual(told, [("upload", "done"), ("download", "done"), ("mkdir", "done"), ("rename", "done"),
                                ("remove", "done"), ("remove", "not_found")])
        upload = next(event["body"] for event in self.last if event["kind"] == "session.file")
        self.assertEqual(upload["hash"].hex(), digest)

    def test_more_than_a_megabyte_under_way_ends_the_connection(self):
        page = self.shell()
        page.say(type="put", request=1, path="flood.bin", size=1 << 30, offset=0, replace=False)
        part = b"\1" + struct.pack(">I", 1) + bytes(60_000)
        page.socket.send(part)
        page.until("more")
        with self.host.stalled():
            try:
                for _ in range(100):
                    page.socket.send(part)
            except OSError:
                pass
            self.assertIn(page.closed(), (1008, None))
        page.come_back(self.gateway).say(type="end")

    def test_the_same_number_is_used_again_after_a_lost_connection(self):
        page = self.shell()
        (self.user.home / "big.bin").write_bytes(os.urandom(4 * WINDOW))
        page.say(type="get", request=1, path="big.bin", offset=0)
        page.until("opened")
        page.socket.cut()
        back = page.come_back(self.gateway)
        back.say(type="list", request=1, path="")
        self.assertIn("big.bin", [entry["name"] for entry in back.until("entries")["entries"]])


if __name__ == "__main__":
    unittest.main()

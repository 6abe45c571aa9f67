"""Promise 5: after each way a message can end, also after kill -9, a search of the raw disk finds nothing that opens it."""

import contextlib
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

from harness.case import LoneEdge
from harness.link import base64url
from harness.programs import until
from harness.recipient import Message
from harness.search import Search

SLOT = 32


@contextlib.contextmanager
def disk_image(mebibytes=160):
    """An ext4 file system in a file: (image, where it is mounted)."""
    top = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-image-"))
    image, mount = top / "disk.img", top / "disk"
    mount.mkdir()
    with image.open("wb") as file:
        file.truncate(mebibytes << 20)
    subprocess.run(["mkfs.ext4", "-q", "-O", "^has_journal", image], check=True)
    mounted = subprocess.run(["mount", "-o", "loop", image, mount], capture_output=True)
    if mounted.returncode != 0:
        raise unittest.SkipTest("this machine does not let us mount: " + mounted.stderr.decode().strip())
    try:
        yield image, mount
    finally:
        subprocess.run(["umount", "-l", mount], check=True)
        subprocess.run(["rm", "-rf", top], check=True)


def key_of(data, message):
    """The message's own shred key, as the key file has it now."""
    with contextlib.closing(sqlite3.connect(f"file:{data}/edge.sqlite?mode=ro", uri=True)) as db:
        slot, = db.execute("SELECT slot FROM message WHERE id_hash = ?", (message.hash,)).fetchone()
    at = 4096 + SLOT * (slot - 1)
    return (data / "slots.key").read_bytes()[at:at + SLOT]


@unittest.skipUnless(os.geteuid() == 0, "mounting needs root")
class DestroyedIsGone(unittest.TestCase):
    def test_whatever_way_it_ended(self):
        with disk_image() as (image, mount):
            alone = LoneEdge(parent=mount)
            try:
                for end in (self.by_views, self.by_time, self.by_recipient, self.by_sender, self.by_passphrase, self.by_resync,
                            self.by_views_and_kill, self.by_sender_and_kill):
                    with self.subTest(end.__name__):
                        self.check(image, alone, end)
            finally:
                alone.end()

    def check(self, image, alone, end):
        text = os.urandom(16).hex() + " canary"
        message = Message(text, passphrase="word", life_ms=4000 if end == self.by_time else 3_600_000)
        data = alone.edge.folder / "data"
        alone.link.push([message.item])
        key = key_of(data, message)
        self.assertGreater(len(set(key)), 8)

        end(alone, message)
        until(lambda: key not in (data / "slots.key").read_bytes(), 5, "its slot to be overwritten", every=0.1)
        subprocess.run(["sync", "-f", data], check=True)

        found = Search(text=text.encode(), content=message.sealed[100:164], content_end=message.sealed[-64:],
                       key=key).in_file(image)
        self.assertEqual(found, set())
        self.assertEqual(alone.recipient(message).status()[0], 404)

    def by_views(self, alone, message):
        self.assertEqual(alone.recipient(message, "word").reveal()[0], 200)

    def by_time(self, alone, message):
        until(lambda: alone.recipient(message).status()[0] == 404, 10, "the end of its time", every=0.1)

    def by_recipient(self, alone, message):
        guest = alone.recipient(message, "word")
        guest.learn_passphrase(guest.status()[1])
        proofs = {"link_proof": base64url(guest.keys.link_proof), "pass_proof": base64url(guest.keys.pass_proof)}
        self.assertIn(guest.call("destroy", **proofs)[0], (200, 204))

    def by_sender(self, alone, message):
        alone.link.push([("message.revoke", message.hash, {})])

    def by_passphrase(self, alone, message):
        while alone.recipient(message, "wrong").reveal()[0] == 403:
            pass

    def by_resync(self, alone, message):
        alone.link.core_epoch = os.urandom(16)
        alone.link.hello()
        alone.link.resync([])

    def by_views_and_kill(self, alone, message):
        self.by_views(alone, message)
        self.kill(alone)

    def by_sender_and_kill(self, alone, message):
        self.by_sender(alone, message)
        self.kill(alone)

    def kill(self, alone):
        alone.edge.program.kill()
        alone.edge.program.start()
        alone.link.connection = None


if __name__ == "__main__":
    unittest.main()

"""Test cases that stand on a running site, or on one edge alone."""

import contextlib
import pathlib
import shutil
import tempfile
import unittest

from .link import Kit, Link
from .recipient import Recipient
from .site import Authority, Edge, Site


class SiteCase(unittest.TestCase):
    """One site for all tests of the class; `options` go to Site."""

    options = {}

    @classmethod
    def setUpClass(cls):
        cls.site = Site(**cls.options).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.site.end()


class LoneEdge:
    """A real edge whose core is the test."""

    def __init__(self, parent=None, **how):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-edge-", dir=parent))
        (self.folder / "log").mkdir()
        self.authority = Authority(self.folder)
        self.edge = Edge(self.folder, self.authority, **how)
        self.kit = Kit()
        self.kit.write(self.folder / "kit")
        self.edge.enrol(self.folder / "kit")
        try:
            self.edge.program.start()
            self.link = Link("127.0.0.1", self.edge.intake, self.authority.certificate, self.kit)
            self.link.enrol()
            self.link.hello()
            self.link.resync([])
        except BaseException:
            self.edge.program.kill()
            raise

    def recipient(self, message, passphrase=None):
        return Recipient(message.url(self.edge.url), self.authority.certificate, passphrase)

    def end(self):
        with contextlib.suppress(TimeoutError):
            self.edge.program.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class EdgeCase(unittest.TestCase):
    """One lone edge for each test."""

    options = {}

    def setUp(self):
        self.alone = LoneEdge(**self.options)
        self.addCleanup(self.alone.end)
        self.edge, self.link = self.alone.edge, self.alone.link

    def put(self, **how):
        """A fresh message, live on the edge."""
        from .recipient import Message
        message = Message(**how)
        answer = self.link.push([message.item])
        self.assertEqual(answer["refused"], [])
        return message

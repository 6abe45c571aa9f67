"""Promise 1: core to edge is the only direction."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness.case import SiteCase


def listening(pid):
    """Local addresses on which a process accepts connections, UDP included."""
    told = subprocess.run(["ss", "-Hltunp"], capture_output=True, text=True, check=True).stdout
    return sorted({re.split(r"\s+", line)[4] for line in told.splitlines() if f"pid={pid}," in line})


class NoWayIn(SiteCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("strace"):
            raise unittest.SkipTest("strace is not installed")
        cls.trace = pathlib.Path(tempfile.mkdtemp()) / "trace"
        cls.options = {"edge_prefix": ("strace", "-f", "-qq", "-e", "trace=connect,seccomp,prctl", "-o", cls.trace)}
        super().setUpClass()

    def test_the_core_opens_no_listening_socket_for_edges(self):
        self.site.send("something to do")

        self.assertEqual(listening(self.site.core.pid), [f"127.0.0.1:{self.site.port}"])

    def test_the_portal_listens_on_its_two_ports_and_never_connects(self):
        made = self.site.send("traced", views=2, to="traced@example.test")
        for _ in range(3):
            self.site.recipient(made["url"]).reveal()
        self.site.wait_state(made["id"], "destroyed")
        self.site.api.delete(f"/messages/{self.site.send('revoked')['id']}")
        self.site.api.post(f"/edges/{self.site.edge.id}/rotate")
        self.site.send("after the rotation")
        pid = self.portal()

        self.assertEqual(listening(pid), sorted(f"127.0.0.1:{p}" for p in (self.site.edge.public, self.site.edge.intake)))
        self.assertRegex(pathlib.Path(f"/proc/{pid}/status").read_text(), r"(?m)^Seccomp:\s+2$")
        self.site.edge.program.stop()
        trace = self.trace.read_text()
        self.assertIn("seccomp", trace)
        self.assertEqual([line for line in trace.splitlines() if "connect(" in line], [])
        self.site.edge.program.start()

    def portal(self):
        """strace started the portal: its child."""
        pid = self.site.edge.program.pid
        return int(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


if __name__ == "__main__":
    unittest.main()

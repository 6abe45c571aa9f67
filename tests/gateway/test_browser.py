"""The real page in a real browser, through the real gateway, to a real sshd."""

import pathlib
import shutil
import subprocess
import unittest

from harness import sshd
from harness.gateway_case import GatewayCase
from harness.link import base64url
from harness.programs import ROOT

WEB = ROOT / "edge-gateway" / "web"


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")
    if not (WEB / "node_modules" / "playwright-core").exists() or not shutil.which("node") or not pathlib.Path("/usr/bin/chromium").exists():
        raise unittest.SkipTest("needs node, chromium and edge-gateway/web/node_modules (tests/run.sh terminal)")


class Browser(GatewayCase):
    def test_a_session_in_the_browser(self):
        ticket = self.ticket()
        link = f"{self.gateway.url}/s#{base64url(ticket.id)}.{base64url(ticket.secret)}"
        done = subprocess.run(["node", WEB / "test" / "real.mjs"], input=link.encode(), capture_output=True, timeout=120, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, b"the page works\n"), done.stderr.decode())
        self.assertEqual(self.ended(ticket)["reason"], "logout")
        kinds = [event["kind"] for event in self.last]
        self.assertEqual(kinds, ["ticket.redeemed", "session.started", "session.attached", "session.ended"])


if __name__ == "__main__":
    unittest.main()

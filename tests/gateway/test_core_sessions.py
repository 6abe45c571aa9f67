"""From the core's API to a real host and back: core, gateway and sshd are the real programs."""

import base64
import http.client
import json
import os
import ssl
import time
import unittest

from harness import sshd
from harness.gateway import Page, add_gateway, opening_of
from harness.programs import program, run, until
from harness.site import Site
from harness.terminal import Terminal
from harness.websocket import WebSocket


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")


class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.user = sshd.User()
        cls.addClassCleanup(cls.user.end)
        cls.machine = sshd.Host()
        cls.addClassCleanup(cls.machine.end)
        cls.site = Site(mail=False)
        cls.addClassCleanup(cls.site.__exit__, None)
        cls.site.__enter__()
        cls.gateway = add_gateway(cls.site, cls.machine.port)
        api = cls.site.api
        cls.place = api.post("/sites", {"name": "Berlin", "gateways": [cls.gateway.id]})["id"]
        cls.host = api.post("/hosts", {"name": "db-1", "site": cls.place, "address": "127.0.0.1", "port": cls.machine.port,
                                       "host_keys": cls.machine.public_keys()})["id"]
        cls.credential = api.post("/credentials", {"name": "a login", "login": cls.user.name, "kind": "password",
                                                   "hosts": ["*"], "password": cls.user.password})["id"]

    def connect(self, **more):
        return self.site.api.post("/connect", {"host": self.host, **more})

    def opened(self, made):
        return Page(WebSocket(self.gateway.public, self.site.ca, self.gateway.origin), opening_of(made["url"]))

    def page(self, made):
        page = self.opened(made)
        page.until("ready")
        return page

    def session(self, made):
        return self.site.api.get(f"/sessions/{made['session']['id']}")

    def wait(self, made, wanted, what, seconds=30):
        def reached():
            session = self.session(made)
            return session if wanted(session) else None
        return until(reached, seconds, what)

    def raw(self, path):
        return self.site.api.raw("GET", path)

    def test_a_session_is_played_back_at_the_core(self):
        made = self.connect()
        page = self.page(made)
        self.wait(made, lambda one: one["state"] == "running", "the session to run")
        page.type("echo it wor''ks; exit 3\n")
        page.until_output("it works")
        page.until("ended")

        session = self.wait(made, lambda one: one["recording"]["stored_at"], "the recording to come")

        self.assertEqual((session["state"], session["end_reason"], session["exit"]), ("ended", "logout", 3))
        self.assertEqual(session["recording"]["state"], "whole")
        self.assertEqual(session["dialled"], "127.0.0.1")
        self.assertTrue(session["host_key"].startswith("SHA256:"))
        status, _, cast = self.raw(f"/sessions/{session['id']}/recording")
        self.assertEqual(status, 200)
        lines = [json.loads(line) for line in cast.decode().splitlines()]
        self.assertEqual(lines[0]["version"], 2)
        shown = "".join(text for _, kind, text in lines[1:] if kind == "o")
        self.assertEqual(shown.encode(), bytes(page.output))
        number = base64.urlsafe_b64decode(session["id"] + "==").hex()
        copy = self.gateway.folder / "data" / "recordings" / f"{number}.rec"
        until(lambda: not copy.exists(), 30, "the gateway to delete its copy")
        played = self.site.cli("sessions", "play", "--speed", "100", "--pause", "0", "--", session["id"]).out
        self.assertIn("it works", played)

    def test_what_nobody_may_read_is_nowhere(self):
        made = self.connect()
        page = self.page(made)
        page.type("echo ver''rysecretword\n")
        page.until_output("verrysecretword")
        secret = made["url"].split(".")[-1]
        for folder in (self.gateway.folder / "data", self.site.folder):
            for file in folder.rglob("*"):
                if file.is_file() and "build" not in file.parts:
                    content = file.read_bytes()
                    self.assertNotIn(b"verrysecretword", content, file)
                    self.assertNotIn(secret.encode(), content, file)
        password = self.user.password.encode()
        for file in (self.gateway.folder / "data").rglob("*"):
            if file.is_file():
                self.assertNotIn(password, file.read_bytes(), file)
        page.say(type="end")
        page.until("ended")

    def test_a_session_is_ended_from_the_core_at_once(self):
        made = self.connect()
        page = self.page(made)
        asked = time.monotonic()
        self.site.api.post(f"/sessions/{made['session']['id']}/end")
        ended = page.until("ended")
        self.assertLess(time.monotonic() - asked, 3)
        self.assertEqual(ended["reason"], "terminated")
        self.assertEqual(ended["by"], "Ada Sender")
        session = self.wait(made, lambda one: one["state"] == "ended", "the session to have ended")
        self.assertEqual(session["end_reason"], "terminated")

    def test_an_administrator_looks_on_and_the_user_is_told(self):
        made = self.connect()
        page = self.page(made)
        context = ssl.create_default_context(cafile=str(self.site.ca))
        watch = http.client.HTTPSConnection("127.0.0.1", self.site.port, context=context, timeout=20)
        watch.request("GET", f"/api/v1/sessions/{made['session']['id']}/live",
                      headers={"Authorization": f"Bearer {self.site.token}"})
        answer = watch.getresponse()
        self.assertEqual(answer.getheader("Content-Type"), "text/event-stream")
        page.type("echo look''ed at\n")
        page.until_output("looked at")
        seen = b""
        end = time.monotonic() + 15
        while b"looked at" not in seen and time.monotonic() < end:
            seen += answer.readline()
        self.assertIn(b"looked at", seen)
        told = [one for one in page.told if one["type"] == "watched"] or [page.until("watched")]
        self.assertEqual(told[0]["by"], "Ada Sender")
        page.say(type="end")
        page.until("ended")
        rest = answer.read()
        self.assertIn(b"event: end\ndata: over", rest)
        watch.close()

    def test_a_ticket_works_once(self):
        made = self.connect()
        page = self.page(made)
        again = self.opened(made)
        self.assertEqual(again.closed(), 4404)
        page.say(type="end")
        page.until("ended")

    def test_a_changed_host_key_waits_for_a_decision(self):
        api = self.site.api
        other = sshd.make_key(self.site.folder / "another_key")
        key = " ".join(other.with_suffix(".pub").read_text().split()[:2])
        changed = api.post("/hosts", {"name": "db-2", "site": self.place, "address": "127.0.0.1",
                                      "port": self.machine.port, "host_keys": [key]})["id"]
        made = api.post("/connect", {"host": changed})
        page = self.opened(made)
        self.assertEqual(page.closed(), 1000)
        self.assertEqual(page.told[-1]["reason"], "host_key")
        sighting = until(lambda: next(iter(api.get(f"/host-keys?host={changed}")["items"]), None), 20, "the sighting")
        self.assertEqual(sighting["verdict"], "changed")

        api.post(f"/host-keys/{sighting['id']}", {"decision": "trust"})

        page = self.page(api.post("/connect", {"host": changed}))
        page.say(type="end")
        page.until("ended")

    def test_connect_from_the_terminal(self):
        command = (program("sallyport"), "--server", self.site.url, "--token-file", self.site.token_file, "--ca", self.site.ca,
                   "connect", "db-1")
        with Terminal(command, env={**os.environ, "TERM": "xterm"}) as terminal:
            terminal.until(rb"this session is recorded")
            terminal.type("stty size; echo ty''ped; exit 5\r")
            terminal.until(rb"typed")
            self.assertEqual(terminal.end(), 5)

    def test_a_gateway_that_is_away_is_said_at_once(self):
        self.gateway.program.stop()
        try:
            until(lambda: self.site.edge_state(self.gateway)["light"] == "red", 120, "the light to be red")
            asked = time.monotonic()
            status, _, body = self.site.api.raw("POST", "/connect", json.dumps({"host": self.host}),
                                                {"Content-Type": "application/json"})
            self.assertEqual(status, 503)
            self.assertIn("Berlin", json.loads(body)["detail"])
            self.assertLess(time.monotonic() - asked, 5)
        finally:
            self.gateway.program.start()
            until(lambda: self.site.edge_state(self.gateway)["light"] == "green", 60, "the light to be green")


if __name__ == "__main__":
    unittest.main()

"""From the sender to the recipient and back, with the real programs."""

import json
import time
import unittest

from harness.api import Problem
from harness.case import SiteCase
from harness.link import base64url
from harness.programs import run
from harness.site import text_of


class TheWholePath(SiteCase):
    options = {"embedded": True}

    def test_a_message_with_a_file_and_a_passphrase_is_opened_once_and_the_sender_learns_of_it(self):
        upload = self.site.api.upload("plan.txt", b"the plan\n" * 20_000, "text/plain")
        made = self.site.send("the code is 4711", files=[upload], passphrase="tell nobody", to="guest@example.test",
                              subject="For you", grace="0s")
        word, out = self.site.folder / "word", self.site.folder / "out"
        word.write_text("tell nobody\n")

        opened = self.site.cli("open", made["url"], "--passphrase-file", word, "--out", out)

        self.assertIn("the code is 4711", opened.out)
        self.assertEqual((out / "plan.txt").read_bytes(), b"the plan\n" * 20_000)
        ended = self.site.wait_state(made["id"], "destroyed")
        self.assertEqual((ended["reason"], ended["views_left"]), ("views", 0))
        self.assertIsNotNone(self.site.wait_event(made["id"], "message.viewed")["source"])
        invite = self.site.wait_mail(lambda m: m["X-Envelope-To"] == "guest@example.test")
        self.assertIn(made["url"], text_of(invite))
        notice = self.site.wait_mail(lambda m: m["X-Envelope-To"] == "sender@example.test" and "guest" in text_of(m))
        self.assertNotIn(made["url"].partition("#")[2], notice.as_string())
        again = self.site.cli("open", made["url"], "--passphrase-file", word, check=False)
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("no longer available", again.err + again.out)

    def test_the_command_line_sends_and_our_own_reader_opens(self):
        sent = json.loads(self.site.cli("send", "--json", "--views", "2", input=b"from standard input").out)
        self.site.wait_state(sent["id"], "live")

        texts = [self.site.recipient(sent["url"]).reveal() for _ in range(3)]

        self.assertEqual([code for code, _ in texts], [200, 200, 404])
        self.assertEqual(texts[0][1][0]["text"].strip(), "from standard input")

    def test_a_token_is_remembered_by_login_and_the_next_commands_need_no_options(self):
        home = {"HOME": str(self.site.folder / "home"), "XDG_CONFIG_HOME": str(self.site.folder / "home")}

        said = run("sallyport", "login", "--server", self.site.url, "--ca", self.site.authority.certificate,
                   "--token-file", self.site.token_file, environment=home)
        sent = run("sallyport", "send", "--expires", "2h", "--views", "1", input=b"the code is 4711", environment=home)
        listed = run("sallyport", "messages", "list", environment=home)
        wrong = self.site.folder / "wrong"
        wrong.write_text("no such token\n")
        refused = run("sallyport", "login", "--server", self.site.url, "--token-file", wrong, environment=home, check=False)

        self.assertIn("The token of admin is good", said.out)
        self.assertRegex(sent.out, r"https://\S+/m/\S+#\S+")
        self.assertIn("live", listed.out + run("sallyport", "messages", environment=home).out)
        self.assertNotEqual(refused.returncode, 0)
        self.assertRegex(refused.err, "sallyport: error: .")

    def test_the_embedded_portal_shows_a_message_under_the_cores_address(self):
        made = self.site.send("inside", site="embedded", grace="0s")

        self.assertTrue(made["url"].startswith(self.site.url + "/selfdestruct/m/"))
        status, headers, page = self.site.recipient(made["url"]).fetch("GET", "/m/" + "A" * 22)
        self.assertEqual(status, 200)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertIn(b"<html", page.lower())
        code, (header, _) = self.site.recipient(made["url"]).reveal()
        self.assertEqual((code, header["text"]), (200, "inside"))
        self.site.wait_state(made["id"], "destroyed")

    def test_the_embedded_portal_ends_a_grace_and_destroys(self):
        saved, ended = (self.site.send("inside", site="embedded", grace="60s", views=n) for n in (1, 2))
        first, second = self.site.recipient(saved["url"]), self.site.recipient(ended["url"])
        self.assertEqual((first.reveal()[0], second.reveal()[0]), (200, 200))

        self.assertEqual(first.call("saved", link_proof=base64url(first.keys.link_proof))[0], 204)
        self.assertEqual(second.call("destroy", link_proof=base64url(second.keys.link_proof))[0], 204)

        self.site.wait_state(saved["id"], "destroyed")
        self.assertEqual(self.site.wait_state(ended["id"], "destroyed")["reason"], "recipient")

    def test_looking_does_not_burn(self):
        """Promise 4."""
        made = self.site.send("still here")
        guest = self.site.recipient(made["url"])

        for method in ("GET", "HEAD", "OPTIONS", "GET"):
            guest.fetch(method, f"/m/{guest.name}")
            guest.fetch(method, f"/api/v1/messages/{guest.name}/reveal")
        for _ in range(3):
            self.assertEqual(guest.status()[1]["views_left"], 1)

        self.assertEqual(guest.reveal()[0], 200)

    def test_strangers_learn_nothing(self):
        """Promise 9: unknown, destroyed and wrong proof are answered alike, byte for byte."""
        spent, standing = self.site.send("spent"), self.site.send("standing")
        self.site.recipient(spent["url"]).reveal()
        never = spent["url"].replace(spent["url"].split("/m/")[1][:22], "A" * 22)
        wrong = standing["url"].partition("#")[0] + "#" + "A" * 43

        answers = [self.site.recipient(url).call("status", link_proof="A" * 43) for url in (spent["url"], never, wrong)]
        answers.append(self.site.recipient(spent["url"]).reveal_raw())

        seen = {(status, body, tuple(sorted(k.lower() for k in headers))) for status, headers, body in answers}
        self.assertEqual(len(seen), 1, seen)
        self.assertEqual(answers[0][0], 404)

    def test_a_revoked_message_is_gone_at_once(self):
        made = self.site.send("never mind")

        self.site.api.delete(f"/messages/{made['id']}")

        self.site.wait_state(made["id"], "revoked")
        self.assertEqual(wait_gone(self.site.recipient(made["url"])), 404)

    def test_a_message_expires_at_both_ends(self):
        made = self.site.api.post("/messages", {"text": "short", "expires_in": "3s"})

        self.site.wait_state(made["id"], "expired", seconds=30)

        self.assertEqual(self.site.recipient(made["url"]).status()[0], 404)

    def test_wrong_passphrases_destroy_it_and_the_sender_is_told(self):
        made = self.site.send("guess", passphrase="right", attempts=3, notify=True, to="guesser@example.test")
        guest = self.site.recipient(made["url"], "wrong")

        codes = [(code, told.get("code")) for code, told in (guest.reveal() for _ in range(4))]

        self.assertEqual(codes, [(403, "forbidden"), (403, "forbidden"), (403, "forbidden"), (404, "not_found")])
        ended = self.site.wait_state(made["id"], "destroyed")
        self.assertEqual(ended["reason"], "passphrase")
        self.assertEqual(sum(e["code"] == "message.refused" for e in ended["events"]), 3)
        self.site.wait_mail(lambda m: m["X-Envelope-To"] == "sender@example.test" and "guesser@example.test" in text_of(m))

    def test_within_the_grace_the_same_browser_sees_it_again_and_no_other(self):
        made = self.site.send("again", grace="60s")
        first, other = self.site.recipient(made["url"]), self.site.recipient(made["url"])

        self.assertEqual(first.reveal()[0], 200)
        self.assertEqual(first.reveal()[0], 200)
        self.assertEqual(other.reveal()[0], 404)
        first.call("saved", link_proof=base64url(first.keys.link_proof))
        self.assertEqual(first.reveal()[0], 404)
        self.assertEqual(self.site.wait_state(made["id"], "destroyed")["views_left"], 0)
        self.assertEqual(sum(e["code"] == "message.viewed" for e in self.site.message(made["id"])["events"]), 1)

    def test_the_recipient_destroys_it(self):
        made = self.site.send("go away", views=5)
        guest = self.site.recipient(made["url"])

        status, _, _ = guest.call("destroy", link_proof=base64url(guest.keys.link_proof))

        self.assertIn(status, (200, 204))
        self.assertEqual(self.site.wait_state(made["id"], "destroyed")["reason"], "recipient")
        self.assertEqual(guest.status()[0], 404)

    def test_the_same_idempotency_key_makes_one_message(self):
        body = {"text": "once", "subject": "idempotent"}

        first = self.site.api.post("/messages", body, Idempotency_Key="key-1")
        second = self.site.api.post("/messages", body, Idempotency_Key="key-1")

        self.assertEqual(first["id"], second["id"])
        self.assertEqual(len(self.site.api.get("/messages?q=idempotent")["items"]), 1)
        with self.assertRaises(Problem) as other:
            self.site.api.post("/messages", {"text": "something else"}, Idempotency_Key="key-1")
        self.assertIn(other.exception.status, (409, 422))

    def test_wrong_input_names_the_field(self):
        for body, field in (({"text": "x", "expires_in": "soon"}, "expires_in"), ({"text": "x", "views": 0}, "views"),
                            ({"text": "x", "to": "nobody"}, "to"), ({"text": "x", "colour": "red"}, "colour"),
                            ({"text": "x", "site": "moon"}, "site"), ({"text": "x", "grace": "1h"}, "grace")):
            with self.subTest(field=field), self.assertRaises(Problem) as refused:
                self.site.api.post("/messages", body)
            self.assertEqual(refused.exception.status, 400, body)
            self.assertEqual(refused.exception.headers["Content-Type"], "application/problem+json")
            self.assertIn(field, [e["field"] for e in refused.exception.json["errors"]])

    def test_passwordstates_call_is_answered(self):
        caller = self.site.client(base="/api")

        status, _, answer = caller.raw("POST", "/selfdestruct", json.dumps(
            {"Message": "old client", "ToEmailAddress": "old@example.test", "ToFirstName": "Olga", "ExpiresAt": "2d",
             "NoViews": 1, "EmailSubject": "Hello [ToFirstName]"}), {"APIKey": self.site.token, "Content-Type": "application/json"})

        self.assertEqual(status // 100, 2, answer)
        mail = self.site.wait_mail(lambda m: m["X-Envelope-To"] == "old@example.test")
        self.assertEqual(mail["Subject"], "Hello Olga")
        url = next(word.strip("<>.") for word in text_of(mail).split() if "/m/" in word and "#" in word)
        code, (header, _) = self.site.recipient(url).reveal()
        self.assertEqual((code, header["text"]), (200, "old client"))
        self.assertEqual(caller.raw("POST", "/selfdestruct", "{}", {"APIKey": "wrong", "Content-Type": "application/json"})[0], 401)

    def test_one_hundred_mebibytes_go_through_without_as_much_memory(self):
        data = bytes(range(256)) * (96 * 4096)
        upload = self.site.api.upload("big.bin", data)
        made = self.site.api.post("/messages", {"text": "big", "files": [upload]})
        self.site.wait_state(made["id"], "live", seconds=120)

        out = self.site.folder / "big"
        self.site.cli("open", made["url"], "--out", out)

        self.assertEqual((out / "big.bin").read_bytes(), data)

    def test_the_edges_are_green_in_the_list(self):
        listed = self.site.cli("edge", "list").out

        for word in ("selfdestruct", "embedded", "green"):
            self.assertIn(word, listed)


def wait_gone(guest, seconds=10):
    end = time.monotonic() + seconds
    while (code := guest.status()[0]) == 200 and time.monotonic() < end:
        time.sleep(0.05)
    return code


if __name__ == "__main__":
    unittest.main()

"""Files of a host through a session's worker, beside its terminal."""

import hashlib
import os
import random
import shutil
import struct
import time
import unittest
from pathlib import Path

from harness import sshd
from harness.worker import Worker, credential

WINDOW = 1 << 20


def setUpModule():
    if not sshd.possible:
        raise unittest.SkipTest("needs root and openssh-server")


def sha256(data):
    return hashlib.sha256(data).digest()


class Browser:
    """What a page would do with one worker."""

    def __init__(self, worker):
        self.worker = worker
        self.last = 0
        self.events = []

    def ask(self, action, path, **members):
        self.last += 1
        self.worker.say("file", {"action": action, "request": self.last, "path": path,
                                 **{"to": "", "size": 0, "offset": 0, "seen": 0, "replace": False, **members}})
        return self.last

    def tell(self, action, request, **members):
        self.worker.say("file", {"action": action, "request": request, "path": "",
                                 **{"to": "", "size": 0, "offset": 0, "seen": 0, "replace": False, **members}})

    def next(self, request):
        """The next answer or part for this request."""
        while True:
            kind, body = self.worker.frame(20)
            if kind == "output":
                self.worker.output += body
            elif kind == "file_event":
                self.events.append(body)
            elif kind == "answer" and body["request"] == request:
                return body
            elif kind == "download" and struct.unpack(">I", body[:4])[0] == request:
                return body[4:]

    def simple(self, action, path, **members):
        """"done", or the code it failed with."""
        answer = self.next(self.ask(action, path, **members))
        return answer["code"] if answer["type"] == "failed" else answer["type"]

    def list(self, path):
        request, found = self.ask("list", path), []
        while True:
            answer = self.next(request)
            if answer["type"] == "failed":
                return answer["code"]
            found += answer["entries"]
            if answer["done"]:
                return found

    def get(self, path, offset=0, acknowledge=True):
        """(content from `offset` on, the last answer)."""
        request, content = self.ask("get", path, offset=offset), bytearray()
        while True:
            answer = self.next(request)
            if isinstance(answer, bytes):
                content += answer
                if acknowledge:
                    self.tell("taken", request, seen=offset + len(content))
            elif answer["type"] in ("done", "failed"):
                return bytes(content), answer

    def put(self, path, content, offset=0, replace=False, stop_at=None):
        """The last answer; with `stop_at`, it is cancelled when so many bytes are written."""
        request = self.ask("put", path, size=len(content), offset=offset, replace=replace)
        sent = written = offset
        while True:
            while sent < len(content) and sent - written < WINDOW:
                piece = content[sent:sent + 32 * 1024]
                self.worker.say("upload", struct.pack(">I", request) + piece)
                sent += len(piece)
            answer = self.next(request)
            if answer["type"] != "more":
                return answer
            written = answer["seen"]
            if stop_at is not None and written >= stop_at:
                self.tell("cancel", request)
                stop_at = None


class FilesCase(unittest.TestCase):
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.user = sshd.User()
        cls.addClassCleanup(cls.user.end)
        cls.host = sshd.Host(cls.options)
        cls.addClassCleanup(cls.host.end)

    def setUp(self):
        self.worker = Worker(self.host.port)
        self.addCleanup(self.worker.end)
        self.worker.start(credential(self.user.name, self.user.password), host_keys=self.host.public_keys())
        self.worker.until("ready")
        self.files = Browser(self.worker)
        self.home = self.user.home / self.id().rsplit(".", 1)[1]
        self.home.mkdir()
        shutil.chown(self.home, self.user.name)

    def at(self, name):
        return str(self.home / name)

    def write(self, name, content, mode=0o644):
        path = self.home / name
        path.write_bytes(content)
        shutil.chown(path, self.user.name)
        path.chmod(mode)
        return str(path)

    def events(self):
        """What the core is told, once all of it came."""
        self.files.simple("make", self.at("marker"))
        while self.files.events[-1]["path"] != self.at("marker"):
            kind, body = self.worker.frame()
            if kind == "file_event":
                self.files.events.append(body)
        return self.files.events[:-1]


class Files(FilesCase):
    options = ("RekeyLimit 4M",)

    def test_a_folder_is_listed(self):
        self.write("a", b"12345", 0o640)
        (self.home / "sub").mkdir()
        (self.home / "link").symlink_to("a")
        self.write("ünïcode \\ \"name\"", b"")
        found = {one["name"]: one for one in self.files.list(str(self.home))}
        self.assertEqual({name: one["kind"] for name, one in found.items()},
                         {"a": "file", "sub": "folder", "link": "link", "ünïcode \\ \"name\"": "file"})
        self.assertEqual((found["a"]["size"], found["a"]["mode"]), (5, 0o640))
        self.assertLess(abs(found["a"]["changed_at"] - time.time()), 60)

    def test_the_login_folder_and_what_is_not_there(self):
        self.assertIn(".bashrc", {one["name"] for one in self.files.list("")})
        self.assertEqual(self.files.list(self.at("nothing")), "not_found")
        self.assertEqual(self.files.list("/root"), "forbidden")

    def test_a_large_folder_comes_in_pieces(self):
        for number in range(3_000):
            (self.home / f"file-{number:05}").touch()
        self.assertEqual(len(self.files.list(str(self.home))), 3_000)

    def test_names_that_no_page_can_ask_for_are_left_out(self):
        open(os.fsencode(self.home) + b"/bad\xff", "w").close()
        self.write("good", b"")
        self.assertEqual([one["name"] for one in self.files.list(str(self.home))], ["good"])

    def test_a_download_and_its_digest(self):
        for size in (0, 1, 32 * 1024, 5_000_000):
            with self.subTest(size):
                content = random.randbytes(size)
                got, done = self.files.get(self.write("down", content))
                self.assertEqual(sha256(got), sha256(content))
                self.assertEqual((done["type"], done["size"], done["sha256"]), ("done", size, sha256(content)))
        self.assertEqual(self.events()[-1], {"action": "download", "path": self.at("down"), "size": 5_000_000,
                                             "hash": sha256(content), "outcome": "done"})

    def test_a_download_goes_on_from_an_offset(self):
        content = random.randbytes(3_000_000)
        got, done = self.files.get(self.write("down", content), offset=1_234_567)
        self.assertEqual(got, content[1_234_567:])
        self.assertEqual(done["sha256"], sha256(content))
        self.assertEqual(self.files.get(self.at("down"), offset=3_000_001)[1]["code"], "changed")

    def test_a_download_waits_for_what_is_taken(self):
        request = self.files.ask("get", self.write("down", random.randbytes(5_000_000)))
        self.assertEqual(self.files.next(request)["type"], "opened")
        came = 0
        with self.assertRaises(TimeoutError):
            while True:
                kind, body = self.worker.frame(1)
                if kind == "download":
                    came += len(body) - 4
        self.assertEqual(came, WINDOW)
        self.files.tell("taken", request, seen=came)
        self.assertIsInstance(self.files.next(request), bytes)
        self.files.tell("cancel", request)
        while isinstance(last := self.files.next(request), bytes):
            pass
        self.assertEqual(last["code"], "cancelled")
        self.assertEqual(self.events()[-1]["outcome"], "cancelled")

    def test_what_is_no_file_is_not_downloaded(self):
        self.assertEqual(self.files.get(self.at("nothing"))[1]["code"], "not_found")
        self.assertEqual(self.files.get(str(self.home))[1]["code"], "forbidden")
        self.assertEqual(self.files.get("/etc/shadow")[1]["code"], "forbidden")
        os.mkfifo(self.home / "pipe", 0o666)
        self.assertEqual(self.files.get(self.at("pipe"))[1]["code"], "forbidden")
        self.assertEqual(self.files.get("/proc/self/status")[1]["code"], "changed")

    def test_an_upload_and_its_digest(self):
        for size in (0, 1, 5_000_000):
            with self.subTest(size):
                content = random.randbytes(size)
                done = self.files.put(self.at(f"up{size}"), content)
                self.assertEqual((done["type"], done["size"], done["sha256"]), ("done", size, sha256(content)))
                self.assertEqual((self.home / f"up{size}").read_bytes(), content)
        self.assertEqual([one.name for one in self.home.iterdir() if one.suffix == ".part"], [])
        self.assertEqual(self.events()[-1], {"action": "upload", "path": self.at("up5000000"), "size": 5_000_000,
                                             "hash": sha256(content), "outcome": "done"})

    def test_an_upload_replaces_only_where_it_may(self):
        self.write("there", b"old", 0o600)
        self.assertEqual(self.files.put(self.at("there"), b"new")["code"], "exists")
        self.assertEqual((self.home / "there").read_bytes(), b"old")
        self.assertEqual(self.files.put(self.at("there"), b"new", replace=True)["type"], "done")
        self.assertEqual((self.home / "there").read_bytes(), b"new")
        self.assertEqual((self.home / "there").stat().st_mode & 0o777, 0o600)
        (self.home / "sub").mkdir()
        self.assertEqual(self.files.put(self.at("sub"), b"new", replace=True)["code"], "exists")

    def test_an_upload_that_was_cut_goes_on(self):
        content = random.randbytes(4_000_000)
        cut = self.files.put(self.at("up"), content, stop_at=2_000_000)
        self.assertEqual(cut["code"], "cancelled")
        self.assertFalse((self.home / "up").exists())
        have = (self.home / "up.part").stat().st_size
        self.assertGreaterEqual(have, 2_000_000)
        done = self.files.put(self.at("up"), content, offset=1_999_999)
        self.assertEqual(done["sha256"], sha256(content))
        self.assertEqual((self.home / "up").read_bytes(), content)

    def test_an_upload_cannot_go_on_with_what_is_not_there(self):
        self.assertEqual(self.files.put(self.at("up"), b"x" * 100, offset=50)["code"], "changed")
        self.write("up.part", b"x" * 49)
        self.assertEqual(self.files.put(self.at("up"), b"x" * 100, offset=50)["code"], "changed")

    def test_an_upload_follows_no_link_that_waits_for_it(self):
        self.write("victim", b"precious")
        (self.home / "up.part").symlink_to("victim")
        self.assertEqual(self.files.put(self.at("up"), b"new")["type"], "done")
        self.assertEqual((self.home / "victim").read_bytes(), b"precious")
        (self.home / "up2.part").symlink_to("victim")
        self.assertEqual(self.files.put(self.at("up2"), b"preciously", offset=8)["code"], "changed")

    def test_an_upload_beyond_its_size_or_where_none_may_be(self):
        request = self.files.ask("put", self.at("up"), size=3)
        self.worker.say("upload", struct.pack(">I", request) + b"four")
        answer = self.files.next(request)
        while answer["type"] == "more":
            answer = self.files.next(request)
        self.assertEqual(answer["code"], "too_large")
        self.assertEqual(self.files.put("/root/up", b"x")["code"], "forbidden")
        self.assertEqual(self.files.put(self.at("nowhere/up"), b"x")["code"], "not_found")

    def test_names_change(self):
        self.write("a", b"a")
        self.write("b", b"b")
        self.assertEqual(self.files.simple("rename", self.at("a"), to=self.at("b")), "exists")
        self.assertEqual(self.files.simple("rename", self.at("a"), to=self.at("c")), "done")
        self.assertEqual(self.files.simple("rename", self.at("a"), to=self.at("d")), "not_found")
        self.assertEqual(self.files.simple("make", self.at("sub")), "done")
        self.assertEqual(self.files.simple("make", self.at("sub")), "exists")
        self.assertEqual(self.files.simple("make", "/root/sub"), "forbidden")
        self.write("sub/full", b"")
        self.assertEqual(self.files.simple("remove", self.at("sub")), "unavailable")
        self.assertEqual(self.files.simple("remove", self.at("sub/full")), "done")
        self.assertEqual(self.files.simple("remove", self.at("sub")), "done")
        self.assertEqual(self.files.simple("remove", self.at("sub")), "not_found")
        self.assertEqual({one.name for one in self.home.iterdir()}, {"b", "c"})
        told = [(one["action"], one["outcome"]) for one in self.events()]
        self.assertEqual(told, [("rename", "exists"), ("rename", "done"), ("rename", "not_found"), ("mkdir", "done"),
                                ("mkdir", "exists"), ("mkdir", "forbidden"), ("remove", "unavailable"), ("remove", "done"),
                                ("remove", "done"), ("remove", "not_found")])
        self.assertEqual(self.files.events[1]["path"], f"{self.at('a')} -> {self.at('c')}")

    def test_at_most_eight_are_open(self):
        path = self.write("down", random.randbytes(3_000_000))
        requests = [self.files.ask("get", path) for _ in range(9)]
        answer = self.files.next(requests[-1])
        self.assertEqual((answer["type"], answer["code"]), ("failed", "unavailable"))
        for request in requests[:8]:
            self.files.tell("cancel", request)
        self.assertEqual(self.files.get(path)[1]["type"], "done")

    def test_the_end_of_the_session_is_told_of_what_was_under_way(self):
        request = self.files.ask("get", self.write("down", random.randbytes(3_000_000)))
        self.files.next(request)
        self.worker.say("end")
        self.assertEqual(self.worker.ended()["reason"], "closed")
        self.assertEqual([(one["action"], one["outcome"]) for kind, one in self.worker.seen if kind == "file_event"],
                         [("download", "unavailable")])

    def test_keys_are_echoed_while_files_go_both_ways(self):
        """The figure is printed; the bound is far above it, for slow machines."""
        down, up = self.files.ask("get", self.write("down", random.randbytes(60_000_000))), random.randbytes(20_000_000)
        upload = self.files.ask("put", self.at("up"), size=len(up))
        self.worker.keys("stty -icanon; PS1=; cat\n")
        state = {"taken": 0, "sent": 0, "written": 0, "waits": None, "next": time.monotonic() + 0.3, "key": 0}
        delays, over = [], set()
        while len(over) < 2:
            while state["sent"] < len(up) and state["sent"] - state["written"] < WINDOW:
                piece = up[state["sent"]:state["sent"] + 32 * 1024]
                self.worker.say("upload", struct.pack(">I", upload) + piece)
                state["sent"] += len(piece)
            if state["waits"] is None and time.monotonic() > state["next"]:
                state["key"] += 1
                mark = f"<{state['key']}>"
                state["waits"] = (mark.encode(), time.monotonic())
                self.worker.output.clear()
                self.worker.keys(mark)
            kind, body = self.worker.frame(20)
            if kind == "output":
                self.worker.output += body
                if state["waits"] and state["waits"][0] in self.worker.output:
                    delays.append(time.monotonic() - state["waits"][1])
                    state.update(waits=None, next=time.monotonic() + 0.02)
            elif kind == "download":
                state["taken"] += len(body) - 4
                self.files.tell("taken", down, seen=state["taken"])
            elif kind == "answer" and body["type"] == "more":
                state["written"] = body["seen"]
            elif kind == "answer" and body["type"] in ("done", "failed"):
                self.assertEqual(body["type"], "done", body)
                over.add(body["request"])
        delays.sort()
        self.assertGreater(len(delays), 3)
        print(f"echo during transfers: {len(delays)} keys, median {delays[len(delays) // 2] * 1e3:.1f} ms, "
              f"worst {delays[-1] * 1e3:.1f} ms")
        self.assertLess(delays[len(delays) // 2], 1)


class NoFiles(FilesCase):
    options = ("Subsystem sftp /bin/false",)

    def test_a_host_without_sftp_keeps_its_terminal(self):
        self.assertEqual(self.files.list(""), "unavailable")
        self.assertEqual(self.files.simple("make", self.at("sub")), "unavailable")
        self.worker.keys("echo wor''ks\n")
        self.worker.until_output("works")


class NotSftp(FilesCase):
    options = ("Subsystem sftp /usr/bin/yes",)

    def test_a_subsystem_that_speaks_something_else(self):
        self.assertEqual(self.files.list(""), "unavailable")
        self.worker.keys("echo wor''ks\n")
        self.worker.until_output("works")

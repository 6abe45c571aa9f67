"""Rows about sessions: a terminal's speed and echo beside raw `ssh`, memory, racing tickets, from the click to the prompt.

One gateway, and OpenSSH's server with a user of its own on loopback; needs root. The page is harness.gateway.Page: TLS,
WebSocket and acknowledgements as the browser's, without its drawing."""

import contextlib
import os
import pathlib
import random
import statistics
import subprocess
import threading
import time

from harness import sshd
from harness.gateway import Gateway, Page, Ticket, add_gateway, opening_of
from harness.programs import until
from harness.site import Site
from harness.websocket import Closed, WebSocket
from harness.worker import credential
from load import p95
from row import Row

SIZE = 50_000_000
MANY = """
[limits]
sessions = 10000
sessions_per_user = 10000
sessions_per_source = 10000
wrong_tickets_per_minute = 60000
"""


class Place:
    """A host, a user who may log in by key too, and a gateway whose core is the test."""

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.user = sshd.User()
            stack.callback(self.user.end)
            self.host = sshd.Host(options=["MaxStartups 1000", "MaxSessions 1000"])
            stack.callback(self.host.end)
            self.key = sshd.make_key(self.host.folder / "client")
            self.user.authorize(self.key.with_suffix(".pub"))
            self.gateway = Gateway(ports=[self.host.port], more=MANY)
            stack.callback(self.gateway.end)
            self.ending = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.ending.close()

    def ticket(self, **members):
        who = credential(self.user.name, self.user.password)
        return Ticket(self.host.port, who, **{"host_keys": self.host.public_keys(), **members})

    def shell(self):
        ticket = self.ticket()
        self.gateway.push(ticket.item)
        page = self.gateway.page(ticket.opening())
        page.until("ready")
        page.type("stty -echo; PS1=; echo rea''dy\n")
        page.until_output("ready")
        return page

    def ssh(self):
        return Ssh(self)


class Ssh:
    """Raw `ssh` with a terminal at the host, and the pipes to it."""

    def __init__(self, place):
        self.process = subprocess.Popen(
            ["ssh", "-tt", "-q", "-F", "none", "-i", place.key, "-p", str(place.host.port), "-o", "StrictHostKeyChecking=no",
             "-o", "UserKnownHostsFile=/dev/null", "-o", "Ciphers=aes256-gcm@openssh.com", f"{place.user.name}@127.0.0.1"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.output = bytearray()
        self.type("stty -echo; PS1=; echo rea''dy\n")
        self.until_output("ready")

    def type(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def step(self):
        """Takes what is there, or waits for it."""
        self.output += os.read(self.process.stdout.fileno(), 1 << 18)

    def until_output(self, text):
        while text.encode() not in self.output:
            self.step()

    def end(self):
        self.process.kill()
        self.process.wait()


def cpu_of(pid):
    """User and system time so far, in seconds, without its children's."""
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def descendants(pid):
    for child in sshd.children(pid):
        yield child
        yield from descendants(child)


def private_mib(pid):
    """Resident, each shared page divided by those who share it."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(text.split("\nPss:")[1].split()[0]) / 1024


def speed(end, file, pids):
    """MB/s of the file's text, and the seconds of processor that `pids` spent on it. What came is counted, not kept."""
    spent = sum(map(cpu_of, pids))
    begun = time.perf_counter()
    end.type(f"cat {file}; echo fin''ished\n")
    tail = b""
    while b"finished" not in tail:
        end.output.clear()
        end.step()
        tail = (tail + bytes(end.output))[-100_000:]
    return SIZE / 1e6 / (time.perf_counter() - begun), sum(map(cpu_of, pids)) - spent


def throughput(scale):
    with Place() as place:
        file = place.user.home / "text"
        file.write_bytes((b"0123456789abcdef" * 6 + b"xyz\n") * (SIZE // 100))
        file.chmod(0o644)
        ours, raw = [], []
        for _ in range(max(1, int(5 * scale))):
            page, ssh = place.shell(), place.ssh()
            ours.append(speed(page, file, [place.gateway.program.pid, *descendants(place.gateway.program.pid)]))
            raw.append(speed(ssh, file, [ssh.process.pid]))
            page.say(type="end")
            ssh.end()
        fast, cpu = (statistics.median(each) for each in zip(*ours))
        raw_fast, raw_cpu = (statistics.median(each) for each in zip(*raw))
        how = f"{fast:.0f} of {raw_fast:.0f} MB/s; processor {cpu * 1000:.0f} ms by gateway and session, {raw_cpu * 1000:.0f} by ssh"
        yield Row("50 MB through the gateway to a WebSocket, of raw ssh", 0.9, fast / raw_fast, how)


def echoes(end, count):
    """Milliseconds from a key to its echo. The terminal at the host echoes; nothing reads there."""
    end.type("stty echo; echo begi''n; cat >/dev/null\n")
    end.until_output("begin")
    took = []
    for at in range(count):
        end.output.clear()
        begun = time.perf_counter()
        end.type(chr(ord("a") + at % 26))
        end.until_output(chr(ord("a") + at % 26))
        took.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.01)
    return took


def p99(values):
    return sorted(values)[int(len(values) * 0.99)]


def typists(pages, stop):
    """The others type too, a key in a second or so each."""
    while not stop.is_set():
        random.choice(pages).type("x")
        stop.wait(1 / len(pages))


def readers(pages, stop):
    while not stop.is_set():
        for page in pages:
            with contextlib.suppress(TimeoutError):
                page.step(0.001)
        stop.wait(0.05)


def echo(scale):
    count = max(100, int(1000 * scale))
    with Place() as place:
        page, ssh = place.shell(), place.ssh()
        alone, raw = echoes(page, count), echoes(ssh, count)
        ssh.end()
        others = [place.shell() for _ in range(99)]
        for other in others:
            other.type("stty echo; cat >/dev/null\n")
        stop = threading.Event()
        crowd = [threading.Thread(target=work, args=(others, stop)) for work in (typists, readers)]
        for one in crowd:
            one.start()
        try:
            among = echoes(place.shell(), count)
        finally:
            stop.set()
            for one in crowd:
                one.join()
        for who, ours in (("1 session", alone), ("100 sessions", among)):
            middle = statistics.median(ours) - statistics.median(raw)
            last = p99(ours) - p99(raw)
            yield Row(f"key to echo beyond raw ssh, p50, {who}", 1, middle,
                      f"{statistics.median(ours):.2f} and {statistics.median(raw):.2f} ms", "ms", at_most=True)
            yield Row(f"key to echo beyond raw ssh, p99, {who}", 10, last, f"{p99(ours):.2f} and {p99(raw):.2f} ms", "ms",
                      at_most=True)


def idle(scale):
    """A quiet shell each; what the gateway itself grew by is theirs too."""
    count = max(20, int(500 * scale))
    with Place() as place:
        gateway = place.gateway.program.pid
        place.shell().say(type="end")
        until(lambda: not list(descendants(gateway)), what="no session")
        before = private_mib(gateway)
        pages = [place.shell() for _ in range(count)]
        time.sleep(2)
        workers = [private_mib(pid) for pid in descendants(gateway)]
        assert len(workers) == count, f"{len(workers)} of {count} sessions"
        grown = private_mib(gateway) - before
        each = (sum(workers) + grown) / count
        yield Row(f"memory of each of {count} idle sessions", 3, each,
                  f"proportional set: processes {sum(workers):.0f} MiB, the gateway grew by {grown:.0f} MiB", "MiB", at_most=True)
        del pages


def races(scale):
    """Four browsers with one ticket each time; the host is a closed port, so that a session is over at once."""
    count = max(200, int(10_000 * scale))
    with Place() as place:
        place.host.process.terminate()
        place.host.process.wait(10)
        inside = redeemed = 0
        wrong = []
        for begun in range(0, count, 100):
            tickets = [place.ticket(user=f"user {n}", life_ms=60_000) for n in range(min(100, count - begun))]
            place.gateway.push(*(ticket.item for ticket in tickets))
            for ticket in tickets:
                let_in = race(place.gateway, ticket)
                inside += let_in
                if let_in != 1:
                    wrong.append(let_in)
            ids = {ticket.session for ticket in tickets}
            seen = []
            while sum(event["kind"] == "session.ended" for event in seen) < len(ids):
                seen += place.gateway.link.pull_until(lambda event: event["kind"] == "session.ended")
            redeemed += sum(event["kind"] == "ticket.redeemed" and event["id"] in ids for event in seen)
        yield Row("tickets not opened once by 4 racing browsers", 0, len(wrong) + abs(redeemed - count),
                  f"{count:,} tickets, {inside:,} let in, {redeemed:,} told to the core", at_most=True)


def race(gateway, ticket):
    """How many of four got in."""
    sockets = [gateway.socket() for _ in range(4)]
    together, let_in = threading.Barrier(4), []

    def visit(socket):
        together.wait()
        page = Page(socket, ticket.opening())
        if page.closed() != 4404 or page.told:
            let_in.append(page)
        with contextlib.suppress(OSError):
            socket.close()
    threads = [threading.Thread(target=visit, args=(socket,)) for socket in sockets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(let_in)


def click(scale):
    """From the API call behind *Connect* to the prompt on the page."""
    with contextlib.ExitStack() as stack:
        user, host = sshd.User(), sshd.Host()
        stack.callback(host.end)
        stack.callback(user.end)
        site = stack.enter_context(Site(mail=False))
        gateway = add_gateway(site, host.port)
        place = site.api.post("/sites", {"name": "Berlin", "gateways": [gateway.id]})["id"]
        there = site.api.post("/hosts", {"name": "db-1", "site": place, "address": "127.0.0.1", "port": host.port,
                                         "host_keys": host.public_keys()})["id"]
        site.api.post("/credentials", {"name": "a login", "login": user.name, "kind": "password", "hosts": ["*"],
                                       "password": user.password})
        took = []
        for _ in range(max(10, int(100 * scale))):
            begun = time.perf_counter()
            made = site.api.post("/connect", {"host": there})
            page = Page(WebSocket(gateway.public, site.ca, gateway.origin), opening_of(made["url"]))
            page.until_output("$ ")
            took.append(time.perf_counter() - begun)
            page.say(type="end")
            with contextlib.suppress(Closed):
                page.until("ended")
        yield Row("click to prompt, p95", 1000, p95(took) * 1000, f"of {len(took)}, without the browser's drawing", "ms",
                  at_most=True)


GROUPS = [("throughput", throughput), ("echo", echo), ("idle", idle), ("tickets", races), ("click", click)]

"""Rows about one portal by itself: pages, status, reveals, races, memory, slow visitors, a million messages."""

import contextlib
import http.client
import pathlib
import shutil
import socket
import ssl
import statistics
import tempfile
import time

from fill import Filler
from harness.case import LoneEdge
from harness.link import base64url
from harness.programs import until
from harness.recipient import Message
from load import Nginx, fdatasyncs, p95, resident_mib, reveal_all, wrk
from row import Row

PRIVATEBIN_READS, ENCLOSED_READS = 1435, 2550  # burn-reads a second, medians of our own measurement of both on such a machine


@contextlib.contextmanager
def lone_edge():
    alone = LoneEdge()
    try:
        yield alone
    finally:
        alone.end()


@contextlib.contextmanager
def beside_nginx(alone, content):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-nginx-"))
    try:
        with Nginx(folder, alone.edge.folder / "edge.crt", alone.edge.folder / "edge.key", content) as nginx:
            yield nginx
    finally:
        shutil.rmtree(folder)


def against(nginx, rounds=3, **ours):
    """Medians of requests a second, rounds taken in turn: (ours, nginx's)."""
    how = {key: ours[key] for key in ("close", "seconds") if key in ours}
    own, theirs = [], []
    for _ in range(rounds):
        theirs.append(wrk(nginx.url, **how)["rps"])
        counted = wrk(**ours)
        assert counted["errors"] == 0, counted
        own.append(counted["rps"])
    return statistics.median(own), statistics.median(theirs)


def pages(_scale):
    with lone_edge() as alone:
        message = Message(views=1)
        alone.link.push([message.item])
        guest = alone.recipient(message)
        page = guest.fetch("GET", f"/m/{guest.name}")[2]
        url = f"{alone.edge.url}/m/{guest.name}"
        with beside_nginx(alone, page) as nginx:
            ours, theirs = against(nginx, url=url)
            yield Row("portal page, keep-alive, of nginx", 0.7, ours / theirs, f"{ours:,.0f} of {theirs:,.0f} requests/s")
            ours, theirs = against(nginx, url=url, close=True)
            yield Row("portal page, a new connection each, of nginx", 0.8, ours / theirs, f"{ours:,.0f} of {theirs:,.0f} requests/s")
        code, headers, body = guest.call("status", link_proof=base64url(guest.keys.link_proof))
        assert code == 200
        with beside_nginx(alone, body) as nginx:
            call = f'/api/v1/messages/{guest.name}/status {{"link_proof":"{base64url(guest.keys.link_proof)}"}}'
            ours, theirs = against(nginx, url=alone.edge.url, script="post.lua", environment={"PATH_AND_BODY": call})
            yield Row("status call, of nginx", 0.5, ours / theirs, f"{ours:,.0f} of {theirs:,.0f} requests/s")


def reveal_rate(alone, path):
    """Durable reveals a second, 64 at a time, of the messages in the list."""
    said = reveal_all(alone.edge.url, path)
    assert said["other"] == 0 and said["got"] == said["asked"], said
    return said["got"] / said["seconds"]


def reveals(scale):
    with lone_edge() as alone:
        filler = Filler(alone.link, alone.folder / "list")
        rates, disk = [], []
        for _ in range(3):
            filler.push(int(50_000 * scale))
            disk.append(fdatasyncs(alone.folder, 1))
            rates.append(reveal_rate(alone, filler.path))
            disk.append(fdatasyncs(alone.folder, 1))
        rate, syncs = statistics.median(rates), statistics.median(disk)
        yield Row("durable reveals/s of 1 KiB at 64 at a time, of fdatasync/s", 5, rate / syncs, f"{rate:,.0f} of {syncs:,.0f}/s")
        yield Row("durable reveals/s, over PrivateBin's and Enclosed's", max(PRIVATEBIN_READS, ENCLOSED_READS), rate, "", "/s")


def races(scale):
    trials = 0
    wrong = 0
    with lone_edge() as alone:
        filler = Filler(alone.link, alone.folder / "list")
        for readers, views, count in ((2, 1, 60_000), (3, 2, 20_000), (8, 1, 10_000), (8, 5, 5_000), (16, 3, 3_000), (64, 1, 1_500),
                                      (64, 10, 500)):
            count = int(count * scale)
            filler.push(count, views=views)
            said = reveal_all(alone.edge.url, filler.path, threads=1, READERS=readers, VIEWS=views, COUNT_VIEWS=1)
            trials += count
            wrong += said["over"] + abs(said["got"] - count * views) + said["other"]
    yield Row("views too many or too few in races of 2 to 64 readers", 0, wrong, f"{trials:,} messages", at_most=True)


def memory(_scale):
    with lone_edge() as alone:
        time.sleep(1)
        idle = resident_mib(alone.edge.program.pid)
        yield Row("memory of an idle portal", 24, idle, unit="MiB", at_most=True)
        context = ssl.create_default_context(cafile=str(alone.edge.ca))
        held = []
        for _ in range(1000):
            connection = http.client.HTTPSConnection("127.0.0.1", alone.edge.public, context=context)
            connection.request("GET", "/api/v1/branding")
            connection.getresponse().read()
            held.append(connection)
        yield Row("memory with 1,000 idle keep-alive connections", 80, resident_mib(alone.edge.program.pid), unit="MiB", at_most=True)
        for connection in held:
            connection.close()


def visit(alone, context):
    """Seconds for a fresh connection and the page."""
    start = time.perf_counter()
    connection = http.client.HTTPSConnection("127.0.0.1", alone.edge.public, context=context, timeout=20)
    connection.request("GET", "/m/" + "A" * 22)
    answer = connection.getresponse()
    assert answer.status == 200
    answer.read()
    connection.close()
    return time.perf_counter() - start


def slow_visitor(alone, context, number):
    """A connection from an address of its own that has begun a request and will never end it."""
    raw = socket.socket()
    raw.bind((f"127.1.{number // 250}.{number % 250 + 1}", 0))
    raw.settimeout(20)
    raw.connect(("127.0.0.1", alone.edge.public))
    secured = context.wrap_socket(raw, server_hostname="127.0.0.1")
    secured.sendall(b"GET /m/AAAA HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    return secured


def slowloris(_scale):
    with lone_edge() as alone:
        context = ssl.create_default_context(cafile=str(alone.edge.ca))
        visit(alone, context)
        quiet = p95([visit(alone, context) for _ in range(300)])
        held, times, began = [], [], time.monotonic()
        while len(held) < 1000:
            held.append(slow_visitor(alone, context, len(held)))
        while len(times) < 300:
            for one in held[len(times) % 10::10]:
                drip(one)
            times.append(visit(alone, context))
        open_still = sum(drip(one) for one in held)
        yield Row("a visitor's p95 beside 1,000 slow ones, of its quiet p95", 3, p95(times) / quiet,
                  f"{p95(times) * 1000:.1f} of {quiet * 1000:.1f} ms; {open_still} still open after {time.monotonic() - began:.0f} s",
                  at_most=True)
        for one in held:
            one.close()


def drip(secured):
    try:
        secured.sendall(b"x")
        return True
    except OSError:
        return False


def million(scale):
    with lone_edge() as alone:
        some, many = Filler(alone.link, alone.folder / "some"), Filler(alone.link, alone.folder / "many")
        count = int(20_000 * scale)
        some.push(count)
        before = reveal_rate(alone, some.path)
        start = time.monotonic()
        many.push(int(1_000_000 * scale), keep=False)
        filled = time.monotonic() - start
        holds = until(lambda: (n := alone.link.hello()["holds"]) >= int(1_000_000 * scale) and n, 60, what="the count of what it holds")
        rates = []
        for _ in range(3):
            some.push(count)
            rates.append(reveal_rate(alone, some.path))
        after = statistics.median(rates)
        size = sum(f.stat().st_size for f in (alone.edge.folder / "data").iterdir()) / 2**30
        yield Row(f"reveals/s with {holds:,} live, of those with {count:,}", 0.75, after / before,
                  f"{after:,.0f} of {before:,.0f}/s; filled at {1_000_000 * scale / filled:,.0f}/s; {size:.1f} GiB; "
                  f"{resident_mib(alone.edge.program.pid):.0f} MiB resident")


GROUPS = [("pages", pages), ("reveals", reveals), ("races", races), ("memory", memory), ("slowloris", slowloris),
          ("million", million)]

"""Rows about core and edge together: latencies, the rate of the link, many links."""

import time

from harness.case import Authority, Edge
from harness.programs import until
from harness.site import Site
from load import p95, resident_mib
from row import Row


def latencies(scale):
    with Site(mail=False) as site:
        send, view = [], []
        for _ in range(max(20, int(200 * scale))):
            start = time.perf_counter()
            made = site.api.post("/messages", {"text": "how long", "grace": "0s"})
            guest = site.recipient(made["url"])
            until(lambda g=guest: g.status()[0] == 200, every=0.002)
            send.append(time.perf_counter() - start)
            start = time.perf_counter()
            assert guest.reveal()[0] == 200
            until(lambda m=made: any(e["code"] == "message.viewed" for e in site.message(m["id"])["events"]), every=0.002)
            view.append(time.perf_counter() - start)
        yield Row("send to live, p95", 250, p95(send) * 1000, f"of {len(send)}", "ms", at_most=True)
        yield Row('reveal to "viewed" at the core, p95', 1000, p95(view) * 1000, f"of {len(view)}", "ms", at_most=True)


def push_rate(scale):
    """Messages that waited while the edge was away, from its return to the last one live."""
    with Site(mail=False, cutter=True) as site:
        count = int(6_000 * scale)
        site.cutter.refuse = True
        site.cutter.cut()
        for _ in range(count):
            site.api.post("/messages", {"text": "x" * 1024})
        waiting = site.edge_state()["items_waiting"]
        assert waiting >= count, waiting
        site.cutter.refuse = False
        first = until(lambda: (lambda n: (n, time.perf_counter()) if n < count else None)(site.edge_state()["items_waiting"]), 120,
                      every=0.002)
        until(lambda: site.edge_state()["items_waiting"] == 0, 120, every=0.002)
        # From the first acknowledged batch on: the wait before the next try is not the link's speed.
        rate = first[0] / (time.perf_counter() - first[1]) if first[0] else float(count)
        yield Row("messages of 1 KiB pushed/s to one edge", 2000, rate, f"{count:,} that waited", "/s")


def links(scale):
    with Site(mail=False) as site:
        authority: Authority = site.authority
        count = max(5, int(200 * scale))
        for n in range(1, count):
            edge = Edge(site.folder, authority, f"edge-{n}")
            site.add_edge(edge)
        time.sleep(5)
        green = sum(e["light"] == "green" for e in all_edges(site))
        assert green == count, f"{green} of {count} edges are green"
        used = resident_mib(site.core.pid)
        start = time.perf_counter()
        made = site.send("through the crowd", site=f"edge-{count - 1}")
        took = time.perf_counter() - start
        assert site.recipient(made["url"]).reveal()[0] == 200
        yield Row(f"memory of a core with {count} edges", 512, used, f"all green; send to live {took * 1000:.0f} ms", "MiB", at_most=True)


def all_edges(site):
    found, after = [], ""
    while True:
        page = site.api.get("/edges?limit=100" + after)
        found += page["items"]
        if not page["next"]:
            return found
        after = "&after=" + page["next"]


GROUPS = [("latencies", latencies), ("push", push_rate), ("links", links)]

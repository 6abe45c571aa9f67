#!/usr/bin/python3
"""Measures what Sallyport promises to reach, each as a ratio or a bound from one run on this machine, and prints a table.

    tests/bench/run.py [--bin build/release/bin] [--only ROW,ROW] [--check] [--small] [--json FILE]

--small takes tenths of the large numbers, to try it out. --check fails when a row is missed."""

import argparse
import json
import os
import pathlib
import platform
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=str(HERE.parents[1] / "build/release/bin"))
    parser.add_argument("--only", default="")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--json")
    return parser.parse_args()


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    return f"{os.cpu_count()} x {model}, {platform.system()} {platform.release()}"


def main():
    given = arguments()
    os.environ["SALLYPORT_BIN"] = given.bin
    import rows_gateway
    import rows_portal
    import rows_site
    groups = [*rows_portal.GROUPS, *rows_site.GROUPS, *rows_gateway.GROUPS]
    wanted = set(filter(None, given.only.split(",")))
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, {machine()}\n")
    print(f"| {'what':58} | {'at least / at most':>18} | {'reached':>10} | how |\n|{'-' * 60}|{'-' * 20}|{'-' * 12}|---|", flush=True)
    rows = []
    for name, group in groups:
        if wanted and name not in wanted:
            continue
        for row in group(0.1 if given.small else 1):
            rows.append(row)
            print(row.line(), flush=True)
    missed = [row.what for row in rows if not row.met]
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps([vars(row) for row in rows], indent=1))
    print(f"\n{len(rows) - len(missed)} passed, {len(missed)} failed" + ("".join("\n  missed: " + one for one in missed)))
    return 1 if missed and given.check else 0


if __name__ == "__main__":
    sys.exit(main())

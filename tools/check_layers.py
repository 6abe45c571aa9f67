#!/usr/bin/env python3
"""Fails when a file includes a folder that tools/layers.toml does not allow it.

Also refuses three things no review should have to look for: a folder testing/ or a *_fixture.h in
anything but a test, a folder named for nothing (util, helpers, common), and a library that stands
behind a header of ours, outside of the folder that wraps it.
"""
import pathlib
import re
import sys
import tomllib

root = pathlib.Path(__file__).resolve().parent.parent
allowed = tomllib.loads((root / "tools/layers.toml").read_text())
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')
WRAPPED = {"CLI": "base/commandline", "pqxx": "core/store/postgres", "boost": "base/http"}
LIBRARY = re.compile(r'\s*#\s*include\s+<(\w+)/')
TEST = re.compile(r"_(test|fuzz|bench)\.cpp$")


def is_testing(path):
    return {"test", "testing"} & set(path.parts) or path.name.endswith("_fixture.h")


def violations(source):
    here = source.relative_to(root)
    if {"util", "utils", "helpers", "common"} & set(here.parts):
        yield f"{here}: a folder is named for its subject"
    for number, line in enumerate(source.read_text().splitlines(), 1):
        library = LIBRARY.match(line)
        if library and (home := WRAPPED.get(library[1])) and not here.is_relative_to(home):
            yield f"{here}:{number}: <{library[1]}/> is included in {home} alone"
        if not (match := INCLUDE.match(line)):
            continue
        there = pathlib.PurePosixPath(match[1])
        layer = there.parts[0]
        if layer in allowed and layer != here.parts[0] and layer not in allowed[here.parts[0]]:
            yield f"{here}:{number}: {here.parts[0]} may not include {layer}"
        if "internal" in there.parts:
            owner = there.parts[: there.parts.index("internal")]
            if owner != here.parts[: len(owner)]:
                yield f"{here}:{number}: {there} is internal to {'/'.join(owner)}"
        if is_testing(there) and not is_testing(here) and here.parts[0] != "tests" and not TEST.search(here.name):
            yield f"{here}:{number}: {there} is for tests alone"


files = [f for layer in allowed for f in sorted((root / layer).rglob("*")) if f.suffix in (".h", ".cpp") and "node_modules" not in f.parts]
found = [violation for file in files for violation in violations(file)]
print("\n".join(found) or f"{len(files)} files keep to the layers")
sys.exit(bool(found))

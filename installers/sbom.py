#!/usr/bin/env python3
"""Writes the bill of materials of what was built: CycloneDX 1.5 as JSON.

The Debian packages whose libraries the programs link, those whose headers are compiled into them, and what of npm's packages is in the web pages.
The same build gives the same bytes.
"""

import argparse
import datetime
import json
import pathlib
import re
import subprocess
import uuid

# Header-only libraries leave no trace in a program.
COMPILED_IN = ["libcli11-dev", "nlohmann-json3-dev", "libtomlplusplus-dev", "libboost-dev"]
# The recipient's page is bundled; to its lock file everything is a tool of the build.
BUNDLED = {"hash-wasm"}


def told(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def libraries(programs):
    """Paths of every library that the programs load."""
    found = set()
    for program in programs:
        found.update(re.findall(r"=> (/\S+)", told("ldd", program)))
    return sorted(str(pathlib.Path(path).resolve()) for path in found)


def owner(path):
    """The package of a file; /usr and / are one on these systems, and dpkg may know either name."""
    for name in (path, path.removeprefix("/usr"), "/usr" + path):
        done = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(": ")[0].split(",")[0]
    raise SystemExit(f"sbom.py: error: no package owns {path}")


def headers_of(name):
    """libboost-dev is a name for the version that the release has."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", name], capture_output=True, text=True)
    if "installed" in done.stdout.split():
        return name
    if name == "libboost-dev":
        return sorted(re.findall(r"^libboost\d+\.\d+-dev$", told("dpkg-query", "-W", "-f", "${Package}\n", "libboost1.*-dev"), re.M))[-1]
    raise SystemExit(f"sbom.py: error: {name} is not installed")


def debian(name, suite, scope):
    package, version, source, arch = told("dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}\t${Architecture}", name).split("\t")
    purl = f"pkg:deb/debian/{package}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={arch}&distro={suite}"
    return {"type": "library", "bom-ref": purl, "name": package, "version": version, "purl": purl, "scope": "required",
            "properties": [{"name": "debian:source", "value": source}, {"name": "sallyport:how", "value": scope}]}


def npm(lock):
    for path, entry in json.loads(lock.read_text())["packages"].items():
        name = path.rpartition("node_modules/")[2]
        if not path or (name not in BUNDLED and (entry.get("dev") or entry.get("optional") or entry.get("devOptional"))):
            continue
        purl = f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}"
        yield {"type": "library", "bom-ref": purl, "name": name, "version": entry["version"], "purl": purl, "scope": "required",
               **({"licenses": [{"license": {"id": entry["license"]}}]} if re.fullmatch(r"[A-Za-z0-9.-]+", entry.get("license", "")) else {}),
               "properties": [{"name": "sallyport:how", "value": "web page"}]}


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    for name in ("version", "suite", "epoch", "tree", "out"):
        asked.add_argument("--" + name, required=True)
    asked.add_argument("programs", nargs="+")
    with_ = asked.parse_args()
    tree = pathlib.Path(with_.tree)
    linked = sorted({owner(path) for path in libraries(with_.programs)})
    parts = [debian(name, with_.suite, "linked") for name in linked]
    parts += [debian(headers_of(name), with_.suite, "headers") for name in COMPILED_IN]
    for lock in ("core/web/package-lock.json", "edge-selfdestruct/web/package-lock.json", "edge-gateway/web/package-lock.json"):
        parts += npm(tree / lock)
    parts = sorted({one["bom-ref"]: one for one in parts}.values(), key=lambda one: one["bom-ref"])
    at = datetime.datetime.fromtimestamp(int(with_.epoch), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'sallyport ' + with_.version + json.dumps(parts))}",
            "metadata": {"timestamp": at, "component": {"type": "application", "bom-ref": "sallyport", "name": "sallyport",
                                                        "version": with_.version}},
            "components": parts,
            "dependencies": [{"ref": "sallyport", "dependsOn": [one["bom-ref"] for one in parts]}]}
    pathlib.Path(with_.out).write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n")


main()

#!/usr/bin/python3
"""Brings the core of a demonstration site to where everything can be tried, through its API alone. Run again, it changes nothing.

    settle.py --core URL --ca FILE --token FILE mail --port 2525
    settle.py ... kit --name N --kind selfdestruct --public-url URL --intake-url URL --out KIT    (exit 3: enrolled already)
    settle.py ... wait --name selfdestruct --seconds 60
    settle.py ... place --name Demonstration --gateway gateway
"""

import argparse
import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.request

ENROLLED_ALREADY = 3


class Core:
    def __init__(self, url, ca, token):
        self.url, self.context = url + "/api/v1", ssl.create_default_context(cafile=ca)
        with open(token) as file:
            self.token = file.read().strip()

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method, headers={
            "Authorization": "Bearer " + self.token, "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            sys.exit(f"settle.py: error: {method} {path} was answered with {error.code}: {error.read().decode()}")
        except urllib.error.URLError as error:
            sys.exit(f"settle.py: error: the core does not answer: {error.reason}")

    def edge(self, name):
        return next((e for e in self.call("GET", "/edges")["items"] if e["name"] == name and e["state"] != "removed"), None)


def mail(core, arguments):
    """Mail goes to the catcher; the administrator gets an address for notices."""
    settings = core.call("GET", "/settings")["mail"]
    if not settings["host"]:
        core.call("PATCH", "/settings", {"mail": {"host": "127.0.0.1", "port": arguments.port, "security": "none",
                                                  "from": "sallyport@example.com", "from_name": "Sallyport"}})
    for person in core.call("GET", "/people")["items"]:
        if person["role"] == "administrator" and not person["email"]:
            core.call("PATCH", f"/people/{person['id']}", {"email": f"{person['login']}@example.com"})


def kit(core, arguments):
    """A kit for an edge that is not enrolled yet."""
    edge = core.edge(arguments.name)
    if edge and edge["state"] == "enrolled":
        sys.exit(ENROLLED_ALREADY)
    made = (core.call("POST", f"/edges/{edge['id']}/kit", {}) if edge else
            core.call("POST", "/edges", {"name": arguments.name, "kind": arguments.kind, "public_url": arguments.public_url,
                                         "intake_url": arguments.intake_url}))
    with open(os.open(arguments.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(made["kit"])


def wait(core, arguments):
    """Until the edge's light is green."""
    end = time.monotonic() + arguments.seconds
    while (edge := core.edge(arguments.name)) is None or edge["light"] != "green":
        if time.monotonic() > end:
            sys.exit(f"settle.py: error: edge {arguments.name} is {edge['light']}: {edge['reason']}" if edge else
                     f"settle.py: error: no edge {arguments.name}")
        time.sleep(0.1)


def place(core, arguments):
    """A remote site with its gateway, and this machine as its first host; once."""
    edge = core.edge(arguments.gateway)
    if any(site["name"] == arguments.name for site in core.call("GET", "/sites")["items"]):
        return
    made = core.call("POST", "/sites", {"name": arguments.name, "gateways": [edge["id"]]})
    core.call("POST", "/hosts", {"name": "this-machine", "site": made["id"], "address": "127.0.0.1", "first_use": True})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--core", "--ca", "--token"):
        parser.add_argument(name, required=True)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("mail").add_argument("--port", type=int, required=True)
    for name, options in {"kit": ("--name", "--kind", "--public-url", "--intake-url", "--out"),
                          "place": ("--name", "--gateway"), "wait": ("--name",)}.items():
        verb = verbs.add_parser(name)
        for option in options:
            verb.add_argument(option, required=True)
    verb.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    {"mail": mail, "kit": kit, "place": place, "wait": wait}[arguments.verb](Core(arguments.core, arguments.ca, arguments.token), arguments)


if __name__ == "__main__":
    main()

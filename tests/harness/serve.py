"""Runs a site for a test in another language: prints one line of JSON about it, and ends it when standard input ends.

    PYTHONPATH=tests python3 -m harness.serve [--embedded] [--gateway]

With --gateway there is a gateway too, and a host behind it: sshd on loopback with a user of its own (needs root)."""

import contextlib
import json
import sys

from . import sshd
from .gateway import add_gateway
from .site import ADMIN, Site


def remote(site, stack):
    """A gateway that is enrolled, and a host with a login."""
    user = sshd.User()
    stack.callback(user.end)
    host = sshd.Host()
    stack.callback(host.end)
    gateway = add_gateway(site, host.port)
    return {"gateway_name": gateway.name, "gateway_url": gateway.url, "host_port": host.port, "host_login": user.name,
            "host_password": user.password, "host_keys": host.public_keys()}


def main():
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(Site(embedded="--embedded" in sys.argv))
        told = {"core_url": site.url, "selfdestruct_url": site.edge.url, "admin_user": ADMIN, "admin_password": site.password,
                "ca_certificate": str(site.ca), "token": site.token, "mail_dir": str(site.mail_folder / "Maildir")}
        if "--gateway" in sys.argv:
            told |= remote(site, stack)
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()

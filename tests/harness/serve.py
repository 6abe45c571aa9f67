"""Runs a site for a test in another language: prints one line of JSON about it, and ends it when standard input ends.

    PYTHONPATH=tests python3 -m harness.serve [--embedded]"""

import json
import sys

from .site import ADMIN, Site


def main():
    with Site(embedded="--embedded" in sys.argv) as site:
        print(json.dumps({"core_url": site.url, "selfdestruct_url": site.edge.url, "admin_user": ADMIN,
                          "admin_password": site.password, "ca_certificate": str(site.ca), "token": site.token,
                          "mail_dir": str(site.mail_folder / "Maildir")}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()

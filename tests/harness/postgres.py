"""A private PostgreSQL server (tests/postgres.sh) that a test can stop and bring back."""

import re
import subprocess

from .programs import ROOT

SCRIPT = ROOT / "tests/postgres.sh"


class Postgres:
    def __enter__(self):
        told = subprocess.run([SCRIPT, "start"], check=True, capture_output=True, text=True).stdout
        said = dict(re.findall(r"export (\w+)='(.*)'", told))
        self.url, self.folder = said["SALLYPORT_TEST_POSTGRES"], said["SALLYPORT_TEST_POSTGRES_DIR"]
        return self

    def __exit__(self, *_):
        self.tell("stop")

    def tell(self, verb):
        subprocess.run([SCRIPT, verb, self.folder], check=True, capture_output=True)

    def pause(self):
        self.tell("pause")

    def resume(self):
        self.tell("resume")

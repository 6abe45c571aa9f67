"""A systemd service unit, read as far as `as_unit.py` can act it out."""

import pathlib
import shlex
import subprocess


class Unit:
    """Each setting of [Service] with all its values, in the order in which they stand."""

    def __init__(self, path):
        self.settings = {}
        section = None
        for line in pathlib.Path(path).read_text().splitlines():
            line = line.strip()
            if line.startswith("["):
                section = line
            elif section == "[Service]" and line and not line.startswith("#"):
                name, _, value = line.partition("=")
                self.settings.setdefault(name, []).append(value)

    def one(self, name, otherwise=""):
        return self.settings.get(name, [otherwise])[-1]

    def yes(self, name):
        return self.one(name) in ("yes", "true", "1", "strict")

    def words(self, name):
        return [word for value in self.settings.get(name, []) for word in value.split()]

    @property
    def command(self):
        return shlex.split(self.one("ExecStart"))

    def system_calls(self):
        """What the filter lets through: the list it begins with, less what later lines take away."""
        allowed = set()
        for line in self.settings.get("SystemCallFilter", []):
            names = expanded(line.removeprefix("~").split())
            allowed = allowed - names if line.startswith("~") else allowed | names
        return allowed | {"execve"} if allowed else allowed  # systemd itself must start the program


def expanded(names):
    """Groups such as @system-service as the calls in them, as this machine's systemd has them."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if not name.startswith("@"):
            found.add(name)
            continue
        told = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", name], check=True, capture_output=True, text=True).stdout
        waiting += [line.strip() for line in told.splitlines()[1:] if line.startswith(" ") and not line.strip().startswith("#")]
    return found

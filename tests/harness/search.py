"""Looks for secrets where none may be: in files, in the memory of a process, in the image of a disk."""

import base64
import os
import pathlib
import re


def forms(secret):
    """The ways in which bytes could have been written down: as they are, hex, base64 at any offset, UTF-16."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode()}
    for shift in range(3):
        middle = base64.b64encode(bytes(shift) + secret)[4 if shift else 0:-4]
        found |= {middle, middle.replace(b"+", b"-").replace(b"/", b"_")}
    try:
        found.add(secret.decode().encode("utf-16-le"))
    except UnicodeDecodeError:
        pass
    return {form for form in found if len(form) >= 12}


class Search:
    """Knows its secrets by name; answers where each was found."""

    def __init__(self, **secrets):
        self.names = {form: name for name, secret in secrets.items() for form in forms(secret)}

    def in_bytes(self, data):
        return {name for form, name in self.names.items() if form in data}

    def in_file(self, path, step=1 << 22, overlap=4096):
        """Skips what was never written of a sparse file, and blocks of zeros."""
        found, kept, at = set(), b"", 0
        with open(path, "rb") as file:
            end = os.fstat(file.fileno()).st_size
            while at < end:
                try:
                    start = os.lseek(file.fileno(), at, os.SEEK_DATA)
                except OSError:  # nothing but a hole follows
                    break
                chunk = os.pread(file.fileno(), step, start)
                if chunk.strip(b"\0"):
                    found |= self.in_bytes((kept if start == at else b"") + chunk)
                kept, at = chunk[-overlap:], start + len(chunk)
        return found

    def in_tree(self, folder, skip=()):
        """{path: names} of every file below that holds one."""
        found = {}
        for path in pathlib.Path(folder).rglob("*"):
            if path.is_file() and not path.is_symlink() and path not in skip:
                if names := self.in_file(path):
                    found[str(path)] = names
        return found

    def in_process(self, pid):
        """What a core dump of that process would hold. Needs root: programs with keys forbid it to others."""
        found = set()
        with open(f"/proc/{pid}/mem", "rb") as memory:
            for start, end in dumped_regions(pid):
                for at in range(start, end, 1 << 24):
                    try:
                        memory.seek(at)
                        found |= self.in_bytes(memory.read(min(end - at, (1 << 24) + 4096)))
                    except (OSError, ValueError, OverflowError):
                        break
        return found


def dumped_regions(pid):
    """Writable regions with something in them that a core dump would keep."""
    region, size = None, 0
    for line in open(f"/proc/{pid}/smaps"):
        words = line.split()
        if re.fullmatch(r"[0-9a-f]+-[0-9a-f]+", words[0]):
            region = tuple(int(end, 16) for end in words[0].split("-")) if words[1].startswith("rw") else None
        elif words[0] == "Rss:":
            size = int(words[1])
        elif words[0] == "VmFlags:" and region and size and "dd" not in words:
            yield region

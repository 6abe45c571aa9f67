"""A program that believes in a terminal, and what it shows there."""

import os
import pty
import re
import select
import subprocess
import time


class Terminal:
    """`with Terminal(command) as terminal:` runs it until it ends, or kills it."""

    def __init__(self, command, **how):
        self.seen = b""
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen([*map(str, command)], stdin=slave, stdout=slave, stderr=slave, start_new_session=True, **how)
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)

    def until(self, pattern, seconds=30):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.seen):
            ready, _, _ = select.select([self.master], [], [], max(end - time.monotonic(), 0))
            if not ready:
                raise TimeoutError(f"no {pattern!r} in {self.seen[-2000:]!r}")
            try:
                self.seen += os.read(self.master, 65536)
            except OSError as error:  # its end was closed
                raise EOFError(f"ended without {pattern!r}: {self.seen[-2000:]!r}") from error

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self, seconds=30):
        """Its exit status."""
        return self.process.wait(seconds)

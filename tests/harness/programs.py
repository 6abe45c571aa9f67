"""Starts the real programs, knows when they are ready, and ends them as a test wants."""

import atexit
import os
import pathlib
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("SALLYPORT_BIN", ROOT / "build/dev/bin"))
# Programs that hold keys forbid ptrace, which the leak check at exit needs; the unit tests look for leaks.
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
               "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=0:exitcode=99", "UBSAN_OPTIONS": "print_stacktrace=1",
               "TSAN_OPTIONS": "exitcode=99"}


RUNNING = set()  # process ids that must not outlive the tests


@atexit.register
def end_all():
    for pid in RUNNING:
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


# A test run that is told to end unwinds as if it had failed: disks are unmounted, programs ended.
signal.signal(signal.SIGTERM, signal.default_int_handler)


def program(name):
    path = BIN / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is not built; set SALLYPORT_BIN to the folder with the programs")
    return str(path)


def run(name, *arguments, check=True, input=None, environment=None, timeout=120, prefix=()):
    """Runs one of our programs to its end. With `check`, a failure raises with what it said."""
    done = subprocess.run([*prefix, program(name), *map(str, arguments)], input=input, capture_output=True, timeout=timeout,
                          env={**ENVIRONMENT, **(environment or {})})
    done.out, done.err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    if check and done.returncode != 0:
        raise RuntimeError(f"{name} {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.out}{done.err}")
    return done


def free_ports(count):
    """Ports that nobody listens on now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def until(condition, seconds=20, what="it", every=0.02):
    """The first true value of `condition()`; raises after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(every)


class Program:
    """One long-running program: its command, its log, its life."""

    def __init__(self, name, arguments, log, ready, prefix=(), environment=None, binary=None):
        self.name, self.log, self.ready = name, pathlib.Path(log), ready
        self.command = [*map(str, prefix), *([str(binary)] if binary else [program(name)]), *map(str, arguments)]
        self.environment = {**ENVIRONMENT, **(environment or {})}
        self.process = None

    @property
    def pid(self):
        return self.process.pid

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def launch(self):
        assert not self.running, f"{self.name} runs already"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.environment, start_new_session=True)
        RUNNING.add(self.process.pid)
        return self

    def start(self, seconds=60):
        self.launch()
        until(self.is_ready, seconds, f"{self.name} to be ready (see {self.log})")
        return self

    def is_ready(self):
        if not self.running:
            raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")
        return self.ready()

    def kill(self):
        """As a power cut would: SIGKILL, now."""
        if self.running:
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()
            RUNNING.discard(self.process.pid)

    def stop(self, seconds=20):
        """As a service manager would; the exit status."""
        if self.running:
            os.killpg(self.process.pid, signal.SIGTERM)
        if self.process is None:
            return 0
        try:
            status = self.process.wait(seconds)
            RUNNING.discard(self.process.pid)
            return status
        except subprocess.TimeoutExpired:
            self.kill()
            raise TimeoutError(f"{self.name} did not stop within {seconds} s of SIGTERM:\n{self.tail()}") from None

    def restart(self):
        self.stop()
        return self.start()

    def tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def said(self):
        return self.log.read_text(errors="replace")


def accepts(port, host="127.0.0.1"):
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0

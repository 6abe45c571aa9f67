#!/usr/bin/env python3
"""50 MB of text through a session's worker, and through `ssh -tt`, against the same sshd on loopback. Needs root.

    tests/bench/worker.py --bin build/release-with-tests/bin [--rounds 3]
"""

import argparse
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
SIZE = 50_000_000


def cpu_of(pid):
    """User and system time so far, in seconds."""
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def drain(fd, mark):
    """Bytes read until `mark` came."""
    count, tail = 0, b""
    while mark not in tail:
        more = os.read(fd, 1 << 20)
        if not more:
            raise EOFError("it ended")
        count += len(more)
        tail = (tail + more)[-200_000:] if len(more) < 200_000 else more
    return count


def measure(pid, say, fd, file):
    say("stty -echo -onlcr; PS1=; echo rea''dy\n")
    drain(fd, b"ready")
    begun, spent = time.monotonic(), cpu_of(pid)
    say(f"cat {file}; echo fin''ished\n")
    count = drain(fd, b"finished")
    seconds = time.monotonic() - begun
    assert count >= SIZE, count
    return SIZE / 1e6 / seconds, (cpu_of(pid) - spent) * 1_000


def through_worker(host, user, file):
    from harness.worker import Worker, credential
    worker = Worker(host.port)
    worker.start(credential(user.name, user.password), host_keys=host.public_keys())
    worker.until("ready")
    try:
        return measure(worker.process.pid, worker.keys, worker.socket.fileno(), file)
    finally:
        worker.end()


def through_ssh(host, user, file, key):
    one = subprocess.Popen(["ssh", "-tt", "-q", "-F", "none", "-i", key, "-p", str(host.port), "-o", "StrictHostKeyChecking=no",
                            "-o", "UserKnownHostsFile=/dev/null", "-o", "Ciphers=aes256-gcm@openssh.com", f"{user.name}@127.0.0.1"],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def say(text):
        one.stdin.write(text.encode())
        one.stdin.flush()
    try:
        return measure(one.pid, say, one.stdout.fileno(), file)
    finally:
        one.kill()
        one.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    os.environ["SALLYPORT_BIN"] = str(pathlib.Path(given.bin).resolve())
    from harness import sshd
    user, host = sshd.User(), sshd.Host()
    try:
        key = sshd.make_key(host.folder / "client")
        user.authorize(key.with_suffix(".pub"))
        file = user.home / "f50.txt"
        file.write_bytes((b"0123456789abcdef" * 6 + b"xyz\n") * (SIZE // 100))
        file.chmod(0o644)
        for _ in range(given.rounds):
            for name, one in (("worker", lambda: through_worker(host, user, file)),
                              ("ssh -tt", lambda: through_ssh(host, user, file, key))):
                speed, cpu = one()
                print(f"{name:8} {speed:6.1f} MB/s  {cpu:5.0f} ms of processor for 50 MB", flush=True)
    finally:
        host.end()
        user.end()


if __name__ == "__main__":
    main()

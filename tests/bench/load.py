"""wrk, nginx and the disk: what the rows of run.py are measured with and against."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time

from harness.programs import accepts, free_ports, until

HERE = pathlib.Path(__file__).resolve().parent


def wrk(url, seconds=4, connections=64, threads=2, script=None, environment=None, close=False):
    """What wrk counted: {"rps", "requests", "seconds", "errors", "said"}."""
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s"]
    command += ["-H", "Connection: close"] if close else []
    command += ["-s", str(HERE / script)] if script else []
    done = subprocess.run([*command, url], capture_output=True, text=True, env={**os.environ, **(environment or {})}, check=True)
    counted = re.search(r"(\d+) requests in ([0-9.]+)(ms|s|m)", done.stdout)
    scale = {"ms": 0.001, "s": 1, "m": 60}[counted[3]]
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    return {"rps": float(re.search(r"Requests/sec: +([0-9.]+)", done.stdout)[1]), "requests": int(counted[1]),
            "seconds": float(counted[2]) * scale, "errors": int(wrong[1]) if wrong else 0}


def reveal_all(url, path, threads=2, connections=64, **settings):
    """Reveals every message of the list with reveal.lua: {"got", "over", "other", "asked", "seconds"}."""
    command = ["wrk", f"-t{threads}", f"-c{connections}", "-d3600s", "--timeout", "60s", "-s", str(HERE / "reveal.lua"), url]
    environment = {**os.environ, "LIST": str(path), "THREADS": str(threads), **{k: str(v) for k, v in settings.items()}}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    said = []
    while len(said) < threads:
        line = process.stdout.readline()
        assert line, "wrk ended early"
        if line.startswith("said "):
            said.append(json.loads(line[5:]))
    process.send_signal(signal.SIGINT)
    process.communicate()
    total = {key: sum(one[key] for one in said) for key in ("got", "over", "other", "asked")}
    return {**total, "seconds": max(one["ended"] for one in said) - min(one["began"] for one in said)}


class Nginx:
    """A plain nginx on loopback that serves one static file over TLS with the edge's own certificate."""

    def __init__(self, folder, certificate, key, content):
        self.folder = folder
        self.port, = free_ports(1)
        www = folder / "www"
        www.mkdir()
        folder.chmod(0o755)
        (www / "page").write_bytes(content)
        (folder / "nginx.conf").write_text(f"""
worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off; user root;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type text/html;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d;
  scgi_temp_path {folder}/e; open_file_cache max=100;
  server {{ listen 127.0.0.1:{self.port} ssl reuseport; ssl_certificate {certificate}; ssl_certificate_key {key};
    ssl_protocols TLSv1.3; root {www}; }}
}}""")

    def __enter__(self):
        self.process = subprocess.Popen(["nginx", "-c", self.folder / "nginx.conf"], stderr=subprocess.DEVNULL)
        until(lambda: accepts(self.port), what="nginx")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}/page"


def fdatasyncs(folder, seconds=2):
    """How often a second this disk makes an appended 4 KiB block durable."""
    path = pathlib.Path(folder) / "fdatasync.probe"
    handle = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        count, block, end = 0, os.urandom(4096), time.monotonic() + seconds
        while time.monotonic() < end:
            os.write(handle, block)
            os.fdatasync(handle)
            count += 1
        return count / seconds
    finally:
        os.close(handle)
        path.unlink()


def resident_mib(pid):
    """VmRSS now."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError("no VmRSS")


def p95(values):
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]

"""The reverse proxies that people put in front of an edge: nginx, HAProxy and Caddy themselves, on loopback, configured as
docs/reverse-proxies.md says."""

import shutil
import sys

from .programs import Program, accepts, free_ports

STREAM_MODULE = "/usr/lib/nginx/modules/ngx_stream_module.so"


class Front:
    """One proxy before `edge`: passes TCP on with a PROXY header, or ends TLS and names the client in X-Forwarded-For."""

    def __init__(self, folder, edge, kind):
        self.folder, self.edge, self.kind = folder / kind, edge, kind
        self.folder.mkdir()
        self.port, = free_ports(1)
        self.url = f"https://127.0.0.1:{self.port}"
        self.upstream = f"127.0.0.1:{edge.public}"
        self.certificate, self.key = edge.folder / "edge.crt", edge.folder / "edge.key"
        self.config = self.folder / "config"
        product, _, way = kind.partition("-")
        self.config.write_text(getattr(self, product)(way))
        binary = shutil.which(product, path="/usr/sbin:/usr/bin")
        if binary is None:
            raise FileNotFoundError(f"{product} is not installed; see installers/packages-test.txt")
        arguments = {"nginx": ["-c", self.config, "-e", self.folder / "error.log"], "haproxy": ["-db", "-f", self.config],
                     "caddy": ["run", "--config", self.config, "--adapter", "caddyfile"]}[product]
        self.program = Program(product, arguments, self.folder / "log", lambda: accepts(self.port), binary=binary,
                               environment={"XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)})

    def __enter__(self):
        self.program.start()
        return self

    def __exit__(self, kind, *_):
        self.program.stop()
        for log in self.folder.glob("*log") if kind else ():
            print(f"{self.kind}: {log.read_text(errors='replace')[-2000:]}", file=sys.stderr)

    def nginx(self, way):
        paths = "".join(f"{name}_temp_path {self.folder}/{name}; " for name in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        start = f"daemon off; pid {self.folder}/pid; worker_processes 1; user root; events {{}}\n"
        if way == "v1":
            return f"load_module {STREAM_MODULE};\n{start}" + f"""
stream {{
  server {{ listen 127.0.0.1:{self.port}; proxy_pass {self.upstream}; proxy_protocol on; }}
}}"""
        return start + f"""
http {{
  access_log off; {paths}
  server {{
    listen 127.0.0.1:{self.port} ssl; ssl_certificate {self.certificate}; ssl_certificate_key {self.key};
    location / {{
      proxy_pass https://{self.upstream};
      proxy_http_version 1.1; proxy_ssl_protocols TLSv1.3;
      proxy_ssl_verify on; proxy_ssl_trusted_certificate {self.edge.ca}; proxy_ssl_name localhost;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}"""

    def haproxy(self, way):
        start = "defaults\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n"
        if way in ("v1", "v2"):
            send = {"v1": "send-proxy", "v2": "send-proxy-v2"}[way]
            return start + f"""
listen portal
  mode tcp
  bind 127.0.0.1:{self.port}
  server edge {self.upstream} {send}
"""
        both = self.folder / "both.pem"
        both.write_bytes(self.certificate.read_bytes() + self.key.read_bytes())
        return start + f"""
listen portal
  mode http
  bind 127.0.0.1:{self.port} ssl crt {both}
  option forwardfor
  server edge {self.upstream} ssl verify required ca-file {self.edge.ca}
"""

    def caddy(self, _):
        return f"""
{{
  admin off
  auto_https off
}}
https://127.0.0.1:{self.port} {{
  tls {self.certificate} {self.key}
  reverse_proxy https://{self.upstream} {{
    transport http {{
      tls_trusted_ca_certs {self.edge.ca}
      tls_server_name localhost
    }}
  }}
}}
"""

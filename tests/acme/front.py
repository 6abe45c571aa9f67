"""A reverse proxy in front of a CA that adds what Debian's pebble does not have (renewal information, RFC 9773), and that is
away, busy or slow when a test says so."""

import base64
import http.client
import http.server
import json
import ssl
import threading


def payload_of(body):
    """What a JWS carries."""
    encoded = json.loads(body)["payload"]
    return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)) or "null")


class Front:
    def __init__(self, pebble, certificate, key):
        self.pebble = pebble
        self.trusts = ssl.create_default_context(cafile=pebble.ca)
        self.window = None          # (start, end), RFC 3339: then the directory has renewalInfo
        self.retry_after = None     # of the renewal information
        self.profiles = None        # names -> words: then the directory has them, and orders may ask for one
        self.asked = []             # certificate ids whose window was asked for
        self.orders = []            # payloads of newOrder
        self.already_replaced = False
        self.answers = {}           # path prefix -> answers (status, headers, body) to give instead, one after another
        self.hold = None            # a path prefix: its answers wait for `release`, after the CA has done its part
        self.held, self.release = threading.Event(), threading.Event()
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                front.serve(self)

            do_HEAD = do_POST = do_GET

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def directory(self):
        return f"https://127.0.0.1:{self.port}/dir"

    def serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        status, headers, answer = self.answer(handler, body)
        if self.hold and handler.path.startswith(self.hold):
            self.held.set()
            self.release.wait(60)
        try:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(answer)))
            handler.end_headers()
            if handler.command != "HEAD":
                handler.wfile.write(answer)
        except OSError:
            pass  # a client that was killed

    def answer(self, handler, body):
        for prefix, waiting in self.answers.items():
            if waiting and handler.path.startswith(prefix):
                status, headers, answer = waiting.pop(0)
                return status, headers, answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        if handler.path.startswith("/renewal-info/") and self.window:
            self.asked.append(handler.path.removeprefix("/renewal-info/"))
            start, end = self.window
            headers = {"Content-Type": "application/json"}
            if self.retry_after:
                headers["Retry-After"] = self.retry_after
            return 200, headers, json.dumps({"suggestedWindow": {"start": start, "end": end},
                                             "explanationURL": "https://ca.example/why"}).encode()
        if handler.path == "/order-plz":
            order = payload_of(body)
            self.orders.append(order)
            if self.already_replaced and "replaces" in order:
                _, headers, _ = self.forward(handler, body, "/nonce-plz", "HEAD")
                return 409, {"Replay-Nonce": headers["Replay-Nonce"], "Content-Type": "application/problem+json"}, json.dumps(
                    {"type": "urn:ietf:params:acme:error:alreadyReplaced", "detail": "replaced once", "status": 409}).encode()
        status, headers, answer = self.forward(handler, body, handler.path, handler.command)
        if handler.path == "/dir":
            directory = json.loads(answer)
            if self.window:
                directory["renewalInfo"] = f"https://127.0.0.1:{self.port}/renewal-info"
            if self.profiles:
                directory["meta"]["profiles"] = self.profiles
            answer = json.dumps(directory).encode()
        return status, headers, answer

    # With the Host as it came, so that the CA's addresses lead back here.
    def forward(self, handler, body, path, method):
        to = http.client.HTTPSConnection("127.0.0.1", self.pebble.port, timeout=30, context=self.trusts)
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in ("connection", "content-length")}
        to.request(method, path, body if method == "POST" else None, headers)
        answer = to.getresponse()
        content = answer.read()
        kept = {name: value for name, value in answer.getheaders()
                if name.lower() not in ("content-length", "transfer-encoding", "connection")}
        to.close()
        return answer.status, kept, content

    def end(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()

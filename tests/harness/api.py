"""A client of the core's API with a bearer token, on one kept connection. It knows no routes: tests name them."""

import http.client
import json
import ssl
import time


class Problem(Exception):
    """An answer that is no success."""

    def __init__(self, status, headers, body):
        super().__init__(f"{status}: {body[:500]!r}")
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Api:
    def __init__(self, host, port, ca, token=None, base="/api/v1"):
        self.host, self.port, self.token, self.base = host, port, token, base
        self.context = ssl.create_default_context(cafile=str(ca))
        self.connection, self.used = None, 0.0

    def raw(self, method, path, body=None, headers=None, base=None):
        """(status, headers, body); connects anew when the kept connection is gone."""
        if time.monotonic() - self.used > 2:
            self.close()  # the server may be about to close it too
        if self.connection is None:
            self.connection = http.client.HTTPSConnection(self.host, self.port, context=self.context, timeout=60)
        sent = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **(headers or {})}
        try:
            self.connection.request(method, (self.base if base is None else base) + path, body=body, headers=sent)
            answer = self.connection.getresponse()
            found = answer.status, answer.headers, answer.read()
            self.used = time.monotonic()
            if answer.will_close:
                self.close()
            return found
        except BaseException:
            self.close()
            raise

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def call(self, method, path, body=None, headers=None):
        """The decoded answer; `Problem` when it is none."""
        sent = {"Content-Type": "application/json", **(headers or {})} if body is not None else headers
        try:
            status, told, answer = self.raw(method, path, json.dumps(body) if body is not None else None, sent)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if method != "GET" and "Idempotency-Key" not in (headers or {}):
                raise
            status, told, answer = self.raw(method, path, json.dumps(body) if body is not None else None, sent)
        if status >= 300:
            raise Problem(status, told, answer)
        return json.loads(answer) if answer else None

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None, **headers):
        return self.call("POST", path, {} if body is None else body, {k.replace("_", "-"): v for k, v in headers.items()})

    def patch(self, path, body):
        return self.call("PATCH", path, body)

    def delete(self, path):
        return self.call("DELETE", path)

    def upload(self, name, data, type="application/octet-stream"):
        from urllib.parse import quote
        status, told, answer = self.raw("POST", f"/uploads?name={quote(name)}&type={quote(type)}", data,
                                        {"Content-Type": "application/octet-stream"})
        if status >= 300:
            raise Problem(status, told, answer)
        return json.loads(answer)["upload_id"]

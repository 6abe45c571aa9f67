"""A WebSocket client (RFC 6455) that can also do what no browser would."""

import base64
import os
import socket
import ssl
import struct
import time

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Closed(Exception):
    """The server closed; `code` is None where it did so without a frame."""

    def __init__(self, code):
        super().__init__(f"closed with {code}")
        self.code = code


class WebSocket:
    def __init__(self, port, ca, origin, path="/ws", protocol="sallyport-session-v1", timeout=30, answer_pings=True, headers=()):
        context = ssl.create_default_context(cafile=str(ca))
        self.socket = context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=timeout),
                                          server_hostname="127.0.0.1")
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer_pings, self.buffer, self.closed = answer_pings, bytearray(), False
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"Sec-WebSocket-Protocol: {protocol}"] if protocol else []
        lines += [f"Origin: {origin}"] if origin else []
        self.socket.sendall(("\r\n".join([*lines, *headers]) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, _, rest = bytes(self.buffer).partition(b"\r\n\r\n")
        self.buffer = bytearray(rest)
        self.status, self.head = int(head.split()[1]), head.decode()

    def _receive(self):
        part = self.socket.recv(1 << 18)
        if not part:
            raise Closed(None)
        self.buffer += part

    def _take(self, size):
        while len(self.buffer) < size:
            self._receive()
        out = bytes(self.buffer[:size])
        del self.buffer[:size]
        return out

    def send(self, data, kind=None):
        kind = kind or (TEXT if isinstance(data, str) else BINARY)
        data = data.encode() if isinstance(data, str) else data
        size = len(data)
        head = bytes((0x80 | kind,))
        if size < 126:
            head += bytes((0x80 | size,))
        elif size < 1 << 16:
            head += struct.pack(">BH", 0x80 | 126, size)
        else:
            head += struct.pack(">BQ", 0x80 | 127, size)
        # A mask of zeros: the data is as it is.
        self.socket.sendall(head + bytes(4) + data)

    def read(self, seconds=30):
        """The next message, text as str; pings are answered on the way. Raises Closed."""
        end = time.monotonic() + seconds
        while True:
            self.socket.settimeout(max(end - time.monotonic(), 0.01))
            try:
                # Nothing is taken off before a whole frame is there, so a timeout loses nothing.
                while not self._has_frame():
                    self._receive()
            except (ConnectionResetError, ssl.SSLEOFError, BrokenPipeError):
                raise Closed(None) from None
            kind, data = self._frame()
            if kind == PING:
                if self.answer_pings:
                    self.send(data, PONG)
            elif kind == CLOSE:
                self.closed = True
                code = struct.unpack(">H", data[:2])[0] if data else None
                try:
                    self.send(data, CLOSE)
                except OSError:
                    pass
                raise Closed(code)
            elif kind != PONG:
                return data.decode() if kind == TEXT else data

    def _has_frame(self):
        have = self.buffer
        if len(have) < 2:
            return False
        size, head = have[1] & 127, 2
        if size == 126:
            if len(have) < 4:
                return False
            size, head = struct.unpack(">H", have[2:4])[0], 4
        elif size == 127:
            if len(have) < 10:
                return False
            size, head = struct.unpack(">Q", have[2:10])[0], 10
        return len(have) >= head + size

    def _frame(self):
        first, size = self._take(2)
        assert size < 128 and first & 0x70 == 0, "a server's frame has no mask and no reserved bits"
        if size == 126:
            size = struct.unpack(">H", self._take(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self._take(8))[0]
        return first & 15, self._take(size)

    def cut(self):
        """As when the network goes: no close, no TLS goodbye."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self, code=1000):
        try:
            self.send(struct.pack(">H", code), CLOSE)
        except OSError:
            pass
        self.socket.close()

"""A wire that can be cut: a TCP proxy on loopback whose connections a test delays, truncates and severs."""

import random
import select
import socket
import threading
import time


class Cutter:
    """Listens on `port`, forwards to `target`. `cut()` severs what is open; `refuse` severs what comes; with `chance` each piece
    of data may be the last: it is truncated at random and the connection ends."""

    def __init__(self, target, seed=None):
        self.target, self.random = target, random.Random(seed)
        self.refuse, self.delay, self.chance = False, 0.0, 0.0
        self.pairs, self.lock, self.cuts = set(), threading.Lock(), 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        with self.lock:
            for pair in self.pairs:
                for end in pair:
                    sever(end)
            self.cuts += len(self.pairs)

    def close(self):
        self.refuse = True
        sever(self.listener)
        self.cut()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.refuse:
                client.close()
                continue
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client):
        try:
            server = socket.create_connection(self.target, timeout=5)
        except OSError:
            client.close()
            return
        pair = (client, server)
        with self.lock:
            self.pairs.add(pair)
        try:
            while self._step(client, server):
                pass
        except (OSError, ValueError):
            pass
        finally:
            with self.lock:
                self.pairs.discard(pair)
            for end in pair:
                end.close()

    def _step(self, client, server):
        ready, _, _ = select.select((client, server), (), (), 60)
        for end in ready:
            data = end.recv(65536)
            if not data:
                return False
            if self.delay:
                time.sleep(self.random.uniform(0, self.delay))
            other = server if end is client else client
            if self.chance and self.random.random() < self.chance:
                other.sendall(data[:self.random.randrange(len(data))])
                with self.lock:
                    self.cuts += 1
                return False
            other.sendall(data)
        return True


def sever(end):
    """Ends a socket that another thread may be waiting on."""
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass

"""A load balancer in front of several edges: each connection goes to the next one, so that a CA which looks several times meets
each of them."""

import contextlib
import itertools
import socket
import threading


class Spread:
    def __init__(self, port, targets):
        self.targets = targets      # ports on loopback
        self.met = []               # the targets, as connections were led to them
        self.broken = False         # connections end at once
        self.turn = itertools.count()
        self.server = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self.lead, args=(self.server.accept()[0],), daemon=True).start()

    def lead(self, client):
        with client, contextlib.suppress(OSError):
            if self.broken:
                return
            target = self.targets[next(self.turn) % len(self.targets)]
            self.met.append(target)
            with socket.create_connection(("127.0.0.1", target)) as edge:
                there = threading.Thread(target=self.copy, args=(client, edge), daemon=True)
                there.start()
                self.copy(edge, client)
                there.join(5)

    @staticmethod
    def copy(source, target):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def end(self):
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()

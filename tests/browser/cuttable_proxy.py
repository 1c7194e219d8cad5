"""A TCP proxy between a browser and the site that can drop all traffic silently, without a reset."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_CHUNK_SIZE = 65536


@dataclass
class CuttableProxy:
    """``url`` leads to the site. A ``cut`` kills open connections for good, as a NAT timeout does."""

    url: str
    _is_cut: bool = False
    _connections: list[ProxiedConnection] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            for connection in self._connections:
                connection.is_dead = True

    def restore(self) -> None:
        self._is_cut = False

    def connect(self, phone: socket.socket, address: tuple[str, int]) -> None:
        site = socket.create_connection(address)
        with self._lock:  # so that a concurrent ``cut`` includes this connection
            connection = ProxiedConnection(phone, site, is_dead=self._is_cut)
            self._connections.append(connection)
        for source, target in ((connection.phone, connection.site), (connection.site, connection.phone)):
            threading.Thread(target=connection.forward, args=(source, target), daemon=True).start()

    def close(self) -> None:
        for connection in self._connections:
            connection.close()


@dataclass
class ProxiedConnection:
    phone: socket.socket
    site: socket.socket
    is_dead: bool = False

    def forward(self, source: socket.socket, target: socket.socket) -> None:
        """Forward until either end closes. On a dead connection everything is dropped, the close too."""
        try:
            while chunk := source.recv(_CHUNK_SIZE):
                if not self.is_dead:
                    target.sendall(chunk)
            if not self.is_dead:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        for end in (self.phone, self.site):
            end.close()


@contextmanager
def cuttable_proxy(url: str) -> Iterator[CuttableProxy]:
    """Run a proxy to the site at ``url``."""
    site = urlsplit(url)
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = CuttableProxy(f"http://127.0.0.1:{listener.getsockname()[1]}")

    def accept() -> None:
        while True:
            try:
                phone, _ = listener.accept()
            except OSError:
                return
            proxy.connect(phone, (site.hostname, site.port))

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield proxy
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        proxy.close()

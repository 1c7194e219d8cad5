"""A network that can be cut without a word: no reset, no error, just nothing any more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_PIECE = 65536


@dataclass
class Cable:
    """``url`` leads to the site. What was connected before a ``cut`` stays dead, as behind a router that forgot."""

    url: str
    _cut: bool = False
    _lines: list[Line] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut(self) -> None:
        with self._lock:
            self._cut = True
            for line in self._lines:
                line.dead = True

    def mend(self) -> None:
        self._cut = False

    def connect(self, phone: socket.socket, to: tuple[str, int]) -> None:
        site = socket.create_connection(to)
        with self._lock:  # one that is just being connected is cut, too
            line = Line(phone, site, dead=self._cut)
            self._lines.append(line)
        for one, other in ((line.phone, line.site), (line.site, line.phone)):
            threading.Thread(target=line.carry, args=(one, other), daemon=True).start()

    def unplug(self) -> None:
        for line in self._lines:
            line.close()


@dataclass
class Line:
    phone: socket.socket
    site: socket.socket
    dead: bool = False

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        """From one to the other until one of them hangs up; what a dead line is given is lost, an end too."""
        try:
            while piece := one.recv(_PIECE):
                if not self.dead:
                    other.sendall(piece)
            if not self.dead:
                other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        for end in (self.phone, self.site):
            end.close()


@contextmanager
def plugged_in(url: str) -> Iterator[Cable]:
    """A cable between a browser and the site at ``url``."""
    site = urlsplit(url)
    listener = socket.create_server(("127.0.0.1", 0))
    cable = Cable(f"http://127.0.0.1:{listener.getsockname()[1]}")

    def accept() -> None:
        while True:
            try:
                phone, _ = listener.accept()
            except OSError:
                return
            cable.connect(phone, (site.hostname, site.port))

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield cable
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        cable.unplug()

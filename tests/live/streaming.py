"""Streams before classes that a test makes up, behind a real server; and phones that listen to them."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvicorn

from lms.config import load_settings
from lms.learning.classroom.session.stream_tokens import Role, Ticket, issue
from lms.live.http_protocol import Connection
from lms.live.streams import PATH, Streams
from tests.live.raw import PATIENCE, Reply, ask

SECRET = "of these tests, 32 characters and more"
MINE, OTHER = "a" * 32, "b" * 32


@dataclass(frozen=True)
class Seat:
    class_id: str
    number: int
    version: int = 1
    changed_at: int = 0
    holder: int = 0
    out: bool = False
    helping: str | None = None


@dataclass
class MadeUpClasses:
    """A source of classes; counts how often it was asked and what it drew."""

    steps: dict[str, tuple[int, str]] = field(default_factory=lambda: {MINE: (1, "vao"), OTHER: (1, "vao")})
    seats_of: dict[tuple[str, int], Seat] = field(default_factory=dict)
    taken_back: set[Ticket] = field(default_factory=set)
    drawn: list[tuple[Role, str]] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    broken: bool = False
    asked_in_vain: int = 0

    def __post_init__(self) -> None:
        self.seats_of |= {(one, number): Seat(one, number) for one in (MINE, OTHER) for number in range(1, 61)}

    def go(self, step: str, class_id: str = MINE) -> None:
        self.steps[class_id] = (self.steps[class_id][0] + 1, step)

    def change_seat(self, number: int, **changes: Any) -> None:
        seat = self.seats_of[MINE, number]
        self.seats_of[MINE, number] = replace(
            seat, version=seat.version + 1, changed_at=int(time.time() * 1000), **changes
        )

    @contextmanager
    def look(self) -> Iterator[MadeUpClasses]:
        if self.broken:
            self.asked_in_vain += 1
            raise OSError("the store is away")
        yield self

    def versions(self) -> dict[str, int]:
        return {one: version for one, (version, _) in self.steps.items()}

    def classes(self, class_ids: Iterable[str]) -> dict[str, tuple[str, int, str]]:
        asked = list(class_ids)
        self.read += asked
        return {one: (one, *self.steps[one]) for one in asked if one in self.steps}

    def seats(self, class_ids: Iterable[str]) -> list[Seat]:
        return [seat for one in class_ids for seat in self._seats(one)]

    def changed_seats(self, class_ids: Iterable[str], since: int, known: Mapping[tuple[str, int], int]) -> list[Seat]:
        touched = [seat for seat in self.seats(class_ids) if seat.changed_at >= since]
        return [seat for seat in touched if known.get((seat.class_id, seat.number)) != seat.version]

    def withdrawn(self, tickets: Iterable[Ticket]) -> set[Ticket]:
        return set(tickets) & self.taken_back

    def draw(self, role: Role, view: tuple[str, int, str], seats: Sequence[Seat]) -> dict[str, Any]:
        _, version, step = view
        self.drawn.append((role, step))
        return {"v": version, "step": step, "role": role} | ({"machines": len(seats)} if role != "phone" else {})

    def draw_seat(self, seat: Seat) -> dict[str, Any]:
        return {"seat": seat.number, "out": seat.out, "helping": seat.helping}

    def _seats(self, class_id: str) -> list[Seat]:
        return [seat for (one, _), seat in self.seats_of.copy().items() if one == class_id]  # somebody may join now


@dataclass
class StreamServer:
    url: str
    streams: Streams
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@contextmanager
def stream_server(folder: Path, classes: MadeUpClasses, port: int = 0) -> Iterator[StreamServer]:
    streams = Streams(load_settings({"LMS_SECRET_KEY": SECRET, "LMS_DATA_DIR": str(folder)}), classes)

    async def site(scope, receive, send) -> None:
        if scope["type"] == "http":
            await streams(scope, receive, send)
            return
        await receive()
        streams.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await streams.stop()
        await send({"type": "lifespan.shutdown.complete"})

    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(site, http=Connection, lifespan="on", log_config=None, timeout_graceful_shutdown=PATIENCE)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    running = StreamServer(f"http://127.0.0.1:{listener.getsockname()[1]}", streams, server, thread)
    try:
        yield running
    finally:
        running.stop()


class Listener:
    """A phone on a stream. ``state`` is what its page knows; it comes by ``until``."""

    def __init__(self, url: str, ticket: Ticket, secret: str = SECRET, *, holds: int | None = None) -> None:
        """``holds``: about so many bytes wait on its side of the line while it does not read; by itself the kernel
        takes millions."""
        host, _, port = url.removeprefix("http://").partition(":")
        self.connection = socket.socket()
        self.connection.settimeout(PATIENCE)
        if holds is not None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, holds)  # heeded before it connects
        self.connection.connect((host, int(port)))
        head = f"GET {address(ticket, secret)} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\n\r\n"
        self.connection.sendall(head.encode())
        self.file = self.connection.makefile("rb")
        self.state: dict[str, Any] = {}
        self.events: list[bytes] = []
        self.retry = 0
        self.ended = False
        self.status = int(self.file.readline().split()[1])
        self.headers = self._headers()

    def until(self, **wanted: Any) -> dict[str, Any]:
        """Listen until the state has these values. A test that waits in vain fails after the patience of a socket."""
        while any(self.state.get(name) != value for name, value in wanted.items()):
            assert self.hear(), f"the stream ended with {self.state}"
        return self.state

    def hear(self) -> bool:
        """One piece of the stream; False at its end."""
        head = self.file.readline().strip()
        size = int(head or b"0", 16)
        self.ended = head == b"0"
        piece = self.file.read(size)
        self.file.readline()
        for event in piece.split(b"\n\n"):
            if event.startswith(b"retry: "):
                self.retry = int(event[7:])
            elif event.startswith(b"data: "):
                self.events.append(event)
                self.state |= json.loads(event[6:])
        return bool(size)

    def until_the_end(self) -> bool:
        """Whether the stream was ended, and not cut off."""
        while self.hear():
            pass
        return self.ended

    def close(self) -> None:
        self.file.close()
        self.connection.close()

    def _headers(self) -> Mapping[str, str]:
        lines = iter(lambda: self.file.readline().decode().strip(), "")
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


@contextmanager
def listening(url: str, *tickets: Ticket, secret: str = SECRET) -> Iterator[list[Listener]]:
    listeners = [Listener(url, ticket, secret) for ticket in tickets]
    try:
        yield listeners
    finally:
        for one in listeners:
            with closing(one):
                pass


def opened_unread(url: str, ticket: Ticket) -> socket.socket:
    """A line on which a stream was asked for, and nobody has waited for it."""
    host, _, port = url.removeprefix("http://").partition(":")
    line = socket.create_connection((host, int(port)), timeout=PATIENCE)
    line.sendall(f"GET {address(ticket)} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    return line


def address(ticket: Ticket, secret: str = SECRET) -> str:
    return f"{PATH}?ve={issue(secret, ticket)}"


def ask_once(url: str, ticket: Ticket, etag: str | None = None, secret: str = SECRET) -> Reply:
    headers = {"Accept": "application/json"} | ({"If-None-Match": etag} if etag else {})
    return ask(url, address(ticket, secret), headers=headers)


def phone(number: int, class_id: str = MINE) -> Ticket:
    return Ticket("phone", class_id, str(number))

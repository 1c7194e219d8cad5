"""Streams of fake classes behind a real server, and clients for them."""

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
from lms.learning.classroom.access.projectors import PairedProjectors
from lms.learning.classroom.session.stream_tokens import Role, StreamToken, sign_stream_token
from lms.live.http_protocol import Connection
from lms.live.responses import SETTINGS
from lms.live.stream_endpoint import PATH, StreamEndpoint
from tests.live.raw_http import TIMEOUT_SECONDS, HttpResponse, send_request

SECRET = "of these tests, 32 characters and more"
CLASS_ID, OTHER_CLASS_ID = "a" * 32, "b" * 32


@dataclass(frozen=True)
class Seat:
    class_id: str
    number: int
    version: int = 1
    changed_at: int = 0
    holder: int = 0
    removed: bool = False
    helper_name: str | None = None


@dataclass
class FakeClasses:
    """A fake ``ClassSource`` that records its reads and draws."""

    steps: dict[str, tuple[int, str]] = field(
        default_factory=lambda: {CLASS_ID: (1, "vao"), OTHER_CLASS_ID: (1, "vao")}
    )
    seats_of: dict[tuple[str, int], Seat] = field(default_factory=dict)
    projectors_of: dict[str, PairedProjectors] = field(default_factory=dict)
    own_parts: set[tuple[str, int]] = field(default_factory=set)  # seats that have something of their own at a step
    revoked: set[StreamToken] = field(default_factory=set)
    drawn: list[tuple[Role, str]] = field(default_factory=list)
    read_classes: list[str] = field(default_factory=list)
    is_down: bool = False
    failed_polls: int = 0
    answers: threading.Event = field(default_factory=threading.Event)
    unanswered: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.answers.set()
        self.seats_of |= {
            (one, number): Seat(one, number) for one in (CLASS_ID, OTHER_CLASS_ID) for number in range(1, 61)
        }

    def change_step(self, step: str, class_id: str = CLASS_ID) -> None:
        self.steps[class_id] = (self.steps[class_id][0] + 1, step)

    def change_seat(self, number: int, **changes: Any) -> None:
        seat = self.seats_of[CLASS_ID, number]
        self.seats_of[CLASS_ID, number] = replace(
            seat, version=seat.version + 1, changed_at=int(time.time() * 1000), **changes
        )

    @contextmanager
    def poll(self) -> Iterator[FakeClasses]:
        if self.is_down:
            self.failed_polls += 1
            raise OSError("the store is away")
        if not self.answers.is_set():
            self.unanswered.set()
            self.answers.wait(TIMEOUT_SECONDS)
        yield self

    @contextmanager
    def unanswered_poll(self) -> Iterator[None]:
        """A poll hangs until the block ends."""
        self.answers.clear()
        try:
            assert self.unanswered.wait(TIMEOUT_SECONDS)
            yield
        finally:
            self.answers.set()

    def versions(self) -> dict[str, int]:
        return {one: version for one, (version, _) in self.steps.items()}

    def classes(self, class_ids: Iterable[str]) -> dict[str, tuple[str, int, str]]:
        asked = list(class_ids)
        self.read_classes += asked
        return {one: (one, *self.steps[one]) for one in asked if one in self.steps}

    def seats(self, class_ids: Iterable[str]) -> list[Seat]:
        return [seat for one in class_ids for seat in self._seats(one)]

    def changed_seats(self, class_ids: Iterable[str], since: int, known: Mapping[tuple[str, int], int]) -> list[Seat]:
        touched = [seat for seat in self.seats(class_ids) if seat.changed_at >= since]
        return [seat for seat in touched if known.get((seat.class_id, seat.number)) != seat.version]

    def revoked_tokens(self, tokens: Iterable[StreamToken]) -> set[StreamToken]:
        return set(tokens) & self.revoked

    def projectors(self, class_ids: Iterable[str]) -> dict[str, PairedProjectors]:
        return {one: self.projectors_of[one] for one in class_ids if one in self.projectors_of}

    def draw(
        self, role: Role, view: tuple[str, int, str], seats: Sequence[Seat], projectors: PairedProjectors
    ) -> dict[str, Any]:
        _, version, step = view
        self.drawn.append((role, step))
        about_projectors = {"walls": projectors.connected} if role == "desk" else {}
        about_seats = {"machines": len(seats)} if role != "phone" else {}
        return {"v": version, "step": step, "role": role} | about_seats | about_projectors

    def draw_seat(self, view: Any, seat: Seat) -> dict[str, Any]:
        own = {"own": view[2]} if (view[2], seat.number) in self.own_parts else {}
        return {"seat": seat.number, "out": seat.removed, "helping": seat.helper_name} | own

    def seat_basis(self, view: tuple[str, int, str]) -> str:
        return view[2]

    def _seats(self, class_id: str) -> list[Seat]:
        return [
            seat for (one, _), seat in self.seats_of.copy().items() if one == class_id
        ]  # a copy: a test may add a seat meanwhile


@dataclass
class StreamServer:
    url: str
    streams: StreamEndpoint
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(TIMEOUT_SECONDS)
        assert not self.thread.is_alive(), "the server did not stop"


@contextmanager
def stream_server(folder: Path, classes: FakeClasses, port: int = 0) -> Iterator[StreamServer]:
    settings = load_settings({"LMS_SECRET_KEY": SECRET, "LMS_DATA_DIR": str(folder)})
    streams = StreamEndpoint(settings, classes)

    async def site(scope, receive, send) -> None:
        if scope["type"] == "http":
            scope[SETTINGS] = settings
            await streams(scope, receive, send)
            return
        await receive()
        streams.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await streams.stop()
        await send({"type": "lifespan.shutdown.complete"})

    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(
        site, http=Connection, lifespan="on", log_config=None, timeout_graceful_shutdown=TIMEOUT_SECONDS // 2
    )
    server = uvicorn.Server(config)
    # A daemon, so that one that does not stop does not keep this process alive.
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    running = StreamServer(f"http://127.0.0.1:{listener.getsockname()[1]}", streams, server, thread)
    try:
        yield running
    finally:
        running.stop()


class Listener:
    """A client of a stream. ``read_until`` updates ``state``, which is what its page knows."""

    def __init__(
        self,
        url: str,
        ticket: StreamToken,
        secret: str = SECRET,
        *,
        holds: int | None = None,
        polls_first: bool = False,
    ) -> None:
        """``holds``: the size of its receive buffer in bytes; by default the kernel buffers millions.

        ``polls_first``: request the state as JSON and, without waiting for it, the stream, on one connection. Then
        ``skip_polled_state`` leads to the stream.
        """
        host, _, port = url.removeprefix("http://").partition(":")
        self.connection = socket.socket()
        self.connection.settimeout(TIMEOUT_SECONDS)
        if holds is not None:
            self.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, holds
            )  # has an effect only before connecting
        self.connection.connect((host, int(port)))
        head = f"GET {stream_url(ticket, secret)} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: "
        accepted = ["application/json", "text/event-stream"] if polls_first else ["text/event-stream"]
        self.connection.sendall("".join(f"{head}{media_type}\r\n\r\n" for media_type in accepted).encode())
        self.file = self.connection.makefile("rb")
        self.state: dict[str, Any] = {}
        self.events: list[bytes] = []
        self.retry_milliseconds = 0
        self.ended = False
        self._read_head()

    def skip_polled_state(self) -> None:
        self.file.read(int(self.headers["content-length"]))
        self._read_head()

    def read_until(self, **wanted: Any) -> dict[str, Any]:
        """Read until the state has these values; fails after the timeout of the socket."""
        while any(self.state.get(name) != value for name, value in wanted.items()):
            assert self.read_event(), f"the stream ended with {self.state}"
        return self.state

    def read_event(self) -> bool:
        """Read one chunk of the stream; False at its end."""
        head = self.file.readline().strip()
        size = int(head or b"0", 16)
        self.ended = head == b"0"
        piece = self.file.read(size)
        self.file.readline()
        for event in piece.split(b"\n\n"):
            if event.startswith(b"retry: "):
                self.retry_milliseconds = int(event[7:])
            elif event.startswith(b"data: "):
                self.events.append(event)
                self.state |= json.loads(event[6:])
        return bool(size)

    def read_to_end(self) -> bool:
        """Whether the stream ended properly, and was not cut off."""
        while self.read_event():
            pass
        return self.ended

    def close(self) -> None:
        self.file.close()
        self.connection.close()

    def _read_head(self) -> None:
        self.status = int(self.file.readline().split()[1])
        lines = iter(lambda: self.file.readline().decode().strip(), "")
        self.headers: Mapping[str, str] = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
        }


@contextmanager
def open_streams(url: str, *tickets: StreamToken, secret: str = SECRET) -> Iterator[list[Listener]]:
    listeners = [Listener(url, ticket, secret) for ticket in tickets]
    try:
        yield listeners
    finally:
        for one in listeners:
            with closing(one):
                pass


def open_stream_without_reading(url: str, ticket: StreamToken) -> socket.socket:
    """A connection on which a stream was requested, and the response was not read."""
    host, _, port = url.removeprefix("http://").partition(":")
    line = socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
    line.sendall(f"GET {stream_url(ticket)} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    return line


def stream_url(ticket: StreamToken, secret: str = SECRET) -> str:
    return f"{PATH}?ve={sign_stream_token(secret, ticket)}"


def poll_state(url: str, ticket: StreamToken, etag: str | None = None, secret: str = SECRET) -> HttpResponse:
    headers = {"Accept": "application/json"} | ({"If-None-Match": etag} if etag else {})
    return send_request(url, stream_url(ticket, secret), headers=headers)


def phone_token(number: int, class_id: str = CLASS_ID) -> StreamToken:
    return StreamToken("phone", class_id, str(number))

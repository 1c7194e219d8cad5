"""The baseline of live classes: an ASGI application that does the least for the load program of ``bench.phones``.

It has the site's URLs, and nothing else of the site: no permissions, no pages worth reading, no checks. Classes are
dicts in memory. What the site commits before it responds is committed here, too: one writer thread inserts
everything that is waiting as rows, in one durable transaction, in the kind of database that the site has. Streams send
a class's state when it has changed, at most twice a second.

``python -m bench.bare_hub PORT DATABASE_URL CODE:CLASS_ID ...`` runs it under uvicorn.
The options are those of ``lms serve``.
"""

from __future__ import annotations

import asyncio
import json
import queue
import sqlite3
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import psycopg
import uvicorn
from sqlalchemy import make_url

from bench.servers import raise_open_file_limit

POLL_SECONDS = 0.5
MAX_OPEN_FILES = 16_000
SOLUTION_CHARACTERS = 2000  # of a right answer, which a state carries
_JSON = (b"content-type", b"application/json")
_HTML = (b"content-type", b"text/html; charset=utf-8")

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class SqliteRows:
    """A new SQLite file with a table of texts."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")

    def insert(self, rows: Iterable[str]) -> None:
        """Insert the rows in a durable transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO rows (text) VALUES (?)", [(row,) for row in rows])
        self._connection.execute("COMMIT")


class PostgresqlRows:
    """A new table of texts in a PostgreSQL database."""

    def __init__(self, database_url: str) -> None:
        url = make_url(database_url).set(drivername="postgresql")
        self._connection = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
        self._connection.execute("CREATE TABLE rows (id BIGSERIAL PRIMARY KEY, text TEXT NOT NULL)")

    def insert(self, rows: Iterable[str]) -> None:
        """Insert the rows in a durable transaction: one statement, so that the hub waits once for the server."""
        self._connection.execute("INSERT INTO rows (text) SELECT unnest(%s::text[])", [list(rows)])


class Writer:
    """A thread that inserts rows; all rows that are waiting share a transaction."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._queue: queue.SimpleQueue[tuple[str, asyncio.Future[None]]] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, daemon=True).start()

    def save(self, row: str) -> asyncio.Future[None]:
        """Return a future that is done when the row is committed."""
        saved = self._loop.create_future()
        self._queue.put((row, saved))
        return saved

    def _run(self) -> None:
        path = make_url(self._database_url).database or ""
        is_sqlite = self._database_url.startswith("sqlite:")
        database = SqliteRows(path) if is_sqlite else PostgresqlRows(self._database_url)
        while True:
            batch = [self._queue.get()]
            with suppress(queue.Empty):
                while True:
                    batch.append(self._queue.get_nowait())
            database.insert(row for row, _ in batch)
            self._loop.call_soon_threadsafe(_resolve, [saved for _, saved in batch])


def _resolve(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


class LiveClass:
    """A class in memory. ``published`` is the event that its streams last sent, ``news`` is set when it changes."""

    def __init__(self) -> None:
        self.seats = self.answers = 0
        self.state: dict[str, Any] = {"step": "vao", "phase": "", "round": 0}
        self.has_changed = False
        self.news = asyncio.Event()
        self.publish()

    def change(self, **fields: Any) -> None:
        self.state |= fields
        self.has_changed = True

    def publish(self) -> None:
        self.published = b"data: %s\n\n" % json.dumps(self.state | {"answers": self.answers}).encode()
        self.has_changed = False
        news, self.news = self.news, asyncio.Event()
        news.set()


class Hub:
    """The ASGI application. ``class_ids`` by class code."""

    def __init__(self, database_url: str, class_ids: dict[str, str]) -> None:
        self._database_url, self._class_ids = database_url, class_ids

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._run_lifespan(receive, send)
            return
        path, body = scope["path"], b""
        if scope["method"] == "POST":
            body = await _read_body(receive)
        elif path == "/lop/dong":
            await self._send_state(scope, send)
            return
        match path.strip("/").split("/"):
            case ["lop", code] if scope["method"] == "POST":
                await self._join(code, send)
            case ["lop", code]:
                page = f"<!doctype html><p data-stream='/lop/dong?ve={self._class_ids[code]}.phone'>"
                await _respond(send, page.encode(), _HTML)
            case ["lop", _, "ket"]:
                await _respond(send, b"<!doctype html><p>", _HTML)
            case ["lop", code, "tra-loi"]:
                await self._save_answer(scope, code, body, send)
            case ["lop", code, "tap"]:
                await self._writer.save(f"attempt {_seat(scope)}")
                await _respond(send, json.dumps({"address": f"/toi/luot/{code}-{_seat(scope)}"}).encode(), _JSON)
            case ["toi", "luot", _]:
                await _respond(send, b"<!doctype html><p>", _HTML)
            case ["toi", "luot", attempt, "su-kien"]:
                events = json.loads(body)["events"]
                await self._writer.save(f"{attempt} {events}")
                await _respond(send, json.dumps({"kept": events[-1][0]}).encode(), _JSON)
            case ["dung-lop", class_id, "lenh"]:
                await self._command(class_id, json.loads(body), send)
            case _:
                await _respond(send, b"", _HTML, status=404)

    async def _run_lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._writer = Writer(self._database_url)
        self._classes = {class_id: LiveClass() for class_id in self._class_ids.values()}
        publishing = asyncio.create_task(self._publish_changes())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        publishing.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _publish_changes(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            for live_class in self._classes.values():
                if live_class.has_changed:
                    live_class.publish()

    async def _send_state(self, scope: dict[str, Any], send: Send) -> None:
        """Send the state once to a page that polls, else each published one, until the process is killed."""
        query = scope["query_string"].decode()
        live_class = self._classes[query.removeprefix("ve=").partition(".")[0]]
        if (b"accept", b"application/json") in scope["headers"]:
            await _respond(send, json.dumps({"closed": False} | live_class.state).encode(), _JSON)
            return
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while True:
            news, event = live_class.news, live_class.published
            await send({"type": "http.response.body", "body": event, "more_body": True})
            await news.wait()

    async def _join(self, code: str, send: Send) -> None:
        live_class = self._classes[self._class_ids[code]]
        live_class.seats += 1
        seat = live_class.seats
        await self._writer.save(f"seat {code} {seat}")
        live_class.change(seats=live_class.seats)
        headers = ((b"location", f"/lop/{code}".encode()), (b"set-cookie", f"seat={seat}; Path=/".encode()))
        await _respond(send, b"", *headers, status=303)

    async def _save_answer(self, scope: dict[str, Any], code: str, body: bytes, send: Send) -> None:
        fields = parse_qs(body.decode())
        seat, live_class = _seat(scope), self._classes[self._class_ids[code]]
        await self._writer.save(f"answer {code} {seat} {fields}")
        live_class.answers += 1
        live_class.has_changed = True
        await _respond(send, json.dumps({"seat": seat, "answer": fields["answer"]}).encode(), _JSON)

    async def _command(self, class_id: str, command: dict[str, str], send: Send) -> None:
        await self._writer.save(f"command {class_id} {command}")
        live_class = self._classes[class_id]
        if "close" in command:
            live_class.change(closed=True)
        elif "to" in command:
            live_class.change(step=command["to"], phase="read", round=1, solution=None)
        else:
            is_shown, question = command["phase"] == "shown", command["step"].removeprefix("hoi-")
            solution = {"question": question, "html": "x" * SOLUTION_CHARACTERS} if is_shown else None
            live_class.change(step=command["step"], phase=command["phase"], solution=solution)
        await _respond(send, b"{}", _JSON)


async def _read_body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _respond(send: Send, body: bytes, *headers: tuple[bytes, bytes], status: int = 200) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def _seat(scope: dict[str, Any]) -> int:
    """Return the seat number that the cookie tells."""
    return next(int(value.partition(b"=")[2]) for name, value in scope["headers"] if name == b"cookie")


def main(port: str, database_url: str, *classes: str) -> None:
    raise_open_file_limit(MAX_OPEN_FILES)
    hub = Hub(database_url, dict(text.split(":") for text in classes))
    uvicorn.run(
        hub, port=int(port), lifespan="on", ws="none", log_config=None, log_level="warning", access_log=False,
        server_header=False, proxy_headers=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])

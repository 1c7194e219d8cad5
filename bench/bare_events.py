"""The baseline of practice events: an ASGI application that keeps the same rows as the site, and does nothing else.

It believes what it is sent: no replay, no permissions, no cookies. One writer thread saves all posts that are waiting
in one durable transaction: for each the events, the attempt's state, and the seat's place in the practice.

``python -m bench.bare_events PORT DATABASE`` runs it under uvicorn with the options of ``lms serve``.
"""

from __future__ import annotations

import asyncio
import json
import queue
import sqlite3
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import uvicorn

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Post = tuple[str, list[list[Any]]]  # the attempt's id and its new events

_TABLES = """
    CREATE TABLE events (attempt TEXT, first_q INTEGER, last_q INTEGER, events TEXT, at REAL,
                         PRIMARY KEY (attempt, first_q));
    CREATE TABLE attempts (id TEXT PRIMARY KEY, kept INTEGER, state TEXT, last_at REAL);
    CREATE TABLE seats (attempt TEXT PRIMARY KEY, screen TEXT, been TEXT, last_at REAL);
"""
_UPSERT_ATTEMPT = (
    "INSERT INTO attempts VALUES (?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET kept = excluded.kept, state = excluded.state, last_at = excluded.last_at"
)
_UPSERT_SEAT = (
    "INSERT INTO seats VALUES (?, ?, ?, ?)"
    " ON CONFLICT (attempt) DO UPDATE SET screen = excluded.screen, been = excluded.been, last_at = excluded.last_at"
)


class Writer:
    """A thread that saves posts in SQLite; all that are waiting share a transaction."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._queue: queue.SimpleQueue[tuple[Post, asyncio.Future[None]]] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, daemon=True).start()

    def save(self, post: Post) -> asyncio.Future[None]:
        """Return a future that is done when the rows are committed."""
        saved = self._loop.create_future()
        self._queue.put((post, saved))
        return saved

    def _run(self) -> None:
        connection = sqlite3.connect(self._database, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_TABLES)
        while True:
            batch = [self._queue.get()]
            with suppress(queue.Empty):
                while True:
                    batch.append(self._queue.get_nowait())
            posts, now = [post for post, _ in batch], time.time()
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?)",
                [(attempt, events[0][0], events[-1][0], json.dumps(events), now) for attempt, events in posts],
            )
            connection.executemany(_UPSERT_ATTEMPT, [(attempt, *_state(events), now) for attempt, events in posts])
            connection.executemany(
                _UPSERT_SEAT,
                [(attempt, events[-1][2], json.dumps({events[-1][2]: 1}), now) for attempt, events in posts],
            )
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_resolve, [saved for _, saved in batch])


def _state(events: list[list[Any]]) -> tuple[int, str]:
    q, t, screen, *_ = events[-1]
    return q, json.dumps({"q": q, "t": t, "screen": screen, "been": {screen: [0, 0, 0, False, True]}})


def _resolve(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


class Application:
    """``POST /toi/luot/<attempt>/su-kien`` as on the site; anything else is an empty page."""

    def __init__(self, database: str) -> None:
        self._database = database

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self._writer = Writer(self._database)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = b""
        if scope["method"] == "POST":
            body, more = b"", True
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
            events = json.loads(body)["events"]
            await self._writer.save((scope["path"].split("/")[3], events))
            body = json.dumps({"kept": events[-1][0], "screen": events[-1][2], "ended": False}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def main(port: str, database: str) -> None:
    uvicorn.run(
        Application(database), port=int(port), lifespan="on", ws="none", log_config=None, log_level="warning",
        access_log=False, server_header=False, proxy_headers=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])

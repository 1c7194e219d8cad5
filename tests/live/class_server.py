"""A server for classes, its streams, and what a class on it has stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lms.learning.classroom.session.stream_tokens import StreamToken
from lms.learning.store.models import ClassAnswer
from tests.live.live_class import LiveClass
from tests.live.processes import Server, serving
from tests.live.streaming import Listener, open_streams

SECRET = "the same for the site and for these tests"


@contextmanager
def site(folder: Path, database_url: str) -> Iterator[Server]:
    folder.mkdir(exist_ok=True)
    with serving(folder, LMS_DATABASE_URL=database_url, LMS_SECRET_KEY=SECRET) as server:
        yield server


def open_class_streams(server: Server, *tickets: StreamToken):
    return open_streams(server.url, *tickets, secret=SECRET)


def saved_answers(hall: LiveClass) -> dict[int, list[str]]:
    of_class = select(ClassAnswer.seat, ClassAnswer.given).where(ClassAnswer.class_id == hall.id)
    rows = hall.read(lambda session: session.execute(of_class).all())
    assert len({row.seat for row in rows}) == len(rows)
    return {row.seat: row.given for row in rows}


def solutions(phones: list[Listener], **state: Any) -> list[tuple[str, str]]:
    """Once the phones have that state: the right answer in it, and for which question and round it says "right"."""
    for phone in phones:
        phone.read_until(**state)
    return [((phone.state["solution"] or {}).get("html", ""), phone.state["right"]) for phone in phones]

"""A table of notes, services that write to it, and a writer that is blocked until the queue is long enough."""

from __future__ import annotations

import threading

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, insert, select
from sqlalchemy.orm import Session

from lms.learning.store.writer import Writer

metadata = MetaData()

notes = Table("notes", metadata, Column("id", Integer, primary_key=True), Column("who", String(40), nullable=False))

PATIENCE = 120  # seconds until a test gives up on a future


def insert_note(session: Session, *, id: int, who: str | None) -> int:
    session.execute(insert(notes).values(id=id, who=who))
    return id


def save_nothing(session: Session) -> None: ...


def stored_ids(engine: Engine) -> set[int]:
    with engine.connect() as connection:
        return set(connection.scalars(select(notes.c.id)))


class BlockedWriter:
    """Blocks the writer until ``release`` is set, so that items queue up behind it."""

    def __init__(self, writer: Writer) -> None:
        self.release = threading.Event()
        self.started = threading.Event()
        self.future = writer.submit(self.block, "blocked")
        assert self.started.wait(PATIENCE)

    def block(self, session: Session) -> None:
        self.started.set()
        assert self.release.wait(PATIENCE)

"""Laptops without internet that hold classes and export them, and the city's site that imports the files."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library, Stage
from lms.learning.accounts.account_store import find_account
from lms.learning.badges.awarding import award_badge
from lms.learning.badges.keys import load_key_ring
from lms.learning.badges.openbadges import Issuer
from lms.learning.classroom.report.class_report import ClassCounts
from lms.learning.hand_in.exporting import export_classes
from lms.learning.hand_in.importing import ImportReceipt, import_hand_in, preview_import
from lms.learning.hand_in.laptop_file import read_laptop_file
from lms.learning.learners.learner_store import find_learner_by_code, learning_code, new_learner_id, rename_learner
from lms.learning.marks.marks import award_mark
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import Badge, ClassSessionRow, HandedInClass, Learner, Mark
from tests.learning.classroom.live_class import WARD, LiveClass, account
from tests.learning.sample_courses import NOW
from tests.stored_learner import store_learner

ATTEMPT, MODEL = "ab" * 16, "cd" * 32
EVIDENCE: dict[Stage, dict[str, Any]] = {
    Stage.UNDERSTAND: {"right": 3, "total": 3, "responses": 4},
    Stage.PRACTICE: {
        "mode": "tu-lam", "score": 100, "screens": 2, "right": 2, "helped": 0, "attempt": ATTEMPT, "events": 5,
        "model": MODEL,
    },
    Stage.USE: {
        "tasks": 2, "said_by": "facilitator", "witnessed": 2,
        "witness": {"name": "Nguyễn Văn Minh", "class": "ef" * 16, "at": "2026-11-25T08:30:00+00:00"},
    },
}  # fmt: skip


def content_of(data: bytes) -> dict:
    """What a file says."""
    return json.loads(gzip.decompress(data.partition(b"\n")[2]))


class Laptop:
    """One installation of its own: database, keys, secret, and a facilitator named Nguyễn Văn Minh."""

    def __init__(self, engine: Engine, folder: Path, library: Library) -> None:
        folder.mkdir()
        self.sessions = write_sessions(engine)
        self.library = library
        self.keys = load_key_ring(folder)
        self.secret = f"the secret of {folder.name}, which nobody else knows"
        self.issuer = Issuer("http://192.168.1.5:8000", self.keys)
        with self.sessions.begin() as session:
            self.minh = account(session, "Nguyễn Văn Minh")

    def learner(self, *, name: str = "") -> str:
        with self.sessions.begin() as session:
            learner = store_learner(session, now=NOW)
            if name:
                rename_learner(session, learner, name)
            return learner.id

    def code(self, learner_id: str) -> str:
        with self.sessions.begin() as session:
            return learning_code(session.get_one(Learner, learner_id), self.secret)

    def hold_class(self, *learner_ids: str, lesson: str = "kich-hoat", guests: int = 0, now: datetime = NOW) -> str:
        """A closed class in which these learners sat, with ``guests`` others who left nothing; its id."""
        with self.sessions.begin() as session:
            live_class = LiveClass(session, self.library, self.minh, lesson)
            for learner_id in (*learner_ids, *(new_learner_id() for _ in range(guests))):
                live_class.join(learner_id, name="Trần Thị Lan")
            live_class.command(close=True)
            times = {"opened_at": now, "closed_at": now + timedelta(hours=1), "venue": "nhà văn hóa khu phố 3"}
            session.execute(update(ClassSessionRow).where(ClassSessionRow.id == live_class.id).values(times))
            return live_class.id

    def earn(
        self, learner_id: str, *stages: Stage, course: str = "vneid", lesson: str = "kich-hoat", now: datetime = NOW
    ) -> None:
        with self.sessions.begin() as session:
            for stage in stages or tuple(Stage):
                award_mark(
                    session.connection(), learner_id, course, lesson, stage, EVIDENCE[stage],
                    content_digest="d1" * 32, now=now,
                )  # fmt: skip

    def claim_badge(self, learner_id: str, name: str = "") -> str:
        """The badge of the lesson kich-hoat, for which all marks are earned first; its id."""
        self.earn(learner_id)
        with self.sessions.begin() as session:
            learner = session.get_one(Learner, learner_id)
            return award_badge(
                session, learner, self.library, "vneid", "kich-hoat", name=name, issuer=self.issuer, now=NOW
            ).id

    def export(self, *class_ids: str, now: datetime = NOW) -> bytes:
        with self.sessions.begin() as session:
            return export_classes(
                session, class_ids, library=self.library, keys=self.keys, secret=self.secret, account=None, now=now
            )


class City:
    """The city's site, with the account of Thu, who brings files in."""

    def __init__(self, engine: Engine, issuer: Issuer, library: Library) -> None:
        self.engine, self.issuer, self.library = engine, issuer, library
        self.sessions, self.reads = write_sessions(engine), read_sessions(engine)
        self.secret = "the secret of the city, which no laptop knows"
        with self.sessions.begin() as session:
            self.account = find_account(session, account(session, "Thu"))
            self.thu = self.account.id

    def receive(self, data: bytes, *, ward: str = WARD, now: datetime = NOW + timedelta(days=1)) -> ImportReceipt:
        """What the page and the command do: read, preview, import."""
        with self.reads() as session:
            preview_import(session, read_laptop_file(data, now=now), self.library)
        return self.receive_without_preview(data, ward=ward, now=now)

    def receive_without_preview(
        self, data: bytes, *, ward: str = WARD, now: datetime = NOW + timedelta(days=1)
    ) -> ImportReceipt:
        """What an import does when the site has changed since the preview."""
        file = read_laptop_file(data, now=now)
        with self.sessions.begin() as session:
            return import_hand_in(
                session, file, account=self.account, ward=ward, library=self.library, issuer=self.issuer, now=now
            )

    def find(self, code: str) -> Learner | None:
        with self.reads() as session:
            return find_learner_by_code(session, code, secret=self.secret)

    def marks(self, learner_id: str) -> list[tuple[str, str, str]]:
        with self.reads() as session:
            rows = session.execute(select(Mark.course, Mark.lesson, Mark.stage).where(Mark.learner_id == learner_id))
            return sorted(tuple(row) for row in rows)

    def people(self) -> dict[str, int]:
        """How many people each handed-in class counted, by class."""
        with self.reads() as session:
            rows = session.execute(
                select(ClassSessionRow.id, ClassSessionRow.counts).join(
                    HandedInClass, HandedInClass.class_id == ClassSessionRow.id
                )
            )
            return {row.id: ClassCounts.from_json(row.counts).attendance.people for row in rows}

    def rows(self) -> dict[str, int]:
        """How many rows each table has that an import may write."""
        with self.reads() as session:
            return {
                model.__tablename__: _count(session, model)
                for model in (ClassSessionRow, HandedInClass, Learner, Mark, Badge)
            }


def _count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def recount(classes: Sequence[tuple[str, int]]) -> Counter[str]:
    """People by class, each class once, as a person with the paper lists would count them."""
    return Counter(dict(classes))

"""A movement in rows: classes with seats and learners with marks, as they are long after a class has closed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, select, update

from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.report.class_report import Attendance, ClassCounts
from lms.learning.classroom.session.state import ClassState
from lms.learning.learners import learner_store
from lms.learning.movement_statistics.figure_releases import Release, find_release, release_figures
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.movement_statistics.unit_figures import find_unit_figures
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import (
    ClassSessionRow,
    CountedClass,
    DailyFigure,
    Learner,
    LedgerEntry,
    Mark,
    OrgUnitRow,
    PlannedClassRow,
    SeatRow,
)

WARD, OTHER_WARD, THIRD_WARD = "27316", "26878", "27118"
OPENED = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)  # 8:30 in Vietnam

EVIDENCE: dict[str, dict[str, Any]] = {  # of a mark, by its stage
    "hieu": {"right": 3, "total": 3, "responses": []},
    "lam": {"mode": "tu-lam", "score": 100, "screens": 2, "right": 2},
    "dung": {"tasks": 1, "witnessed": 0, "said_by": "learner"},
}


class Movement:
    """Writes rows and releases figures; ``now`` moves on with ``release``."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, OPENED
        with write_sessions(engine).begin() as session:
            self.account = add_account(session, name="Minh", roles={"facilitator"}, ward=WARD, by=None, now=OPENED).id

    def learners(self, count: int, *, ward: str | None = None) -> list[str]:
        ids = [secrets.token_hex(16) for _ in range(count)]
        rows = [
            {"id": one, "code_seed": secrets.randbits(48), "version": 1, "created_at": OPENED, "ward": ward}
            for one in ids
        ]
        self._insert(Learner, rows)
        return ids

    def hold_class(
        self,
        learners: Sequence[str] = (),
        *,
        ward: str = WARD,
        opened_at: datetime | None = None,
        minutes: int = 60,
        people: int = 1,
        added: int = 0,
        rehearsal: bool = False,
        counts: Attendance | None = None,
        lesson: str = "kich-hoat",
        unit: str | None = None,
    ) -> str:
        """A class that was held and closed. ``counts``: what is left of it without seats."""
        class_id, opened_at = secrets.token_hex(16), opened_at or self.now
        attendance = counts or Attendance(len(learners), people * len(learners), int(added > 0), added)
        stored = ClassCounts(lesson, attendance, None, (), (), None, 0, "")
        self._insert(ClassSessionRow, [{
            "id": class_id, "code": f"{secrets.randbelow(10**6):06}", "ward": ward, "course": "vneid",
            "lesson": lesson, "venue": "", "opened_by": self.account, "version": 1, "state": ClassState().as_json(),
            "content_digest": "d" * 64, "opened_at": opened_at, "closed_at": opened_at + timedelta(minutes=minutes),
            "is_rehearsal": rehearsal, "counts": stored.as_json(),
        }])  # fmt: skip
        seats = [_seat(class_id, number, one, people, opened_at) for number, one in enumerate(learners, 1)]
        if added and counts is None:
            seats += [
                _seat(class_id, len(learners) + number, None, 1, opened_at, added=True)
                for number in range(1, added + 1)
            ]
        self._insert(SeatRow, seats)
        if unit:
            self._insert(PlannedClassRow, [_plan(class_id, unit, ward, opened_at, self.account)])
        return class_id

    def unit(self, name: str = "Hội Phụ nữ", *, organisation: str = "", ward: str = WARD) -> str:
        """The id of a new unit of the ward."""
        unit_id = secrets.token_hex(8)
        self._insert(OrgUnitRow, [{
            "id": unit_id, "kind": "organisation" if organisation else "neighbourhood", "ward": ward,
            "parent_id": None, "organisation": organisation, "name": name, "version": 1, "changed_at": OPENED,
        }])  # fmt: skip
        return unit_id

    def enter_hand_counted_figure(self, unit: str, number: int | None) -> None:
        """A number of signatures of the month in which the movement begins; None takes it back."""
        self._insert(LedgerEntry, [{
            "unit_id": unit, "ward": WARD, "period": f"{OPENED:%Y-%m}", "kind": "counted", "indicator": "signatures",
            "number": number, "text": "", "is_signed": False, "account_id": self.account, "at": OPENED,
        }])  # fmt: skip

    def unit_count(self, unit: str, indicator: Indicator) -> int:
        """The exact count of a unit in all its days."""
        with read_sessions(self.engine)() as session:
            of_ward = [
                find_unit_figures(session, ward=ward, begin=date.min, end=date.max) for ward in (WARD, OTHER_WARD)
            ]
            return next((figures[unit][indicator] for figures in of_ward if unit in figures), 0)

    def mark(self, learner_id: str, stage: str = "hieu", *, lesson: str = "kich-hoat", at: datetime | None = None):
        self._insert(Mark, [{
            "learner_id": learner_id, "course": "vneid", "lesson": lesson, "stage": stage, "evidence": EVIDENCE[stage],
            "content_digest": "d" * 64, "earned_at": at or self.now,
        }])  # fmt: skip

    def forget(self, learner_id: str) -> None:
        with write_sessions(self.engine).begin() as session:
            learner_store.forget_learner_id(session, learner_id, now=self.now)

    def drop_seats(self) -> None:
        with write_sessions(self.engine).begin() as session:
            session.execute(SeatRow.__table__.delete())

    def release(self, days: float = 2) -> Release:
        """Count and publish ``days`` later."""
        self.now += timedelta(days=days)
        release_figures(self.engine, now=self.now)
        return self.latest()

    def latest(self) -> Release:
        with read_sessions(self.engine)() as session:
            release = find_release(session)
        assert release is not None
        return release

    def count(self, indicator: Indicator, ward: str | None = WARD, day: date | None = None) -> int:
        """The exact count; of all wards for None."""
        of = [DailyFigure.indicator == indicator]
        of += [DailyFigure.ward == ward] if ward is not None else []
        of += [DailyFigure.day == day] if day else []
        with read_sessions(self.engine)() as session:
            return session.scalar(select(func.coalesce(func.sum(DailyFigure.count), 0)).where(*of)) or 0

    def left_out(self) -> dict[str, str]:
        with read_sessions(self.engine)() as session:
            return {row.class_id: row.left_out for row in session.scalars(select(CountedClass))}

    def set_ward(self, learner_id: str, ward: str | None) -> None:
        with write_sessions(self.engine).begin() as session:
            session.execute(update(Learner).where(Learner.id == learner_id).values(ward=ward))

    def _insert(self, model: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            with write_sessions(self.engine).begin() as session:
                session.execute(insert(model.__table__), rows)


def _plan(class_id: str, unit: str, ward: str, at: datetime, account: str) -> dict[str, Any]:
    texts = dict.fromkeys(("address", "map_url", "floor", "parking", "wheelchair", "bring"), "")
    return texts | {
        "id": secrets.token_hex(8), "ward": ward, "course": "vneid", "lesson": "kich-hoat", "starts_at": at,
        "minutes": 60, "venue": "Nhà văn hóa", "language": "vi", "previous_venue": "", "change_note": "",
        "class_id": class_id, "unit_id": unit, "planned_by": account, "version": 1, "changed_at": at,
    }  # fmt: skip


def _seat(class_id: str, number: int, learner_id: str | None, people: int, at: datetime, *, added: bool = False):
    return {
        "class_id": class_id, "number": number, "learner_id": learner_id, "added": added, "people": people,
        "joined_at": at, "removed": False, "answered": "", "wrong": 0, "hints": 0, "last_hint": False, "visits": 0,
        "been": {}, "done": "", "version": 1, "changed_at": 0,
    }  # fmt: skip

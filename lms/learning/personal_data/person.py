"""One learner: everything that the store holds about the learner, and forgetting, with counts of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.content.model import Library
from lms.learning import wards
from lms.learning.learners.learner_store import forget_learner, learning_code
from lms.learning.personal_data.inventory import PERSONAL_TABLES, PersonalTable
from lms.learning.store.models import Badge, ClassSessionRow, Learner

ABOUT = (
    "Đây là tất cả những gì trang học giữ về người có mã học này, nguyên như trong kho. Giờ là giờ Việt Nam."
    " Tệp có mã học: ai có mã thì mở được phần học, nên giữ kín."
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting removed, and which rows stay without the learner: counts by the title of the table.

    ``badges``: how many ids of badges stay, which say that the badges were deleted.
    """

    removed: Mapping[str, int]
    stays: Mapping[str, int]
    badges: int


def export_person(
    session: Session, learner: Learner, *, secret: str, library: Library, now: datetime
) -> dict[str, Any]:
    """Everything that the store holds about the learner, as JSON, with names for lessons and classes."""
    sections = {held.title: _rows(session, held, learner.id) for held in PERSONAL_TABLES}
    for row in sections["người học"]:
        row["mã học"] = learning_code(learner, secret)
    rows = [row for section in sections.values() for row in section]
    lessons = sorted({(row["khóa"], row["bài"]) for row in rows if "bài" in row})
    return {
        "về tệp này": ABOUT,
        "lập lúc": _to_json(now),
        **{title: section for title, section in sections.items() if section},
        "các bài nhắc ở trên": {f"{course}/{slug}": _lesson_name(library, course, slug) for course, slug in lessons},
        "các lớp nhắc ở trên": _classes(session, {row["lớp"] for row in rows if row.get("lớp")}),
    }


def count_rows_of_person(session: Session, learner_id: str) -> dict[str, int]:
    """How many rows there are about the learner, by the title of the table; tables without any are left out."""
    counts = {held.title: _count(session, held, learner_id) for held in PERSONAL_TABLES}
    return {title: count for title, count in counts.items() if count}


def forget_person(session: Session, learner: Learner, *, now: datetime) -> Forgotten:
    """``forget_learner``, and what it did in numbers."""
    counts = count_rows_of_person(session, learner.id)
    badges = _number_of(session, select(func.count()).where(Badge.learner_id == learner.id))
    forget_learner(session, learner, now=now)
    staying = {held.title for held in PERSONAL_TABLES if held.stays}
    removed = {title: count for title, count in counts.items() if title not in staying}
    return Forgotten(removed, {title: count for title, count in counts.items() if title in staying}, badges)


def _rows(session: Session, held: PersonalTable, learner_id: str) -> list[dict[str, Any]]:
    table = held.model.__table__
    chosen = {key: label for key, (label, _) in held.columns.items() if label}
    found = session.connection().execute(
        select(*(table.c[key] for key in chosen)).where(held.of_learner(learner_id)).order_by(*table.primary_key)
    )
    labels = list(chosen.values())
    return [dict(zip(labels, map(_to_json, row), strict=True)) for row in found]


def _count(session: Session, held: PersonalTable, learner_id: str) -> int:
    table = held.model.__table__
    return _number_of(session, select(func.count()).select_from(table).where(held.of_learner(learner_id)))


def _number_of(session: Session, query: Any) -> int:
    return session.connection().execute(query).scalar_one()


def _lesson_name(library: Library, course_slug: str, lesson_slug: str) -> str:
    lesson = library.lesson_or_merged_into(course_slug, lesson_slug)
    course = library.course(course_slug)
    return ": ".join(each.name for each in (course, lesson) if each is not None) or "bài không còn trên trang"


def _classes(session: Session, class_ids: set[str]) -> dict[str, Any]:
    rows = session.scalars(select(ClassSessionRow).where(ClassSessionRow.id.in_(class_ids)).order_by("opened_at"))
    return {
        row.id: {
            "mã lớp": row.code,
            "nơi": ", ".join(filter(None, (row.venue, wards.ward_label(row.ward)))),
            "mở lúc": _to_json(row.opened_at),
            "bài": f"{row.course}/{row.lesson}",
        }
        for row in rows
    }


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return vietnam_time.to_vietnam_time(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value

"""Store the learners of a laptop's file with their marks, and sign their badges as this site's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library, Stage
from lms.learning.badges.awarding import award_badge
from lms.learning.badges.openbadges import Issuer
from lms.learning.errors import BadgeNotEarned, BadgeWithdrawn, NotFound
from lms.learning.hand_in.document import HandInBadge, HandInMark
from lms.learning.hand_in.laptop_file import LaptopFile
from lms.learning.marks.marks import award_marks
from lms.learning.store.locks import upsert_and_lock_learners
from lms.learning.store.models import Badge, ForgottenBadge, HandedInLearner, Learner, Mark
from lms.learning.store.upsert import Upsert


def store_learners(connection: Connection, file: LaptopFile, now: datetime) -> dict[str, str]:
    """Our ids of the file's learners, who are locked; without those who asked to be forgotten."""
    known = _known_learners(connection, file)
    ids = {
        learner.id: known[learner.id].learner_id if learner.id in known else _new_learner_id(file.key, learner.id)
        for learner in file.hand_in.learners
    }
    nowhere = {"course": None, "lesson": None, "stage": None}
    writes = [{"learner_id": learner_id, "now": now} | nowhere for learner_id in ids.values()]
    writable = upsert_and_lock_learners(connection, writes)
    rows = [
        {
            "laptop_key": file.key,
            "laptop_learner_id": learner.id,
            "learner_id": ids[learner.id],
            "code_digest": learner.code_digest,
            "serial": file.hand_in.serial,
        }
        for learner in file.hand_in.learners
        if ids[learner.id] in writable
    ]
    for row in rows:  # singly: a code that another laptop's learner has already must not refuse the rest
        if row["laptop_learner_id"] not in known:
            _ADD_LEARNER.execute(connection, row)
        elif _has_newer_code(known[row["laptop_learner_id"]], row):
            _change_code(connection, row)
    return {laptop_id: learner_id for laptop_id, learner_id in ids.items() if learner_id in writable}


def _has_newer_code(stored: Row[*tuple[Any, ...]], row: Mapping[str, Any]) -> bool:
    """Whether the learner's code was replaced on the laptop since the last import, and not here."""
    return stored.code_digest not in (None, row["code_digest"]) and stored.serial < row["serial"]


def _change_code(connection: Connection, row: Mapping[str, Any]) -> None:
    taken = select(HandedInLearner.learner_id).where(HandedInLearner.code_digest == row["code_digest"])
    if connection.execute(taken).first() is None:
        of_learner = HandedInLearner.laptop_key == row["laptop_key"]
        of_learner &= HandedInLearner.laptop_learner_id == row["laptop_learner_id"]
        connection.execute(update(HandedInLearner.__table__).where(of_learner).values(dict(row)))


def _known_learners(connection: Connection, file: LaptopFile) -> dict[str, Row[*tuple[Any, ...]]]:
    rows: list[Row[*tuple[Any, ...]]] = []
    laptop_ids = [learner.id for learner in file.hand_in.learners]
    for start in range(0, len(laptop_ids), 500):
        some = HandedInLearner.laptop_learner_id.in_(laptop_ids[start : start + 500])
        of_laptop = HandedInLearner.laptop_key == file.key
        rows += connection.execute(select(HandedInLearner.__table__).where(of_laptop, some)).all()
    return {row.laptop_learner_id: row for row in rows}


def _new_learner_id(key: str, laptop_learner_id: str) -> str:
    """Always the same, so that two imports at once, or one after "quên tôi", meet at one row."""
    return hashlib.sha256(f"hand-in:{key}:{laptop_learner_id}".encode("ascii")).hexdigest()[:32]


def store_marks(
    connection: Connection, file: LaptopFile, learner_ids: Mapping[str, str], library: Library
) -> int:  # fmt: skip
    """Add the marks of lessons that this site has, under the name that it had on the laptop (ADR 25); how many."""
    rows = [
        _mark_row(mark, learner_ids[learner.id], file.key)
        for learner in file.hand_in.learners
        if learner.id in learner_ids
        for mark in learner.marks
        if has_lesson(library, mark)
    ]
    before = _mark_keys(connection, learner_ids.values())
    new = {_key(row): row for row in rows if _key(row) not in before}
    if new:
        award_marks(connection, list(new.values()))
    return len(new)


def _mark_row(mark: HandInMark, learner_id: str, key: str) -> dict[str, Any]:
    evidence = dict(mark.evidence) | {"handed_in_by": key}
    if evidence.get("said_by") == "facilitator":
        evidence["witness"] = {"name": "", "class": "", "at": ""}  # in the hall; the laptop names nobody
    return {
        "learner_id": learner_id,
        "course": mark.course,
        "lesson": mark.lesson,
        "stage": mark.stage,
        "evidence": evidence,
        "content_digest": mark.content_digest,
        "earned_at": mark.earned_at,
    }


def _mark_keys(connection: Connection, learner_ids: Iterable[str]) -> set[tuple[str, str, str, str]]:
    keys: set[tuple[str, str, str, str]] = set()
    wanted = sorted(set(learner_ids))
    columns = (Mark.learner_id, Mark.course, Mark.lesson, Mark.stage)
    for start in range(0, len(wanted), 500):
        rows = connection.execute(select(*columns).where(Mark.learner_id.in_(wanted[start : start + 500])))
        keys |= {(row.learner_id, row.course, row.lesson, Stage(row.stage)) for row in rows}
    return keys


def _key(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["learner_id"], row["course"], row["lesson"], row["stage"]


def has_lesson(library: Library, mark: HandInMark) -> bool:
    return library.lesson_or_merged_into(mark.course, mark.lesson) is not None


def sign_badge(
    session: Session, learner_id: str, badge: HandInBadge, *, library: Library, issuer: Issuer, now: datetime
) -> bool:
    """Sign the laptop's badge as this site's, under the same id; whether it was new.

    Not if the learner has one for this lesson already, or lacks a mark that this site's lesson asks for.
    """
    connection = session.connection()
    for used in (Badge, ForgottenBadge):
        if connection.execute(select(used.id).where(used.id == badge.id)).first() is not None:
            return False
    of_lesson = (Badge.learner_id == learner_id, Badge.course == badge.course, Badge.lesson == badge.lesson)
    if connection.execute(select(Badge.id).where(*of_lesson)).first() is not None:
        return False
    learner = session.get_one(Learner, learner_id, populate_existing=True)
    try:
        award_badge(
            session, learner, library, badge.course, badge.lesson, name=badge.name, issuer=issuer, now=now,
            badge_id=badge.id,
        )  # fmt: skip
    except (BadgeNotEarned, NotFound, BadgeWithdrawn):
        return False
    if badge.name:
        unnamed = (Learner.id == learner_id, Learner.name.is_(None))
        connection.execute(update(Learner.__table__).where(*unnamed).values(name=badge.name))
    return True


_ADD_LEARNER = Upsert(HandedInLearner)

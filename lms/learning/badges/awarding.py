"""Badges: award, find, revoke, and check one that somebody presents."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update
from sqlalchemy.orm import Session

from lms.content.model import Course, Lesson, Library, Stage
from lms.learning.badges import artwork, baking
from lms.learning.badges.openbadges import (
    Issuer,
    Verdict,
    credential_badge_id,
    credential_holder,
    sign,
    verify,
)
from lms.learning.badges.published_keys import find_published_keys, publish_keys
from lms.learning.badges.wording import build_award
from lms.learning.errors import BadgeForgotten, BadgeNotEarned, BadgeWithdrawn, NotFound
from lms.learning.learners.learner_store import clean_name
from lms.learning.marks.evidence import BadgeStageEvidence, sum_evidence
from lms.learning.marks.marks import earned_stages, is_lesson_done
from lms.learning.store.locks import upsert_and_lock_learner
from lms.learning.store.models import Badge, ForgottenBadge, Learner, Mark
from lms.vietnam_time import day_in_words

REPLACED, WITHDRAWN = "replaced", "withdrawn"


@dataclass(frozen=True, slots=True)
class BadgePage:
    """A badge as its public page shows it."""

    id: str
    course: str
    lesson: str  # "" for the whole course
    title: str  # as signed: "Huy hiệu bài …" or "Huy hiệu khóa học …"
    name: str | None  # of the holder
    awarded_at: datetime
    evidence: tuple[BadgeStageEvidence, ...]
    revoked: bool
    replaced: bool  # revoked by a newer one with another name
    document: dict[str, Any]  # the signed credential, as <id>.json serves it
    learner_id: str  # to compare with the visitor's; never shown


@dataclass(frozen=True, slots=True)
class BadgeCheck:
    """A verdict; for a badge that is or was valid, also its content."""

    verdict: Verdict
    badge_id: str | None = None
    title: str | None = None
    name: str | None = None
    awarded_at: datetime | None = None


def award_badge(
    session: Session,
    learner: Learner,
    library: Library,
    course: str,
    lesson: str | None,
    *,
    name: str | None,
    issuer: Issuer,
    now: datetime,
    badge_id: str | None = None,
) -> BadgePage:
    """Sign and store the badge for a lesson, or for the whole course if ``lesson`` is None or "".

    With the same name as before it returns the existing badge; with another ``name`` (None for no name) the new badge
    replaces the old one. ``badge_id``: of a badge that a laptop awarded, whose address goes on here; it must be unused.

    Raises:
        NotFound: the library has no such course or lesson.
        BadgeNotEarned: marks are missing, or none of them says how much was right.
        InvalidName: the name is too long.
        BadgeWithdrawn: the badge was withdrawn.
        LearnerForgotten: the learner asked to be forgotten.
    """
    course_in_catalog = library.course(course)
    if course_in_catalog is None:
        raise NotFound(course)
    lessons = _lessons(course_in_catalog, lesson)
    holder_name = clean_name(name or "")
    connection = session.connection()
    upsert_and_lock_learner(connection, learner.id, now=now)  # a double tap waits for the first one
    badge_key = {"learner_id": learner.id, "course": course, "lesson": lesson or ""}
    before = _find_latest_badge(connection, badge_key)
    if before is not None:
        if before.revoked_why == WITHDRAWN:
            raise BadgeWithdrawn(before.id)
        if before.revoked_at is None and before.name == holder_name:
            return find_badge(session, before.id)
    earned = earned_stages(session, learner.id)
    if not all(is_lesson_done(each, earned) for each in lessons):
        raise BadgeNotEarned(course, lesson)
    evidence = sum_evidence(_evidence(connection, learner.id, lessons, with_former=not lesson))
    if not evidence:
        raise BadgeNotEarned(course, lesson)
    award = build_award(
        course_in_catalog,
        lessons[0] if lesson else None,
        evidence,
        badge_id=badge_id or secrets.token_hex(12),
        subject=f"urn:uuid:{uuid.uuid4()}",
        holder=holder_name,
        site=issuer.public_url,
        now=now,
    )
    document = sign(award, issuer)
    publish_keys(connection, [issuer.keys.name], now=now)  # no badge without its key, whatever happened at the start
    if before is not None and before.revoked_at is None:
        _revoke(connection, before.id, REPLACED, now)
    row = badge_key | {"id": award.badge_id, "name": holder_name, "document": document, "awarded_at": now}
    connection.execute(insert(Badge.__table__), row | {"evidence": [asdict(stage) for stage in evidence]})
    return find_badge(session, award.badge_id)


def find_badge(session: Session, badge_id: str) -> BadgePage:
    """The badge with this id, in upper or lower case, even if it is revoked.

    Raises:
        BadgeForgotten: its holder asked to be forgotten.
        NotFound: there is none.
    """
    connection = session.connection()
    row = connection.execute(select(Badge.__table__).where(Badge.id == badge_id.lower())).first()
    if row is None:
        if _is_forgotten(connection, badge_id.lower()):
            raise BadgeForgotten(badge_id)
        raise NotFound(badge_id)
    return _badge_page(row)


def find_valid_badges(
    session: Session, learner_ids: Collection[str], course: str, lesson: str, *, since: datetime, until: datetime | None
) -> tuple[BadgePage, ...]:
    """The badges of these learners for one lesson that are valid and were awarded from ``since`` to ``until``."""
    where = [
        Badge.learner_id.in_(learner_ids),
        Badge.course == course,
        Badge.lesson == lesson,
        Badge.revoked_at.is_(None),
        Badge.awarded_at >= since,
    ]
    if until is not None:
        where.append(Badge.awarded_at <= until)
    return tuple(map(_badge_page, session.connection().execute(select(Badge.__table__).where(*where))))


def check_badge(session: Session, shown: bytes, issuer: Issuer) -> BadgeCheck:
    """Check what somebody pasted or uploaded: JSON, or a PNG or SVG that contains the credential."""
    try:
        document = baking.extract_credential(shown)
    except baking.NoCredential:
        return BadgeCheck(Verdict.MALFORMED)
    connection = session.connection()
    verdict = verify(document, all_published_keys(connection, issuer))
    if verdict is not Verdict.VALID:
        return BadgeCheck(verdict)
    found_id = credential_badge_id(document)
    if _is_forgotten(connection, found_id):
        return BadgeCheck(Verdict.FORGOTTEN, found_id)
    is_revoked = select(Badge.revoked_at).where(Badge.id == found_id, Badge.revoked_at.is_not(None)).exists()
    return BadgeCheck(
        Verdict.REVOKED if connection.scalar(select(is_revoked)) else Verdict.VALID,
        badge_id=found_id,
        title=document["name"],
        name=credential_holder(document),
        awarded_at=datetime.fromisoformat(document["validFrom"]),
    )


def check_badge_id(session: Session, badge_id: str, issuer: Issuer) -> BadgeCheck:
    """Check the badge that is stored under this id, in upper or lower case."""
    try:
        document = find_signed_credential(session, badge_id)
    except BadgeForgotten:
        return BadgeCheck(Verdict.FORGOTTEN, badge_id.lower())
    except NotFound:
        return BadgeCheck(Verdict.UNKNOWN)
    return check_badge(session, json.dumps(document).encode(), issuer)


def find_signed_credential(session: Session, badge_id: str) -> dict[str, Any]:
    """The signed credential of a badge, even if it is revoked.

    Raises:
        BadgeForgotten, NotFound: as ``find_badge``.
    """
    return find_badge(session, badge_id).document


def all_published_keys(connection: Connection, issuer: Issuer) -> Mapping[str, Ed25519PublicKey]:
    """Keys of this host and of all others with the same store, by name."""
    return {**find_published_keys(connection), **issuer.keys.published}


def revoke_badge(session: Session, badge_id: str, *, now: datetime) -> None:
    """Withdraw a badge for good.

    Raises:
        NotFound: there is none.
    """
    if not _revoke(session.connection(), badge_id, WITHDRAWN, now):
        raise NotFound(badge_id)


def badge_png(badge: BadgePage) -> bytes:
    """A card with the picture, the name, the lesson and the date, with the credential baked in."""
    url: str = badge.document["id"]
    text = artwork.CardText(
        title=badge.title,
        name=badge.name or "",
        date=f"Trao ngày {day_in_words(badge.awarded_at)}",
        host=urlsplit(url).netloc,
    )
    return baking.bake_png(artwork.draw_card_png(text), badge.document)


def is_not_replaced_badge() -> ColumnElement[bool]:
    """A condition on badges: not replaced by a newer one of the same learner and lesson."""
    return or_(Badge.revoked_why.is_(None), Badge.revoked_why != REPLACED)


def _badge_page(row: Row[Any]) -> BadgePage:
    return BadgePage(
        id=row.id,
        course=row.course,
        lesson=row.lesson,
        title=row.document["name"],
        name=row.name,
        awarded_at=row.awarded_at,
        evidence=tuple(BadgeStageEvidence(**stage) for stage in row.evidence),
        revoked=row.revoked_at is not None,
        replaced=row.revoked_why == REPLACED,
        document=row.document,
        learner_id=row.learner_id,
    )


def _lessons(course: Course, lesson: str | None) -> tuple[Lesson, ...]:
    if not lesson:
        return course.lessons
    found = course.lesson(lesson)
    if found is None:
        raise NotFound(lesson)
    return (found,)


def _find_latest_badge(connection: Connection, badge_key: dict[str, str]) -> Row[Any] | None:
    """The badge with this learner, course and lesson that is not revoked, or else the last one that was."""
    where = [getattr(Badge, name) == value for name, value in badge_key.items()]
    order = (Badge.revoked_at.is_not(None), Badge.awarded_at.desc())
    return connection.execute(select(Badge.__table__).where(*where).order_by(*order).limit(1)).first()


def _evidence(
    connection: Connection, learner_id: str, lessons: Iterable[Lesson], *, with_former: bool
) -> list[tuple[Stage, dict[str, Any]]]:
    """The evidence of the marks in these lessons; ``with_former``: also in those that were merged into them."""
    keys = {key for lesson in lessons for key in ((lesson.course, lesson.slug), *(lesson.former_keys * with_former))}
    where = (Mark.learner_id == learner_id, Mark.course.in_({course for course, _ in keys}))
    rows = connection.execute(select(Mark.course, Mark.lesson, Mark.stage, Mark.evidence).where(*where))
    return [(row.stage, row.evidence) for row in rows if (row.course, row.lesson) in keys]


def _revoke(connection: Connection, badge_id: str, why: str, now: datetime) -> bool:
    where = (Badge.id == badge_id, Badge.revoked_at.is_(None))
    return connection.execute(update(Badge).where(*where).values(revoked_at=now, revoked_why=why)).rowcount == 1


def _is_forgotten(connection: Connection, badge_id: str) -> bool:
    return connection.execute(select(ForgottenBadge.id).where(ForgottenBadge.id == badge_id)).first() is not None

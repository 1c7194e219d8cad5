"""Badges: claiming one, finding it, taking it back, and judging one that is shown."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update
from sqlalchemy.orm import Session

from lms.content.model import Course, Lesson, Library, StageName
from lms.learning.badges import artwork, baking
from lms.learning.badges.openbadges import Issuer, Verdict, badge_id, holder, sign, verify
from lms.learning.badges.wording import award_of
from lms.learning.errors import BadgeForgotten, BadgeWithdrawn, NotEarned, NotFound
from lms.learning.learners.learner_store import clean_name
from lms.learning.marks.evidence import StageEvidence, sum_evidence
from lms.learning.marks.marks import earnable, marks
from lms.learning.store.locks import touch
from lms.learning.store.models import Badge, ForgottenBadge, Learner, Mark

REPLACED, WITHDRAWN = "replaced", "withdrawn"


@dataclass(frozen=True, slots=True)
class BadgePage:
    """A badge as anybody may see it."""

    id: str
    course: str
    lesson: str  # "" for the whole course
    title: str  # text, as signed: "Huy hiệu bài …" or "Huy hiệu khóa học …"
    name: str | None  # the holder's
    awarded_at: datetime
    evidence: tuple[StageEvidence, ...]
    revoked: bool
    replaced: bool  # revoked, because its holder has a newer one with another name on it
    document: dict[str, Any]  # the signed credential, what <id>.json serves
    learner_id: str  # to know whether the visitor is its holder; never shown


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict, and of a badge that is or was genuine what it says."""

    verdict: Verdict
    badge_id: str | None = None
    title: str | None = None
    name: str | None = None
    awarded_at: datetime | None = None


def claim_badge(
    session: Session,
    learner: Learner,
    library: Library,
    course: str,
    lesson: str | None,
    *,
    name: str | None,
    issuer: Issuer,
    now: datetime,
) -> BadgePage:
    """Sign the badge for a lesson, or for the whole course, with the name as given (cleaned; may be None).

    Claiming again with the same name gives the same badge; with another name the old one is replaced by a new one.

    Raises:
        NotFound: no such course or lesson.
        NotEarned: marks are missing.
        InvalidName: the name is too long.
        BadgeWithdrawn: it was taken back.
        LearnerForgotten: she asked to be forgotten.
    """
    on_shelf = library.course(course)
    lessons = _lessons(on_shelf, lesson)
    holder_name = clean_name(name or "")
    connection = session.connection()
    touch(connection, learner.id, now=now)  # holds her row: two taps come one after the other
    place = {"learner_id": learner.id, "course": course, "lesson": lesson or ""}
    before = _latest(connection, place)
    if before is not None:
        if before.revoked_why == WITHDRAWN:
            raise BadgeWithdrawn(before.id)
        if before.revoked_at is None and before.name == holder_name:
            return find_badge(session, before.id)
    earned = marks(session, learner.id)
    if not all(is_done(one, earned) for one in lessons):
        raise NotEarned(course, lesson)
    evidence = sum_evidence(_evidence(connection, learner.id, course, lessons))
    award = award_of(
        on_shelf,
        lessons[0] if lesson else None,
        evidence,
        badge_id=secrets.token_hex(12),
        subject=f"urn:uuid:{uuid.uuid4()}",
        holder=holder_name,
        site=issuer.public_url,
        now=now,
    )
    document = sign(award, issuer)
    if before is not None and before.revoked_at is None:
        _revoke(connection, before.id, REPLACED, now)
    row = place | {"id": award.badge_id, "name": holder_name, "document": document, "awarded_at": now}
    connection.execute(insert(Badge.__table__), row | {"evidence": [asdict(one) for one in evidence]})
    return find_badge(session, award.badge_id)


def find_badge(session: Session, badge_id: str) -> BadgePage:
    """A badge by its id, in either case of letters; revoked ones too.

    Raises:
        BadgeForgotten: its holder asked to be forgotten.
        NotFound: there never was one.
    """
    connection = session.connection()
    row = connection.execute(select(Badge.__table__).where(Badge.id == badge_id.lower())).first()
    if row is None:
        if _is_forgotten(connection, badge_id.lower()):
            raise BadgeForgotten(badge_id)
        raise NotFound(badge_id)
    return BadgePage(
        id=row.id,
        course=row.course,
        lesson=row.lesson,
        title=row.document["name"],
        name=row.name,
        awarded_at=row.awarded_at,
        evidence=tuple(StageEvidence(**one) for one in row.evidence),
        revoked=row.revoked_at is not None,
        replaced=row.revoked_why == REPLACED,
        document=row.document,
        learner_id=row.learner_id,
    )


def check_badge(session: Session, shown: bytes, issuer: Issuer) -> Checked:
    """Judge what somebody pasted or uploaded: JSON, or a PNG or SVG with the credential inside."""
    try:
        document = baking.find_document(shown)
    except baking.NoCredential:
        return Checked(Verdict.MALFORMED)
    verdict = verify(document, issuer.keys.published)
    if verdict is not Verdict.VALID:
        return Checked(verdict)
    id_ = badge_id(document)
    connection = session.connection()
    if _is_forgotten(connection, id_):
        return Checked(Verdict.FORGOTTEN, id_)
    revoked_at = connection.scalar(select(Badge.revoked_at).where(Badge.id == id_))
    return Checked(
        Verdict.VALID if revoked_at is None else Verdict.REVOKED,
        badge_id=id_,
        title=document["name"],
        name=holder(document),
        awarded_at=datetime.fromisoformat(document["validFrom"]),
    )


def revoke_badge(session: Session, badge_id: str, *, now: datetime) -> None:
    """Take a badge back; it is not given again.

    Raises:
        NotFound: there is none.
    """
    if not _revoke(session.connection(), badge_id, WITHDRAWN, now):
        raise NotFound(badge_id)


def badge_png(badge: BadgePage) -> bytes:
    """The picture with the credential inside, 416 × 416 pixels."""
    return baking.bake_png(artwork.png(), badge.document)


def badge_svg(badge: BadgePage) -> str:
    return baking.bake_svg(artwork.svg(), badge.document)


def not_replaced() -> ColumnElement[bool]:
    """Of badges: all but those that a newer one of the same kind has taken the place of."""
    return or_(Badge.revoked_why.is_(None), Badge.revoked_why != REPLACED)


def is_done(lesson: Lesson, earned: dict[tuple[str, str], frozenset[StageName]]) -> bool:
    """Whether every stage that the lesson has is earned."""
    wanted = earnable(lesson)
    return bool(wanted) and wanted <= earned.get((lesson.course, lesson.slug), frozenset())


def is_course_done(course: Course, earned: dict[tuple[str, str], frozenset[StageName]]) -> bool:
    return bool(course.lessons) and all(is_done(lesson, earned) for lesson in course.lessons)


def _lessons(course: Course | None, lesson: str | None) -> tuple[Lesson, ...]:
    if course is None:
        raise NotFound
    if not lesson:
        return course.lessons
    found = course.lesson(lesson)
    if found is None:
        raise NotFound(lesson)
    return (found,)


def _latest(connection: Connection, place: dict[str, str]) -> Row | None:
    """Her badge of this kind that counts, or else the one that was taken back last."""
    where = [getattr(Badge, name) == value for name, value in place.items()]
    order = (Badge.revoked_at.is_not(None), Badge.awarded_at.desc())
    return connection.execute(select(Badge.__table__).where(*where).order_by(*order).limit(1)).first()


def _evidence(
    connection: Connection, learner_id: str, course: str, lessons: Iterable[Lesson]
) -> list[tuple[StageName, dict[str, Any]]]:
    slugs = [lesson.slug for lesson in lessons]
    where = (Mark.learner_id == learner_id, Mark.course == course, Mark.lesson.in_(slugs))
    return [(row.stage, row.evidence) for row in connection.execute(select(Mark.stage, Mark.evidence).where(*where))]


def _revoke(connection: Connection, badge_id: str, why: str, now: datetime) -> bool:
    where = (Badge.id == badge_id, Badge.revoked_at.is_(None))
    return connection.execute(update(Badge).where(*where).values(revoked_at=now, revoked_why=why)).rowcount == 1


def _is_forgotten(connection: Connection, badge_id: str) -> bool:
    return connection.execute(select(ForgottenBadge.id).where(ForgottenBadge.id == badge_id)).first() is not None

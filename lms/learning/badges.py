"""Badges: which can be claimed, claiming one, finding it, taking it back, and judging one that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.content.model import Library, StageName
from lms.learning.models import Learner


@dataclass(frozen=True, slots=True)
class StageEvidence:
    """What stands behind one mark, summed over the lessons of a badge.

    hieu: ``right`` of ``total`` questions; lam: ``right`` of ``total`` practice screens done without a slip or help;
    dung: ``total`` tasks done, ``witnessed`` of them seen by a facilitator.
    """

    stage: StageName
    right: int
    total: int
    witnessed: int = 0


@dataclass(frozen=True, slots=True)
class BadgePage:
    """A badge as anybody may see it."""

    id: str
    course: str
    lesson: str  # "" for the whole course
    title: str  # text: the course's or lesson's name as signed
    name: str | None  # the holder's
    awarded_at: datetime
    evidence: tuple[StageEvidence, ...]
    revoked: bool
    document: dict[str, Any]  # the signed credential, what <id>.json serves
    learner_id: str  # to know whether the visitor is its holder; never shown


@dataclass(frozen=True, slots=True)
class Claimable:
    course: str
    lesson: str  # "" for the whole course


def claimable(session: Session, learner_id: str, library: Library) -> tuple[Claimable, ...]:
    """Badges whose marks are all there and that were not claimed yet, in the library's order."""
    raise NotImplementedError


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
    raise NotImplementedError


def find_badge(session: Session, badge_id: str) -> BadgePage:
    """A badge by its id, in either case of letters; revoked ones too.

    Raises:
        BadgeForgotten: its holder asked to be forgotten.
        NotFound: there never was one.
    """
    raise NotImplementedError


def check_badge(session: Session, shown: bytes, issuer: Issuer) -> Checked:
    """Judge what somebody pasted or uploaded: JSON, or a PNG or SVG with the credential inside."""
    raise NotImplementedError


def revoke_badge(session: Session, badge_id: str, *, now: datetime) -> None:
    """Take a badge back; it is not given again.

    Raises:
        NotFound: there is none.
    """
    raise NotImplementedError

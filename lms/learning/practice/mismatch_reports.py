"""Reports that a practice's screen differs from a real phone: anonymous, counted by screen, version and week.

No row is about a person. So that a phone counts once, a row has a keyed hash of learner and screen: it links neither to
the learner nor to the learner's other reports without the site's secret key, and after ``COUNTED_WEEKS`` a random word
replaces it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, distinct, func, not_, select, update
from sqlalchemy.orm import Session

from lms.content.model import TRYOUT_NAME
from lms.learning.errors import NotFound
from lms.learning.practice.attempts import find_attempt
from lms.learning.store.models import MismatchReport
from lms.learning.store.upsert import Upsert
from lms.vietnam_time import monday_of, to_vietnam_time

MIN_PHONES = 5  # that make a screen "under review" for learners
COUNTED_WEEKS = 4  # within which they reported it, the present one included
_PSEUDONYM_LENGTH = 32

_SAVE = Upsert(MismatchReport, update=lambda new: {"reason": new.reason})


class MismatchReason(StrEnum):
    """What differs on the learner's phone. The values are stored."""

    BUTTON_NAME = "button_name"
    NO_BUTTON = "no_button"
    WORDING = "wording"
    EXTRA_STEP = "extra_step"
    OTHER_SCREEN = "other_screen"


@dataclass(frozen=True, slots=True)
class ReportedScreen:
    """A screen of one version of a practice."""

    course: str
    lesson: str
    practice: str
    content_digest: str
    screen: str


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """How many phones reported one screen in one week, by reason."""

    screen: str
    content_digest: str
    week: date  # its Monday
    phones: int
    reasons: Mapping[MismatchReason, int]


def save_mismatch_report(
    session: Session,
    *,
    learner_id: str,
    attempt_id: str,
    screen_id: str,
    reason: MismatchReason,
    secret: str,
    now: datetime,
) -> None:
    """Count a report about a screen of the learner's attempt. Of one phone, screen and week the last reason counts.

    Raises:
        NotFound: the learner has no such attempt, or it has no such screen.
    """
    attempt = find_attempt(session, learner_id, attempt_id)
    if attempt.practice == TRYOUT_NAME or screen_id not in attempt.model["screens"]:
        raise NotFound(screen_id)
    screen = ReportedScreen(attempt.course, attempt.lesson, attempt.practice, attempt.content_digest, screen_id)
    save_screen_report(session, learner_id=learner_id, screen=screen, reason=reason, secret=secret, now=now)


def save_screen_report(
    session: Session, *, learner_id: str, screen: ReportedScreen, reason: MismatchReason, secret: str, now: datetime
) -> None:
    """Count a report about a screen that the practice has. The learner need not be stored."""
    place = (screen.course, screen.lesson, screen.practice, screen.content_digest, screen.screen)
    row = {
        "phone": _pseudonym("\n".join((learner_id, *place)), secret),
        "week": monday_of(to_vietnam_time(now).date()),
        "course": screen.course,
        "lesson": screen.lesson,
        "practice": screen.practice,
        "content_digest": screen.content_digest,
        "screen": screen.screen,
        "reason": reason,
    }
    _SAVE.execute(session.connection(), row)


def screens_under_review(
    session: Session, *, today: date, checked: Mapping[str, date] | None = None
) -> frozenset[ReportedScreen]:
    """The screens that at least ``MIN_PHONES`` phones reported within ``COUNTED_WEEKS``.

    ``checked``: by course the day on which somebody compared it with a real phone; weeks that began by then do not
    count.
    """
    place = (
        MismatchReport.course,
        MismatchReport.lesson,
        MismatchReport.practice,
        MismatchReport.content_digest,
        MismatchReport.screen,
    )
    weeks = [monday_of(today) - timedelta(weeks=back) for back in range(COUNTED_WEEKS)]
    answered = [
        not_(and_(MismatchReport.course == course, MismatchReport.week <= day))
        for course, day in (checked or {}).items()
        if day >= weeks[-1]
    ]
    rows = session.execute(
        select(*place)
        .where(MismatchReport.week.in_(weeks), *answered)
        .group_by(*place)
        .having(func.count(distinct(MismatchReport.phone)) >= MIN_PHONES)
    )
    return frozenset(ReportedScreen(*row) for row in rows)


def count_reports_by_week(session: Session, course: str, lesson: str, practice: str) -> tuple[WeekCounts, ...]:
    """All reports about a practice, the newest week and its most reported screen first."""
    rows = session.execute(
        select(
            MismatchReport.screen,
            MismatchReport.content_digest,
            MismatchReport.week,
            MismatchReport.reason,
            func.count(),
        )
        .where(MismatchReport.course == course, MismatchReport.lesson == lesson, MismatchReport.practice == practice)
        .group_by(MismatchReport.screen, MismatchReport.content_digest, MismatchReport.week, MismatchReport.reason)
    )
    counted: defaultdict[tuple[str, str, date], Counter[MismatchReason]] = defaultdict(Counter)
    for screen, content_digest, week, reason, phones in rows:
        counted[screen, content_digest, week][MismatchReason(reason)] += phones
    counts = [WeekCounts(*place, reasons.total(), reasons) for place, reasons in counted.items()]
    return tuple(sorted(counts, key=lambda each: (-each.week.toordinal(), -each.phones, each.screen)))


def anonymize_old_mismatch_reports(session: Session, *, today: date) -> None:
    """Replace the keyed hashes that no longer count by random words."""
    old = MismatchReport.week < _first_counted_week(today)
    hashed = func.length(MismatchReport.phone) == _PSEUDONYM_LENGTH
    keys = session.execute(select(MismatchReport.phone, MismatchReport.week).where(old, hashed)).all()
    for phone, week in keys:
        session.execute(
            update(MismatchReport)
            .where(MismatchReport.phone == phone, MismatchReport.week == week)
            .values(phone=secrets.token_hex(_PSEUDONYM_LENGTH // 2 - 1))  # shorter: it is not replaced again
        )


def _first_counted_week(today: date) -> date:
    return monday_of(today) - timedelta(weeks=COUNTED_WEEKS - 1)


def _pseudonym(text: str, secret: str) -> str:
    digest = hmac.digest(secret.encode(), b"lms screen report\n" + text.encode(), hashlib.sha256)
    return digest.hex()[:_PSEUDONYM_LENGTH]

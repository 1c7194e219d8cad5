"""Checks on real phones: what was seen, what an author has to mend, and when all of a course was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.content.real_phone_checklist import ChecklistItem
from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidLabelCheck
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import AccountRow, LabelCheckRow
from lms.learning.store.upsert import Upsert
from lms.vietnam_time import to_vietnam_time

MAX_ITEM, MAX_NOW_TEXT, MAX_VERSION, MAX_PHONE = 300, 120, 40, 60
OLDEST = timedelta(days=60)  # what was seen before is no news
_MAX_DIGITS_OF_PHONE = 8  # more are a number of somebody's phone, not a model

_SAVE = Upsert(
    LabelCheckRow,
    update=lambda new: {
        name: getattr(new, name)
        for name in ("item_text", "verdict", "now_text", "app_version", "phone", "saved_at", "done_at", "done_by")
    },
)


class LabelVerdict(StrEnum):
    """How a label compares with the phone. The values are stored."""

    RIGHT = "right"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class LabelCheckAnswer:
    """What was seen of one item; ``now_text`` is what the phone says instead, for a changed one."""

    verdict: LabelVerdict
    now_text: str = ""


@dataclass(frozen=True, slots=True)
class LabelCheck:
    """One saved answer."""

    item: str
    item_text: str
    verdict: LabelVerdict
    now_text: str
    app_version: str
    phone: str
    looked_on: date
    saved_at: datetime
    account_name: str
    is_done: bool  # an author has mended the files

    @property
    def is_task(self) -> bool:
        """Whether an author has something to mend."""
        return self.verdict is not LabelVerdict.RIGHT and not self.is_done


def save_label_checks(
    session: Session,
    course: str,
    answers: Mapping[ChecklistItem, LabelCheckAnswer],
    *,
    app_version: str,
    phone: str,
    looked_on: date | None,
    by: Account,
    now: datetime,
) -> None:
    """Save what one person saw on one phone. The same again, as after a double tap, changes nothing.

    Raises:
        InvalidLabelCheck: with a problem for each wrong field, and for each wrong item under its key.
        NotAllowed: the account may not do this.
    """
    permissions.require_permission(by, "check_labels", PermissionTarget(by.ward))
    app_version, phone = clean_line(app_version), clean_line(phone)
    answers = {item: LabelCheckAnswer(each.verdict, clean_line(each.now_text)) for item, each in answers.items()}
    problems = _find_problems(answers, app_version, phone, looked_on, to_vietnam_time(now).date())
    if problems:
        raise InvalidLabelCheck(problems)
    rows = [
        {
            "course": course,
            "item": item.key,
            "looked_on": looked_on,
            "account_id": by.id,
            "item_text": item.text[:MAX_ITEM],
            "verdict": answer.verdict,
            "now_text": answer.now_text if answer.verdict is LabelVerdict.CHANGED else "",
            "app_version": app_version,
            "phone": phone,
            "saved_at": now,
            "done_at": None,
            "done_by": None,
        }
        for item, answer in answers.items()
    ]
    _SAVE.execute(session.connection(), rows)


def _find_problems(
    answers: Mapping[ChecklistItem, LabelCheckAnswer], app_version: str, phone: str, looked_on: date | None, today: date
) -> dict[str, str]:
    """By field, or by the key of an item: a key of the page's sentences."""
    problems: dict[str, str] = {}
    if not phone:
        problems["phone"] = "missing"
    elif len(phone) > MAX_PHONE:
        problems["phone"] = "too_long"
    elif sum(letter.isdigit() for letter in phone) > _MAX_DIGITS_OF_PHONE:
        problems["phone"] = "number"
    if not app_version:
        problems["app_version"] = "missing"
    elif len(app_version) > MAX_VERSION:
        problems["app_version"] = "too_long"
    if looked_on is None:
        problems["looked_on"] = "missing"
    elif looked_on > today:
        problems["looked_on"] = "future"
    elif looked_on < today - OLDEST:
        problems["looked_on"] = "past"
    if not answers:
        problems["items"] = "missing"
    for item, answer in answers.items():
        if answer.verdict is LabelVerdict.CHANGED and not answer.now_text:
            problems[item.key] = "missing"
        elif len(answer.now_text) > MAX_NOW_TEXT:
            problems[item.key] = "too_long"
    return problems


def find_latest_checks(session: Session, course: str) -> dict[str, LabelCheck]:
    """The latest answer to each item of a course, by the item's key; also of items that are no longer in the list."""
    return _latest_checks(session, LabelCheckRow.course == course).get(course, {})


def count_mending_tasks(session: Session) -> dict[str, int]:
    """How many things an author has to mend, by course; courses without any are left out."""
    counts = {
        course: sum(check.is_task for check in checks.values()) for course, checks in _latest_checks(session).items()
    }
    return {course: count for course, count in counts.items() if count}


def _latest_checks(session: Session, *conditions: object) -> dict[str, dict[str, LabelCheck]]:
    latest: defaultdict[str, dict[str, LabelCheck]] = defaultdict(dict)
    rows = session.connection().execute(
        select(*LabelCheckRow.__table__.c, AccountRow.name.label("account_name"))
        .join(AccountRow, AccountRow.id == LabelCheckRow.account_id)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(LabelCheckRow.looked_on, LabelCheckRow.saved_at)
    )
    for row in rows:
        latest[row.course][row.item] = LabelCheck(
            item=row.item,
            item_text=row.item_text,
            verdict=LabelVerdict(row.verdict),
            now_text=row.now_text,
            app_version=row.app_version,
            phone=row.phone,
            looked_on=row.looked_on,
            saved_at=row.saved_at,
            account_name=row.account_name,
            is_done=row.done_at is not None,
        )
    return latest


def finish_mending_task(session: Session, course: str, item: str, *, by: Account, now: datetime) -> None:
    """Note that the files say now what the phone says. A second time changes nothing.

    Raises:
        NotAllowed: only who writes courses may say so.
    """
    permissions.require_permission(by, "author", PermissionTarget(by.ward))
    session.execute(
        update(LabelCheckRow)
        .where(LabelCheckRow.course == course, LabelCheckRow.item == item, LabelCheckRow.done_at.is_(None))
        .values(done_at=now, done_by=by.id)
    )


def label_check_dates(session: Session, items: Mapping[str, Collection[str]]) -> dict[str, date]:
    """By course the day since which every one of its items has been looked at; courses with unseen items are left out.

    ``items``: by course the keys of its list.
    """
    rows = session.execute(
        select(LabelCheckRow.course, LabelCheckRow.item, func.max(LabelCheckRow.looked_on)).group_by(
            LabelCheckRow.course, LabelCheckRow.item
        )
    )
    looked_on: defaultdict[str, dict[str, date]] = defaultdict(dict)
    for course, item, day in rows:
        looked_on[course][item] = day
    return {
        course: min(looked_on[course][key] for key in keys)
        for course, keys in items.items()
        if keys and looked_on[course].keys() >= set(keys)
    }


def items_due_for_check(
    items: Sequence[ChecklistItem], checks: Mapping[str, LabelCheck], *, checked: date, due_before: date
) -> list[ChecklistItem]:
    """The items to look at: those whose last look is older than ``due_before``.

    ``checked``: the date in the file, which holds for all items.
    """
    return [
        item
        for item in items
        if max(checks[item.key].looked_on if item.key in checks else date.min, checked) < due_before
    ]

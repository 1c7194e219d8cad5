"""What an account did to a class, for the journal of its ward."""

from __future__ import annotations

from lms.learning.accounts import journal
from lms.learning.accounts.account import Account
from lms.learning.classroom.records import Class
from lms.web import clock
from lms.web.access import library
from lms.web.database import session


def note(account: Account, deed: str, found: Class, *, name: str = "") -> None:
    """``deed``: one of the journal's about classes; "helper_removed" with the helper's ``name``."""
    lesson = library().lesson(found.course, found.lesson)
    name = name or f"{found.code[:3]} {found.code[3:]} ({lesson.name if lesson else found.lesson})"
    journal.note(session(), account, deed, about=found.id, ward=found.ward, now=clock.now(), said={"name": name})

"""What an account did to a class, for the journal of its ward."""

from __future__ import annotations

from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.classroom.session.queries import Class
from lms.web import clock
from lms.web.database import session
from lms.web.request_context import library


def note(account: Account, deed: str, found: Class, *, name: str = "") -> None:
    """``deed``: one of the journal's about classes; "helper_removed" with the helper's ``name``."""
    lesson = library().lesson(found.course, found.lesson)
    name = name or f"{found.code[:3]} {found.code[3:]} ({lesson.name if lesson else found.lesson})"
    audit_log.note(session(), account, deed, about=found.id, ward=found.ward, now=clock.now(), said={"name": name})

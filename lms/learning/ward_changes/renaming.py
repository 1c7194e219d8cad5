"""Give a ward another name. Its code stays, so nothing that is stored of it moves."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.accounts import audit_log
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import WardChangeRow
from lms.learning.store.ward_changes import read_ward_changes
from lms.learning.ward_changes.locking import lock_ward_changes
from lms.learning.ward_changes.problems import InvalidWardChange

KINDS = ("Phường", "Xã", "Đặc khu")
MAX_NAME_LENGTH = 50


def rename_ward(session: Session, code: str, new_name: str, *, now: datetime) -> Literal["renamed", "same"]:
    """Rename the ward with this code. ``new_name``: with or without the kind, which then stays.

    Raises:
        InvalidWardChange: there is no such ward now, the name is none, or another ward has it.
    """
    lock_ward_changes(session, code, now=now)
    connection = session.connection()
    changes = read_ward_changes(connection)
    wards.set_ward_changes(changes)
    ward = wards.find_ward(code)
    if ward is None:
        raise InvalidWardChange("former", code)
    kind, name = _split(clean_line(new_name), ward.kind)
    if not any(letter.isalpha() for letter in name) or len(name) > MAX_NAME_LENGTH:
        raise InvalidWardChange("name", code)
    if (kind, name) == (ward.kind, ward.name):
        return "same"
    if other := next((each for each in wards.search_wards(name) if each.code != code), None):
        raise InvalidWardChange("taken", other.code)
    connection.execute(
        insert(WardChangeRow.__table__).values(
            id=len(changes) + 1,
            code=code,
            kind=ward.kind,
            name=ward.name,
            slug=ward.slug,
            successor=code,
            new_kind=kind,
            new_name=name,
            changed_at=now,
        )
    )
    details = {"name": ward.full_name, "new_name": f"{kind} {name}"}
    audit_log.record(session, None, "ward_renamed", target_id=code, ward=code, now=now, details=details)
    return "renamed"


def _split(typed: str, kind: str) -> tuple[str, str]:
    for known in KINDS:
        if typed.casefold().startswith(f"{known.casefold()} "):
            return known, typed[len(known) :].strip()
    return kind, typed

"""The hall's Wi-Fi, told to the wall for as long as a class lasts."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.session.queries import Class, read_class
from lms.learning.classroom.session.state import Wifi
from lms.learning.errors import ClassClosed, InvalidNetwork
from lms.learning.store.models import ClassRow

LONGEST_NAME = 32  # bytes, as IEEE 802.11 has it
PASSWORD_LENGTHS = range(8, 64)  # characters of WPA


def set_wifi(session: Session, class_id: str, *, account_id: str, name: str, password: str) -> Class:
    """Let the wall show this network; an empty name takes it away. The password "" is an open network's.

    Raises:
        NotFound, NotAllowed, ClassClosed.
        InvalidNetwork: the name has more than 32 bytes or a control character, or the password not 8 to 63 characters.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    found = read_class(connection, class_id, lock=True)
    if found.closed:
        raise ClassClosed(class_id)
    before = found.state.wifi
    wifi = _wifi(name, password, found.version + 1) if name else None
    if (wifi and (wifi.name, wifi.password)) == (before and (before.name, before.password)):
        return found
    state = replace(found.state, wifi=wifi)
    connection.execute(
        update(ClassRow.__table__)
        .where(ClassRow.id == class_id)
        .values(state=state.as_json(), version=found.version + 1)
    )
    return read_class(connection, class_id)


def _wifi(name: str, password: str, since: int) -> Wifi:
    if len(name.encode()) > LONGEST_NAME or not _is_plain(name):
        raise InvalidNetwork("name")
    if password and (len(password) not in PASSWORD_LENGTHS or not _is_plain(password)):
        raise InvalidNetwork("password")
    return Wifi(name, password, since)


def _is_plain(text: str) -> bool:
    """Networks are called as they are: no normalising, but nothing that a square could not carry."""
    return all(unicodedata.category(char) not in ("Cc", "Cs") for char in text)

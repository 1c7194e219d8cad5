"""The hall's Wi-Fi, which the wall shows for as long as the class is open."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_open_class_session
from lms.learning.classroom.session.queries import ClassSession, find_class_session, update_class_session
from lms.learning.classroom.session.state import Wifi
from lms.learning.errors import InvalidWifiSettings

MAX_NAME_BYTES = 32  # IEEE 802.11
PASSWORD_LENGTHS = range(8, 64)  # characters, of WPA


def set_wifi(session: Session, class_id: str, *, account_id: str, name: str, password: str) -> ClassSession:
    """Set the network that the wall shows; an empty name deletes it. The password of an open network is "".

    Raises:
        NotFound, NotAllowed, ClassClosed.
        InvalidWifiSettings: the name has more than 32 bytes or a control character, or the password is not of 8 to 63
            characters.
    """
    class_session = require_open_class_session(session, class_id, account_id, lock=True)
    before = class_session.state.wifi
    wifi = _validated_wifi(name, password, class_session.version + 1) if name else None
    if (wifi and (wifi.name, wifi.password)) == (before and (before.name, before.password)):
        return class_session
    state = replace(class_session.state, wifi=wifi)
    update_class_session(session, class_id, state=state.as_json())
    return find_class_session(session, class_id)


def _validated_wifi(name: str, password: str, since: int) -> Wifi:
    if len(name.encode()) > MAX_NAME_BYTES or not _is_printable(name):
        raise InvalidWifiSettings("name")
    if password and (len(password) not in PASSWORD_LENGTHS or not _is_printable(password)):
        raise InvalidWifiSettings("password")
    return Wifi(name, password, since)


def _is_printable(text: str) -> bool:
    """Whether a QR code can carry the text. It is not normalised, because network names are compared byte by byte."""
    return all(unicodedata.category(char) not in ("Cc", "Cs") for char in text)

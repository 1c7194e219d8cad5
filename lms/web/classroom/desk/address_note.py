"""What the desk says about the address of a hall's laptop: that it has changed, and which paper is old now."""

from __future__ import annotations

from dataclasses import dataclass

from lms.hall_address import host_and_port, is_loopback
from lms.learning.classroom.session.queries import ClassSession
from lms.web import clock
from lms.web.request_context import hall_address


@dataclass(frozen=True, slots=True)
class HallAddressNote:
    """``host``: to type now, "" if that is no news. ``printed``: hosts on paper that this class may have."""

    host: str
    printed: tuple[str, ...]
    is_connected: bool
    others: tuple[str, ...]


def address_note(class_session: ClassSession, *, is_joining: bool) -> HallAddressNote | None:
    """A change is shown for a while at every step, and where people join for as long as the class lasts."""
    address, now = hall_address(), clock.now()
    if address is None:
        return None
    has_moved = address.since is not None and class_session.opened_at < address.since
    tells = has_moved and (is_joining or address.is_news(now))
    others = tuple(map(host_and_port, address.others)) if is_joining else ()
    is_away = not address.is_connected and not is_loopback(address.url)
    if not (tells or others or is_away):
        return None
    printed = address.printed_since(class_session.opened_at) if tells else ()
    return HallAddressNote(host_and_port(address.url) if tells else "", printed, not is_away, others)

"""Let changes of wards come in turn, also those of different wards: they are numbered, and names are unique."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lms.learning.accounts.permissions import CITY
from lms.learning.org_units.unit_store import ensure_place_unit


def lock_ward_changes(session: Session, *codes: str, now: datetime) -> None:
    """Give these wards and the city their units, and lock them until the end of the transaction.

    The city first, then the wards by their codes: in this order two changes wait for each other.
    """
    for place in (CITY, *sorted(set(codes))):
        ensure_place_unit(session, place, now=now)

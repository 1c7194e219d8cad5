"""Reads of targets: those of a ward, one with its history, and what is public."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from lms.learning.errors import NotFound
from lms.learning.store.models import AccountRow, TargetChange, TargetRow

Origin = Literal["registered", "given"]


@dataclass(frozen=True, slots=True)
class Target:
    """``number`` None: withdrawn. ``signed_number``: what is public, None if nothing is."""

    id: str
    unit_id: str
    ward: str
    indicator: str
    period: str
    origin: Origin
    number: int | None
    signed_number: int | None
    signed_at: datetime | None
    version: int

    @property
    def is_signed(self) -> bool:
        """Whether the number as it is now is the public one."""
        return self.number == self.signed_number


@dataclass(frozen=True, slots=True)
class TargetHistoryEntry:
    """One change, with the name that its account has now."""

    at: datetime
    account_name: str
    is_signature: bool
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class PublicTarget:
    """A target that was signed off; everybody may read it."""

    unit_id: str
    indicator: str
    period: str
    origin: Origin
    number: int
    signed_at: datetime


def find_target(session: Session, target_id: str, *, lock: bool = False) -> Target:
    """The target with this id; with ``lock`` its row is locked until the end of the transaction.

    Raises:
        NotFound: there is none.
    """
    if lock:
        session.connection().execute(select(TargetRow.id).where(TargetRow.id == target_id).with_for_update())
    found = _find(session, TargetRow.id == target_id)
    if not found:
        raise NotFound(target_id)
    return found[0]


def find_same_target(session: Session, *, unit_id: str, period: str, indicator: str, origin: Origin) -> Target | None:
    """The one target that a unit has of this indicator, period and origin."""
    same = (TargetRow.unit_id == unit_id, TargetRow.period == period, TargetRow.indicator == indicator)
    found = _find(session, *same, TargetRow.origin == origin)
    return found[0] if found else None


def find_targets(session: Session, *, ward: str, periods: Collection[str]) -> list[Target]:
    """The targets of a ward's units ("" is the city and its organisations) for these periods."""
    return _find(session, TargetRow.ward == ward, TargetRow.period.in_(periods))


def find_public_targets(session: Session, *, ward: str, periods: Collection[str]) -> list[PublicTarget]:
    """What units of the ward ("": of the city) have signed off for these periods."""
    return [
        PublicTarget(
            target.unit_id, target.indicator, target.period, target.origin, target.signed_number, target.signed_at
        )
        for target in find_targets(session, ward=ward, periods=periods)
        if target.signed_number is not None and target.signed_at is not None
    ]


def find_target_history(session: Session, target_id: str) -> list[TargetHistoryEntry]:
    """The changes of a target, newest first."""
    rows = session.connection().execute(
        select(TargetChange, AccountRow.name)
        .join(AccountRow, AccountRow.id == TargetChange.account_id)
        .where(TargetChange.target_id == target_id)
        .order_by(TargetChange.version.desc())
    )
    return [TargetHistoryEntry(row.at, row.name, row.is_signature, row.number_before, row.number_after) for row in rows]


def _find(session: Session, *conditions: ColumnElement[bool]) -> list[Target]:
    rows = session.connection().execute(select(*TargetRow.__table__.c).where(*conditions).order_by(TargetRow.id))
    return [_from_row(row) for row in rows]


def _from_row(row: Row[Any]) -> Target:
    return Target(**{name: getattr(row, name) for name in Target.__dataclass_fields__})

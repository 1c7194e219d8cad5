"""Sheets of thanks to those who held classes: made at their own wish, signed as badges are, revoked and forgotten."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.badges.openbadges import THANKS_TITLE, Award, Issuer, sign
from lms.learning.badges.published_keys import publish_keys
from lms.learning.errors import BadgeNotEarned, NotFound
from lms.learning.learners.learner_store import clean_badge_name
from lms.learning.store.models import (
    AccountRow,
    ClassFacilitator,
    ClassSessionRow,
    CountedClass,
    ForgottenBadge,
    ThankYouCertificateRow,
)

_DESCRIPTION = (
    "Tờ này cám ơn người đã đứng lớp Bình dân học vụ số. Số lớp, số giờ, số lượt bà con lấy từ các lớp đã được tính. "
    "Đây không phải giấy của nhà nước."
)


@dataclass(frozen=True, slots=True)
class ClassesHeld:
    """Sums over the counted classes that an account steered."""

    classes: int
    minutes: int
    people: int  # attendances, with a phone and without

    @property
    def hours(self) -> int:
        return self.minutes // 60


@dataclass(frozen=True, slots=True)
class ThankYouCertificate:
    """A sheet as its public page shows it. ``ward``: a code, "" for the city."""

    id: str
    account_id: str  # to compare with the visitor's; never shown
    ward: str
    name: str
    held: ClassesHeld
    made_at: datetime
    is_revoked: bool
    document: dict[str, Any]  # the signed credential, as <id>.json serves it

    @property
    def title(self) -> str:
        return self.document["name"]


def count_classes_held(session: Session, account_id: str, *, ward: str) -> ClassesHeld:
    """The counted classes of the ward ("" is every ward) that the account opened or took over."""
    of_ward: list[ColumnElement[bool]] = [CountedClass.ward.in_(wards.ward_codes_with_merged(ward))] if ward else []
    rows = (
        session.connection()
        .execute(
            select(
                ClassSessionRow.opened_at,
                ClassSessionRow.closed_at,
                CountedClass.attendances,
                CountedClass.without_phone,
            )
            .join(ClassFacilitator, ClassFacilitator.class_id == ClassSessionRow.id)
            .join(CountedClass, CountedClass.class_id == ClassSessionRow.id)
            .where(ClassFacilitator.account_id == account_id, CountedClass.left_out == "", *of_ward)
        )
        .all()
    )
    seconds = sum((row.closed_at - row.opened_at).total_seconds() for row in rows if row.closed_at)
    return ClassesHeld(len(rows), int(seconds // 60), sum(row.attendances + row.without_phone for row in rows))


def make_certificate(
    session: Session, *, account_id: str, ward: str, name: str, issuer: Issuer, now: datetime
) -> ThankYouCertificate:
    """Sign and store a certificate of what was counted until now. It replaces the previous one.

    Raises:
        InvalidName: the name is missing, too long, or has a telephone's digits.
        BadgeNotEarned: no class was counted yet.
    """
    connection = session.connection()
    # A double tap waits for the first one.
    connection.execute(select(AccountRow.id).where(AccountRow.id == account_id).with_for_update())
    holder = clean_badge_name(name) or ""
    held = count_classes_held(session, account_id, ward=ward)
    if not held.classes:
        raise BadgeNotEarned("thank-you sheet", None)
    before = find_current_certificate(session, account_id)
    if before and (before.ward, before.name, before.held) == (ward, holder, held):
        return before
    sheet_id = secrets.token_hex(12)
    document = sign(_award(sheet_id, ward, holder, held, issuer, now), issuer)
    publish_keys(connection, [issuer.keys.name], now=now)
    revoke_certificates(session, account_id, now=now)
    connection.execute(
        insert(ThankYouCertificateRow.__table__).values(
            id=sheet_id, account_id=account_id, ward=ward, name=holder, classes=held.classes, minutes=held.minutes,
            people=held.people, document=document, made_at=now, revoked_at=None,
        )
    )  # fmt: skip
    return find_certificate(session, sheet_id)


def find_certificate(session: Session, sheet_id: str) -> ThankYouCertificate:
    """The sheet with this id, in upper or lower case, even if it is revoked.

    Raises:
        NotFound: there is none.
    """
    row = _find(session, ThankYouCertificateRow.id == sheet_id.lower())
    if row is None:
        raise NotFound(sheet_id)
    return _from_row(row)


def find_current_certificate(session: Session, account_id: str) -> ThankYouCertificate | None:
    """The sheet of the account that is not revoked."""
    row = _find(session, ThankYouCertificateRow.account_id == account_id, ThankYouCertificateRow.revoked_at.is_(None))
    return _from_row(row) if row else None


def revoke_certificates(session: Session, account_id: str, *, now: datetime) -> None:
    """Revoke all certificates of the account; their pages say so."""
    of_account = (ThankYouCertificateRow.account_id == account_id, ThankYouCertificateRow.revoked_at.is_(None))
    session.connection().execute(update(ThankYouCertificateRow).where(*of_account).values(revoked_at=now))


def forget_certificates(session: Session, account_id: str, *, now: datetime) -> None:
    """Delete the sheets of the account; of each the id stays, so that its page can say that it was deleted."""
    connection = session.connection()
    ids = connection.scalars(
        select(ThankYouCertificateRow.id).where(ThankYouCertificateRow.account_id == account_id)
    ).all()
    if ids:
        connection.execute(insert(ForgottenBadge.__table__), [{"id": id, "forgotten_at": now} for id in ids])
        connection.execute(delete(ThankYouCertificateRow).where(ThankYouCertificateRow.id.in_(ids)))


def _find(session: Session, *conditions: ColumnElement[bool]) -> Row[Any] | None:
    return session.connection().execute(select(*ThankYouCertificateRow.__table__.c).where(*conditions)).first()


def _from_row(row: Row[Any]) -> ThankYouCertificate:
    return ThankYouCertificate(
        id=row.id,
        account_id=row.account_id,
        ward=row.ward,
        name=row.name,
        held=ClassesHeld(row.classes, row.minutes, row.people),
        made_at=row.made_at,
        is_revoked=row.revoked_at is not None,
        document=row.document,
    )


def _award(sheet_id: str, ward: str, holder: str, held: ClassesHeld, issuer: Issuer, now: datetime) -> Award:
    place = wards.find_ward(ward)
    return Award(
        badge_id=sheet_id,
        subject=f"urn:uuid:{uuid.uuid4()}",
        title=f"{THANKS_TITLE}, {place.full_name if place else 'Thành phố'}",
        description=_DESCRIPTION,
        criteria="Đã đứng lớp Bình dân học vụ số mà bà con tới học.",
        achievement=f"{issuer.public_url}/phuong/{place.slug}" if place else f"{issuer.public_url}/phong-trao",
        evidence=(
            ("Lớp đã đứng", f"{held.classes} lớp."),
            ("Thời gian đứng lớp", f"{held.hours} giờ." if held.hours else f"{held.minutes} phút."),
            ("Bà con tới học", f"{held.people} lượt người."),
        ),
        holder=holder or None,
        awarded_at=now,
    )

"""Staff accounts: their roles, sign-in slips, signed-in browsers, failed tries, and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class AccountRow(Base):
    """An account. Never deleted, only disabled or forgotten: classes and the audit log refer to it.

    A forgotten account has a name that is nobody's and a login that nobody can type, see accounts/forgetting.py.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("login"), Index(None, "ward"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    name: Mapped[str] = mapped_column(String(60))
    login: Mapped[str] = mapped_column(String(70))  # the name as it is typed: "nguyenvanminh", "nguyenvanminh2"
    ward: Mapped[str] = mapped_column(String(5))  # a code of data/wards.csv; "" is the whole city
    password_hash: Mapped[str | None] = mapped_column(String(200))  # argon2id, as argon2-cffi writes it
    session_version: Mapped[int]  # incremented when a right is revoked, which ends older sign-ins
    created_at: Mapped[datetime] = mapped_column(Instant)
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    password_declined_at: Mapped[datetime | None] = mapped_column(Instant)  # the offer on /dung-lop was dismissed
    forgotten_at: Mapped[datetime | None] = mapped_column(Instant)


class AccountRole(Base):
    """One role of one account."""

    __tablename__ = "account_roles"
    __table_args__ = (
        CheckConstraint("role IN ('facilitator', 'helper', 'author', 'organiser', 'administrator')", name="role"),
    )

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(13), primary_key=True)


class SlipRow(Base):
    """A one-use sign-in slip. Neither its token nor its code can be computed from the row alone."""

    __tablename__ = "slips"
    __table_args__ = (
        UniqueConstraint("selector"),
        Index(None, "account_id"),
        Index(None, "class_id"),
        CheckConstraint("kind IN ('printed', 'handoff', 'start')", name="kind"),
    )

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # sha-256 of the token, hex
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    selector: Mapped[str] = mapped_column(String(4))  # first characters of the code; the others need the secret key
    issued_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))  # null: from the command line
    issued_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(7), server_default="printed")
    # Of a handoff: the digest of the sign-in that it continues, and the class whose desk it opens.
    handed_from: Mapped[str | None] = mapped_column(String(64))
    class_id: Mapped[str | None] = mapped_column(ForeignKey("classes.id"))


class SignIn(Base):
    """One browser where an account is signed in; signing out deletes the row."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        CheckConstraint("by IN ('slip', 'password', 'handoff')", name="by"),
        Index(None, "account_id"),
    )

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # sha-256 of what the cookie holds, hex
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    session_version: Mapped[int]  # the account's at that time
    by: Mapped[str] = mapped_column(String(8))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)  # exact to the hour


class FailedTries(Base):
    """The number of consecutive failed tries with the password of one account, or the code of one slip."""

    __tablename__ = "wrong_tries"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)  # see learning/accounts/sign_in_throttle.py
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)


class AuditLogRow(Base):
    """An entry of the audit log: which account changed what. It holds nothing about learners."""

    __tablename__ = "journal"
    __table_args__ = (Index(None, "ward", "id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))  # who; null: from the command line
    action: Mapped[str] = mapped_column(String(30))  # see learning/accounts/audit_log.py
    target_id: Mapped[str] = mapped_column(String(32))  # of an account, class …
    ward: Mapped[str] = mapped_column(String(5))  # whose organiser reads it; "" is the city
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # names, roles …

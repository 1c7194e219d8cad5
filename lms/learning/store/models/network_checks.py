"""Network checks: an account tests a hall's network before a class, with phones that stay anonymous."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class NetworkCheckRow(Base):
    """A running check; at most one per account."""

    __tablename__ = "trials"

    code: Mapped[str] = mapped_column(String(4), primary_key=True)  # digits
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), unique=True)
    started_at: Mapped[datetime] = mapped_column(Instant)


class NetworkCheckPhone(Base):
    """A phone that opened the page. ``phone`` is a random word for this check; nothing is stored about its owner."""

    __tablename__ = "trial_phones"

    code: Mapped[str] = mapped_column(ForeignKey("trials.code", ondelete="CASCADE"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(16), primary_key=True)  # hex
    seen_at: Mapped[datetime] = mapped_column(Instant)
    delay: Mapped[int | None]  # milliseconds of a round trip; null: it runs no script

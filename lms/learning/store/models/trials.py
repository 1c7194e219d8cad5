"""Trials of a hall's network before people come: who looks, and phones as random words for an hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class TrialRow(Base):
    """One hall that is being tried; each account has one at most."""

    __tablename__ = "trials"

    code: Mapped[str] = mapped_column(String(4), primary_key=True)  # digits
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), unique=True)
    begun_at: Mapped[datetime] = mapped_column(Instant)


class TrialPhone(Base):
    """A phone that opened the page. ``phone`` is a word drawn for this trial alone; of its owner nothing is known."""

    __tablename__ = "trial_phones"

    code: Mapped[str] = mapped_column(ForeignKey("trials.code", ondelete="CASCADE"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(16), primary_key=True)  # hex
    seen_at: Mapped[datetime] = mapped_column(Instant)
    delay: Mapped[int | None]  # milliseconds there and back; null: it runs no script

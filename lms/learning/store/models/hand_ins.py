"""Handing in: which classes of a laptop were exported, and which classes and learners of laptops were imported."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class ClassExport(Base):
    """On a laptop: the last file in which a class was exported."""

    __tablename__ = "class_exports"

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    serial: Mapped[int]  # of the file; each file of a laptop has a higher one
    exported_at: Mapped[datetime] = mapped_column(Instant)


class HandedInClass(Base):
    """In the city: a class of a laptop. Its row in ``classes`` has the counts, no seats and no code."""

    __tablename__ = "handed_in_classes"
    __table_args__ = (Index(None, "laptop_key"),)

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    laptop_key: Mapped[str] = mapped_column(String(80))  # the public key that signed the file, as Multikey
    serial: Mapped[int]  # of the file that the counts are from
    received_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    received_at: Mapped[datetime] = mapped_column(Instant)


class HandedInLearner(Base):
    """In the city: which learner a learner of a laptop is. The row stays when the learner is forgotten, so that a
    repeated import cannot bring the learner back."""

    __tablename__ = "handed_in_learners"
    __table_args__ = (UniqueConstraint("code_digest"), Index(None, "learner_id"))

    laptop_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    laptop_learner_id: Mapped[str] = mapped_column(String(32), primary_key=True)  # as in the file, hex
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    # learning_codes.code_digest of the laptop's code; null when the learner has replaced the code or was forgotten
    code_digest: Mapped[str | None] = mapped_column(String(64))
    serial: Mapped[int]  # of the file that the code is from

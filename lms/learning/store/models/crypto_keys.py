"""Keys that all hosts share: public halves of signing keys, and the key of learning codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class PublishedKey(Base):
    """The public half of a key that signs or signed badges. It stays when the key is retired."""

    __tablename__ = "published_keys"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)  # Multikey
    published_at: Mapped[datetime] = mapped_column(Instant)


class WrappedCodeKey(Base):
    """The key of learning codes, encrypted under one value of LMS_SECRET_KEY."""

    __tablename__ = "wrapped_code_keys"

    secret_id: Mapped[str] = mapped_column(String(16), primary_key=True)  # code_key.secret_id
    wrapped: Mapped[str] = mapped_column(Text)  # a Fernet token
    wrapped_at: Mapped[datetime] = mapped_column(Instant)

"""The published halves of signing keys in the store, so that every host verifies and publishes every badge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine, select

from lms.learning.badges.data_integrity import decode_public_key
from lms.learning.badges.keys import KeyRing, has_private_key, load_key_ring
from lms.learning.startup_errors import SigningKeyLost
from lms.learning.store.database import read_sessions
from lms.learning.store.models import PublishedKey
from lms.learning.store.upsert import Upsert

_PUBLISH = Upsert(PublishedKey)


def open_key_ring(engine: Engine, data_dir: Path, given: str | None, *, now: datetime) -> KeyRing:
    """``load_key_ring``, and publish its keys.

    A laptop's key is made without asking only in a store where nobody signed yet: it names the laptop. Of several hosts
    with one PostgreSQL each may make its own.

    Raises:
        InvalidSigningKey: as ``load_key_ring``.
        SigningKeyLost: a laptop has no private key, and had one before.
    """
    with read_sessions(engine)() as session:
        published = find_published_keys(session.connection())
    if published and engine.dialect.name == "sqlite" and not has_private_key(data_dir, given):
        raise SigningKeyLost
    keys = load_key_ring(data_dir, given)
    if not keys.published.keys() <= published.keys():
        with engine.begin() as connection:
            publish_keys(connection, keys.published, now=now)
    return keys


def publish_keys(connection: Connection, names: Iterable[str], *, now: datetime) -> None:
    """Publish these keys for good; those that are published already stay as they are."""
    _PUBLISH.execute(connection, [{"name": name, "published_at": now} for name in names])


def find_published_keys(connection: Connection) -> Mapping[str, Ed25519PublicKey]:
    """All public keys in the store, oldest first, by Multikey name."""
    names = connection.scalars(select(PublishedKey.name).order_by(PublishedKey.published_at, PublishedKey.name))
    return {name: decode_public_key(name) for name in names}

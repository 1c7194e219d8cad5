"""The key of learning codes: it stays when LMS_SECRET_KEY is replaced, since codes are on paper (docs/adr/0036).

The store has it encrypted under each value of LMS_SECRET_KEY in use. A store from before has no such row: there the
key is the secret itself, the oldest one that is given.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, delete, inspect, select
from sqlalchemy.exc import OperationalError

from lms.learning.startup_errors import DatabaseUnreachable, SecretKeyMismatch
from lms.learning.store.database import read_sessions
from lms.learning.store.migrate import describe_connection_failure
from lms.learning.store.models import WrappedCodeKey
from lms.learning.store.people_count import is_store_created
from lms.learning.store.upsert import Upsert

_WRAP = Upsert(WrappedCodeKey)


def find_code_key(connection: Connection, secret_keys: Sequence[str]) -> str:
    """The key of learning codes, by any of the secret keys, of which the newest is the first.

    Raises:
        SecretKeyMismatch: the store was used with other secret keys only.
    """
    wrapped = _wrapped(connection)
    for secret in secret_keys:
        if secret_id(secret) in wrapped:
            return _cipher(secret).decrypt(wrapped[secret_id(secret)].encode("ascii")).decode("utf-8")
    if wrapped:
        raise SecretKeyMismatch
    return secret_keys[-1]


def check_secret_keys(engine: Engine, secret_keys: Sequence[str]) -> None:
    """Refuse to work with a secret key that the store does not know; a store of an older release knows none.

    Raises:
        SecretKeyMismatch: the store was used with other secret keys only.
        DatabaseUnreachable: the database does not answer.
    """
    if not is_store_created(engine.url.render_as_string(hide_password=False)):
        return
    try:
        with read_sessions(engine)() as session:
            connection = session.connection()
            if inspect(connection).has_table(WrappedCodeKey.__tablename__):
                find_code_key(connection, secret_keys)
    except OperationalError as error:
        raise DatabaseUnreachable(describe_connection_failure(engine, error)) from error


def is_known_secret_key(engine: Engine, secret_keys: Sequence[str]) -> bool:
    """Whether the store was used with one of these."""
    with read_sessions(engine)() as session:
        return not _wrapped(session.connection()).keys().isdisjoint(map(secret_id, secret_keys))


def wrap_code_key(engine: Engine, secret_keys: Sequence[str], *, now: datetime) -> str:
    """``find_code_key``, and afterwards each of the secret keys alone opens it.

    A single secret key ends a transition: what was wrapped by earlier ones is deleted. What was wrapped by later ones
    stays, since a command with yesterday's environment must not undo a rotation whose old key may be gone tomorrow.

    Raises:
        SecretKeyMismatch: as ``find_code_key``.
    """
    ids = {secret_id(secret): secret for secret in secret_keys}
    with read_sessions(engine)() as session:
        if _wrapped(session.connection()).keys() == ids.keys():
            return find_code_key(session.connection(), secret_keys)
    with engine.begin() as connection:
        code_key = find_code_key(connection, secret_keys)
        rows = [
            # Rows that are there keep their time; of several new ones the newest key has the latest.
            {"secret_id": name, "wrapped": _wrap(secret, code_key), "wrapped_at": now - timedelta(microseconds=place)}
            for place, (name, secret) in enumerate(ids.items())
        ]
        _WRAP.execute(connection, rows)
        if len(ids) == 1:
            own = select(WrappedCodeKey.wrapped_at).where(WrappedCodeKey.secret_id.in_(ids)).scalar_subquery()
            connection.execute(delete(WrappedCodeKey).where(WrappedCodeKey.wrapped_at < own))
    return code_key


def secret_id(secret: str) -> str:
    """Names a secret key without revealing it."""
    return hmac.digest(secret.encode("utf-8"), b"lms secret key id", hashlib.sha256).hex()[:16]


def _wrapped(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(select(WrappedCodeKey.secret_id, WrappedCodeKey.wrapped)).all())


def _wrap(secret: str, code_key: str) -> str:
    return _cipher(secret).encrypt(code_key.encode("utf-8")).decode("ascii")


def _cipher(secret: str) -> Fernet:
    """The secret has 32 random characters at least, so a plain HMAC is enough to derive a key."""
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret.encode("utf-8"), b"lms code key", hashlib.sha256)))

"""Sign values with itsdangerous, and read those that this site has signed, also with an earlier secret key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from traceback import clear_frames
from typing import TypeVar

from itsdangerous import BadSignature, TimestampSigner

Value = TypeVar("Value")
# One secret key, or several of which the newest is the first: it signs, and all of them verify.
SecretKeys = str | tuple[str, ...]


def all_secret_keys(secret: SecretKeys) -> tuple[str, ...]:
    return (secret,) if isinstance(secret, str) else secret


@lru_cache(maxsize=16)
def timestamp_signer(secret: SecretKeys, salt: str) -> TimestampSigner:
    oldest_first = list(reversed(all_secret_keys(secret)))
    return TimestampSigner(oldest_first, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)


def loads_or_none(loads: Callable[..., Value], text: str, *, max_age: int | None) -> Value | None:
    """The signed value, or None when the signature is wrong or older than ``max_age`` seconds; None for any age.

    ``loads``: a serializer's ``loads`` or a signer's ``unsign``.
    """
    try:
        return loads(text, max_age=max_age)
    except (BadSignature, UnicodeError) as error:
        # itsdangerous keeps the exception in a local variable. Clear its frames to break the reference cycle, which
        # would keep the whole request alive until the next garbage collection.
        clear_frames(error.__traceback__)
        return None

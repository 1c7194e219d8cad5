"""Read values that this site has signed with itsdangerous."""

from __future__ import annotations

from collections.abc import Callable
from traceback import clear_frames
from typing import TypeVar

from itsdangerous import BadSignature

Value = TypeVar("Value")


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

"""What we have signed and given away, when it comes back."""

from __future__ import annotations

from collections.abc import Callable
from traceback import clear_frames
from typing import TypeVar

from itsdangerous import BadSignature

Signed = TypeVar("Signed")


def read_signed(read: Callable[..., Signed], text: str, *, max_age: int) -> Signed | None:
    """What ``read``, of one of itsdangerous' signers, makes of a text; None when it was not signed by us.

    ``max_age`` in seconds.
    """
    try:
        return read(text, max_age=max_age)
    except (BadSignature, UnicodeError) as error:
        # A frame of itsdangerous' holds the error, which holds us and the whole request with its body, in a ring.
        clear_frames(error.__traceback__)
        return None

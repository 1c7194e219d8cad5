"""The signed cookie that says which learners a phone belongs to."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from itsdangerous import TimestampSigner

from lms.signing import read_signed

COOKIE = "learner"  # the name, behind ``settings.cookie_prefix``
MAX_AGE = 400 * 24 * 3600  # in seconds; browsers keep no cookie longer
MOST = 12  # people on one shared phone; who was away longest drops out
LONGEST = 40 * MOST + 100  # characters of a cookie

_ID = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Pass:
    """``learner_ids``: who uses this phone, the present one first; empty when nobody has begun.

    An id may stand here before anything is kept under it: so a new person sits down at a shared phone.
    """

    learner_ids: tuple[str, ...] = ()

    @property
    def current(self) -> str | None:
        return self.learner_ids[0] if self.learner_ids else None

    def with_current(self, learner_id: str) -> Pass:
        """The same phone with this learner present, known before or not."""
        others = tuple(one for one in self.learner_ids if one != learner_id)
        return Pass((learner_id, *others)[:MOST])

    def without(self, learner_id: str, *, next_id: str) -> Pass:
        """The same phone without this learner. If she was present, nobody slips into her place: ``next_id`` is new."""
        others = tuple(one for one in self.learner_ids if one != learner_id)
        return Pass((next_id, *others)) if others and self.current == learner_id else Pass(others)


def sign_pass(secret: str, pass_: Pass) -> str:
    """The cookie's value: ids, the second of signing and a signature, in cookie-safe characters."""
    return _signer(secret).sign("-".join(pass_.learner_ids)).decode("ascii")


def read_pass(secret: str, text: str) -> Pass | None:
    """The pass in a cookie; None when it was not signed by us, is too old, or is no pass at all."""
    if len(text) > LONGEST:
        return None
    value = read_signed(_signer(secret).unsign, text, max_age=MAX_AGE)
    if value is None:
        return None
    ids = tuple(value.decode("ascii", "replace").split("-")) if value else ()
    if len(ids) > MOST or not all(_ID.match(one) for one in ids):
        return None
    return Pass(ids)


@lru_cache(maxsize=4)
def _signer(secret: str) -> TimestampSigner:
    return TimestampSigner(secret, salt="lms.learner", key_derivation="hmac", digest_method=hashlib.sha256)

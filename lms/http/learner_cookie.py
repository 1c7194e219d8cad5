"""The signed cookie with the learners of a browser, for Flask and the ASGI endpoints."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from lms.config import Settings
from lms.signing import SecretKeys, loads_or_none, timestamp_signer

COOKIE_NAME = "learner"  # the name, behind ``settings.cookie_prefix``
# How far ahead the clock of another host may be that signed the cookie.
CLOCK_TOLERANCE_SECONDS = 10 * 60
MAX_AGE_SECONDS = 400 * 24 * 3600  # browsers keep no cookie longer
MAX_LEARNERS = 12  # on one shared phone; beyond that the one who was away longest drops out
MAX_LENGTH = 40 * MAX_LEARNERS + 100  # characters of a cookie
# More phones than a city has: for phones that come in turn, a cache that is slightly too small never has a hit.
_CACHED_COOKIES = 32_768

_SALT = "lms.learner"
_ID = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class LearnerCookie:
    """``learner_ids``: the learners who use this browser, the current one first; empty before the first one starts.

    An id may be here before the database has a row for it: that is how a new learner starts on a shared phone.
    """

    learner_ids: tuple[str, ...] = ()

    @property
    def current(self) -> str | None:
        return self.learner_ids[0] if self.learner_ids else None

    def with_current(self, learner_id: str) -> LearnerCookie:
        """This browser with ``learner_id``, new or known, as the current learner."""
        if learner_id == self.current:
            return self
        return LearnerCookie((learner_id, *self._others(learner_id))[:MAX_LEARNERS])

    def without(self, learner_id: str, *, next_id: str) -> LearnerCookie:
        """This browser without ``learner_id``.

        If that was the current learner of several, the new id ``next_id`` becomes current, and not another learner.
        """
        others = self._others(learner_id)
        return LearnerCookie((next_id, *others)) if others and self.current == learner_id else LearnerCookie(others)

    def replace_current(self, new_id: str) -> LearnerCookie:
        """This browser after its current learner was forgotten on another phone: ``new_id`` takes the place."""
        remaining = self.without(self.current, next_id=new_id) if self.current else self
        return remaining.with_current(new_id)

    def _others(self, learner_id: str) -> tuple[str, ...]:
        return tuple(known for known in self.learner_ids if known != learner_id)


class _InvalidCookie(Exception):
    """The value was not signed here, is too old, or comes from too far in the future."""


def learner_key(learner_id: str) -> str:
    """Names a learner in pages, forms and the browser's storage, where the id itself must not appear."""
    return hashlib.sha256(learner_id.encode()).hexdigest()[:12]


def read_cookie_header(settings: Settings, header: str | None) -> LearnerCookie:
    """The learner cookie in a request's ``Cookie`` header; an empty one if there is none that was signed here."""
    value = find_cookie(header or "", settings.cookie_prefix + COOKIE_NAME)
    try:
        return _cached_load_cookie(value, settings.secret_keys, _today()) if value else LearnerCookie()
    except _InvalidCookie:
        return LearnerCookie()


def set_cookie_header(settings: Settings, cookie: LearnerCookie) -> str:
    """The value of a response's ``Set-Cookie`` header; the cookie's 400 days start again."""
    name = settings.cookie_prefix + COOKIE_NAME
    return _cached_set_cookie_header(cookie.learner_ids, name, settings.secret_key, settings.https, _today())


def dump_cookie(secret: str, cookie: LearnerCookie) -> str:
    """The cookie's value: ids, the time of signing and a signature, in characters that are safe in a cookie."""
    return timestamp_signer(secret, _SALT).sign("-".join(cookie.learner_ids)).decode("ascii")


def load_cookie(secret: SecretKeys, text: str) -> LearnerCookie | None:
    """Read a cookie's value; None if it was not signed here, is too old or is malformed."""
    if len(text) > MAX_LENGTH:
        return None
    signed = loads_or_none(_unsign_with_time(secret), text, max_age=None)
    if signed is None:
        return None
    value, signed_at = signed
    if not -CLOCK_TOLERANCE_SECONDS <= time.time() - signed_at.timestamp() <= MAX_AGE_SECONDS:
        return None
    ids = tuple(value.decode("ascii", "replace").split("-")) if value else ()
    if len(ids) > MAX_LEARNERS or not all(_ID.match(learner_id) for learner_id in ids):
        return None
    return LearnerCookie(ids)


def _unsign_with_time(secret: SecretKeys) -> Callable[..., tuple[bytes, datetime]]:
    return partial(timestamp_signer(secret, _SALT).unsign, return_timestamp=True)


def _today() -> int:
    """Part of the cache keys, so that signatures are cached for a day at most."""
    return int(time.time()) // 86400


@lru_cache(maxsize=_CACHED_COOKIES)
def _cached_load_cookie(text: str, secret: SecretKeys, _day: int) -> LearnerCookie:
    """Read a signed cookie, once a day for each value.

    Raises:
        _InvalidCookie: ``load_cookie`` refuses it. Exceptions are not cached, so a cookie from a host whose clock is
            ahead is accepted as soon as this host's clock has caught up.
    """
    cookie = load_cookie(secret, text)
    if cookie is None:
        raise _InvalidCookie
    return cookie


@lru_cache(maxsize=_CACHED_COOKIES)
def _cached_set_cookie_header(learner_ids: tuple[str, ...], name: str, secret: str, https: bool, _day: int) -> str:
    secure = "; Secure" if https else ""
    value = dump_cookie(secret, LearnerCookie(learner_ids))
    return f"{name}={value}; Path=/; Max-Age={MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax{secure}"


def find_cookie(header: str, name: str) -> str:
    """The value of the first cookie of that name; "" if there is none, or if it is too long to be ours.

    ``http.cookies`` reads no cookie at all if another program on the same host has set a malformed one.
    """
    for pair in header.split(";"):
        key, _, value = pair.partition("=")
        if key.strip() == name:
            return value.strip() if len(value) <= MAX_LENGTH else ""
    return ""

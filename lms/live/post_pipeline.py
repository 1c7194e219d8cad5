"""What every post of a script has in common: whose it is, where it came from, who keeps it, and what is said back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

from lms.config import Settings
from lms.http import learner_cookie
from lms.http.same_origin import is_same_site
from lms.learning.errors import AnswersLocked, LearnerForgotten
from lms.learning.store.writer import Writer
from lms.live.error_responses import CrossSite, refusal_of
from lms.live.loop_callbacks import Mailbox
from lms.live.responses import Headers, Reply, Scope, Tell, header, json_reply, place

log = logging.getLogger(__name__)

# Cookies that are remembered, of more phones than a city has: where they come in turn, a cache that is a little too
# small has always just thrown out the one that comes.
_PHONES = 32_768


@dataclass(frozen=True, slots=True)
class Errand:
    """What a post asks of the writer, ``work(session, learner_id=…, now=…, **plain)``, and what is said afterwards.

    ``again``: what to ask instead when she was forgotten on another phone; it may refuse.
    """

    work: Callable[..., Any]
    learner_id: str
    plain: Mapping[str, Any]
    said: Callable[[Any], Reply]
    again: Callable[[], Errand] | None = None


Read = Callable[[Scope, bytes], Errand]


class Posts:
    """The way from a request to the writer and back."""

    def __init__(self, settings: Settings, writer: Writer) -> None:
        self._settings = settings
        self._writer = writer
        self._cookie = settings.cookie_prefix + learner_cookie.COOKIE
        self._mailbox: Mailbox | None = None  # of the loop that we run in, which is not there yet

    def begin(self, read: Read, scope: Scope, body: bytes, tell: Tell) -> None:
        """Have done what ``read`` makes out of a request. ``tell`` is called once, now or when it is committed.

        No coroutine, no task: they would cost as much as all the rest.
        """
        try:
            self._check_origin(scope)
            self._send(read(scope, body), scope, tell)
        except Exception as error:
            tell(self._refusal(error, scope))

    def pass_of(self, scope: Scope) -> learner_cookie.Pass:
        kept = _cookie(header(scope, b"cookie") or "", self._cookie)
        return _read_pass(kept, self._settings.secret_key, _day()) if kept else learner_cookie.Pass()

    def cookie_header(self, phone: learner_cookie.Pass) -> tuple[bytes, bytes]:
        """The same cookie as a form's answer sets; its 400 days begin again."""
        settings = self._settings
        return b"set-cookie", _write_cookie(phone, self._cookie, settings.secret_key, settings.https, _day())

    def _send(self, errand: Errand, scope: Scope, tell: Tell) -> None:
        if self._mailbox is None:
            self._mailbox = Mailbox()
        plain = {"learner_id": errand.learner_id, "now": datetime.now(UTC), **errand.plain}
        letter = self._mailbox.letter(partial(self._came, errand, scope, tell))
        self._writer.hand(errand.work, errand.learner_id, plain, letter)

    def _came(self, errand: Errand, scope: Scope, tell: Tell, result: Any, error: Exception | None) -> None:
        try:
            if isinstance(error, LearnerForgotten) and errand.again is not None:
                self._send(errand.again(), scope, tell)
                return
            # Not raised here: an error whose frames hold the error is a ring, with a connection in it.
            reply = errand.said(result) if error is None else self._refusal(error, scope)
        except Exception as refused:
            reply = self._refusal(refused, scope)
        tell(reply)

    def _refusal(self, error: Exception, scope: Scope) -> Reply:
        status, sentence = refusal_of(error)
        if status == 500:
            log.error("%s failed", place(scope), exc_info=error)
        extra: Headers = [(b"retry-after", b"3")] if status in (429, 503) else []
        value: dict[str, Any] = {"error": sentence}
        if isinstance(error, AnswersLocked):
            value["answer"] = list(error.given)
        return json_reply(status, value, extra)

    def _check_origin(self, scope: Scope) -> None:
        headers = _Headers(scope)
        if not is_same_site(headers, self._settings.public_url, headers.get("host", "")):
            raise CrossSite


class _Headers(Mapping[str, str]):
    """Headers by lower-case name, the first of each; decoded when they are asked for, which few of them are."""

    __slots__ = ("_found",)

    def __init__(self, scope: Scope) -> None:
        self._found = dict(reversed(scope["headers"]))

    def __getitem__(self, name: str) -> str:
        return self._found[name.encode("latin-1")].decode("latin-1")

    def get(self, name: str, default: Any = None) -> Any:
        value = self._found.get(name.encode("latin-1"))
        return default if value is None else value.decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name in self._found)

    def __len__(self) -> int:
        return len(self._found)


def _day() -> int:
    """Signatures are remembered for a day: a phone sends the same cookie with answer after answer."""
    return int(time.time()) // 86400


def _cookie(header: str, name: str) -> str:
    """The first cookie of that name, "" when there is none that could be a pass.

    Another program at the same host may have set cookies of any form beside ours; ``http.cookies`` reads none then.
    """
    for one in header.split(";"):
        key, _, value = one.partition("=")
        if key.strip() == name:
            return value.strip() if len(value) <= learner_cookie.LONGEST else ""
    return ""


@lru_cache(maxsize=_PHONES)
def _read_pass(text: str, secret: str, _day: int) -> learner_cookie.Pass:
    """The pass in a cookie; an empty one when we did not sign it."""
    return learner_cookie.read_pass(secret, text) or learner_cookie.Pass()


@lru_cache(maxsize=_PHONES)
def _write_cookie(phone: learner_cookie.Pass, name: str, secret: str, https: bool, _day: int) -> bytes:
    secure = "; Secure" if https else ""
    value = learner_cookie.sign_pass(secret, phone)
    return f"{name}={value}; Path=/; Max-Age={learner_cookie.MAX_AGE}; HttpOnly; SameSite=Lax{secure}".encode()

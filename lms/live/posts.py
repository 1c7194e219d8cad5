"""What every post of a script has in common: whose it is, where it came from, who keeps it, and what is said back."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from lms.config import Settings
from lms.learning import passes
from lms.learning.origin import is_same_site
from lms.learning.writer import Writer
from lms.live.mailbox import Mailbox
from lms.live.refusals import CrossSite, refusal_of
from lms.live.replies import Headers, Scope, Send, header, place, send_json

log = logging.getLogger(__name__)

Route = Callable[[Scope, bytes, Send], Awaitable[None]]


class Posts:
    """The way from a request to the writer and back."""

    def __init__(self, settings: Settings, writer: Writer) -> None:
        self._settings = settings
        self._writer = writer
        self._cookie = settings.cookie_prefix + passes.COOKIE
        self._mailbox: Mailbox | None = None  # of the loop that we run in, which is not there yet

    async def answer(self, work: Route, scope: Scope, body: bytes, send: Send) -> None:
        """Do the work, or say why not."""
        try:
            self._check_origin(scope)
            await work(scope, body, send)
        except Exception as error:
            status, sentence = refusal_of(error)
            if status == 500:
                log.exception("%s failed", place(scope))
            extra: Headers = [(b"retry-after", b"3")] if status in (429, 503) else []
            await send_json(send, status, {"error": sentence}, extra)

    async def write(self, work: Callable[..., Any], learner_id: str, **plain: Any) -> Any:
        """Hand to the writer and wait, without a thread, until it is committed."""
        if self._mailbox is None:
            self._mailbox = Mailbox()
        letter = self._mailbox.letter()
        self._writer.hand(work, learner_id, {"learner_id": learner_id, "now": datetime.now(UTC), **plain}, letter)
        return await letter.waiter

    def pass_of(self, scope: Scope) -> passes.Pass:
        kept = _cookie(header(scope, b"cookie") or "", self._cookie)
        return _read_pass(kept, self._settings.secret_key, _day()) if kept else passes.Pass()

    def cookie_header(self, phone: passes.Pass) -> tuple[bytes, bytes]:
        """The same cookie as a form's answer sets; its 400 days begin again."""
        return b"set-cookie", _write_cookie(phone, self._cookie, self._settings, _day())

    def _check_origin(self, scope: Scope) -> None:
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        if not is_same_site(headers, self._settings.public_url, headers.get("host", "")):
            raise CrossSite


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
            return value.strip() if len(value) <= passes.LONGEST else ""
    return ""


@lru_cache(maxsize=8192)
def _read_pass(text: str, secret: str, _day: int) -> passes.Pass:
    """The pass in a cookie; an empty one when we did not sign it."""
    return passes.read_pass(secret, text) or passes.Pass()


@lru_cache(maxsize=8192)
def _write_cookie(phone: passes.Pass, name: str, settings: Settings, _day: int) -> bytes:
    secure = "; Secure" if settings.https else ""
    value = passes.sign_pass(settings.secret_key, phone)
    return f"{name}={value}; Path=/; Max-Age={passes.MAX_AGE}; HttpOnly; SameSite=Lax{secure}".encode()

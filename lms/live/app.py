"""The two posts that come by the thousand, answered without a thread for each: question answers and practice events."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import parse_qs

from lms.config import Settings
from lms.content.shelf import Shelf
from lms.learning import answers, attempts, passes
from lms.learning.errors import LearnerForgotten, NotFound
from lms.learning.learners import new_learner_id
from lms.learning.origin import is_same_site
from lms.learning.writer import Writer
from lms.live.mailbox import Mailbox
from lms.live.refusals import CrossSite, Malformed, refusal_of
from lms.live.replies import Scope, Send, header, place, send_json, wants_json

log = logging.getLogger(__name__)

_SLUG = "[a-z0-9-]{1,80}"
_ANSWER = re.compile(f"/({_SLUG})/({_SLUG})/hieu/([a-z0-9-]{{1,40}})")
_EVENTS = re.compile("/toi/luot/([0-9a-f]{32})/su-kien")
_MOST_ANSWERS = 200  # fields of one form; no question has so many options

Route = Callable[[Scope, bytes, Send], Awaitable[None]]


class Live:
    """The posts that ``find`` knows; their bodies are read already."""

    def __init__(self, settings: Settings, shelf: Shelf, writer: Writer) -> None:
        self.settings = settings
        self.shelf = shelf
        self.writer = writer
        self.cookie = settings.cookie_prefix + passes.COOKIE
        self._mailbox: Mailbox | None = None  # of the loop that we run in, which is not there yet

    def find(self, scope: Scope) -> Route | None:
        """Who answers this, if it is one of ours: a script's answer to a question, or a practice's events."""
        if scope["method"] != "POST":
            return None
        if found := _EVENTS.fullmatch(scope["path"]):
            return partial(self._answer, partial(self._keep_events, *found.groups()))
        if wants_json(scope) and (found := _ANSWER.fullmatch(scope["path"])):
            return partial(self._answer, partial(self._keep_answer, *found.groups()))
        return None

    async def _answer(self, work: Route, scope: Scope, body: bytes, send: Send) -> None:
        try:
            self._check_origin(scope)
            await work(scope, body, send)
        except Exception as error:
            status, sentence = refusal_of(error)
            if status == 500:
                log.exception("%s failed", place(scope))
            await send_json(send, status, {"error": sentence})

    async def _keep_answer(
        self, course: str, lesson: str, question_id: str, scope: Scope, body: bytes, send: Send
    ) -> None:
        found = self.shelf.library.lesson(course, lesson)
        if found is None:
            raise NotFound(f"{course}/{lesson}")
        plain = {
            "course": course,
            "lesson": lesson,
            "understand": found.understand,
            "question_id": question_id,
            "given": _given(body),
        }
        phone = self._pass(scope)
        learner_id = phone.current or new_learner_id()
        try:
            kept = await self._write(answers.keep_answer, learner_id, **plain)
        except LearnerForgotten:  # on another phone; whoever goes on here begins anew
            next_id = new_learner_id()
            phone, learner_id = phone.without(learner_id, next_id=next_id), next_id
            kept = await self._write(answers.keep_answer, learner_id, **plain)
        outcome, progress = kept.outcome, kept.progress
        reply = {
            "score": outcome.score,
            "right": outcome.score == 1.0,
            "said": [{"key": said.key, "html": said.html} for said in outcome.said],
            "progress": {
                "right": progress.right,
                "total": progress.total,
                "needed": progress.needed,
                "earned": progress.earned,
            },
        }
        await send_json(send, 200, reply, [self._cookie_header(phone.with_current(learner_id))])

    async def _keep_events(self, attempt_id: str, scope: Scope, body: bytes, send: Send) -> None:
        learner_id = self._pass(scope).current
        if learner_id is None:
            raise NotFound(attempt_id)
        receipt = await self._write(attempts.keep_events, learner_id, attempt_id=attempt_id, events=_events(body))
        reply = {
            "kept": receipt.kept,
            "screen": receipt.screen,
            "ended": receipt.ended,
            "passed": receipt.passed,
            "score": receipt.score,
            "marked": receipt.mark_earned,
        }
        await send_json(send, 200, reply)

    async def _write(self, work: Callable[..., Any], learner_id: str, **plain: Any) -> Any:
        """Hand to the writer and wait, without a thread, until it is committed."""
        if self._mailbox is None:
            self._mailbox = Mailbox()
        letter = self._mailbox.letter()
        self.writer.hand(work, learner_id, {"learner_id": learner_id, "now": datetime.now(UTC), **plain}, letter)
        return await letter.waiter

    def _check_origin(self, scope: Scope) -> None:
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        if not is_same_site(headers, self.settings.public_url, headers.get("host", "")):
            raise CrossSite

    def _pass(self, scope: Scope) -> passes.Pass:
        kept = _cookie(header(scope, b"cookie") or "", self.cookie)
        return _read_pass(kept, self.settings.secret_key, _day()) if kept else passes.Pass()

    def _cookie_header(self, phone: passes.Pass) -> tuple[bytes, bytes]:
        """The same cookie as a form's answer sets; its 400 days begin again."""
        return b"set-cookie", _write_cookie(phone, self.cookie, self.settings, _day())


def create_live(settings: Settings, *, shelf: Shelf, writer: Writer) -> Live:
    return Live(settings, shelf, writer)


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


def _given(body: bytes) -> list[str]:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_MOST_ANSWERS, errors="strict")
    except ValueError as error:
        raise Malformed from error
    return fields.get("answer", [])


def _events(body: bytes) -> list[Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(sent, dict) or not isinstance(sent.get("events"), list):
        raise Malformed
    return sent["events"]

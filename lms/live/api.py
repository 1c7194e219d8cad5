"""The posts that come by the thousand, answered without a thread for each: answers, beginnings, practice events."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from lms.config import Settings
from lms.content.catalog import Shelf
from lms.http.learner_cookie import Pass
from lms.learning.errors import NotFound
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.practice import events
from lms.learning.store.writer import Writer
from lms.learning.understand import answers
from lms.live import class_posts
from lms.live.error_responses import Malformed
from lms.live.forms import fields_of
from lms.live.post_pipeline import Errand, Posts, Read
from lms.live.responses import Reply, Scope, Tell, json_reply, wants_json

_SLUG = "[a-z0-9-]{1,80}"
_ANSWER = re.compile(f"/({_SLUG})/({_SLUG})/hieu/([a-z0-9-]{{1,40}})")
_EVENTS = re.compile("/toi/luot/([0-9a-f]{32})/su-kien")


class Live:
    """Posts whose bodies are read already."""

    def __init__(self, settings: Settings, shelf: Shelf, writer: Writer) -> None:
        self._shelf = shelf
        self._posts = Posts(settings, writer)
        self._class_posts = class_posts.ClassPosts(self._posts, shelf)

    def take(self, scope: Scope, body: bytes, tell: Tell) -> bool:
        """Begin to answer, if it is one of ours: a script's answer, a beginning, or a practice's events.

        ``tell`` is called once with the answer, at once or later, in the loop's thread.
        """
        read = self._reader(scope)
        if read is None:
            return False
        self._posts.begin(read, scope, body, tell)
        return True

    def _reader(self, scope: Scope) -> Read | None:
        if scope["method"] != "POST":
            return None
        if found := _EVENTS.fullmatch(scope["path"]):
            return partial(self._events, *found.groups())
        if not wants_json(scope):
            return None
        if found := _ANSWER.fullmatch(scope["path"]):
            return partial(self._answer, *found.groups())
        return self._class_posts.reader(scope["path"])

    def _answer(self, course: str, lesson: str, question_id: str, scope: Scope, body: bytes) -> Errand:
        found = self._shelf.library.lesson(course, lesson)
        if found is None:
            raise NotFound(f"{course}/{lesson}")
        plain = {
            "course": course,
            "lesson": lesson,
            "understand": found.understand,
            "question_id": question_id,
            "given": fields_of(body).get("answer", []),
        }
        phone = self._posts.pass_of(scope)
        first = phone.current or new_learner_id()

        def errand(phone: Pass, learner_id: str, again: Callable[[], Errand] | None = None) -> Errand:
            told = partial(self._say_answer, phone.with_current(learner_id))
            return Errand(answers.keep_answer, learner_id, plain, told, again)

        def begin_anew() -> Errand:  # whoever goes on here after she was forgotten on another phone
            next_id = new_learner_id()
            return errand(phone.without(first, next_id=next_id), next_id)

        return errand(phone, first, begin_anew)

    def _say_answer(self, phone: Pass, kept: answers.Kept) -> Reply:
        outcome, progress = kept.outcome, kept.progress
        value = {
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
        return json_reply(200, value, [self._posts.cookie_header(phone)])

    def _events(self, attempt_id: str, scope: Scope, body: bytes) -> Errand:
        learner_id = self._posts.pass_of(scope).current
        if learner_id is None:
            raise NotFound(attempt_id)
        plain = {"attempt_id": attempt_id, "events": _events(body)}
        return Errand(events.keep_events, learner_id, plain, _say_receipt)


def create_live(settings: Settings, *, shelf: Shelf, writer: Writer) -> Live:
    return Live(settings, shelf, writer)


def _say_receipt(receipt: events.Receipt) -> Reply:
    value = {
        "kept": receipt.kept,
        "screen": receipt.screen,
        "ended": receipt.ended,
        "passed": receipt.passed,
        "score": receipt.score,
        "marked": receipt.mark_earned,
    }
    return json_reply(200, value)


def _events(body: bytes) -> list[Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(sent, dict) or not isinstance(sent.get("events"), list):
        raise Malformed
    return sent["events"]

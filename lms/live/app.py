"""The posts that come by the thousand, answered without a thread for each: answers and practice events."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

from lms.config import Settings
from lms.content.shelf import Shelf
from lms.learning import answers, event_batches
from lms.learning.errors import LearnerForgotten, NotFound
from lms.learning.learners import new_learner_id
from lms.learning.writer import Writer
from lms.live import classroom
from lms.live.forms import fields_of
from lms.live.posts import Posts, Route
from lms.live.refusals import Malformed
from lms.live.replies import Scope, Send, send_json, wants_json

_SLUG = "[a-z0-9-]{1,80}"
_ANSWER = re.compile(f"/({_SLUG})/({_SLUG})/hieu/([a-z0-9-]{{1,40}})")
_EVENTS = re.compile("/toi/luot/([0-9a-f]{32})/su-kien")


class Live:
    """The posts that ``find`` knows; their bodies are read already."""

    def __init__(self, settings: Settings, shelf: Shelf, writer: Writer) -> None:
        self._shelf = shelf
        self._posts = Posts(settings, writer)
        self._class_answers = classroom.ClassAnswers(self._posts, shelf)

    def find(self, scope: Scope) -> Route | None:
        """Who answers this, if it is one of ours: a script's answer to a question, or a practice's events."""
        if scope["method"] != "POST":
            return None
        if found := _EVENTS.fullmatch(scope["path"]):
            return partial(self._posts.answer, partial(self._keep_events, *found.groups()))
        if not wants_json(scope):
            return None
        if found := classroom.PATH.fullmatch(scope["path"]):
            return partial(self._posts.answer, partial(self._class_answers.keep, *found.groups()))
        if found := _ANSWER.fullmatch(scope["path"]):
            return partial(self._posts.answer, partial(self._keep_answer, *found.groups()))
        return None

    async def _keep_answer(
        self, course: str, lesson: str, question_id: str, scope: Scope, body: bytes, send: Send
    ) -> None:
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
        learner_id = phone.current or new_learner_id()
        try:
            kept = await self._posts.write(answers.keep_answer, learner_id, **plain)
        except LearnerForgotten:  # on another phone; whoever goes on here begins anew
            next_id = new_learner_id()
            phone, learner_id = phone.without(learner_id, next_id=next_id), next_id
            kept = await self._posts.write(answers.keep_answer, learner_id, **plain)
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
        await send_json(send, 200, reply, [self._posts.cookie_header(phone.with_current(learner_id))])

    async def _keep_events(self, attempt_id: str, scope: Scope, body: bytes, send: Send) -> None:
        learner_id = self._posts.pass_of(scope).current
        if learner_id is None:
            raise NotFound(attempt_id)
        receipt = await self._posts.write(
            event_batches.keep_events, learner_id, attempt_id=attempt_id, events=_events(body)
        )
        reply = {
            "kept": receipt.kept,
            "screen": receipt.screen,
            "ended": receipt.ended,
            "passed": receipt.passed,
            "score": receipt.score,
            "marked": receipt.mark_earned,
        }
        await send_json(send, 200, reply)


def create_live(settings: Settings, *, shelf: Shelf, writer: Writer) -> Live:
    return Live(settings, shelf, writer)


def _events(body: bytes) -> list[Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(sent, dict) or not isinstance(sent.get("events"), list):
        raise Malformed
    return sent["events"]

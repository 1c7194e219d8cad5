"""What a hall's phones send at once, kept without a thread for each: answers, and that they begin the practice.

``POST /lop/<code>/tra-loi`` and ``POST /lop/<code>/tap``; Flask has the same two for forms.
"""

from __future__ import annotations

import re
import time
from functools import partial

from lms.content.catalog import Shelf
from lms.learning.classroom.practice.class_attempts import practise_in
from lms.learning.classroom.questions.class_answers import KeptAnswer, keep_class_answer
from lms.learning.errors import NotSeated, TooOften
from lms.live.error_responses import Malformed
from lms.live.forms import fields_of
from lms.live.post_pipeline import Errand, Posts, Read
from lms.live.responses import Reply, Scope, json_reply

_PATH = re.compile("/(?:lop|LOP)/([0-9]{6})/(tra-loi|tap)")
# People change their minds, and a page sends again on a bad line; a script gone wild does it a thousand times a second.
MOST_AT_ONCE = 12
MOST_A_SECOND = 1.0
_QUESTION = re.compile("[a-z0-9-]{1,40}")
_ROUND = re.compile("[1-9]")


class ClassPosts:
    """Posts of a class's phones: each learner at a measured pace, each kept by the writer."""

    def __init__(self, posts: Posts, shelf: Shelf) -> None:
        self._posts = posts
        self._shelf = shelf
        self._patience = Patience()

    def reader(self, path: str) -> Read | None:
        """What reads a script's post to this address, if it is one of these."""
        found = _PATH.fullmatch(path)
        if found is None:
            return None
        code, what = found.groups()
        return partial(self._answer if what == "tra-loi" else self._practise, code)

    def _learner_of(self, code: str, scope: Scope) -> str:
        learner_id = self._posts.pass_of(scope).current
        if learner_id is None:
            raise NotSeated(code)
        self._patience.count(learner_id, time.monotonic())
        return learner_id

    def _practise(self, code: str, scope: Scope, body: bytes) -> Errand:
        """To her go at the class's practice: a new one, or the one she is in."""
        plain = {"code": code, "library": self._shelf.library}

        def said(attempt_id: str) -> Reply:
            cookie = self._posts.cookie_header(self._posts.pass_of(scope))
            return json_reply(200, {"address": f"/toi/luot/{attempt_id}"}, [cookie])

        def forgotten() -> Errand:  # on another phone; the page that she is told to load is the way in
            raise NotSeated(code)

        return Errand(practise_in, self._learner_of(code, scope), plain, said, forgotten)

    def _answer(self, code: str, scope: Scope, body: bytes) -> Errand:
        """Keep the answer; whether it is right the class is told, and nobody before."""
        learner_id = self._learner_of(code, scope)
        fields = fields_of(body)
        question_id, round_ = fields.get("question", [""])[0], fields.get("round", [""])[0]
        if not _QUESTION.fullmatch(question_id) or not _ROUND.fullmatch(round_):
            raise Malformed
        plain = {
            "code": code,
            "question_id": question_id,
            "round": int(round_),
            "given": fields.get("answer", []),
            "library": self._shelf.library,
        }
        return Errand(keep_class_answer, learner_id, plain, _say_kept)


def _say_kept(kept: KeptAnswer) -> Reply:
    value = {
        "kept": True,
        "seat": kept.seat,
        "question": kept.question_id,
        "round": kept.round,
        "answer": list(kept.given),
    }
    return json_reply(200, value)


class Patience:
    """How often one phone may send: a few at once, then one a second. An address is not asked: a hall has only one."""

    def __init__(self) -> None:
        self._sent: dict[str, tuple[float, float]] = {}  # by learner: what is left, and when that was

    def count(self, learner_id: str, now: float) -> None:
        """
        Raises:
            TooOften: more than anybody taps.
        """
        left, since = self._sent.pop(learner_id, (float(MOST_AT_ONCE), now))
        left = min(MOST_AT_ONCE, left + (now - since) * MOST_A_SECOND)
        self._sent[learner_id] = (max(left - 1, 0.0), now)
        self._forget(now)
        if left < 1:
            raise TooOften(learner_id)

    def _forget(self, now: float) -> None:
        """Whoever has been quiet for long enough has all of it again; the dict is in the order of the last post."""
        for _ in range(2):
            first = next(iter(self._sent))
            if (now - self._sent[first][1]) * MOST_A_SECOND < MOST_AT_ONCE:
                return
            del self._sent[first]

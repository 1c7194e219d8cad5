"""JSON endpoints for the POSTs of scripts, which come by the thousand: no thread for each."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lms.config import Settings
from lms.content.catalog import Catalog
from lms.content.model import Lesson, Stage
from lms.content.questions import Outcome
from lms.http.errors import MalformedRequest
from lms.http.forms import parse_form, parse_lesson_number, parse_question_and_round
from lms.http.learner_cookie import LearnerCookie, learner_key
from lms.learning.classroom.practice.class_attempts import start_class_attempt
from lms.learning.classroom.questions import class_answers
from lms.learning.errors import LessonMerged, NoSeatInClass, NotFound
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.marks import marks
from lms.learning.practice import events
from lms.learning.spaced_review import review_answers
from lms.learning.spaced_review.cards import ReviewCard
from lms.learning.store.writer import Writer
from lms.learning.understand import answers
from lms.live.post_pipeline import PostPipeline, RequestReader, WriteRequest
from lms.live.rate_limits import PostLimits
from lms.live.request_bodies import BODY_LIMIT
from lms.live.responses import Respond, Response, Scope, json_response, wants_json
from lms.metrics import observe_request

_SLUG = "[a-z0-9-]{1,80}"
_ANSWER = re.compile(f"/({_SLUG})/({_SLUG})/hieu/([a-z0-9-]{{1,40}})")
_REVIEW = re.compile(f"/on/({_SLUG})/({_SLUG})/hieu/([a-z0-9-]{{1,40}})")
_TICKS = re.compile(f"/({_SLUG})/({_SLUG})/dung")
_EVENTS = re.compile("/toi/luot/([0-9a-f]{32})/su-kien")
_CLASS = re.compile("/(?:lop|LOP)/([0-9]{6})/(tra-loi|tap)")


class ScriptPostApi:
    """The POSTs of scripts. Forms that post to the same URLs go to Flask."""

    def __init__(self, settings: Settings, *, catalog: Catalog, writer: Writer, limits: PostLimits) -> None:
        self._catalog = catalog
        self._pipeline = PostPipeline(settings, writer, limits)

    def try_handle_post(self, scope: Scope, body: bytes, respond: Respond) -> bool:
        """Handle a POST whose body is complete; False if it is not one of ours, or too large.

        ``respond`` is called once with the response, now or later, in the event loop's thread.
        """
        found = self._find_reader(scope) if len(body) <= BODY_LIMIT else None
        if found is None:
            return False
        page, read = found
        began = time.perf_counter()

        def observe_and_respond(response: Response) -> None:
            observe_request(page, response.status, time.perf_counter() - began)
            respond(response)

        self._pipeline.handle(read, scope, body, observe_and_respond)
        return True

    def _find_reader(self, scope: Scope) -> tuple[str, RequestReader] | None:
        """The name of the kind of post, for the metrics, and its reader."""
        if scope["method"] != "POST":
            return None
        if match := _EVENTS.fullmatch(scope["path"]):
            return "live.events", partial(self._write_request_for_events, *match.groups())
        if not wants_json(scope):
            return None
        if match := _ANSWER.fullmatch(scope["path"]):
            return "live.answer", partial(self._write_request_for_answer, *match.groups())
        if match := _REVIEW.fullmatch(scope["path"]):
            return "live.review", partial(self._write_request_for_review, *match.groups())
        if match := _TICKS.fullmatch(scope["path"]):
            return "live.ticks", partial(self._write_request_for_ticks, *match.groups())
        if match := _CLASS.fullmatch(scope["path"]):
            code, action = match.groups()
            if action == "tra-loi":
                return "live.class_answer", partial(self._write_request_for_class_answer, code)
            return "live.class_attempt", partial(self._write_request_for_class_attempt, code)
        return None

    def _write_request_for_answer(
        self, course: str, lesson: str, question_id: str, scope: Scope, body: bytes
    ) -> WriteRequest:
        found, is_former = self._lesson(course, lesson)
        if is_former and found.understand.question(question_id) is None:
            raise LessonMerged(f"{course}/{lesson}")
        translated = found.in_language(self._pipeline.chosen_language(scope))
        kwargs = {
            "course": found.course,
            "lesson": found.slug,
            "understand": translated.understand,
            "question_id": question_id,
            "given": parse_form(body).get("answer", []),
        }
        return self._write_request(scope, answers.save_answer, kwargs, self._answer_response)

    def _write_request_for_review(
        self, course: str, lesson: str, question_id: str, scope: Scope, body: bytes
    ) -> WriteRequest:
        found, is_former = self._lesson(course, lesson)
        question = found.in_language(self._pipeline.chosen_language(scope)).understand.question(question_id)
        if question is None or question.kind == "poll":
            raise (LessonMerged if is_former else NotFound)(question_id)
        card = ReviewCard(found.course, found.slug, Stage.UNDERSTAND, question_id)
        kwargs = {"card": card, "question": question, "given": parse_form(body).get("answer", [])}
        return self._write_request(scope, review_answers.answer_question_card, kwargs, self._review_response)

    def _write_request_for_ticks(self, course: str, lesson: str, scope: Scope, body: bytes) -> WriteRequest:
        found, is_former = self._lesson(course, lesson)
        form = parse_form(body)
        ticked, unticked = form.get("ticked", []), form.get("unticked", [])
        if not ticked and not unticked:
            raise MalformedRequest
        if is_former:
            ticked, unticked = marks.tasks_of(found, ticked), marks.tasks_of(found, unticked)
            if not ticked and not unticked:
                raise LessonMerged(f"{course}/{lesson}")
        if found.use is None:
            raise NotFound(f"{course}/{lesson}")
        kwargs = {
            "course": found.course,
            "lesson": found.slug,
            "use": found.use,
            "ticked": ticked,
            "unticked": unticked,
        }
        return self._write_request(scope, marks.change_ticks, kwargs, self._ticks_response)

    def _lesson(self, course: str, lesson: str) -> tuple[Lesson, bool]:
        """The lesson; or the one into which it was merged after the page of this POST was made, and True.

        Raises:
            NotFound: there is neither.
        """
        found = self._catalog.library.lesson_or_merged_into(course, lesson)
        if found is None:
            raise NotFound(f"{course}/{lesson}")
        return found, (found.course, found.slug) != (course, lesson)

    def _write_request(
        self,
        scope: Scope,
        service: Callable[..., Any],
        kwargs: dict[str, Any],
        to_response: Callable[[LearnerCookie, Any], Response],
    ) -> WriteRequest:
        """A write for the current learner; for a new one where there is none, or the current one was forgotten."""
        cookie = self._pipeline.learner_cookie(scope)

        def request_by(
            learner_id: str, cookie: LearnerCookie, retry: Callable[[], WriteRequest] | None
        ) -> WriteRequest:
            return WriteRequest(service, learner_id, kwargs, partial(to_response, cookie), retry)

        def retry_as_new_learner() -> WriteRequest:
            new_id = new_learner_id()
            return request_by(new_id, cookie.replace_current(new_id), None)

        learner_id = cookie.current or new_learner_id()
        return request_by(learner_id, cookie.with_current(learner_id), retry_as_new_learner)

    def _answer_response(self, cookie: LearnerCookie, receipt: answers.AnswerReceipt) -> Response:
        progress = receipt.progress
        value = _outcome_json(receipt.outcome) | {
            "progress": {
                "right": progress.right,
                "total": progress.total,
                "needed": progress.needed,
                "earned": progress.earned,
            },
        }
        return json_response(200, value, [self._pipeline.set_cookie_header(cookie)])

    def _review_response(self, cookie: LearnerCookie, outcome: Outcome) -> Response:
        return json_response(200, _outcome_json(outcome), [self._pipeline.set_cookie_header(cookie)])

    def _ticks_response(self, cookie: LearnerCookie, progress: marks.UseProgress) -> Response:
        value = {
            "done": progress.done,
            "total": progress.total,
            "earned": progress.earned,
            "learner": learner_key(cookie.current or ""),
        }
        return json_response(200, value, [self._pipeline.set_cookie_header(cookie)])

    def _write_request_for_events(self, attempt_id: str, scope: Scope, body: bytes) -> WriteRequest:
        learner_id = self._pipeline.learner_cookie(scope).current
        if learner_id is None:
            raise NotFound(attempt_id)
        kwargs = {"attempt_id": attempt_id, "events": _parse_events(body)}
        return WriteRequest(events.save_events, learner_id, kwargs, _events_response)

    def _write_request_for_class_answer(self, code: str, scope: Scope, body: bytes) -> WriteRequest:
        learner_id = self._require_learner_of_class(code, scope)
        fields = parse_form(body)
        question_id, round_ = parse_question_and_round(fields.get("question", [""])[0], fields.get("round", [""])[0])
        kwargs = {
            "code": code,
            "question_id": question_id,
            "round": round_,
            "given": fields.get("answer", []),
            "library": self._catalog.library,
            "lesson_number": _lesson_number(fields),
        }
        return WriteRequest(class_answers.save_class_answer, learner_id, kwargs, _class_answer_response)

    def _write_request_for_class_attempt(self, code: str, scope: Scope, body: bytes) -> WriteRequest:
        """Start an attempt at the class's practice, or find the one that the learner is in."""
        kwargs = {"code": code, "library": self._catalog.library, "lesson_number": _lesson_number(parse_form(body))}

        def to_response(attempt_id: str) -> Response:
            set_cookie = self._pipeline.set_cookie_header(self._pipeline.learner_cookie(scope))
            return json_response(200, {"address": f"/toi/luot/{attempt_id}"}, [set_cookie])

        def refuse_forgotten_learner() -> WriteRequest:  # the error tells the page to reload, which leads to joining
            raise NoSeatInClass(code)

        learner_id = self._require_learner_of_class(code, scope)
        return WriteRequest(start_class_attempt, learner_id, kwargs, to_response, refuse_forgotten_learner)

    def _require_learner_of_class(self, code: str, scope: Scope) -> str:
        learner_id = self._pipeline.learner_cookie(scope).current
        if learner_id is None:
            raise NoSeatInClass(code)
        return learner_id


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "score": outcome.score,
        "right": outcome.score == 1.0,
        "said": [{"key": feedback.key, "html": feedback.html} for feedback in outcome.feedback],
        "places": list(outcome.right_places),
        "private": outcome.is_private,
    }


def _events_response(receipt: events.EventsReceipt) -> Response:
    value = {
        "kept": receipt.last_q,
        "screen": receipt.screen,
        "ended": receipt.ended,
        "passed": receipt.passed,
        "score": receipt.score,
        "marked": receipt.mark_earned,
    }
    return json_response(200, value)


def _parse_events(body: bytes) -> list[Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedRequest from error
    if not isinstance(sent, dict) or not isinstance(sent.get("events"), list):
        raise MalformedRequest
    return sent["events"]


def _class_answer_response(receipt: class_answers.ClassAnswerReceipt) -> Response:
    """The response to a saved answer. It does not say whether it is right: the class learns that together."""
    value = {
        "kept": True,
        "seat": receipt.seat,
        "question": receipt.question_id,
        "round": receipt.round,
        "answer": list(receipt.given),
    }
    return json_response(200, value)


def _lesson_number(fields: Mapping[str, list[str]]) -> int:
    return parse_lesson_number(fields.get("lesson", [""])[0])

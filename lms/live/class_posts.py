"""JSON endpoints for the phones of a class: ``POST /lop/<code>/tra-loi`` and ``/lop/<code>/tap``.

Flask answers forms that post to the same URLs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from lms.content.catalog import Catalog
from lms.http.forms import parse_form, parse_lesson_number, parse_question_and_round
from lms.learning.classroom.practice.class_attempts import start_class_attempt
from lms.learning.classroom.questions.class_answers import ClassAnswerReceipt, save_class_answer
from lms.learning.errors import NoSeat
from lms.live.post_pipeline import PostPipeline, RequestReader, WriteRequest
from lms.live.responses import Response, Scope, json_response

_PATH = re.compile("/(?:lop|LOP)/([0-9]{6})/(tra-loi|tap)")


class ClassPosts:
    def __init__(self, pipeline: PostPipeline, catalog: Catalog) -> None:
        self._pipeline = pipeline
        self._catalog = catalog

    def find_reader(self, path: str) -> tuple[str, RequestReader] | None:
        """The name and the reader of a script's POST to this path; None if it is not one of ours."""
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        code, action = match.groups()
        if action == "tra-loi":
            return "live.class_answer", partial(self._write_request_for_answer, code)
        return "live.class_attempt", partial(self._write_request_for_attempt_start, code)

    def _write_request_for_attempt_start(self, code: str, scope: Scope, body: bytes) -> WriteRequest:
        """Start an attempt at the class's practice, or find the one that the learner is in."""
        kwargs = {"code": code, "library": self._catalog.library, "lesson_number": _lesson_number(parse_form(body))}

        def to_response(attempt_id: str) -> Response:
            set_cookie = self._pipeline.set_cookie_header(self._pipeline.learner_cookie(scope))
            return json_response(200, {"address": f"/toi/luot/{attempt_id}"}, [set_cookie])

        def refuse_forgotten_learner() -> WriteRequest:  # the error tells the page to reload, which leads to joining
            raise NoSeat(code)

        learner_id = self._require_learner(code, scope)
        return WriteRequest(start_class_attempt, learner_id, kwargs, to_response, refuse_forgotten_learner)

    def _write_request_for_answer(self, code: str, scope: Scope, body: bytes) -> WriteRequest:
        learner_id = self._require_learner(code, scope)
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
        return WriteRequest(save_class_answer, learner_id, kwargs, _answer_response)

    def _require_learner(self, code: str, scope: Scope) -> str:
        learner_id = self._pipeline.learner_cookie(scope).current
        if learner_id is None:
            raise NoSeat(code)
        return learner_id


def _lesson_number(fields: Mapping[str, list[str]]) -> int:
    return parse_lesson_number(fields.get("lesson", [""])[0])


def _answer_response(receipt: ClassAnswerReceipt) -> Response:
    """The response to a saved answer. It does not say whether it is right: the class learns that together."""
    value = {
        "kept": True,
        "seat": receipt.seat,
        "question": receipt.question_id,
        "round": receipt.round,
        "answer": list(receipt.given),
    }
    return json_response(200, value)

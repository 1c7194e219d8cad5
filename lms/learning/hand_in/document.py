"""What a hand-in says: classes with their counts, and marks and badges of learners without names.

``parse_hand_in`` believes nothing that it reads: the file may come from anybody who can sign.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

from lms.content.model import Mode, Stage
from lms.learning import wards
from lms.learning.classroom.lifecycle.opening import MAX_HEAD_COUNT, MAX_PLACE_LENGTH
from lms.learning.classroom.report.class_report import ClassCounts
from lms.learning.errors import InvalidHandIn, InvalidName
from lms.learning.json_types import JsonValue
from lms.learning.learners.learner_store import clean_line, clean_name

MAX_CLASSES = 200
MAX_LESSONS = 20  # of one class
MAX_LEARNERS = 8000
MAX_MARKS = 600  # of one learner
MAX_BADGES = 200
MAX_SERIAL = 10**9
_MAX_COUNT = 100_000  # in a report
_MAX_TEXT = 2000
_MAX_ITEMS = 1000
_HEX_32 = re.compile(r"[0-9a-f]{32}")
_HEX_64 = re.compile(r"[0-9a-f]{64}")
_DIGEST = re.compile(r"[0-9a-f]{8,64}")  # of courses, short or long
_BADGE_ID = re.compile(r"[0-9a-f]{24}")
_SLUG = re.compile(r"[0-9a-z][0-9a-z-]{0,79}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
# What leaves the laptop of a mark's evidence: numbers, and words of ours.
_EVIDENCE_COUNTS: Mapping[Stage, tuple[str, ...]] = {
    Stage.UNDERSTAND: ("right", "total", "responses"),
    Stage.PRACTICE: ("score", "screens", "right", "helped", "events"),
    Stage.USE: ("tasks", "witnessed"),
}
_EVIDENCE_WORDS: Mapping[Stage, Mapping[str, frozenset[str]]] = {
    Stage.UNDERSTAND: {},
    Stage.PRACTICE: {"mode": frozenset(Mode)},
    Stage.USE: {"said_by": frozenset({"learner", "facilitator"})},
}
_NEEDED_EVIDENCE: Mapping[Stage, frozenset[str]] = {
    Stage.UNDERSTAND: frozenset({"right", "total"}),
    Stage.PRACTICE: frozenset({"right", "screens"}),
    Stage.USE: frozenset({"tasks"}),
}

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class HandInLesson:
    """One lesson of a class with the counts of its report. ``left_at`` is None for the one at which the class ended."""

    number: int
    course: str
    lesson: str
    content_digest: str
    started_at: datetime
    left_at: datetime | None
    counts: ClassCounts


@dataclass(frozen=True, slots=True)
class HandInClass:
    """One class as its report shows it. ``venue`` is what was typed for the place."""

    id: str
    ward: str
    venue: str  # text
    opened_at: datetime
    closed_at: datetime
    head_count: int | None
    lessons: tuple[HandInLesson, ...]

    @property
    def last_lesson(self) -> HandInLesson:
        """The one at which the class ended."""
        return next(lesson for lesson in self.lessons if lesson.left_at is None)

    @property
    def people(self) -> int:
        """The most people that one of its lessons counted."""
        return max(lesson.counts.attendance.people for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class HandInMark:
    course: str
    lesson: str
    stage: Stage
    evidence: Mapping[str, Any]  # see marks/marks.py; without what names a person or a row of the laptop
    content_digest: str
    earned_at: datetime


@dataclass(frozen=True, slots=True)
class HandInBadge:
    """A badge that the laptop awarded. ``name``: the holder's, if the badge shows it."""

    id: str
    course: str
    lesson: str  # "" for the whole course
    name: str | None


@dataclass(frozen=True, slots=True)
class HandInLearner:
    """A learner under an id that only this laptop can compute. ``code_digest``: see learning_codes.code_digest."""

    id: str
    code_digest: str
    marks: tuple[HandInMark, ...]
    badges: tuple[HandInBadge, ...]


@dataclass(frozen=True, slots=True)
class HandIn:
    """One file. ``serial`` counts a laptop's files: of two that hold the same class the higher one is later."""

    release: str
    courses_digest: str
    serial: int
    exported_at: datetime
    classes: tuple[HandInClass, ...]
    learners: tuple[HandInLearner, ...]

    def as_json(self) -> dict[str, Any]:
        """The JSON that ``parse_hand_in`` reads."""
        return {
            "release": self.release,
            "courses_digest": self.courses_digest,
            "serial": self.serial,
            "exported_at": _time_text(self.exported_at),
            "classes": [_class_json(each) for each in self.classes],
            "learners": [_learner_json(each) for each in self.learners],
        }


def anonymous_evidence(stage: Stage, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a mark's evidence that leaves the laptop: no name of a witness, no id of an attempt or class."""
    return {
        name: evidence[name]
        for name in (*_EVIDENCE_COUNTS[stage], *_EVIDENCE_WORDS[stage])
        if evidence.get(name) is not None
    }


def parse_hand_in(content: Any) -> HandIn:
    """Read the JSON of a file.

    Raises:
        InvalidHandIn: it does not have the shape of a hand-in, or a value that cannot be.
    """
    try:
        return _parse_hand_in(content)
    except (TypeError, KeyError, ValueError, AttributeError, InvalidName, OverflowError):
        raise InvalidHandIn("malformed") from None


def _parse_hand_in(content: Any) -> HandIn:
    hand_in = HandIn(
        release=_text(content["release"], 40),
        courses_digest=_match(_DIGEST, content["courses_digest"]),
        serial=_number(content["serial"], MAX_SERIAL, least=1),
        exported_at=_time(content["exported_at"]),
        classes=_each(_parse_class, content["classes"], MAX_CLASSES),
        learners=_each(_parse_learner, content["learners"], MAX_LEARNERS),
    )
    _require(bool(hand_in.classes))
    _require_distinct(each.id for each in hand_in.classes)
    _require_distinct(each.id for each in hand_in.learners)
    _require_distinct(each.code_digest for each in hand_in.learners)
    return hand_in


def _parse_class(value: Any) -> HandInClass:
    ward = _text(value["ward"], 5)
    # The laptop may not know yet that its ward was merged into another one.
    _require(not ward or wards.find_ward(ward) is not None or wards.is_former_code(ward))
    opened_at, closed_at = _time(value["opened_at"]), _time(value["closed_at"])
    parsed = HandInClass(
        id=_match(_HEX_32, value["id"]),
        ward=ward,
        venue=clean_line(_text(value["venue"], MAX_PLACE_LENGTH)),
        opened_at=opened_at,
        closed_at=max(opened_at, closed_at),  # the laptop's clock may have been set during the class
        head_count=None if value["head_count"] is None else _number(value["head_count"], MAX_HEAD_COUNT),
        lessons=_each(_parse_lesson, value["lessons"], MAX_LESSONS),
    )
    _require(sum(lesson.left_at is None for lesson in parsed.lessons) == 1)
    _require_distinct(lesson.number for lesson in parsed.lessons)
    return parsed


def _parse_lesson(value: Any) -> HandInLesson:
    counts = ClassCounts.from_json(_object(value["counts"]))
    _check_value(counts, ClassCounts)
    rounds = [each for question in counts.question_counts for each in question.rounds]
    _require(all(question.rounds for question in counts.question_counts))
    _require(all((each.right or 0) <= each.answered for each in rounds))
    return HandInLesson(
        number=_number(value["number"], MAX_LESSONS, least=1),
        course=_match(_SLUG, value["course"]),
        lesson=_match(_SLUG, value["lesson"]),
        content_digest=_match(_DIGEST, value["content_digest"]),
        started_at=_time(value["started_at"]),
        left_at=None if value["left_at"] is None else _time(value["left_at"]),
        counts=counts,
    )


def _parse_learner(value: Any) -> HandInLearner:
    return HandInLearner(
        id=_match(_HEX_32, value["id"]),
        code_digest=_match(_HEX_64, value["code_digest"]),
        marks=_each(_parse_mark, value["marks"], MAX_MARKS),
        badges=_each(_parse_badge, value["badges"], MAX_BADGES),
    )


def _parse_mark(value: Any) -> HandInMark:
    stage = Stage(value["stage"])
    return HandInMark(
        course=_match(_SLUG, value["course"]),
        lesson=_match(_SLUG, value["lesson"]),
        stage=stage,
        evidence=_parse_evidence(stage, _object(value["evidence"])),
        content_digest=_match(_DIGEST, value["content_digest"]),
        earned_at=_time(value["earned_at"]),
    )


def _parse_evidence(stage: Stage, value: dict[str, Any]) -> dict[str, Any]:
    counts, words = _EVIDENCE_COUNTS[stage], _EVIDENCE_WORDS[stage]
    _require(value.keys() >= _NEEDED_EVIDENCE[stage])
    _require(value.keys() <= {*counts, *words})
    for name, part in value.items():
        if name in words:
            _require(isinstance(part, str) and part in words[name])
        else:
            _number(part, _MAX_COUNT)
    _require(value.get("right", 0) <= value.get("total", value.get("screens", 0)))
    _require(value.get("witnessed", 0) <= value.get("tasks", 0))
    return value


def _parse_badge(value: Any) -> HandInBadge:
    name = value["name"]
    return HandInBadge(
        id=_match(_BADGE_ID, value["id"]),
        course=_match(_SLUG, value["course"]),
        lesson=_match(_SLUG, value["lesson"]) if value["lesson"] else "",
        name=None if name is None else clean_name(_text(name, _MAX_TEXT)),
    )


def _check_value(value: Any, wanted: Any) -> None:
    """Check that a value has the type that a dataclass of the report declares, and no extreme size."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            _require(type(None) in inner)
        else:
            [one] = [each for each in inner if each is not type(None)]
            _check_value(value, one)
    elif origin is tuple:
        _require(isinstance(value, tuple))
        items = typing.cast("tuple[Any, ...]", value)
        _require(len(items) <= _MAX_ITEMS)
        for item in items:
            _check_value(item, inner[0])
    elif is_dataclass(wanted):
        _require(isinstance(value, typing.cast("type", wanted)))
        hints = typing.get_type_hints(wanted)
        for field in fields(wanted):
            _check_value(getattr(value, field.name), hints[field.name])
    elif wanted is int:
        _number(value, _MAX_COUNT)
    elif wanted is str:
        _text(value, _MAX_TEXT)
    elif wanted is bool:
        _require(isinstance(value, bool))
    else:
        raise TypeError(wanted)


def _class_json(each: HandInClass) -> dict[str, Any]:
    return {
        "id": each.id,
        "ward": each.ward,
        "venue": each.venue,
        "opened_at": _time_text(each.opened_at),
        "closed_at": _time_text(each.closed_at),
        "head_count": each.head_count,
        "lessons": [
            {
                "number": lesson.number,
                "course": lesson.course,
                "lesson": lesson.lesson,
                "content_digest": lesson.content_digest,
                "started_at": _time_text(lesson.started_at),
                "left_at": _time_text(lesson.left_at) if lesson.left_at else None,
                "counts": lesson.counts.as_json(),
            }
            for lesson in each.lessons
        ],
    }


def _learner_json(each: HandInLearner) -> dict[str, Any]:
    return {
        "id": each.id,
        "code_digest": each.code_digest,
        "marks": [
            {
                "course": mark.course,
                "lesson": mark.lesson,
                "stage": str(mark.stage),
                "evidence": dict(mark.evidence),
                "content_digest": mark.content_digest,
                "earned_at": _time_text(mark.earned_at),
            }
            for mark in each.marks
        ],
        "badges": [
            {"id": badge.id, "course": badge.course, "lesson": badge.lesson, "name": badge.name}
            for badge in each.badges
        ],
    }


def _each(parse: Callable[[Any], Parsed], values: JsonValue, most: int) -> tuple[Parsed, ...]:
    items = values if isinstance(values, list) else _refuse()
    _require(len(items) <= most)
    return tuple(parse(_object(item)) for item in items)


def _object(value: JsonValue) -> dict[str, Any]:
    return value if isinstance(value, dict) else _refuse()


def _number(value: Any, most: int, *, least: int = 0) -> int:
    _require(type(value) is int and least <= value <= most)
    return value


def _text(value: Any, most: int) -> str:
    _require(isinstance(value, str) and len(value) <= most and "\0" not in value)
    value.encode("utf-8")  # a lone surrogate cannot be stored
    return value


def _match(pattern: re.Pattern[str], value: Any) -> str:
    _require(isinstance(value, str) and pattern.fullmatch(value) is not None)
    return value


def _time(value: Any) -> datetime:
    moment = datetime.fromisoformat(_match(_TIME, value))
    _require(_EARLIEST <= moment <= _LATEST)
    return moment


def _time_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _require_distinct(values: Iterable[object]) -> None:
    found = list(values)
    _require(len(set(found)) == len(found))


def _require(condition: bool) -> None:
    if not condition:
        _refuse()


def _refuse() -> NoReturn:
    raise ValueError("not a hand-in")

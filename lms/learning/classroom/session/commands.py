"""Commands of the facilitator: parse one from a form or JSON, and compute the class state that follows.

Each command names the state to reach, not a move, so a command that arrives twice has the effect of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from lms.content.model import Lesson, Mode
from lms.learning.classroom.session.state import (
    BREAK_LENGTHS,
    MAX_GUIDANCE_LEVEL,
    MAX_ROUNDS,
    PLAN_LENGTHS,
    ClassState,
    QuestionPhase,
    QuestionState,
)
from lms.learning.classroom.session.steps import FixedStepKey, lesson_steps, step_distance, step_question_id
from lms.learning.errors import InvalidCommand

_MAX_KEY_LENGTH = 120
_MAX_DEMO_STEP = 1000
_MAX_LESSON_NUMBER = 1000
_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Command:
    """What the facilitator asks for; ``None`` means no change.

    ``clear`` names those of ``wait_screen``, ``guidance_level``, ``demo_screen``, ``plan_length`` and ``break_length``
    that are to become None; the last one ends a break.
    """

    to: str | None = None  # a step's key
    from_step: str | None = None  # apply only while the class is at this step: "Tiếp" as the page showed it
    lesson_number: int | None = None  # apply only while the class is at this lesson of the evening
    step: str | None = None  # the question step that ``phase`` and ``round`` belong to
    phase: QuestionPhase | None = None
    round: int | None = None
    paused: bool | None = None
    door_closed: bool | None = None
    mirrored_on_phones: bool | None = None
    wait_screen: str | None = None
    guidance_level: int | None = None
    mode: Mode | None = None
    demo_step: int | None = None
    demo_screen: str | None = None
    plan_length: int | None = None
    break_length: int | None = None  # minutes; the handler turns them into a moment, as it knows the time
    shows_join_codes: bool | None = None  # over any board; the command handler adds until when
    last_minute: bool | None = None  # of the open question ``step``; the handler turns True into a moment
    close: bool = False
    clear: frozenset[str] = field(default_factory=frozenset[str])


def parse_command(fields: Mapping[str, Any]) -> Command:
    """Parse the fields of a form or a JSON object. Unknown keys are ignored.

    ``{"to": key, "from": key, "lesson": n}``, ``{"phase": p, "step": key}``, ``{"round": n, "step": key}``,
    ``{"paused": b}``, ``{"shut": b}``, ``{"on_phones": b}``, ``{"gate": screen | null}``, ``{"level": n | null}``,
    ``{"mode": m}``, ``{"demo": i}``, ``{"demo_of": screen | null}``, ``{"plan": minutes | null}``,
    ``{"break": minutes | null}``, ``{"codes": b}``, ``{"last_minute": b, "step": key}``, ``{"close": true}``; several
    of them are applied together. In a form "true" is true, "null" and "" are null, "2" is 2.

    Raises:
        InvalidCommand: there is nothing to do, or a value has the wrong type or range.
    """
    values: dict[str, Any] = {}
    clear: set[str] = set()
    for key, (name, parse) in _PARSERS.items():
        if key not in fields:
            continue
        value = fields[key]
        if value is None or value in ("", "null"):
            if name in _CLEARABLE:
                clear.add(name)
            continue
        values[name] = parse(key, value)
    if values.get("close") is False:
        del values["close"]
    command = Command(**values, clear=frozenset(clear))
    if command == Command(step=command.step, from_step=command.from_step, lesson_number=command.lesson_number):
        raise InvalidCommand("nothing to do")
    if (command.phase or command.round or command.last_minute) and command.step is None:
        raise InvalidCommand("which step?")
    return command


def next_state(state: ClassState, command: Command, lesson: Lesson | None) -> ClassState:
    """The state after a command.

    It is ``state`` itself if the class has left ``command.from_step``, and an equal state if nothing changes.
    ``lesson`` is None when it was removed from the site: then the class can only be closed or paused.

    Raises:
        InvalidCommand: the lesson has no such step or screen.
    """
    if command.from_step is not None and command.from_step != state.step:
        return state
    _check_command(command, lesson)
    after = _go_to_step(state, command.to)
    if after.step != state.step:
        after = replace(after, jumped_from=_jump_start(state, after.step, lesson))
    elif command.step in (None, after.step) and (command.demo_step is not None or command.phase or command.round):
        after = replace(after, jumped_from=None)  # the class goes on here
    if command.step is None or command.step == after.step:
        after = _change_round_or_phase(after, command)
    if command.last_minute is False or (after.step, after.phase, after.round) != (state.step, state.phase, state.round):
        after = replace(after, last_minute_until=None)
    changes: dict[str, Any] = dict.fromkeys(_STATE_FIELDS.get(name, name) for name in command.clear)
    for name in _SET_DIRECTLY:
        if getattr(command, name) is not None:
            changes[name] = getattr(command, name)
    return replace(after, **changes)


def _check_command(command: Command, lesson: Lesson | None) -> None:
    steps = {step.key for step in lesson_steps(lesson)} if lesson else set[str]()
    if command.to is not None and command.to not in steps:
        raise InvalidCommand(command.to)
    if command.step is not None and (command.phase or command.round) and step_question_id(command.step) is None:
        raise InvalidCommand(command.step)
    practice = lesson.practice if lesson else None
    for screen in (command.wait_screen, command.demo_screen):
        if screen is not None and (practice is None or practice.screen(screen) is None):
            raise InvalidCommand(screen)


def _go_to_step(state: ClassState, to: str | None) -> ClassState:
    if to is None or to == state.step:
        return state
    question_states = dict(state.question_states)
    leaving, entering = step_question_id(state.step), step_question_id(to)
    if leaving is not None and (state.round, state.phase) != (1, QuestionPhase.READ):
        # A question that the class has left takes no more answers.
        phase = QuestionPhase.LOCKED if state.phase == QuestionPhase.OPEN else state.phase
        question_states[leaving] = QuestionState(state.round, phase)
    entered = question_states.get(entering, QuestionState()) if entering is not None else QuestionState()
    return replace(
        state, step=to, phase=entered.phase, round=entered.round, question_states=question_states, paused=False,
        wait_screen=None, demo_screen=None, break_until=None,
        demo_step=0 if to == FixedStepKey.DEMO else state.demo_step,
        visited_steps=tuple(dict.fromkeys((*state.visited_steps, state.step))),
        join_codes_until=None,
    )  # fmt: skip


def _jump_start(state: ClassState, to: str, lesson: Lesson | None) -> str | None:
    """The step that the class leaves for one that is no neighbour; None for a way back from such a jump."""
    distance = step_distance(lesson_steps(lesson), state.step, to) if lesson else 0
    return state.step if abs(distance) > 1 and to != state.jumped_from else None


def _change_round_or_phase(state: ClassState, command: Command) -> ClassState:
    if command.round == state.round + 1:
        # A new round starts with a talk between neighbours; the facilitator opens it for answers afterwards.
        state = replace(state, round=command.round, phase=QuestionPhase.READ)
    if command.phase is None or (command.round is not None and command.round != state.round):
        return state
    if state.phase == QuestionPhase.SHOWN and command.phase != QuestionPhase.SHOWN:
        return state  # learners who have seen the right answer cannot answer again without a new round
    return replace(state, phase=command.phase)


def _parse_key(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_KEY_LENGTH:
        raise InvalidCommand(name)
    return value


def _parse_member(members: type[_Member]) -> Callable[[str, Any], _Member]:
    def parse(name: str, value: Any) -> _Member:
        try:
            return members(value)
        except ValueError as error:
            raise InvalidCommand(name) from error

    return parse


def _parse_int(least: int, most: int) -> Callable[[str, Any], int]:
    def parse(name: str, value: Any) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 6:
            value = int(value)
        if type(value) is not int or not least <= value <= most:
            raise InvalidCommand(name)
        return value

    return parse


def _parse_bool(name: str, value: Any) -> bool:
    if value is True or value in ("true", "1"):
        return True
    if value is False or value in ("false", "0"):
        return False
    raise InvalidCommand(name)


def _parse_minutes(lengths: tuple[int, ...]) -> Callable[[str, Any], int]:
    def parse(name: str, value: Any) -> int:
        length = _parse_int(min(lengths), max(lengths))(name, value)
        if length not in lengths:
            raise InvalidCommand(name)
        return length

    return parse


# By the key in the form or JSON: the field of Command, and how its value is parsed.
_PARSERS: dict[str, tuple[str, Callable[[str, Any], Any]]] = {
    "to": ("to", _parse_key),
    "from": ("from_step", _parse_key),
    "lesson": ("lesson_number", _parse_int(1, _MAX_LESSON_NUMBER)),
    "step": ("step", _parse_key),
    "phase": ("phase", _parse_member(QuestionPhase)),
    "round": ("round", _parse_int(1, MAX_ROUNDS)),
    "paused": ("paused", _parse_bool),
    "shut": ("door_closed", _parse_bool),
    "on_phones": ("mirrored_on_phones", _parse_bool),
    "gate": ("wait_screen", _parse_key),
    "level": ("guidance_level", _parse_int(0, MAX_GUIDANCE_LEVEL)),
    "mode": ("mode", _parse_member(Mode)),
    "demo": ("demo_step", _parse_int(0, _MAX_DEMO_STEP)),
    "demo_of": ("demo_screen", _parse_key),
    "plan": ("plan_length", _parse_minutes(PLAN_LENGTHS)),
    "break": ("break_length", _parse_minutes(BREAK_LENGTHS)),
    "codes": ("shows_join_codes", _parse_bool),
    "last_minute": ("last_minute", _parse_bool),
    "close": ("close", _parse_bool),
}
_CLEARABLE = frozenset({"wait_screen", "guidance_level", "demo_screen", "plan_length", "break_length"})
_STATE_FIELDS = {"break_length": "break_until"}  # where the command has another name
_SET_DIRECTLY = (
    "paused", "door_closed", "mirrored_on_phones", "wait_screen", "guidance_level", "mode", "demo_step", "demo_screen",
    "plan_length",
)  # fmt: skip

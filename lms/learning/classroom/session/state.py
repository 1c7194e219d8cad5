"""The state of a class session: everything that a screen which connects late has to know."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from lms.content.model import Mode
from lms.learning.classroom.session.steps import FixedStepKey, step_question_id

log = logging.getLogger(__name__)

_Member = TypeVar("_Member", bound=StrEnum)
MAX_ROUNDS = 3
MAX_GUIDANCE_LEVEL = 2
BREAK_LENGTHS = (5, 10, 15)  # minutes
PLAN_LENGTHS = (45, 60, 90)  # minutes that a class may be planned for
LAST_MINUTE = 60  # seconds
STEERING_MEMORY = 10 * 60  # seconds for which an account counts as steering after a command


class QuestionPhase(StrEnum):
    """The phases of a question in class, in order: shown, answerable, closed for answers, right answer revealed."""

    READ = "read"
    OPEN = "open"
    LOCKED = "locked"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class QuestionState:
    """The round and phase that one question has reached in this class."""

    round: int = 1
    phase: QuestionPhase = QuestionPhase.READ


@dataclass(frozen=True, slots=True)
class Wifi:
    """The hall's network, which the wall shows as a QR code. Deleted when the class closes.

    ``since`` is the class version that set it: another value means another network or another password.
    """

    name: str
    password: str  # "" for an open network
    since: int


@dataclass(frozen=True, slots=True)
class ClassState:
    """What the facilitator has set in a class session. Stored as JSON in the class's row.

    ``phase`` and ``round`` belong to the question of the present step. ``question_states`` remembers every question
    that the class has left, so that going back finds it as it was.
    """

    step: str = FixedStepKey.JOIN
    phase: QuestionPhase = QuestionPhase.READ
    round: int = 1
    paused: bool = False  # "nhìn lên màn chiếu"
    door_closed: bool = False  # no new seats are given; learners who have a seat come and go
    wait_screen: str | None = None  # the screen of the practice that nobody gets past
    guidance_level: int | None = None  # for everybody, 0 to 2 (learning/practice/guidance_level.py); None: per learner
    mode: Mode = Mode.FOLLOW  # of attempts that start in class from now on
    demo_step: int = 0  # how many steps of the expected path the wall has walked
    demo_screen: str | None = None  # a screen that the wall shows in between, because many are stuck there
    question_states: Mapping[str, QuestionState] = field(default_factory=dict[str, QuestionState])  # by question id
    wifi: Wifi | None = field(default=None, repr=False)  # kept out of logs
    released_at: int | None = None  # seconds since 1970, when the phones last stopped having to wait
    started_at: int | None = None  # seconds since 1970, when the class first left the step of joining
    plan_length: int | None = None  # minutes, see time_plan.py; None: no plan
    break_until: int | None = None  # seconds since 1970: the class has a break, which ends by itself at that moment
    last_minute_until: int | None = None  # seconds since 1970: until then an open question says that its end is near
    visited_steps: tuple[str, ...] = ()  # keys of the steps that the class has left, each once
    jumped_from: str | None = None  # key of the step that the class has just left over others; None once it goes on
    mirrored_on_phones: bool = False  # phones unfold what the wall shows, because the projector fails
    join_codes_until: int | None = None  # seconds since 1970: until then the wall shows how to join over its board
    steered_at: Mapping[str, int] = field(default_factory=dict[str, int])  # account id -> its last command, since 1970

    def as_json(self) -> dict[str, Any]:
        """The JSON that is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Any) -> ClassState:
        """Read what ``as_json`` returned, also that of a newer release: what it added is left out, and a value that
        only it knows is read as the one with which nobody is told or let in too early.

        Raises:
            ValueError: the JSON has another shape.
        """
        try:
            values = {name: value for name, value in dict[str, Any](stored).items() if name in cls.__dataclass_fields__}
            values["phase"] = _known(QuestionPhase, values.get("phase", QuestionPhase.READ), QuestionPhase.LOCKED)
            values["round"] = min(values.get("round", 1), MAX_ROUNDS)
            values["question_states"] = {
                question_id: QuestionState(
                    min(state["round"], MAX_ROUNDS), _known(QuestionPhase, state["phase"], QuestionPhase.LOCKED)
                )
                for question_id, state in values["question_states"].items()
            }
            values["mode"] = _known(Mode, values.get("mode", Mode.FOLLOW), Mode.FOLLOW)
            if values.get("guidance_level") is not None:
                values["guidance_level"] = min(values["guidance_level"], MAX_GUIDANCE_LEVEL)
            values["visited_steps"] = tuple(values.get("visited_steps", ()))
            values["wifi"] = Wifi(**values["wifi"]) if values.get("wifi") else None
            state = cls(**values)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError("not a state of a class") from error
        if not state._is_valid():
            raise ValueError("not a state of a class")
        return state

    def question_state(self, question_id: str) -> QuestionState:
        """The round and phase of any question, the present one included."""
        if step_question_id(self.step) == question_id:
            return QuestionState(self.round, self.phase)
        return self.question_states.get(question_id, QuestionState())

    def is_shown(self, question_id: str) -> bool:
        """Whether the class has seen the right answer. No phone may receive it earlier."""
        return self.question_state(question_id).phase == QuestionPhase.SHOWN

    def is_on_break(self, now: datetime) -> bool:
        """Whether the class has a break at that moment."""
        return self.break_until is not None and now.timestamp() < self.break_until

    def is_in_last_minute(self, now: datetime) -> bool:
        """Whether the open question says at that moment that its end is near."""
        return self.last_minute_until is not None and now.timestamp() < self.last_minute_until

    def steering_accounts(self, now: datetime) -> int:
        """How many accounts have steered the class in the last minutes."""
        return sum(now.timestamp() - moment < STEERING_MEMORY for moment in self.steered_at.values())

    def steered_by(self, account_id: str, now: datetime) -> ClassState:
        """This state after a command of the account. Accounts that steered long ago are forgotten."""
        recent = {id_: at for id_, at in self.steered_at.items() if now.timestamp() - at < STEERING_MEMORY}
        return replace(self, steered_at=recent | {account_id: int(now.timestamp())})

    def without_passing(self) -> ClassState:
        """This state without what lasts for a while only. It means nothing any more once the class has gone on with
        another lesson or closed: reopened, or back in this lesson, the class has no old break and no steering account.
        """
        return replace(
            self, wifi=None, steered_at={}, break_until=None, last_minute_until=None, join_codes_until=None,
            jumped_from=None,
        )  # fmt: skip

    def _is_valid(self) -> bool:
        rounds = [self.round, *(state.round for state in self.question_states.values())]
        return (
            _is_one_of_types(self.step, str)
            and all(number in range(1, MAX_ROUNDS + 1) for number in rounds)
            and _is_one_of_types(self.paused, bool)
            and _is_one_of_types(self.door_closed, bool)
            and _is_one_of_types(self.mirrored_on_phones, bool)
            and _is_one_of_types(self.wait_screen, str, None)
            and (self.guidance_level is None or self.guidance_level in range(MAX_GUIDANCE_LEVEL + 1))
            and _is_one_of_types(self.demo_step, int)
            and _is_one_of_types(self.demo_screen, str, None)
            and (self.wifi is None or _is_one_of_types(self.wifi.name, str))
            and _is_one_of_types(self.released_at, int, None)
            and _is_one_of_types(self.started_at, int, None)
            and _is_one_of_types(self.break_until, int, None)
            and _is_one_of_types(self.last_minute_until, int, None)
            and _is_one_of_types(self.steered_at, dict)
            and all(_is_one_of_types(moment, int) for moment in self.steered_at.values())
            and (self.plan_length is None or (_is_one_of_types(self.plan_length, int) and self.plan_length > 0))
            and all(_is_one_of_types(key, str) for key in self.visited_steps)
            and _is_one_of_types(self.jumped_from, str, None)
            and _is_one_of_types(self.join_codes_until, int, None)
        )


def read_class_state(stored: Any, class_id: str) -> ClassState:
    """The state of a stored class; one that cannot be read is logged, and read as that of a class that begins.

    So the desk and the report of this class open, and lists, screens and housekeeping of other classes go on.
    """
    try:
        return ClassState.from_json(stored)
    except ValueError as error:
        log.error("the state of class %s cannot be read", class_id, exc_info=error)
        return ClassState()


def _is_one_of_types(value: object, *types: type | None) -> bool:
    return any(value is None if type_ is None else isinstance(value, type_) for type_ in types)


def _known(kind: type[_Member], value: object, otherwise: _Member) -> _Member:
    """The member with this value, or ``otherwise`` for one that a newer release added."""
    if not isinstance(value, str):
        raise TypeError(value)
    return next((member for member in kind if member == value), otherwise)

"""Where a class stands: everything that a screen which comes late has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from lms.content.model import Mode
from lms.learning.classroom.session.steps import JOIN, question_of

Phase = Literal["read", "open", "locked", "shown"]
PHASES: tuple[Phase, ...] = get_args(Phase)
MODES: tuple[Mode, ...] = get_args(Mode)
MOST_ROUNDS = 3
MOST_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """How far one question has come in this class."""

    round: int = 1
    phase: Phase = "read"


@dataclass(frozen=True, slots=True)
class Wifi:
    """The hall's network, so that the wall can let phones into it. It goes when the class closes.

    ``since`` is the class's version that brought it: another number is another network, or another password.
    """

    name: str
    password: str  # "" for a network that is open to all
    since: int


@dataclass(frozen=True, slots=True)
class ClassState:
    """Kept as JSON in the class's row, and pushed whole.

    ``phase`` and ``round`` are those of the question that is asked now; ``asked`` remembers every question that the
    class has left, so that going back finds it as it was.
    """

    step: str = JOIN
    phase: Phase = "read"
    round: int = 1
    paused: bool = False  # "nhìn lên màn chiếu"
    shut: bool = False  # nobody new comes in; whoever has a seat comes and goes
    gate: str | None = None  # the screen of the practice at which all wait
    level: int | None = (
        None  # help level for all, 0 to 2 (see learning/practice/guidance_level.py); None: each has her own
    )
    mode: Mode = "lam-theo"  # of attempts that begin in class from now on
    demo: int = 0  # how many steps of the expected path the wall has walked
    demo_of: str | None = None  # the stuck screen that the wall shows in between
    asked: Mapping[str, Asked] = field(default_factory=dict)  # by question id
    wifi: Wifi | None = field(default=None, repr=False)  # never in a log
    freed: int | None = None  # when the phones were last let go on, in seconds since 1970: nobody was slow before that

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Any) -> ClassState:
        """Read back what ``as_json`` gave.

        Raises:
            ValueError: it has another shape, that of another program for instance.
        """
        try:
            plain = dict(kept)
            asked = {question: Asked(**one) for question, one in plain.pop("asked").items()}
            wifi = plain.pop("wifi", None)
            state = cls(**plain, asked=asked, wifi=Wifi(**wifi) if wifi else None)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError("not a state of a class") from error
        if not state._is_sound():
            raise ValueError("not a state of a class")
        return state

    def how_asked(self, question_id: str) -> Asked:
        """How far a question has come, the present one among them."""
        if question_of(self.step) == question_id:
            return Asked(self.round, self.phase)
        return self.asked.get(question_id, Asked())

    def is_shown(self, question_id: str) -> bool:
        """Whether the class has seen the right answer: only then may a phone be told."""
        return self.how_asked(question_id).phase == "shown"

    def _is_sound(self) -> bool:
        asked = [Asked(self.round, self.phase), *self.asked.values()]
        return (
            isinstance(self.step, str)
            and all(one.phase in PHASES and one.round in range(1, MOST_ROUNDS + 1) for one in asked)
            and isinstance(self.paused, bool)
            and isinstance(self.shut, bool)
            and (self.gate is None or isinstance(self.gate, str))
            and (self.level is None or self.level in range(MOST_LEVEL + 1))
            and self.mode in MODES
            and isinstance(self.demo, int)
            and (self.demo_of is None or isinstance(self.demo_of, str))
            and (self.wifi is None or isinstance(self.wifi.name, str))
            and (self.freed is None or isinstance(self.freed, int))
        )

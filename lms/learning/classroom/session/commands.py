"""Commands to a class, as a form or a script sends them. Each says where to be, not how far to move: twice is once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.content.model import Mode
from lms.learning.classroom.session.state import MODES, MOST_LEVEL, MOST_ROUNDS, PHASES, Phase
from lms.learning.errors import InvalidCommand

_LONGEST = 120  # characters of a key
_MOST_DEMO = 1000


@dataclass(frozen=True, slots=True)
class Command:
    """What a facilitator wants; ``None`` where she says nothing of it.

    ``gate``, ``level`` and ``demo_of`` can be taken away again: ``clear`` names those to be null.
    """

    to: str | None = None  # a step's key
    from_step: str | None = None  # only if the class is still at this step: "Tiếp" as it was drawn
    step: str | None = None  # the question's step that ``phase`` and ``round`` are about
    phase: Phase | None = None
    round: int | None = None
    paused: bool | None = None
    shut: bool | None = None
    gate: str | None = None
    level: int | None = None
    mode: Mode | None = None
    demo: int | None = None
    demo_of: str | None = None
    close: bool = False
    clear: frozenset[str] = field(default_factory=frozenset)


def read_command(said: Mapping[str, Any]) -> Command:
    """The command in a form or in JSON: "true" is true, "null" and "" are null, "2" is 2. Other keys are ignored.

    ``{"to": key, "from": key}``, ``{"phase": p, "step": key}``, ``{"round": n, "step": key}``, ``{"paused": b}``,
    ``{"shut": b}``, ``{"gate": screen | null}``, ``{"level": n | null}``, ``{"mode": m}``, ``{"demo": i}``,
    ``{"demo_of": screen | null}``, ``{"close": true}``; several of them together are done together.

    Raises:
        InvalidCommand: nothing of it is a command, or a value is none that it takes.
    """
    values: dict[str, Any] = {}
    clear = set()
    for name, read in _READERS.items():
        if name not in said:
            continue
        value = said[name]
        if value is None or value in ("", "null"):
            if name in _CLEARABLE:
                clear.add(name)
            continue
        values[_FIELDS.get(name, name)] = read(name, value)
    if values.get("close") is False:
        del values["close"]
    command = Command(**values, clear=frozenset(clear))
    if command == Command(step=command.step, from_step=command.from_step):
        raise InvalidCommand("nothing to do")
    if (command.phase or command.round) and command.step is None:
        raise InvalidCommand("which step?")
    return command


def _key(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise InvalidCommand(name)
    return value


def _one_of(choices: tuple[str, ...]) -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        if value not in choices:
            raise InvalidCommand(name)
        return value

    return read


def _number(least: int, most: int) -> Callable[[str, Any], int]:
    def read(name: str, value: Any) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 6:
            value = int(value)
        if type(value) is not int or not least <= value <= most:
            raise InvalidCommand(name)
        return value

    return read


def _truth(name: str, value: Any) -> bool:
    for truth, words in ((True, (True, "true", "1")), (False, (False, "false", "0"))):
        if any(value is word or (isinstance(word, str) and value == word) for word in words):
            return truth
    raise InvalidCommand(name)


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "to": _key,
    "from": _key,
    "step": _key,
    "phase": _one_of(PHASES),
    "round": _number(1, MOST_ROUNDS),
    "paused": _truth,
    "shut": _truth,
    "gate": _key,
    "level": _number(0, MOST_LEVEL),
    "mode": _one_of(MODES),
    "demo": _number(0, _MOST_DEMO),
    "demo_of": _key,
    "close": _truth,
}
_FIELDS = {"from": "from_step"}
_CLEARABLE = frozenset({"gate", "level", "demo_of"})

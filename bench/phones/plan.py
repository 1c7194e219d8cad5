"""What the load program is told to do, and what it tells when it has done it. Both go as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the lesson, and the option that phones choose among."""

    id: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hall:
    """One class: its id and code, how many phones come, and the tickets of its wall and its desk."""

    class_id: str
    code: str
    phones: int
    screens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Times in seconds. ``began`` is the moment on the monotonic clock that all of them count from."""

    ports: tuple[int, ...]
    halls: tuple[Hall, ...]
    questions: tuple[Asked, ...]
    start_screen: str  # of the practice
    desk_cookie: str
    desk_token: str
    began: float
    join_seconds: float
    answer_seconds: float  # people take up to so long
    waiting_seconds: float  # the leader waits so long for the last ones before she locks a question
    practice_seconds: float
    posts_a_second: float  # practice events, of all phones together
    spread_seconds: float  # leaders are not at the same point at once
    failing: float = 0.0
    delay: float = 0.0
    asleep: float = 0.0  # share of phones that sleep in the middle
    connections: int = 400  # for posts, to each server


@dataclass(slots=True)
class Told:
    """What came of it. Times in seconds, of each time it happened."""

    joined: int = 0
    joining: list[float] = field(default_factory=list)  # from the tap to the first state on the stream
    seen: list[float] = field(default_factory=list)  # a leader's step, from its sending to each phone
    missed: int = 0  # steps that a phone which was there never saw
    answered: list[float] = field(default_factory=list)  # posts of answers
    acknowledged: list[tuple[str, int, str, int, str]] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    events: list[float] = field(default_factory=list)  # posts of practice events
    events_seconds: float = 0.0
    back: list[float] = field(default_factory=list)  # from a lost stream to the next state
    astray: int = 0  # phones that at the end are not where their class is
    lost: int = 0  # posts that had to be sent again
    lag: list[float] = field(default_factory=list)  # of the load program itself

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

"""The load program's input (``LoadPlan``) and its output (``LoadReport``). Both are sent as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """A question of the lesson, and the keys of the options that the phones choose from."""

    id: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """One class. ``watcher_paths``: the stream addresses of its projector, its facilitator's desk and its helper.

    ``seats``: the cookie and the stream's address of each phone, if they have joined before.
    """

    class_id: str
    code: str
    phones: int
    watcher_paths: tuple[str, ...] = ()
    seats: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What the load program does. Times in seconds; ``starts_at`` is a moment of the monotonic clock."""

    ports: tuple[int, ...]  # of the servers
    classes: tuple[ClassPlan, ...]
    questions: tuple[QuestionPlan, ...]
    start_screen: str  # of the practice
    facilitator_cookie: str
    csrf_token: str  # of the facilitator
    starts_at: float
    join_seconds: float  # in which all phones join, at an even rate
    answer_seconds: float  # a learner takes up to so long for an answer
    grace_seconds: float  # between the last answer and the facilitator's locking of the question
    practice_seconds: float
    event_posts_per_second: float  # of all phones together
    spread_seconds: float  # the facilitators begin at random times within this
    loss_rate: float = 0.0  # share of requests that are lost
    delay: float = 0.0  # of each round trip
    sleep_rate: float = 0.0  # share of phones that are asleep for a while in the middle
    flood_posts: int = 0  # of each kind, that one phone sends in the middle of the practice, as fast as it can
    flood_events: int = 0  # posts of practice events beside them, which have a limit of their own
    # From a mistaken close in the middle of the practice to the reopening; None: there is none.
    reopen_seconds: float | None = None
    connections: int = 400  # to each server, for each kind of request
    host: str = ""  # where a proxy with TLS listens at the ports; "": plain HTTP to the servers themselves


@dataclass(slots=True)
class LoadReport:
    """What happened. Lists of times are in seconds, one entry for each time it happened."""

    joined: int = 0
    join_times: list[float] = field(default_factory=list)  # from the tap to the first state on the stream
    command_times: list[float] = field(default_factory=list)  # from a command to its response, with retries
    # From a facilitator's command to its state on each phone, by kind: a step, a phase of a question, or "closed".
    step_times: dict[str, list[float]] = field(default_factory=dict)
    missed_steps: int = 0  # steps that a connected phone has not seen before the next one
    answer_times: list[float] = field(default_factory=list)  # of posts
    acknowledged: list[tuple[str, int, str, int, str]] = field(
        default_factory=list
    )  # class, seat, question, round, key
    unexpected: dict[str, int] = field(default_factory=dict)  # counts of unexpected responses and exceptions
    event_times: list[float] = field(default_factory=list)  # of posts of practice events
    event_times_in_flood: list[float] = field(default_factory=list)  # those of other phones during the flood
    page_times: dict[str, list[float]] = field(default_factory=dict)  # of pages, by name, until they are complete
    flood_statuses: dict[str, int] = field(default_factory=dict)  # counts, by kind and status
    reconnect_times: list[float] = field(default_factory=list)  # from the end of a stream to the next state
    # From the reopening of a class: of phones that had gone to their summaries, to the class's page; of walls, desks
    # and helpers, to the state.
    return_times: list[float] = field(default_factory=list)
    watcher_return_times: list[float] = field(default_factory=list)
    left_by_mistake: int = 0  # phones that had gone to their summaries when the class was reopened
    out_of_step: int = 0  # phones that do not show the step of their class at the end
    retries: int = 0  # requests that were sent again because no response came
    lags: list[float] = field(default_factory=list)  # event loop lag of the load program itself

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

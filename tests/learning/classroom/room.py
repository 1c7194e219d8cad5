"""A class as tests use it: one line for each thing that people do in a hall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.display import class_queries, snapshots
from lms.learning.classroom.lifecycle import command_handler, opening
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.questions.class_answers import KeptAnswer
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.commands import read_command
from lms.learning.classroom.session.queries import Class, Seat, find_class
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.practice.attempts import Attempt, find_attempt
from lms.learning.practice.events import Receipt, keep_events
from tests.learning.school import NOW

WARD = "27316"


def account(session: Session, name: str, ward: str = WARD) -> str:
    return add_account(session, name=name, roles={"facilitator"}, ward=ward, by=None, now=NOW).id


def practise(session: Session, *, learner_id: str, code: str, library: Library, now: datetime) -> Attempt:
    """Her attempt at the class's practice, which she is in now."""
    attempt_id = class_attempts.practise_in(session, learner_id=learner_id, code=code, library=library, now=now)
    return find_attempt(session, learner_id, attempt_id)


class Room:
    def __init__(self, session: Session, library: Library, minh: str, lesson: str = "kich-hoat") -> None:
        self.session = session
        self.library = library
        self.minh = minh
        lesson_of = library.lesson("vneid", lesson)
        self.id = opening.open_class(session, account_id=minh, ward=WARD, lesson=lesson_of, now=NOW).id
        self.code = self.klass.code

    @property
    def klass(self) -> Class:
        return find_class(self.session, self.id)

    @property
    def state(self) -> Any:
        return self.klass.state

    def say(self, by: str | None = None, now: datetime = NOW, **said: Any) -> command_handler.Steered:
        """A command; ``from_`` is ``from``, which Python keeps for itself."""
        command = read_command({name.rstrip("_"): value for name, value in said.items()})
        return command_handler.command(
            self.session, self.id, account_id=by or self.minh, command=command, library=self.library, now=now
        )

    def ask(self, question: str, phase: str = "open") -> None:
        self.say(to=f"hoi-{question}")
        self.say(step=f"hoi-{question}", phase=phase)

    def phase(self, phase: str, **more: Any) -> command_handler.Steered:
        return self.say(step=self.state.step, phase=phase, **more)

    def join(self, learner_id: str | None = None, now: datetime = NOW, **said: Any) -> Seat:
        return seats.join(self.session, learner_id=learner_id or new_learner_id(), code=self.code, now=now, **said)

    def answer(self, seat: Seat, question: str, *given: str, round: int = 1, now: datetime = NOW) -> KeptAnswer:
        return class_answers.keep_class_answer(
            self.session, learner_id=seat.learner_id, code=self.code, question_id=question, round=round,
            given=given, library=self.library, now=now,
        )  # fmt: skip

    def practise(self, seat: Seat, now: datetime = NOW) -> Attempt:
        return practise(self.session, learner_id=seat.learner_id, code=self.code, library=self.library, now=now)

    def send(self, attempt: Attempt, events: Sequence[Any], now: datetime = NOW) -> Receipt:
        return keep_events(
            self.session, learner_id=attempt.learner_id, attempt_id=attempt.id, events=list(events), now=now
        )

    def desk(self, now: datetime = NOW) -> dict[str, Any]:
        return snapshots.find_desk(self.session, self.id, self.library, now)

    def view(self) -> class_queries.ClassView:
        return class_queries.find_view(self.session, self.id, self.library)

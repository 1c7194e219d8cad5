"""Drive a class through the services: one short call for each thing that people do in class."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.lifecycle import command_handler, lesson_switch, opening
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.questions.class_answers import ClassAnswerReceipt
from lms.learning.classroom.seats import joining, seat_claims
from lms.learning.classroom.session.commands import parse_command
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.classroom.tasks import attestation
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.practice.attempts import Attempt, find_attempt
from lms.learning.practice.events import EventsReceipt, save_events
from tests.learning.sample_courses import NOW

WARD = "27316"


def account(session: Session, name: str, ward: str = WARD) -> str:
    return add_account(session, name=name, roles={"facilitator"}, ward=ward, by=None, now=NOW).id


def practise(
    session: Session, *, learner_id: str, code: str, library: Library, now: datetime, lesson_number: int = 1
) -> Attempt:
    """Start or continue the learner's attempt in class."""
    attempt_id = class_attempts.start_class_attempt(
        session, learner_id=learner_id, code=code, library=library, now=now, lesson_number=lesson_number
    )
    return find_attempt(session, learner_id, attempt_id)


class LiveClass:
    """An open class run by Minh (``minh`` is an account id)."""

    def __init__(self, session: Session, library: Library, minh: str, lesson: str = "kich-hoat") -> None:
        self.session = session
        self.library = library
        self.minh = minh
        lesson_of = library.lesson("vneid", lesson)
        self.id = opening.open_class_session(session, account_id=minh, ward=WARD, lesson=lesson_of, now=NOW).id
        self.code = self.class_session.code

    @property
    def class_session(self) -> ClassSession:
        return find_class_session(self.session, self.id)

    @property
    def state(self) -> Any:
        return self.class_session.state

    def command(self, by: str | None = None, now: datetime = NOW, **fields: Any) -> command_handler.CommandResult:
        """Apply a command with these fields; ``from_`` stands for ``from``, a Python keyword."""
        command = parse_command({name.rstrip("_"): value for name, value in fields.items()})
        return command_handler.apply_command(
            self.session, self.id, account_id=by or self.minh, command=command, library=self.library, now=now
        )

    def ask_question(self, question: str, phase: str = "open") -> None:
        self.command(to=f"hoi-{question}")
        self.command(step=f"hoi-{question}", phase=phase)

    def set_phase(self, phase: str, **fields: Any) -> command_handler.CommandResult:
        return self.command(step=self.state.step, phase=phase, **fields)

    def join(self, learner_id: str | None = None, now: datetime = NOW, **kwargs: Any) -> Seat:
        return joining.join_class_session(
            self.session, learner_id=learner_id or new_learner_id(), code=self.code, now=now, **kwargs
        )

    def answer(
        self, seat: Seat, question: str, *given: str, round: int = 1, lesson: int | None = None, now: datetime = NOW
    ) -> ClassAnswerReceipt:
        """``lesson``: the number of the class's lesson that the page shows, by default the present one."""
        return class_answers.save_class_answer(
            self.session, learner_id=seat.learner_id, code=self.code, question_id=question, round=round,
            given=given, library=self.library, now=now, lesson_number=lesson or self.class_session.lesson_number,
        )  # fmt: skip

    def practise(self, seat: Seat, now: datetime = NOW, *, lesson: int | None = None) -> Attempt:
        return practise(
            self.session, learner_id=seat.learner_id, code=self.code, library=self.library, now=now,
            lesson_number=lesson or self.class_session.lesson_number,
        )  # fmt: skip

    def send(self, attempt: Attempt, events: Sequence[Any], now: datetime = NOW) -> EventsReceipt:
        return save_events(
            self.session, learner_id=attempt.learner_id, attempt_id=attempt.id, events=list(events), now=now
        )

    def attest(self, seat: Seat, task_ids: Sequence[str], now: datetime = NOW) -> None:
        """Minh states that these tasks of the lesson were done at the seat."""
        class_session = self.class_session
        lesson = self.library.lesson(class_session.course, class_session.lesson)
        attestation.attest_tasks(
            self.session, self.id, seat.number, account_id=self.minh, use=lesson.use, task_ids=task_ids, now=now
        )

    def resolve_claim(self, number: int, *, approved: bool = True, now: datetime = NOW) -> Seat:
        return seat_claims.resolve_claim(
            self.session, self.id, number, account_id=self.minh, approved=approved, library=self.library, now=now
        )

    def desk(self, now: datetime = NOW) -> dict[str, Any]:
        return snapshots.find_desk_snapshot(self.session, self.id, self.library, now)

    def view(self) -> snapshots.ClassView:
        return snapshots.find_class_view(self.session, self.id, self.library)

    def change_lesson(self, course: str, slug: str, *, from_number: int | None = None, by: str | None = None,
                      now: datetime = NOW) -> command_handler.CommandResult:  # fmt: skip
        """Go on with another lesson; ``from_number``: of the lesson that the page shows, by default the present one."""
        from_number = from_number or self.class_session.lesson_number
        return lesson_switch.change_lesson(
            self.session, self.id, account_id=by or self.minh, from_number=from_number,
            lesson=self.library.lesson(course, slug), library=self.library, now=now,
        )  # fmt: skip

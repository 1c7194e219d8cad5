"""A class on a running server: actions of the facilitator and of phones, each committed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.content.model import Choice
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.accounts.account_admin import disable_account
from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.access import class_helpers, projectors
from lms.learning.classroom.lifecycle import command_handler, opening
from lms.learning.classroom.seats import joining, seat_claims, seats
from lms.learning.classroom.session.commands import parse_command
from lms.learning.classroom.session.queries import find_class_session
from lms.learning.classroom.session.stream_tokens import StreamToken, holder_digest
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.models import ProjectorRow
from tests.live.lessons import sample_lesson
from tests.live.raw_http import HttpResponse, post_form
from tests.real_courses import library

WARD = "27316"


class Phone:
    """A phone that has joined; ``token`` is its stream token."""

    def __init__(self, secret: str, learner_id: str, class_id: str, code: str, seat: int) -> None:
        self.learner_id, self.code, self.seat = learner_id, code, seat
        self.cookie = f"{COOKIE_NAME}={dump_cookie(secret, LearnerCookie((learner_id,)))}"
        self.token = StreamToken("phone", class_id, str(seat), holder_digest(learner_id))

    def answer(
        self, url: str, question: str, *given: str, round: int = 1, code: str = "", **headers: str
    ) -> HttpResponse:
        fields = [("question", question), ("round", str(round)), *(("answer", one) for one in given)]
        own = {"Accept": "application/json", "Cookie": self.cookie} | headers
        return post_form(url, f"/lop/{code or self.code}/tra-loi", fields, own)

    def post(self, url: str, what: str, code: str = "", **said: str) -> HttpResponse:
        """POST to a URL of the class. Capitalised names are headers, the others are form fields."""
        headers = {name: value for name, value in said.items() if name[0].isupper()}
        fields = [(name, value) for name, value in said.items() if name not in headers]
        own = {"Accept": "application/json", "Cookie": self.cookie} | headers
        return post_form(url, f"/lop/{code or self.code}/{what}", fields, own)


class LiveClass:
    """An open class session with a real lesson."""

    def __init__(self, database_url: str, secret: str) -> None:
        self.engine = make_engine(database_url)
        self.secret = secret
        self.library = library()
        lesson = sample_lesson()
        questions = [one for one in lesson.understand.graded_questions if isinstance(one, Choice)]
        self.question, self.other_question = questions[0].id, questions[1].id
        self.options = [option.key for option in questions[0].options]
        self.facilitator = self.write(add_account, name="Minh", roles={"facilitator"}, ward=WARD, by=None, now=_now())
        self.id, self.code = self._open(lesson)
        self.desk_token = StreamToken("desk", self.id, self.facilitator.id, self.facilitator.session_version)

    def write(self, service: Callable[..., Any], *args: Any, **said: Any) -> Any:
        with write_sessions(self.engine)() as session:
            done = service(session, *args, **said)
            session.commit()
            return done

    def read(self, read: Callable[[Session], Any]) -> Any:
        with write_sessions(self.engine)() as session:
            return read(session)

    def send_command(self, **said: Any) -> None:
        self.write(
            command_handler.apply_command, self.id, account_id=self.facilitator.id, now=_now(), library=self.library,
            command=parse_command(said),
        )  # fmt: skip

    def open_question(self, phase: str = "open") -> None:
        self.send_command(to=f"hoi-{self.question}")
        self.send_command(step=f"hoi-{self.question}", phase=phase)

    def join(self, **said: Any) -> Phone:
        learner_id = new_learner_id()
        seat = self.write(joining.join_class_session, learner_id=learner_id, code=self.code, now=_now(), **said)
        return Phone(self.secret, learner_id, self.id, self.code, seat.number)

    def claim_by_new_phone(self, phone: Phone) -> Phone:
        """Another phone claims the seat, and the facilitator approves."""
        learner_id = new_learner_id()
        self.write(seat_claims.claim_seat, learner_id=learner_id, code=self.code, number=phone.seat, now=_now())
        self.write(
            seat_claims.resolve_claim,
            self.id,
            phone.seat,
            account_id=self.facilitator.id,
            library=self.library,
            now=_now(),
        )
        return Phone(self.secret, learner_id, self.id, self.code, phone.seat)

    def remove_seat(self, phone: Phone) -> None:
        self.write(seats.remove_seat, self.id, phone.seat, account_id=self.facilitator.id, now=_now())

    def readmit_seat(self, phone: Phone) -> None:
        self.write(seats.readmit_seat, self.id, phone.seat, account_id=self.facilitator.id, now=_now())

    def disable_facilitator(self) -> None:
        self.write(disable_account, self.facilitator.id, by=None, now=_now())

    def add_helper(self) -> StreamToken:
        token = self.write(class_helpers.invite_helpers, self.id, account_id=self.facilitator.id, now=_now())
        helper, _ = self.write(class_helpers.join_as_helper, token=token, name="Hạnh", now=_now())
        return StreamToken("helper", self.id, helper.id)

    def revoke_helper(self, ticket: StreamToken) -> None:
        self.write(class_helpers.revoke_helper, self.id, ticket.subject, account_id=self.facilitator.id, now=_now())

    def add_projector(self) -> StreamToken:
        projector, _ = self.write(
            projectors.create_paired_projector, self.id, account_id=self.facilitator.id, now=_now()
        )
        return StreamToken("wall", self.id, projector.id)

    def unpair(self, ticket: StreamToken) -> None:
        self.write(projectors.unpair_projector, self.id, ticket.subject, account_id=self.facilitator.id)

    def let_minutes_pass_for_projectors(self, minutes: int = 1) -> None:
        """Record that each wall was last seen ``minutes`` ago."""
        self.write(
            lambda session: session.execute(update(ProjectorRow).values(seen_at=_now() - timedelta(minutes=minutes)))
        )

    def is_projector_seen(self, wall: StreamToken) -> bool:
        """Whether a server has recorded the wall within half a minute."""
        seen_at = self.read(
            lambda session: session.scalar(select(ProjectorRow.seen_at).where(ProjectorRow.id == wall.subject))
        )
        return _now() - seen_at < timedelta(seconds=30)

    def _open(self, lesson: Any) -> tuple[str, str]:
        opened = self.write(
            opening.open_class_session, account_id=self.facilitator.id, ward=WARD, lesson=lesson, now=_now()
        )
        return opened.id, self.read(lambda session: find_class_session(session, opened.id)).code


def _now() -> datetime:
    return datetime.now(UTC)

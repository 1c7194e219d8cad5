"""A class on a running site: what people at the desk and with phones do, each line committed like theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.content.model import Choice
from lms.http.learner_cookie import COOKIE, Pass, sign_pass
from lms.learning.accounts.account_admin import disable
from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.access import helpers, projectors
from lms.learning.classroom.lifecycle import command_handler, opening
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.commands import read_command
from lms.learning.classroom.session.queries import find_class
from lms.learning.classroom.session.stream_tokens import Ticket, holder_of
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, writing
from tests.live.lessons import the_lesson
from tests.live.raw import Reply, post_form
from tests.real_courses import library

WARD = "27316"


class Phone:
    """A phone that has joined; ``ticket`` is what its page holds."""

    def __init__(self, secret: str, learner_id: str, class_id: str, code: str, seat: int) -> None:
        self.learner_id, self.code, self.seat = learner_id, code, seat
        self.cookie = f"{COOKIE}={sign_pass(secret, Pass((learner_id,)))}"
        self.ticket = Ticket("phone", class_id, str(seat), holder_of(learner_id))

    def answer(self, url: str, question: str, *given: str, round: int = 1, code: str = "", **headers: str) -> Reply:
        fields = [("question", question), ("round", str(round)), *(("answer", one) for one in given)]
        own = {"Accept": "application/json", "Cookie": self.cookie} | headers
        return post_form(url, f"/lop/{code or self.code}/tra-loi", fields, own)

    def post(self, url: str, what: str, code: str = "", **said: str) -> Reply:
        """To an address of her class. Names with a capital letter are headers, the others are fields."""
        headers = {name: value for name, value in said.items() if name[0].isupper()}
        fields = [(name, value) for name, value in said.items() if name not in headers]
        own = {"Accept": "application/json", "Cookie": self.cookie} | headers
        return post_form(url, f"/lop/{code or self.code}/{what}", fields, own)


class LiveClass:
    """An open class of a real lesson, run by Minh."""

    def __init__(self, database_url: str, secret: str) -> None:
        self.engine = make_engine(database_url)
        self.secret = secret
        self.library = library()
        lesson = the_lesson()
        questions = [one for one in lesson.understand.graded if isinstance(one, Choice)]
        self.question, self.other_question = questions[0].id, questions[1].id
        self.options = [option.key for option in questions[0].options]
        self.minh = self.does(add_account, name="Minh", roles={"facilitator"}, ward=WARD, by=None, now=_now())
        self.id, self.code = self._open(lesson)
        self.desk_ticket = Ticket("desk", self.id, self.minh.id, self.minh.session_version)

    def does(self, service: Callable[..., Any], *args: Any, **said: Any) -> Any:
        with writing(self.engine)() as session:
            done = service(session, *args, **said)
            session.commit()
            return done

    def sees(self, read: Callable[[Session], Any]) -> Any:
        with writing(self.engine)() as session:
            return read(session)

    def say(self, **said: Any) -> None:
        self.does(
            command_handler.command, self.id, account_id=self.minh.id, now=_now(), library=self.library,
            command=read_command(said),
        )  # fmt: skip

    def ask(self, phase: str = "open") -> None:
        self.say(to=f"hoi-{self.question}")
        self.say(step=f"hoi-{self.question}", phase=phase)

    def join(self, **said: Any) -> Phone:
        learner_id = new_learner_id()
        seat = self.does(seats.join, learner_id=learner_id, code=self.code, now=_now(), **said)
        return Phone(self.secret, learner_id, self.id, self.code, seat.number)

    def give_to_another(self, phone: Phone) -> Phone:
        """Another phone says that the seat is hers, and Minh agrees."""
        learner_id = new_learner_id()
        self.does(seats.claim, learner_id=learner_id, code=self.code, number=phone.seat, now=_now())
        self.does(seats.agree, self.id, phone.seat, account_id=self.minh.id, library=self.library, now=_now())
        return Phone(self.secret, learner_id, self.id, self.code, phone.seat)

    def put_out(self, phone: Phone) -> None:
        self.does(seats.put_out, self.id, phone.seat, account_id=self.minh.id, now=_now())

    def let_in(self, phone: Phone) -> None:
        self.does(seats.let_in, self.id, phone.seat, account_id=self.minh.id, now=_now())

    def disable_minh(self) -> None:
        self.does(disable, self.minh.id, by=None, now=_now())

    def add_helper(self) -> Ticket:
        token = self.does(helpers.invite_helpers, self.id, account_id=self.minh.id, now=_now())
        helper, _ = self.does(helpers.join_as_helper, token=token, name="Hạnh", now=_now())
        return Ticket("helper", self.id, helper.id)

    def send_away(self, ticket: Ticket) -> None:
        self.does(helpers.send_away, self.id, ticket.who, account_id=self.minh.id, now=_now())

    def add_projector(self) -> Ticket:
        projector, _ = self.does(projectors.paired_here, self.id, account_id=self.minh.id, now=_now())
        return Ticket("wall", self.id, projector.id)

    def unpair(self, ticket: Ticket) -> None:
        self.does(projectors.unpair, self.id, ticket.who, account_id=self.minh.id)

    def _open(self, lesson: Any) -> tuple[str, str]:
        opened = self.does(opening.open_class, account_id=self.minh.id, ward=WARD, lesson=lesson, now=_now())
        return opened.id, self.sees(lambda session: find_class(session, opened.id)).code


def _now() -> datetime:
    return datetime.now(UTC)

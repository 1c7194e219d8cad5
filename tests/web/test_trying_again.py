"""A form that the store has ended for another's sake is done once more; nobody sees a fault for it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from lms.http.learner_cookie import Pass, sign_pass
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import read_seat
from lms.learning.learners import learner_store
from lms.learning.learners.learner_store import is_forgotten, new_learner_id
from lms.learning.store.database import writing
from lms.learning.store.locks import touch
from lms.learning.store.models import ClassSeat, Response
from tests.waiting import PATIENCE, meanwhile, until_waiting
from tests.web.careful import CarefulClient
from tests.web.desks import ASKED, Desk, found, in_class, open_desk, seat
from tests.web.duty import engine_of, signed_in

BUSY = "Đang có nhiều người gửi cùng lúc"
RING = "40P01"  # deadlock_detected


class Ring:
    """Somebody who holds the first seat of a class and then wants Lan's row, while a form has Lan's and wants the seat.

    The form is the last one to wait, so that it finds the ring, and PostgreSQL ends it.
    """

    def __init__(self, app, desk: Desk, lan: str) -> None:
        self.engine, self.desk, self.lan = engine_of(app), desk, lan
        self.ended: list[str] = []
        self._reached, self._go, self._touched = threading.Event(), threading.Event(), threading.Event()
        event.listen(self.engine, "before_cursor_execute", self._stop_at_seats)
        event.listen(self.engine, "handle_error", self._note)

    def run(self, form: Any) -> Any:
        """What the form is answered."""
        with writing(self.engine).begin() as other:
            connection = other.connection()
            try:
                connection.execute(text("SET LOCAL deadlock_timeout = '10min'"))  # it looks for no ring itself
            except DBAPIError:
                pytest.skip("only who may set deadlock_timeout can say whom PostgreSQL ends")
            here = (ClassSeat.class_id == self.desk.id, ClassSeat.number == 1)
            connection.execute(update(ClassSeat).where(*here).values(people=4, version=ClassSeat.version + 1))
            answered = meanwhile(form)
            assert self._reached.wait(PATIENCE)
            touched = meanwhile(lambda: self._touch(connection))
            until_waiting(self.engine)
            self._go.set()
            touched.result(PATIENCE)
        return answered.result(PATIENCE)

    def _touch(self, connection: Connection) -> None:
        touch(connection, self.lan, now=datetime.now(UTC))
        self._touched.set()

    def _stop_at_seats(self, _connection, _cursor, statement: str, *_rest: object) -> None:
        if "FROM class_seats" in statement and "FOR UPDATE" in statement:
            self._reached.set()
            assert self._go.wait(PATIENCE)

    def _note(self, context) -> None:
        """The form was ended and holds nothing any more. It does not begin again before the other has Lan's row: or it
        takes that row before the other wakes, and is ended once more."""
        self.ended.append(context.original_exception.sqlstate)
        if self.ended[-1] == RING:
            assert self._touched.wait(PATIENCE)


@pytest.fixture
def desk(app) -> Desk:
    return open_desk(signed_in(app), ASKED)


def phone(app, learner_id: str) -> CarefulClient:
    """The browser of a learner who is known."""
    client = app.test_client()
    client.set_cookie("learner", sign_pass(app.extensions["settings"].secret_key, Pass((learner_id,))))
    return client


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_claim_that_meets_somebody_in_a_ring_is_agreed_to_once(app, desk):
    """Lan's phone has lost its cookie; what seat 1 answered becomes her new id's own, once."""
    code, now = found(app, desk).code, datetime.now(UTC)
    _, hoa = seat(app, desk)
    question = app.extensions["shelf"].library.lesson(*ASKED.split("/")).understand.graded[0]
    step = f"hoi-{question.id}"
    desk.sends(to=step)
    desk.sends(step=step, phase="open")
    given = {"question_id": question.id, "round": 1, "given": ["a"], "library": app.extensions["shelf"].library}
    in_class(app, class_answers.keep_class_answer, learner_id=hoa, code=code, now=now, **given)
    desk.sends(step=step, phase="shown")
    lan = new_learner_id()
    in_class(app, seats.claim, learner_id=lan, code=code, number=1, now=now)
    agrees = {"csrf_token": desk.token, "viec": "dong-y"}
    ring = Ring(app, desk, lan)
    answer = ring.run(lambda: desk.client.post(f"{desk.base}/cho/1", data=agrees))
    assert (answer.status_code, ring.ended) == (303, [RING])
    with writing(engine_of(app))() as session:
        kept = read_seat(session.connection(), desk.id, 1)
        assert (kept.learner_id, kept.people, kept.claimed_at) == (lan, 4, None)
        assert sorted(session.scalars(select(Response.learner_id))) == sorted([hoa, lan])


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_whoever_is_to_be_forgotten_and_meets_somebody_in_a_ring_is_forgotten(app, desk):
    _, lan = seat(app, desk)
    ring = Ring(app, desk, lan)
    answer = ring.run(lambda: phone(app, lan).post("/toi/quen", data={"chac": "co"}))
    assert (answer.status_code, ring.ended) == (200, [RING])
    with writing(engine_of(app))() as session:
        assert is_forgotten(session, lan)
        kept = read_seat(session.connection(), desk.id, 1)
        assert (kept.learner_id, kept.people) == (None, 4)


class Ended(Exception):
    """As the driver tells it."""

    def __init__(self, sqlstate: str | None, said: str = "deadlock detected") -> None:
        super().__init__(said)
        self.sqlstate = sqlstate


@pytest.fixture
def lan_known(app) -> CarefulClient:
    with writing(engine_of(app)).begin() as session:
        learner = learner_store.create_learner(session, now=datetime.now(UTC))
    return phone(app, learner.id)


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_what_was_typed_is_read_anew_the_second_time(app, lan_known, monkeypatch, caplog, sqlstate):
    rename, names = learner_store.rename, []

    def fails_first(session, learner, name):
        names.append(name)
        rename(session, learner, name)
        if len(names) == 1:
            raise OperationalError("UPDATE", {}, Ended(sqlstate))

    monkeypatch.setattr(learner_store, "rename", fails_first)
    assert lan_known.post("/toi/ten", data={"ten": "Nguyễn Thị Lan"}).status_code == 303
    assert names == ["Nguyễn Thị Lan"] * 2
    assert "Nguyễn Thị Lan" in lan_known.get("/toi").text
    [said] = [record.getMessage() for record in caplog.records if "done again" in record.getMessage()]
    assert "/toi/ten" not in said  # an address may hold a slip, and our log has none


@pytest.mark.parametrize(
    ("sqlstate", "said", "tries"),
    [("40P01", "deadlock detected", 2), ("55P03", "lock not available", 1), (None, "database is locked", 1)],
)
@pytest.mark.parametrize("where", ["in the route", "at the commit"])
def test_a_store_that_stays_in_the_way_is_told_kindly(
    app, lan_known, monkeypatch, caplog, sqlstate, said, tries, where
):
    """Only what is known to be undone is done again; a connection may have broken after the commit."""
    tried = []

    def stand_in_the_way(*_anything) -> None:
        raise OperationalError("UPDATE", {}, Ended(sqlstate, said))

    def rename(session, *_anything) -> None:
        tried.append(None)
        if where == "in the route":
            stand_in_the_way()
        event.listen(session, "before_commit", stand_in_the_way, once=True)

    monkeypatch.setattr(learner_store, "rename", rename)
    answer = lan_known.post("/toi/ten", data={"ten": "Lan"})
    assert (answer.status_code, len(tried)) == (503, tries)
    assert BUSY in answer.text
    assert len([one for one in caplog.records if "was put off" in one.getMessage()]) == tries
    assert "Lan" not in lan_known.get("/toi").text


def test_what_goes_wrong_for_another_reason_is_not_done_again(app, lan_known, monkeypatch):
    tried = []

    def fails(*_anything) -> None:
        tried.append(None)
        raise ValueError

    monkeypatch.setattr(learner_store, "rename", fails)
    assert lan_known.post("/toi/ten", data={"ten": "Lan"}).status_code == 500
    assert len(tried) == 1

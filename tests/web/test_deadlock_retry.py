"""A form whose transaction PostgreSQL aborts because of a deadlock is retried once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from lms.http.learner_cookie import LearnerCookie, dump_cookie
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import seat_claims
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.learners import learner_store
from lms.learning.learners.learner_store import is_forgotten, new_learner_id
from lms.learning.store.database import write_sessions
from lms.learning.store.locks import upsert_and_lock_learner
from lms.learning.store.models import Response, SeatRow
from lms.metrics import REGISTRY
from tests.lock_waits import TIMEOUT_SECONDS, run_in_thread, wait_until_blocked
from tests.stored_learner import store_learner
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import QUESTION_LESSON, Desk, add_learner, call_service, class_session_of, open_desk
from tests.web.signed_in_clients import engine_of, signed_in_client

pytestmark = pytest.mark.both_stores

BUSY = "Đang có nhiều người gửi cùng lúc"
DEADLOCK_DETECTED = "40P01"


class Deadlock:
    """Another transaction locks a class's first seat, then Lan's row; a form has locked Lan's row and wants the seat.

    The form waits last, so it detects the deadlock and PostgreSQL aborts it.
    """

    def __init__(self, app, desk: Desk, lan: str) -> None:
        self.engine, self.desk, self.lan = engine_of(app), desk, lan
        self.aborted_with: list[str] = []
        self._form_is_at_seat, self._form_may_go_on, self._learner_locked = (
            threading.Event(),
            threading.Event(),
            threading.Event(),
        )
        event.listen(self.engine, "before_cursor_execute", self._pause_form_at_seat)
        event.listen(self.engine, "handle_error", self._on_error)

    def run(self, form: Any) -> Any:
        """Run both transactions; returns the response to the form."""
        with write_sessions(self.engine).begin() as other:
            connection = other.connection()
            try:
                connection.execute(
                    text("SET LOCAL deadlock_timeout = '10min'")
                )  # the other transaction does not look for deadlocks
            except DBAPIError:
                pytest.skip("only a superuser may set deadlock_timeout")
            first_seat = (SeatRow.class_id == self.desk.id, SeatRow.number == 1)
            connection.execute(update(SeatRow).where(*first_seat).values(people=4, version=SeatRow.version + 1))
            answered = run_in_thread(form)
            assert self._form_is_at_seat.wait(TIMEOUT_SECONDS)
            locking = run_in_thread(lambda: self._lock_learner(connection))
            wait_until_blocked(self.engine)
            self._form_may_go_on.set()
            locking.result(TIMEOUT_SECONDS)
        return answered.result(TIMEOUT_SECONDS)

    def _lock_learner(self, connection: Connection) -> None:
        upsert_and_lock_learner(connection, self.lan, now=datetime.now(UTC))
        self._learner_locked.set()

    def _pause_form_at_seat(self, _connection, _cursor, statement: str, *_rest: object) -> None:
        if "FROM class_seats" in statement and "FOR UPDATE" in statement:
            self._form_is_at_seat.set()
            assert self._form_may_go_on.wait(TIMEOUT_SECONDS)

    def _on_error(self, context) -> None:
        """The form was aborted. Delay its retry until the other transaction has Lan's row; otherwise the retry could
        lock that row first, and be aborted again."""
        self.aborted_with.append(context.original_exception.sqlstate)
        if self.aborted_with[-1] == DEADLOCK_DETECTED:
            assert self._learner_locked.wait(TIMEOUT_SECONDS)


@pytest.fixture
def desk(app) -> Desk:
    return open_desk(signed_in_client(app), QUESTION_LESSON)


def client_of(app, learner_id: str) -> CheckingClient:
    """A browser with the cookie of an existing learner."""
    client = app.test_client()
    client.set_cookie("learner", dump_cookie(app.extensions["settings"].secret_key, LearnerCookie((learner_id,))))
    return client


@pytest.mark.parametrize("store", ["postgresql"], scope="session")
def test_a_claim_is_approved_once_after_a_deadlock(app, desk):
    """Lan's phone has lost its cookie; the answers of seat 1 are transferred to the new id, once."""
    code, now = class_session_of(app, desk).code, datetime.now(UTC)
    _, hoa = add_learner(app, desk)
    question = app.extensions["catalog"].library.lesson(*QUESTION_LESSON.split("/")).understand.graded_questions[0]
    step = f"hoi-{question.id}"
    desk.send_command(to=step)
    desk.send_command(step=step, phase="open")
    given = {"question_id": question.id, "round": 1, "given": ["a"], "library": app.extensions["catalog"].library}
    call_service(app, class_answers.save_class_answer, learner_id=hoa, code=code, now=now, **given)
    desk.send_command(step=step, phase="shown")
    lan = new_learner_id()
    call_service(app, seat_claims.claim_seat, learner_id=lan, code=code, number=1, now=now)
    agrees = {"csrf_token": desk.token, "viec": "dong-y"}
    deadlock = Deadlock(app, desk, lan)
    answer = deadlock.run(lambda: desk.client.post(f"{desk.base}/cho/1", data=agrees))
    assert (answer.status_code, deadlock.aborted_with) == (303, [DEADLOCK_DETECTED])
    with write_sessions(engine_of(app))() as session:
        seat = find_seat(session, desk.id, 1)
        assert (seat.learner_id, seat.people, seat.claimed_at) == (lan, 4, None)
        assert sorted(session.scalars(select(Response.learner_id))) == sorted([hoa, lan])


@pytest.mark.parametrize("store", ["postgresql"], scope="session")
def test_a_learner_is_forgotten_after_a_deadlock(app, desk):
    _, lan = add_learner(app, desk)
    deadlock, counted = Deadlock(app, desk, lan), ("lms_database_retries_total", {"by": "request"})
    before = REGISTRY.get_sample_value(*counted)
    answer = deadlock.run(lambda: client_of(app, lan).post("/toi/quen", data={"chac": "co"}))
    assert (answer.status_code, deadlock.aborted_with) == (200, [DEADLOCK_DETECTED])
    assert REGISTRY.get_sample_value(*counted) == before + 1
    with write_sessions(engine_of(app))() as session:
        assert is_forgotten(session, lan)
        seat = find_seat(session, desk.id, 1)
        assert (seat.learner_id, seat.people) == (None, 4)


class DriverError(Exception):
    """An exception of the database driver."""

    def __init__(self, sqlstate: str | None, message: str = "deadlock detected") -> None:
        super().__init__(message)
        self.sqlstate = sqlstate


@pytest.fixture
def lan(app) -> CheckingClient:
    with write_sessions(engine_of(app)).begin() as session:
        learner = store_learner(session, now=datetime.now(UTC))
    return client_of(app, learner.id)


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_the_form_is_read_again_in_the_retry(app, lan, monkeypatch, caplog, sqlstate):
    rename, names = learner_store.rename_learner, []

    def fails_first(session, learner, name):
        names.append(name)
        rename(session, learner, name)
        if len(names) == 1:
            raise OperationalError("UPDATE", {}, DriverError(sqlstate))

    monkeypatch.setattr(learner_store, "rename_learner", fails_first)
    assert lan.post("/toi/ten", data={"ten": "Nguyễn Thị Lan"}).status_code == 303
    assert names == ["Nguyễn Thị Lan"] * 2
    assert "Nguyễn Thị Lan" in lan.get("/toi").text
    [message] = [record.getMessage() for record in caplog.records if "retried" in record.getMessage()]
    assert "/toi/ten" not in message  # a path may contain a sign-in slip


@pytest.mark.parametrize(
    ("sqlstate", "message", "tries"),
    [("40P01", "deadlock detected", 2), ("55P03", "lock not available", 1), (None, "database is locked", 1)],
)
@pytest.mark.parametrize("where", ["in the route", "at the commit"])
def test_a_lasting_database_error_is_a_503_page(app, lan, monkeypatch, caplog, sqlstate, message, tries, where):
    """Only deadlocks are retried, since their transaction was certainly rolled back."""
    calls: list[None] = []

    def raise_database_error(*_anything) -> None:
        raise OperationalError("UPDATE", {}, DriverError(sqlstate, message))

    def rename(session, *_anything) -> None:
        calls.append(None)
        if where == "in the route":
            raise_database_error()
        event.listen(session, "before_commit", raise_database_error, once=True)

    monkeypatch.setattr(learner_store, "rename_learner", rename)
    answer = lan.post("/toi/ten", data={"ten": "Lan"})
    assert (answer.status_code, len(calls)) == (503, tries)
    assert BUSY in answer.text
    assert len([record for record in caplog.records if "retryable error" in record.getMessage()]) == tries
    assert "Lan" not in lan.get("/toi").text


def test_other_errors_are_not_retried(app, lan, monkeypatch):
    calls: list[None] = []

    def fails(*_anything) -> None:
        calls.append(None)
        raise ValueError

    monkeypatch.setattr(learner_store, "rename_learner", fails)
    assert lan.post("/toi/ten", data={"ten": "Lan"}).status_code == 500
    assert len(calls) == 1

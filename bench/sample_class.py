"""An open class with a projector and 60 learners, so that its pages can be measured like every other page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bench.sample_learner import heaviest_lesson
from bench.sites import COURSES, Site
from lms.content.library import read_library
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.access import projectors
from lms.learning.classroom.lifecycle import command_handler, opening
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.seats import joining
from lms.learning.classroom.session.commands import parse_command
from lms.learning.classroom.session.steps import question_step_key
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, write_sessions

PROJECTOR_COOKIE = "projector"
LEARNERS = 60


@dataclass(frozen=True, slots=True)
class SampleClass:
    """``pages``: path and cookie of every kind of page of a learner in class and of the projector, by name."""

    pages: dict[str, tuple[str, str]]
    seat: tuple[str, str]  # path and cookie of a learner's seat while a question is open
    practice: tuple[str, str]  # path and cookie of an attempt that was started in class


def open_sample_class(site: Site) -> SampleClass:
    """Create a class of 60 learners that is at an open question, in the running site's database."""
    engine = make_engine(f"sqlite:///{site.folder / 'lms.sqlite3'}")
    with write_sessions(engine)() as session:
        code, learner_id, secret, attempt_id = _create_class(session)
        session.commit()
    engine.dispose()
    key = (site.folder / "secret-key").read_text("ascii").strip()
    learner_cookie = f"{COOKIE_NAME}={dump_cookie(key, LearnerCookie((learner_id,)))}"
    projector_cookie = f"{PROJECTOR_COOKIE}={secret}"
    seat, practice = (f"/lop/{code}", learner_cookie), (f"/toi/luot/{attempt_id}", learner_cookie)
    pages = {
        "class, code": ("/lop", ""),
        "class, join": (f"/lop/{code}", ""),
        "class, seat": seat,
        "class, practice": practice,
        "class, end": (f"/lop/{code}/ket", learner_cookie),
        "wall, waiting": ("/chieu", ""),
        "wall, a question": ("/chieu", projector_cookie),
    }
    return SampleClass(pages, seat, practice)


def _create_class(session: Session) -> tuple[str, str, str, str]:
    """Return the class code, a learner's id, the projector's secret, and the id of an attempt of that learner."""
    now, library = datetime.now(UTC), read_library(COURSES, today=datetime.now(UTC).date()).library
    lesson = heaviest_lesson()
    facilitator = add_account(session, name="Minh", roles={"administrator"}, ward="", by=None, now=now)
    class_session = opening.open_class_session(session, account_id=facilitator.id, ward="27316", lesson=lesson, now=now)
    learners = [new_learner_id() for _ in range(LEARNERS)]
    for learner_id in learners:
        joining.join_class_session(session, learner_id=learner_id, code=class_session.code, now=now)
    _, secret = projectors.create_paired_projector(session, class_session.id, account_id=facilitator.id, now=now)

    def command(**fields: str) -> None:
        command_handler.apply_command(
            session,
            class_session.id,
            account_id=facilitator.id,
            command=parse_command(fields),
            library=library,
            now=now,
        )

    command(to="tap")
    attempt_id = class_attempts.start_class_attempt(
        session, learner_id=learners[0], code=class_session.code, library=library, now=now
    )
    question = next(question for question in lesson.understand.questions if question.kind == "choice")
    command(to=question_step_key(question.id))
    command(step=question_step_key(question.id), phase="open")
    return class_session.code, learners[0], secret, attempt_id

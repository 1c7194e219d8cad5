"""An open class with a projector and one phone, so that what a hall sees can be judged like every other page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bench.graduate import the_whole_lesson
from bench.sites import COURSES, Site
from lms.content.library import read_library
from lms.http.learner_cookie import COOKIE, Pass, sign_pass
from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.access import projectors
from lms.learning.classroom.lifecycle import command_handler, opening
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.commands import read_command
from lms.learning.classroom.session.steps import question_key
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, writing

PROJECTOR = "projector"
PEOPLE = 60


@dataclass(frozen=True, slots=True)
class Room:
    """``pages``: address and cookie of every kind of page of a learner in class, and of the wall, by its name."""

    pages: dict[str, tuple[str, str]]
    seat: tuple[str, str]  # her place in class, while a question is open
    practice: tuple[str, str]  # begun in class


def open_room(site: Site) -> Room:
    """A class of 60 phones that is at a question, in the running site's database."""
    engine = make_engine(f"sqlite:///{site.folder / 'lms.sqlite3'}")
    with writing(engine)() as session:
        code, learner_id, secret, attempt_id = _fill(session)
        session.commit()
    engine.dispose()
    key = (site.folder / "secret-key").read_text("ascii").strip()
    hers, wall = f"{COOKIE}={sign_pass(key, Pass((learner_id,)))}", f"{PROJECTOR}={secret}"
    seat, practice = (f"/lop/{code}", hers), (f"/toi/luot/{attempt_id}", hers)
    pages = {
        "class, six digits": ("/lop", ""),
        "class, the way in": (f"/lop/{code}", ""),
        "class, her place": seat,
        "class, practice": practice,
        "class, end": (f"/lop/{code}/ket", hers),
        "wall, waiting": ("/chieu", ""),
        "wall, a question": ("/chieu", wall),
    }
    return Room(pages, seat, practice)


def _fill(session: Session) -> tuple[str, str, str, str]:
    """As (code, a learner, a projector's secret, an attempt of the learner's)."""
    now, library = datetime.now(UTC), read_library(COURSES, today=datetime.now(UTC).date()).library
    lesson = the_whole_lesson()
    minh = add_account(session, name="Minh", roles={"administrator"}, ward="", by=None, now=now)
    klass = opening.open_class(session, account_id=minh.id, ward="27316", lesson=lesson, now=now)
    learners = [new_learner_id() for _ in range(PEOPLE)]
    for learner_id in learners:
        seats.join(session, learner_id=learner_id, code=klass.code, now=now)
    _, secret = projectors.paired_here(session, klass.id, account_id=minh.id, now=now)

    def say(**said: str) -> None:
        command_handler.command(
            session, klass.id, account_id=minh.id, command=read_command(said), library=library, now=now
        )

    say(to="tap")
    attempt_id = class_attempts.practise_in(session, learner_id=learners[0], code=klass.code, library=library, now=now)
    question = next(one for one in lesson.understand.questions if one.kind == "choice")
    say(to=question_key(question.id))
    say(step=question_key(question.id), phase="open")
    return klass.code, learners[0], secret, attempt_id

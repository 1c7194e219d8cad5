"""A class whose services are called by many at once, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from lms.content.model import Library
from lms.learning.classroom.lifecycle.command_handler import apply_command
from lms.learning.classroom.seats import joining
from lms.learning.classroom.session.commands import Command
from lms.learning.store.database import read_sessions, write_sessions
from tests.learning.classroom.live_class import LiveClass, account
from tests.learning.sample_courses import NOW


class ConcurrentClass:
    """Calls services of a class, each in its own transaction, as requests do."""

    def __init__(self, engine: Engine, library: Library) -> None:
        self.sessions = write_sessions(engine)
        self.reads = read_sessions(engine)
        self.library = library
        self.minh = self.do(lambda session: account(session, "Minh"))
        self.live_class = self.do(lambda session: LiveClass(session, library, self.minh))
        self.id, self.code = self.live_class.id, self.live_class.code

    def do(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with self.sessions.begin() as session:
            return work(session, *args, **kwargs)

    def join(self, learner_id: str, **fields: Any) -> Any:
        return self.do(joining.join_class_session, learner_id=learner_id, code=self.code, now=NOW, **fields)

    def command(self, **fields: Any) -> Any:
        how = {"account_id": self.minh, "command": Command(**fields), "library": self.library, "now": NOW}
        return self.do(apply_command, self.id, **how)

    def answer(self, learner_id: str, given: str = "b") -> dict[str, Any]:
        return {
            "learner_id": learner_id, "code": self.code, "question_id": "q1", "round": 1, "given": [given],
            "library": self.library, "now": NOW,
        }  # fmt: skip

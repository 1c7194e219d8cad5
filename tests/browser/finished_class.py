"""A class that was held, for its report and for the pages after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from lms.content.model import Lesson
from lms.learning.classroom.lifecycle import command_handler, opening
from lms.learning.classroom.questions import class_answers, tallies
from lms.learning.classroom.questions.class_answers import ClassAnswerReceipt
from lms.learning.classroom.seats import joining
from lms.learning.classroom.session.commands import parse_command
from lms.learning.classroom.tasks.attestation import attest_tasks
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.models import AccountRow, PracticeAttempt
from tests.browser.class_pages import LESSON_WITH_PRACTICE
from tests.browser.lessons import library
from tests.browser.site_process import Site
from tests.browser.site_store import writing
from tests.learning.classroom.live_class import practise

PLACE = "Nhà văn hóa khu phố 3, số 12 đường Nguyễn Thị Minh Khai, đối diện chợ, lầu một"


def hold_class(site: Site, lesson: Lesson, phones: int = 5) -> str:
    """Hold and close a class of Minh's in which everything happens that a report tells, twice where it can.

    Returns the address of its report.
    """
    now = datetime.now(UTC) - timedelta(minutes=95)
    with writing(site) as session:
        account = session.scalars(select(AccountRow).where(AccountRow.name == "Minh").limit(1)).one()
        class_session = opening.open_class_session(
            session, account_id=account.id, ward=account.ward, lesson=lesson, place=PLACE, mode="tu-lam", now=now
        )
        catalog = library()

        def say(**said: object) -> None:
            command_handler.apply_command(
                session, class_session.id, account_id=account.id, command=parse_command(said), library=catalog, now=now
            )

        learners = [{"learner_id": new_learner_id(), "code": class_session.code, "now": now} for _ in range(phones)]
        sat = joining.join_class_sessions(session, [learner | {"people": 2} for learner in learners]) if phones else []
        for question in lesson.understand.questions:
            say(to=f"hoi-{question.id}")
            for number in (1, 2):
                say(step=f"hoi-{question.id}", round=number, phase="open")
                tallies.save_hand_counts(
                    session, class_session.id, question.id, number,
                    dict.fromkeys(tallies.tally_bar_keys(question)[:1], 4),
                    account_id=account.id, library=catalog,
                )  # fmt: skip
                if learners and question.kind in ("choice", "poll"):
                    given = {"question_id": question.id, "round": number, "given": [question.options[0].key]}
                    answers = [learner | given | {"library": catalog} for learner in learners]
                    receipts = class_answers.save_class_answers(session, answers)
                    assert all(isinstance(receipt, ClassAnswerReceipt) for receipt in receipts)
                say(step=f"hoi-{question.id}", phase="locked")
        if lesson.practice:
            say(to="tap")
            for learner in learners:
                attempt = practise(session, **learner, library=catalog)
                row = session.get(PracticeAttempt, attempt.id)
                row.state = row.state | {"been": {name: [3, 0, 0, False, True] for name in attempt.model["screens"]}}
            session.flush()
        if lesson.use and lesson.use.tasks:
            tasks = [task.id for task in lesson.use.tasks]
            for seat in sat[:3]:
                attest_tasks(
                    session,
                    class_session.id,
                    seat.number,
                    account_id=account.id,
                    use=lesson.use,
                    task_ids=tasks,
                    now=now,
                )
        opening.set_head_count(session, class_session.id, 40, account_id=account.id)
        say(close=True)
    return f"/dung-lop/{class_session.id}/bao-cao"


def chosen_tasks() -> str:
    """The page of the seats, with all tasks of the lesson chosen."""
    tasks = library().lesson(*LESSON_WITH_PRACTICE.split("/")).use.tasks
    return "/chung-kien?" + "&".join(f"viec={task.id}" for task in tasks)

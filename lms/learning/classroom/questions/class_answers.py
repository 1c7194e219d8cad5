"""Save and find the answers of seats to the question that is open in class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from lms.content.model import LessonInClass, Library, Question
from lms.content.questions import Outcome, UnknownOption, redact
from lms.learning.classroom.session.class_codes import parse_class_code
from lms.learning.classroom.session.seat_store import REACTIVATE
from lms.learning.classroom.session.state import QuestionPhase, read_class_state
from lms.learning.classroom.session.steps import step_question_id
from lms.learning.errors import (
    AnswersLocked,
    ClassClosed,
    LearningError,
    NoSeatInClass,
    NotFound,
    RemovedFromClass,
    UnknownClassCode,
)
from lms.learning.store.bulk_statement import BulkStatement
from lms.learning.store.locks import lock_open_classes
from lms.learning.store.models import ClassAnswer, ClassLessonAnswer, ClassSessionRow, SeatRow
from lms.learning.store.models.classes import epoch_milliseconds
from lms.learning.store.upsert import Upsert
from lms.learning.understand.answers import grade_answer

_AnswerKey = tuple[str, str, int, int]  # class id, question id, round, seat number


@dataclass(frozen=True, slots=True)
class ClassAnswerReceipt:
    """A saved answer. Whether it is right is sent only once the class has seen the right answer.

    ``is_private``: what was typed looks like a number of the learner's own. Only its length is saved.
    """

    seat: int
    question_id: str
    round: int
    given: tuple[str, ...]
    is_private: bool = False


def save_class_answer(
    session: Session, *, learner_id: str, code: str, question_id: str, round: int, given: Sequence[str],
    library: Library, now: datetime, lesson_number: int = 1,
) -> ClassAnswerReceipt:  # fmt: skip
    """Save a seat's answer to the question that is open in class; a later one replaces it. Called through the writer.

    ``lesson_number``: of the class's lesson that the page asked about. Another lesson's question may have the same id.

    On every error the answer that was saved before stays.

    Raises:
        UnknownClassCode, ClassClosed: there is no such class, or it is over.
        NoSeatInClass, RemovedFromClass: the learner has no seat in it, or the facilitator removed it.
        AnswersLocked: this round of this question is not open. Its ``given`` is the answer that was saved before.
        NotFound: the edited lesson no longer has the question.
        UnknownOption, TooLarge, EmptyAnswer, OptionSubmittedTwice: as ``grade_answer``.
    """
    kwargs = {
        "learner_id": learner_id,
        "code": code,
        "question_id": question_id,
        "round": round,
        "given": given,
        "library": library,
        "now": now,
        "lesson_number": lesson_number,
    }
    [receipt] = save_class_answers(session, [kwargs])
    if isinstance(receipt, Exception):
        raise receipt
    return receipt


def save_class_answers(
    session: Session, answers: Sequence[Mapping[str, Any]]
) -> list[ClassAnswerReceipt | LearningError | UnknownOption]:
    """``save_class_answer`` for many, each as its keyword arguments; an error takes the place of the receipt.

    Runs five statements however many answers there are, and one more if some come too late.
    """
    connection = session.connection()
    codes = {answer["code"]: parse_class_code(answer["code"]) for answer in answers}
    # The lock lasts until the commit: a command locks or shows the question before these answers, or after all of them.
    classes = {row.code: row for row in lock_open_classes(connection, codes.values())}
    missing = sorted({code for code in codes.values() if code} - set(classes))
    closed = set(connection.scalars(_KNOWN_CODES, {"codes": missing}))
    ids = {
        "class_ids": [row.id for row in classes.values()],
        "learner_ids": [answer["learner_id"] for answer in answers],
    }
    seats = {(row.class_id, row.learner_id): row for row in connection.execute(_SEATS, ids)}
    results: list[ClassAnswerReceipt | LearningError | UnknownOption] = []
    late: list[tuple[AnswersLocked, int, _AnswerKey]] = []
    rows: dict[_AnswerKey, dict[str, Any]] = {}
    for answer in answers:
        code = codes[answer["code"]]
        class_row = classes.get(code)
        if class_row is None:
            results.append(ClassClosed(code) if code in closed else UnknownClassCode(answer["code"][:40]))
            continue
        seat = seats.get((class_row.id, answer["learner_id"]))
        if seat is None:
            results.append(NoSeatInClass(class_row.id))
            continue
        key = (class_row.id, answer["question_id"], answer["round"], seat.number)
        try:
            question, outcome = _grade(answer, class_row, seat)
            rows[key] = _answer_row(answer, class_row, seat, question, outcome)  # the last of several answers counts
            results.append(ClassAnswerReceipt(seat.number, key[1], key[2], tuple(answer["given"]), outcome.is_private))
        except AnswersLocked as error:
            late.append((error, answer.get("lesson_number", 1), key))
            results.append(error)
        except (LearningError, UnknownOption) as error:
            results.append(error)
    if rows:
        # Seats before their answers, and both in the order of their keys: the lock order.
        ordered = [rows[key] for key in sorted(rows)]
        _UPDATE_SEAT.execute(connection, [_seat_update(row) for row in ordered])
        _UPSERT.execute(connection, ordered)
    if late:
        # A phone that lost the connection before the reply sends again. It must learn that its answer was in time.
        # The question id may be any text, so it is compared here and not sent to the database.
        seat_keys = {
            "class_ids": sorted({key[0] for _, _, key in late}),
            "numbers": sorted({key[3] for _, _, key in late}),
        }
        present = {row.id: row.lesson_number for row in classes.values()}
        given = {
            (present[row.class_id], *row[:4]): tuple(row.given)
            for row in connection.execute(_ANSWERS_OF_SEATS, seat_keys)
        }
        if any(number != present[key[0]] for _, number, key in late):
            given |= {
                (row.lesson_number, *row[:4]): tuple(row.given)
                for row in connection.execute(_LEFT_ANSWERS_OF_SEATS, seat_keys)
            }
        for error, number, key in late:
            error.given = given.get((number, *key), ())
    return results


def find_class_answer(
    session: Session, class_id: str, seat: int, question_id: str, round: int
) -> tuple[str, ...] | None:
    """What this seat answered in this round; None without an answer."""
    key = {"class_id": class_id, "question_id": question_id, "round": round, "seat": seat}
    row = session.connection().execute(_ANSWER_OF_SEAT, key).first()
    return tuple(row.given) if row else None


def is_answered_right(session: Session, class_id: str, seat: int, question_id: str, round: int) -> bool:
    """Whether this seat answered rightly in this round. A poll has no right answer."""
    key = {"class_id": class_id, "question_id": question_id, "round": round, "seat": seat}
    return session.connection().execute(_SCORE_OF_SEAT, key).scalar() == 1.0


def find_question(library: Library, taught: LessonInClass, question_id: str) -> Question:
    """A question of the lesson as the class has it.

    Raises:
        NotFound: the lesson has no such question.
    """
    found = library.edition(taught)
    question = found and found[1].understand.question(question_id)
    if question is None:
        raise NotFound(question_id)
    return question


def question_round_key(question_id: str, round: int) -> str:
    """The value of a seat's ``answered`` once it has answered this round of this question."""
    return f"{question_id}/{round}"


def _grade(
    answer: Mapping[str, Any], class_row: Row[*tuple[Any, ...]], seat: Row[*tuple[Any, ...]]
) -> tuple[Question, Outcome]:
    if seat.removed and seat.idle_removed_at is None:
        raise RemovedFromClass(class_row.id)
    question_id, state = answer["question_id"], read_class_state(class_row.state, class_row.id)
    if answer.get("lesson_number", 1) != class_row.lesson_number:
        raise AnswersLocked(question_id)
    if (step_question_id(state.step), state.round, state.phase) != (question_id, answer["round"], QuestionPhase.OPEN):
        raise AnswersLocked(question_id)
    question = find_question(answer["library"], cast("LessonInClass", class_row), question_id)
    return question, grade_answer(question, list(answer["given"]))


def _answer_row(
    answer: Mapping[str, Any],
    class_row: Row[*tuple[Any, ...]],
    seat: Row[*tuple[Any, ...]],
    question: Question,
    outcome: Outcome,
) -> dict[str, Any]:
    return {
        "class_id": class_row.id,
        "question_id": answer["question_id"],
        "round": answer["round"],
        "seat": seat.number,
        "given": redact(question, list(answer["given"]), outcome),
        "score": outcome.score,
        "answered_at": answer["now"],
        "copied": False,
    }


def _seat_update(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "of_class": row["class_id"],
        "of_seat": row["seat"],
        "answered": question_round_key(row["question_id"], row["round"]),
        "changed_at": epoch_milliseconds(row["answered_at"]),
    }


_UPSERT = Upsert(
    ClassAnswer, update=lambda new: {name: new[name] for name in ("given", "score", "answered_at", "copied")}
)
_KNOWN_CODES = select(ClassSessionRow.code).where(ClassSessionRow.code.in_(bindparam("codes", expanding=True)))
_SEATS = select(SeatRow.class_id, SeatRow.learner_id, SeatRow.number, SeatRow.removed, SeatRow.idle_removed_at).where(
    SeatRow.class_id.in_(bindparam("class_ids", expanding=True)),
    SeatRow.learner_id.in_(bindparam("learner_ids", expanding=True)),
)
_ANSWERS_OF_SEATS = select(
    ClassAnswer.class_id, ClassAnswer.question_id, ClassAnswer.round, ClassAnswer.seat, ClassAnswer.given
).where(
    ClassAnswer.class_id.in_(bindparam("class_ids", expanding=True)),
    ClassAnswer.seat.in_(bindparam("numbers", expanding=True)),
)
_LEFT_ANSWERS_OF_SEATS = select(
    ClassLessonAnswer.class_id,
    ClassLessonAnswer.question_id,
    ClassLessonAnswer.round,
    ClassLessonAnswer.seat,
    ClassLessonAnswer.given,
    ClassLessonAnswer.lesson_number,
).where(
    ClassLessonAnswer.class_id.in_(bindparam("class_ids", expanding=True)),
    ClassLessonAnswer.seat.in_(bindparam("numbers", expanding=True)),
)
_UPDATE_SEAT = BulkStatement(
    update(SeatRow.__table__)
    .where(SeatRow.class_id == bindparam("of_class"), SeatRow.number == bindparam("of_seat"))
    .values(
        answered=bindparam("answered"), changed_at=bindparam("changed_at"), version=SeatRow.version + 1, **REACTIVATE
    )
)
_AT_SEAT = (
    ClassAnswer.class_id == bindparam("class_id"),
    ClassAnswer.question_id == bindparam("question_id"),
    ClassAnswer.round == bindparam("round"),
    ClassAnswer.seat == bindparam("seat"),
)
_ANSWER_OF_SEAT = select(ClassAnswer.given).where(*_AT_SEAT)
_SCORE_OF_SEAT = select(ClassAnswer.score).where(*_AT_SEAT)

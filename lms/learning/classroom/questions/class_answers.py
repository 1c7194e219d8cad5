"""The class's questions: answers while they are open. Bars are in ``tallies``; ``copying`` hands answers on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.content.questions import Outcome, UnknownOption, chosen_twice, grade, is_filled
from lms.learning.classroom.questions.tallies import (
    OTHER,
    RIGHT,
    Tally,
    bar_keys,
    find_question,
    hands,
    keep_hands,
    tally,
)
from lms.learning.classroom.session.class_codes import read_code
from lms.learning.classroom.session.seat_store import COMING_BACK
from lms.learning.classroom.session.state import ClassState
from lms.learning.classroom.session.steps import question_of
from lms.learning.errors import (
    AnswersLocked,
    ChosenTwice,
    ClassClosed,
    LearningError,
    NothingGiven,
    NotSeated,
    PutOut,
    TooLarge,
    UnknownCode,
)
from lms.learning.store.models import ClassAnswer, ClassRow, ClassSeat
from lms.learning.store.models.classes import stamp
from lms.learning.understand.answers import LONGEST_ANSWER

_MOST_PARTS = 100


__all__ = [
    "OTHER", "RIGHT", "KeptAnswer", "Tally", "answered_key", "bar_keys", "find_answer", "hands", "keep_class_answer",
    "keep_class_answers", "keep_hands", "tally",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What the class has from this seat now. Whether it is right nobody is told before the class is."""

    seat: int
    question_id: str
    round: int
    given: tuple[str, ...]


def keep_class_answer(
    session: Session, *, learner_id: str, code: str, question_id: str, round: int, given: Sequence[str],
    library: Library, now: datetime,
) -> KeptAnswer:  # fmt: skip
    """Keep a seat's answer to the question that is open in class; a later one takes its place. Made for the writer.

    Raises:
        UnknownCode, ClassClosed: there is no such class, or it is over.
        NotSeated, PutOut: she has no seat in it, or was put out.
        AnswersLocked: this question, in this round, is not open; it says what she answered before.
        NotFound: the lesson has no such question; it was edited meanwhile.
        UnknownOption: an option that the question does not have.
        TooLarge: more than 4000 characters.
        NothingGiven: nothing is picked or typed, or a place is empty. What she answered before stays.
        ChosenTwice: an order or pairs have something in two places. What she answered before stays.
    """
    plain = {
        "learner_id": learner_id,
        "code": code,
        "question_id": question_id,
        "round": round,
        "given": given,
        "library": library,
        "now": now,
    }
    [kept] = keep_class_answers(session, [plain])
    if isinstance(kept, Exception):
        raise kept
    return kept


def keep_class_answers(
    session: Session, answers: Sequence[Mapping[str, Any]]
) -> list[KeptAnswer | LearningError | UnknownOption]:
    """``keep_class_answer`` for many at once: five statements however many there are, one more for those too late."""
    connection = session.connection()
    codes = {answer["code"]: read_code(answer["code"]) for answer in answers}
    # Held until the commit: a class is locked, or shown, before these answers or after all of them.
    classes = {row.code: row for row in hold_classes(connection, codes.values())}
    over = set(connection.scalars(_OVER, {"codes": sorted({code for code in codes.values() if code} - set(classes))}))
    pairs = {"class_ids": [row.id for row in classes.values()], "learner_ids": [one["learner_id"] for one in answers]}
    seats = {(row.class_id, row.learner_id): row for row in connection.execute(_SEATS, pairs)}
    results: list[Any] = []
    late: list[tuple[AnswersLocked, tuple[str, str, int, int]]] = []
    rows: dict[tuple[str, str, int, int], dict[str, Any]] = {}
    for answer in answers:
        code = codes[answer["code"]]
        klass = classes.get(code)
        seat = seats.get((klass.id, answer["learner_id"])) if klass else None
        try:
            if klass is None:
                raise ClassClosed(code) if code in over else UnknownCode(answer["code"][:40])
            row = _row(answer, klass, seat)
        except AnswersLocked as refusal:
            late.append((refusal, (klass.id, answer["question_id"], answer["round"], seat.number)))
            results.append(refusal)
            continue
        except (LearningError, UnknownOption) as refusal:
            results.append(refusal)
            continue
        rows[row["class_id"], row["question_id"], row["round"], row["seat"]] = row  # the last of several counts
        results.append(KeptAnswer(row["seat"], row["question_id"], row["round"], tuple(row["given"])))
    if rows:
        # Seats come before what is theirs, here as everywhere, and in their order; a class has one question open.
        ordered = [rows[key] for key in sorted(rows)]
        connection.execute(_ANSWERED, [_answered(row) for row in ordered])
        connection.execute(_UPSERT[connection.dialect.name], ordered)
    if late:
        # A phone whose line went under the first reply sends again: only this tells it that it was not too late.
        # What it says its question is may be any text: that is looked for among hers, not asked of the database.
        wanted = {"class_ids": sorted({key[0] for _, key in late}), "numbers": sorted({key[3] for _, key in late})}
        given = {tuple(row[:4]): tuple(row.given) for row in connection.execute(_GIVEN, wanted)}
        for refusal, key in late:
            refusal.given = given.get(key, ())
    return results


def hold_classes(connection: Connection, codes: Iterable[str | None]) -> Sequence[Row[Any]]:
    """Hold these classes as whoever answers in them does: beside others who answer, and apart from commands."""
    return connection.execute(_HELD, {"codes": sorted({code for code in codes if code})}).all()


def find_answer(session: Session, class_id: str, seat: int, question_id: str, round: int) -> tuple[str, ...] | None:
    """What this seat has answered in this round; None when nothing."""
    row = (
        session.connection()
        .execute(
            select(ClassAnswer.given).where(
                ClassAnswer.class_id == class_id,
                ClassAnswer.question_id == question_id,
                ClassAnswer.round == round,
                ClassAnswer.seat == seat,
            )
        )
        .first()
    )
    return tuple(row.given) if row else None


def _row(answer: Mapping[str, Any], klass: Any, seat: Any) -> dict[str, Any]:
    if seat is None:
        raise NotSeated(klass.id)
    if seat.out and seat.swept_at is None:
        raise PutOut(klass.id)
    question_id, round, given = answer["question_id"], answer["round"], list(answer["given"])
    state = ClassState.from_json(klass.state)
    if (question_of(state.step), state.round, state.phase) != (question_id, round, "open"):
        raise AnswersLocked(question_id)
    if len(given) > _MOST_PARTS or sum(map(len, given)) > LONGEST_ANSWER:
        raise TooLarge(question_id)
    question = find_question(klass, question_id, answer["library"])
    if not is_filled(question, given):
        raise NothingGiven(question_id)
    if chosen_twice(question, given):
        raise ChosenTwice(question_id)
    outcome: Outcome = grade(question, given)
    return {
        "class_id": klass.id,
        "question_id": question_id,
        "round": round,
        "seat": seat.number,
        "given": given,
        "score": outcome.score,
        "answered_at": answer["now"],
        "copied": False,
    }


def _answered(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "of_class": row["class_id"],
        "of_seat": row["seat"],
        "answered": answered_key(row["question_id"], row["round"]),
        "changed_at": stamp(row["answered_at"]),
    }


def answered_key(question_id: str, round: int) -> str:
    """What a seat's ``answered`` says once it has answered this question in this round."""
    return f"{question_id}/{round}"


def _upsert(dialect: Any) -> Any:
    table = ClassAnswer.__table__
    new = dialect.insert(table)
    changed = ("given", "score", "answered_at", "copied")
    return new.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={name: new.excluded[name] for name in changed}
    )


_UPSERT = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
_HELD = (
    select(ClassRow.id, ClassRow.code, ClassRow.course, ClassRow.lesson, ClassRow.state)
    .where(ClassRow.code.in_(bindparam("codes", expanding=True)), ClassRow.closed_at.is_(None))
    .order_by(ClassRow.id)
    .with_for_update(read=True)
)
_OVER = select(ClassRow.code).where(ClassRow.code.in_(bindparam("codes", expanding=True)))
_SEATS = select(ClassSeat.class_id, ClassSeat.learner_id, ClassSeat.number, ClassSeat.out, ClassSeat.swept_at).where(
    ClassSeat.class_id.in_(bindparam("class_ids", expanding=True)),
    ClassSeat.learner_id.in_(bindparam("learner_ids", expanding=True)),
)
_GIVEN = select(
    ClassAnswer.class_id, ClassAnswer.question_id, ClassAnswer.round, ClassAnswer.seat, ClassAnswer.given
).where(
    ClassAnswer.class_id.in_(bindparam("class_ids", expanding=True)),
    ClassAnswer.seat.in_(bindparam("numbers", expanding=True)),
)
_ANSWERED = (
    update(ClassSeat.__table__)
    .where(ClassSeat.class_id == bindparam("of_class"), ClassSeat.number == bindparam("of_seat"))
    .values(
        answered=bindparam("answered"), changed_at=bindparam("changed_at"), version=ClassSeat.version + 1, **COMING_BACK
    )
)

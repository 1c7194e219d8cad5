"""The class's questions: answers while they are open, hands that were counted, and whose answers they become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.content.model import Library, Question
from lms.content.questions import Outcome, UnknownOption, grade
from lms.learning.answers import LONGEST_ANSWER, keep_answers
from lms.learning.classroom.codes import read_code
from lms.learning.classroom.membership import require_facilitator
from lms.learning.classroom.records import Class, Seat, read_class, stamp
from lms.learning.classroom.state import ClassState
from lms.learning.classroom.steps import question_of
from lms.learning.errors import (
    AnswersLocked,
    ClassClosed,
    InvalidCommand,
    LearningError,
    NotFound,
    NotSeated,
    PutOut,
    TooLarge,
    UnknownCode,
)
from lms.learning.models import ClassAnswer, ClassHands, ClassRow, ClassSeat

RIGHT, OTHER = "right", "other"  # bars of a question whose answers are no options
MOST_HANDS = 2000
_MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What the class has from this seat now. Whether it is right nobody is told before the class is."""

    seat: int
    question_id: str
    round: int
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Bars of one question in one round: ``bars`` by option key, or by "right" and "other".

    ``phones`` have answered, ``hands`` were counted; hands are in the bars.
    """

    bars: Mapping[str, int]
    phones: int
    hands: int


def keep_class_answer(
    session: Session, *, learner_id: str, code: str, question_id: str, round: int, given: Sequence[str],
    library: Library, now: datetime,
) -> KeptAnswer:  # fmt: skip
    """Keep a seat's answer to the question that is open in class; a later one takes its place. Made for the writer.

    Raises:
        UnknownCode, ClassClosed: there is no such class, or it is over.
        NotSeated, PutOut: she has no seat in it, or was put out.
        AnswersLocked: this question, in this round, is not open.
        NotFound: the lesson has no such question; it was edited meanwhile.
        UnknownOption: an option that the question does not have.
        TooLarge: more than 4000 characters.
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
    """``keep_class_answer`` for many at once: five statements however many there are."""
    connection = session.connection()
    codes = {answer["code"]: read_code(answer["code"]) for answer in answers}
    # Held until the commit: a class is locked, or shown, before these answers or after all of them.
    classes = {
        row.code: row for row in connection.execute(_HELD, {"codes": sorted({code for code in codes.values() if code})})
    }
    over = set(connection.scalars(_OVER, {"codes": sorted({code for code in codes.values() if code} - set(classes))}))
    pairs = {"class_ids": [row.id for row in classes.values()], "learner_ids": [one["learner_id"] for one in answers]}
    seats = {(row.class_id, row.learner_id): row for row in connection.execute(_SEATS, pairs)}
    results: list[Any] = []
    rows: dict[tuple[str, str, int, int], dict[str, Any]] = {}
    for answer in answers:
        code = codes[answer["code"]]
        klass = classes.get(code)
        try:
            if klass is None:
                raise ClassClosed(code) if code in over else UnknownCode(answer["code"][:40])
            row = _row(answer, klass, seats.get((klass.id, answer["learner_id"])))
        except (LearningError, UnknownOption) as refusal:
            results.append(refusal)
            continue
        rows[row["class_id"], row["question_id"], row["round"], row["seat"]] = row  # the last of several counts
        results.append(KeptAnswer(row["seat"], row["question_id"], row["round"], tuple(row["given"])))
    if rows:
        ordered = [rows[key] for key in sorted(rows)]
        connection.execute(_UPSERT[connection.dialect.name], ordered)
        connection.execute(_ANSWERED, [_answered(row) for row in ordered])
    return results


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


def keep_hands(
    session: Session, class_id: str, question_id: str, round: int, counts: Mapping[str, int], *, account_id: str,
    library: Library,
) -> None:  # fmt: skip
    """Keep how many hands were counted for each option (for other questions: "right" and "other"): exactly these.

    Raises:
        NotFound, NotAllowed, ClassClosed.
        InvalidCommand: the class is in another round of it.
        UnknownOption: the question has no such option.
        TooLarge: more hands than a hall has, or less than none.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    found = read_class(connection, class_id, lock=True)
    if found.closed:
        raise ClassClosed(class_id)
    if round != found.state.how_asked(question_id).round:
        raise InvalidCommand("round")
    keys = bar_keys(_question(found, question_id, library))
    for key, count in counts.items():
        if key not in keys:
            raise UnknownOption(key)
        if not 0 <= count <= MOST_HANDS:
            raise TooLarge(key)
    place = {"class_id": class_id, "question_id": question_id, "round": round}
    connection.execute(delete(ClassHands).where(*(ClassHands.__table__.c[name] == place[name] for name in place)))
    rows = [place | {"option_key": key, "count": count} for key, count in sorted(counts.items()) if count]
    if rows:
        connection.execute(insert(ClassHands.__table__), rows)
    connection.execute(update(ClassRow.__table__).where(ClassRow.id == class_id).values(version=ClassRow.version + 1))


def hands(session: Session, class_id: str, question_id: str, round: int) -> dict[str, int]:
    """Hands counted, by option key; those without any are not there."""
    return dict(
        session.connection()
        .execute(
            select(ClassHands.option_key, ClassHands.count).where(
                ClassHands.class_id == class_id, ClassHands.question_id == question_id, ClassHands.round == round
            )
        )
        .all()
    )


def tally(session: Session, class_id: str, question: Question, round: int) -> Tally:
    """The bars of one question in one round, hands among them."""
    which = {(class_id, question.id, round): question}
    return read_tallies(session.connection(), which)[class_id, question.id, round]


def read_tallies(
    connection: Connection, which: Mapping[tuple[str, str, int], Question]
) -> dict[tuple[str, str, int], Tally]:
    """``tally`` for many (class, question, round) at once, in two statements."""
    if not which:
        return {}
    places = {
        "class_ids": sorted({class_id for class_id, _, _ in which}),
        "question_ids": sorted({question_id for _, question_id, _ in which}),
    }
    bars: dict[tuple[str, str, int], Counter[str]] = {place: Counter() for place in which}
    phones: Counter[tuple[str, str, int]] = Counter()
    raised: Counter[tuple[str, str, int]] = Counter()
    for row in connection.execute(_ALL_ANSWERS, places):
        place = (row.class_id, row.question_id, row.round)
        if place in which:
            phones[place] += 1
            bars[place].update(_bars_of(which[place], row.given, row.score))
    for row in connection.execute(_ALL_HANDS, places):
        place = (row.class_id, row.question_id, row.round)
        if place in which:
            raised[place] += row.count
            bars[place][row.option_key] += row.count
    return {
        place: Tally({key: bars[place][key] for key in bar_keys(question)}, phones[place], raised[place])
        for place, question in which.items()
    }


def bar_keys(question: Question) -> tuple[str, ...]:
    """The bars that a question has, in file order. What people typed is never on the wall."""
    if question.kind in ("choice", "poll"):
        return tuple(option.key for option in question.options)
    return RIGHT, OTHER


def copy_answers(session: Session, klass: Class, question_id: str, *, library: Library, now: datetime) -> None:
    """Make the class's answers to one question the learners' own; each once, the last round last.

    Whoever asked to be forgotten, and an answer that the lesson's question takes no more, are left out.
    """
    lesson = library.lesson(klass.course, klass.lesson)
    if lesson is None:
        return
    rows = session.connection().execute(_UNCOPIED, {"class_id": klass.id, "question_id": question_id}).all()
    _copy(session, klass, rows, library, now)
    session.connection().execute(_COPIED, {"of_class": klass.id, "of_question": question_id})


def copy_to(session: Session, klass: Class, seat: Seat, *, library: Library, now: datetime) -> None:
    """Give the seat's learner what this seat has answered so far and the class is done with: she took it over."""
    rows = session.connection().execute(_OF_SEAT, {"class_id": klass.id, "seat": seat.number}).all()
    _copy(session, klass, rows, library, now)


def _copy(session: Session, klass: Class, rows: Sequence[Any], library: Library, now: datetime) -> None:
    lesson = library.lesson(klass.course, klass.lesson)
    if lesson is None or not rows:
        return
    keep_answers(
        session,
        [
            {
                "learner_id": row.learner_id,
                "course": klass.course,
                "lesson": klass.lesson,
                "understand": lesson.understand,
                "question_id": row.question_id,
                "given": row.given,
                "now": now,
            }
            for row in rows
        ],
    )


def _row(answer: Mapping[str, Any], klass: Any, seat: Any) -> dict[str, Any]:
    if seat is None:
        raise NotSeated(klass.id)
    if seat.out:
        raise PutOut(klass.id)
    question_id, round, given = answer["question_id"], answer["round"], list(answer["given"])
    state = ClassState.from_json(klass.state)
    if (question_of(state.step), state.round, state.phase) != (question_id, round, "open"):
        raise AnswersLocked(question_id)
    if len(given) > _MOST_PARTS or sum(map(len, given)) > LONGEST_ANSWER:
        raise TooLarge(question_id)
    outcome: Outcome = grade(_question(klass, question_id, answer["library"]), given)
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


def _question(klass: Any, question_id: str, library: Library) -> Question:
    lesson = library.lesson(klass.course, klass.lesson)
    question = lesson and lesson.understand.question(question_id)
    if question is None:
        raise NotFound(question_id)
    return question


def _bars_of(question: Question, given: Sequence[str], score: float) -> tuple[str, ...]:
    if question.kind in ("choice", "poll"):
        return tuple(dict.fromkeys(given))
    return (RIGHT if score >= 1.0 else OTHER,)


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
_SEATS = select(ClassSeat.class_id, ClassSeat.learner_id, ClassSeat.number, ClassSeat.out).where(
    ClassSeat.class_id.in_(bindparam("class_ids", expanding=True)),
    ClassSeat.learner_id.in_(bindparam("learner_ids", expanding=True)),
)
_ANSWERED = (
    update(ClassSeat.__table__)
    .where(ClassSeat.class_id == bindparam("of_class"), ClassSeat.number == bindparam("of_seat"))
    .values(answered=bindparam("answered"), changed_at=bindparam("changed_at"), version=ClassSeat.version + 1)
)
_ALL_ANSWERS = select(
    ClassAnswer.class_id, ClassAnswer.question_id, ClassAnswer.round, ClassAnswer.given, ClassAnswer.score
).where(
    ClassAnswer.class_id.in_(bindparam("class_ids", expanding=True)),
    ClassAnswer.question_id.in_(bindparam("question_ids", expanding=True)),
)
_ALL_HANDS = select(
    ClassHands.class_id, ClassHands.question_id, ClassHands.round, ClassHands.option_key, ClassHands.count
).where(
    ClassHands.class_id.in_(bindparam("class_ids", expanding=True)),
    ClassHands.question_id.in_(bindparam("question_ids", expanding=True)),
)
_WITH_LEARNER = (
    select(ClassSeat.learner_id, ClassAnswer.question_id, ClassAnswer.given)
    .join(ClassSeat, (ClassSeat.class_id == ClassAnswer.class_id) & (ClassSeat.number == ClassAnswer.seat))
    .where(ClassSeat.learner_id.is_not(None), ClassAnswer.class_id == bindparam("class_id"))
    .order_by(ClassAnswer.round, ClassAnswer.answered_at, ClassAnswer.seat)
)
_UNCOPIED = _WITH_LEARNER.where(ClassAnswer.question_id == bindparam("question_id"), ClassAnswer.copied.is_(False))
_OF_SEAT = _WITH_LEARNER.where(ClassAnswer.seat == bindparam("seat"), ClassAnswer.copied.is_(True))
_COPIED = (
    update(ClassAnswer.__table__)
    .where(ClassAnswer.class_id == bindparam("of_class"), ClassAnswer.question_id == bindparam("of_question"))
    .values(copied=True)
)

"""Bars of the class's questions: what the seats answered, and the hands that the facilitator counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library, Question
from lms.content.questions import UnknownOption
from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.session.queries import read_class
from lms.learning.errors import ClassClosed, InvalidCommand, NotFound, TooLarge
from lms.learning.store.models import ClassAnswer, ClassHands, ClassRow

RIGHT, OTHER = "right", "other"  # bars of a question whose answers are no options
MOST_HANDS = 2000


@dataclass(frozen=True, slots=True)
class Tally:
    """Bars of one question in one round: ``bars`` by option key, or by "right" and "other".

    ``phones`` have answered, ``hands`` were counted; hands are in the bars.
    """

    bars: Mapping[str, int]
    phones: int
    hands: int


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
    keys = bar_keys(find_question(found, question_id, library))
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


def find_question(klass: Any, question_id: str, library: Library) -> Question:
    """A question of the class's lesson as it is on the air now.

    Raises:
        NotFound: it has no such question.
    """
    lesson = library.lesson(klass.course, klass.lesson)
    question = lesson and lesson.understand.question(question_id)
    if question is None:
        raise NotFound(question_id)
    return question


def _bars_of(question: Question, given: Sequence[str], score: float) -> tuple[str, ...]:
    if question.kind in ("choice", "poll"):
        return tuple(dict.fromkeys(given))
    return (RIGHT if score >= 1.0 else OTHER,)


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

"""Tally the class's questions: bars of what the seats answered and of the raised hands that the facilitator counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from lms.content.model import Choice, Library, Poll, Question
from lms.content.questions import UnknownOption
from lms.learning.classroom.access.membership import require_open_class_session
from lms.learning.classroom.questions.class_answers import find_question
from lms.learning.classroom.session.queries import update_class_session
from lms.learning.errors import InvalidCommand, TooLarge
from lms.learning.store.models import ClassAnswer, HandCount

RIGHT, OTHER = "right", "other"  # bars of questions without options
MAX_HANDS = 2000

_RoundKey = tuple[str, str, int]  # class id, question id, round


@dataclass(frozen=True, slots=True)
class Tally:
    """The bars of one question in one round: counts by option key, or by "right" and "other".

    ``phones`` answered and ``hands`` were counted. The hands are included in the bars. ``right_seats``: the numbers of
    the seats that answered rightly; none of a poll, which has no right answer.
    """

    bars: Mapping[str, int]
    phones: int
    hands: int
    right_seats: frozenset[int] = frozenset()


def save_hand_counts(
    session: Session, class_id: str, question_id: str, round: int, counts: Mapping[str, int], *, account_id: str,
    library: Library,
) -> None:  # fmt: skip
    """Replace the counts of raised hands of one round, by option key, or by "right" and "other".

    Raises:
        NotFound, NotAllowed, ClassClosed.
        InvalidCommand: the class is in another round of the question.
        UnknownOption: the question has no such option.
        TooLarge: a count is negative or over 2000.
    """
    class_session = require_open_class_session(session, class_id, account_id, lock=True)
    if round != class_session.state.question_state(question_id).round:
        raise InvalidCommand("round")
    keys = tally_bar_keys(find_question(library, class_session, question_id))
    for key, count in counts.items():
        if key not in keys:
            raise UnknownOption(key)
        if not 0 <= count <= MAX_HANDS:
            raise TooLarge(key)
    connection = session.connection()
    connection.execute(
        delete(HandCount).where(
            HandCount.class_id == class_id, HandCount.question_id == question_id, HandCount.round == round
        )
    )
    round_values = {"class_id": class_id, "question_id": question_id, "round": round}
    rows = [round_values | {"option_key": key, "count": count} for key, count in sorted(counts.items()) if count]
    if rows:
        connection.execute(insert(HandCount.__table__), rows)
    update_class_session(session, class_id)


def find_hand_counts(session: Session, class_id: str, question_id: str, round: int) -> dict[str, int]:
    """Counted hands by option key; options without hands are left out."""
    rows = session.connection().execute(
        select(HandCount.option_key, HandCount.count).where(
            HandCount.class_id == class_id, HandCount.question_id == question_id, HandCount.round == round
        )
    )
    return dict(rows.all())


def find_tally(session: Session, class_id: str, question: Question, round: int) -> Tally:
    """The bars of one question in one round."""
    key = (class_id, question.id, round)
    return find_tallies(session, {key: question})[key]


def find_tallies(session: Session, questions: Mapping[_RoundKey, Question]) -> dict[_RoundKey, Tally]:
    """The bars of many rounds, by (class id, question id, round), in two statements."""
    if not questions:
        return {}
    connection = session.connection()
    ids = {
        "class_ids": sorted({class_id for class_id, _, _ in questions}),
        "question_ids": sorted({question_id for _, question_id, _ in questions}),
    }
    bars: dict[_RoundKey, Counter[str]] = {key: Counter() for key in questions}
    phones: Counter[_RoundKey] = Counter()
    hands: Counter[_RoundKey] = Counter()
    right_seats: dict[_RoundKey, set[int]] = {key: set() for key in questions}
    for row in connection.execute(_ANSWERS, ids):
        key = (row.class_id, row.question_id, row.round)
        if key in questions:
            phones[key] += 1
            bars[key].update(_bars_of_answer(questions[key], row.given, row.score))
            if row.score == 1.0 and questions[key].kind != "poll":
                right_seats[key].add(row.seat)
    for row in connection.execute(_HANDS, ids):
        key = (row.class_id, row.question_id, row.round)
        if key in questions:
            hands[key] += row.hands
            bars[key][row.option_key] += row.hands
    return {
        key: Tally(
            {bar: bars[key][bar] for bar in tally_bar_keys(question)},
            phones[key],
            hands[key],
            frozenset(right_seats[key]),
        )
        for key, question in questions.items()
    }


def tally_bar_keys(question: Question) -> tuple[str, ...]:
    """The bars of a question, in file order. Typed text is never shown on the wall, only right and other."""
    if isinstance(question, Choice | Poll):
        return tuple(option.key for option in question.options)
    return RIGHT, OTHER


def _bars_of_answer(question: Question, given: Sequence[str], score: float) -> tuple[str, ...]:
    if isinstance(question, Choice | Poll):
        return tuple(dict.fromkeys(given))
    return (RIGHT if score >= 1.0 else OTHER,)


_ANSWERS = select(
    ClassAnswer.class_id,
    ClassAnswer.question_id,
    ClassAnswer.round,
    ClassAnswer.seat,
    ClassAnswer.given,
    ClassAnswer.score,
).where(
    ClassAnswer.class_id.in_(bindparam("class_ids", expanding=True)),
    ClassAnswer.question_id.in_(bindparam("question_ids", expanding=True)),
)
_HANDS = select(
    HandCount.class_id, HandCount.question_id, HandCount.round, HandCount.option_key, HandCount.count.label("hands")
).where(
    HandCount.class_id.in_(bindparam("class_ids", expanding=True)),
    HandCount.question_id.in_(bindparam("question_ids", expanding=True)),
)

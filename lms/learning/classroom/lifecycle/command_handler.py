"""Moving a class: from step to step, a question through its phases, the practice's gate and help, and the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Library
from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.questions.answer_transfer import copy_answers
from lms.learning.classroom.session.commands import Command
from lms.learning.classroom.session.queries import Class, read_class
from lms.learning.classroom.session.state import PHASES, Asked, ClassState
from lms.learning.classroom.session.steps import DEMO, question_of, steps_of
from lms.learning.errors import ClassClosed, InvalidCommand
from lms.learning.store.models import ClassRow

PERSONAL_FOR = timedelta(days=30)  # how long rows of persons stay after a class, unless a setting says otherwise


@dataclass(frozen=True, slots=True)
class Steered:
    """The class after a command. ``changed``: it was not there already, and nobody else had moved it meanwhile."""

    klass: Class
    changed: bool


def command(
    session: Session, class_id: str, *, account_id: str, command: Command, library: Library, now: datetime,
    personal_for: timedelta = PERSONAL_FOR,
) -> Steered:  # fmt: skip
    """Do what a facilitator says. What is so already, and "Tiếp" from a step that the class has left, changes nothing.

    When a question is shown, its answers become the learners' own in the same transaction, and so they do when the
    class leaves it or closes.

    Raises:
        NotFound: there is no such class.
        NotAllowed: the account does not steer it.
        ClassClosed: it is over; closing it again is no error.
        InvalidCommand: the lesson has no such step or screen.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    before = read_class(connection, class_id, lock=True)
    if before.closed:
        if command.close:
            return Steered(before, changed=False)
        raise ClassClosed(class_id)
    lesson = library.lesson(before.course, before.lesson)
    state = following(before.state, command, lesson)
    if state == before.state and not command.close:
        return Steered(before, changed=False)
    if _frees(before.state, state):
        state = replace(state, freed=int(now.timestamp()))
    left = _done_with(before.state, state, closing=command.close)
    if left is not None:
        copy_answers(session, before, left, library=library, now=now)
    _keep(connection, before, state, (now, personal_for) if command.close else None)
    return Steered(read_class(connection, class_id), changed=True)


def following(state: ClassState, command: Command, lesson: Lesson | None) -> ClassState:
    """The state after a command; the same one when the command is late or says what is so already. PURE.

    Raises:
        InvalidCommand: the lesson has no such step or screen.
    """
    if command.from_step is not None and command.from_step != state.step:
        return state
    _check(command, lesson)
    after = _walk_to(state, command.to)
    if command.step is None or command.step == after.step:
        after = _ask(after, command)
    changes: dict = dict.fromkeys(command.clear)
    for name in ("paused", "shut", "gate", "level", "mode", "demo", "demo_of"):
        if getattr(command, name) is not None:
            changes[name] = getattr(command, name)
    return replace(after, **changes)


def close_forgotten(
    session: Session,
    *,
    opened_before: datetime,
    library: Library,
    now: datetime,
    personal_for: timedelta = PERSONAL_FOR,
) -> int:
    """Close classes that nobody closed, opened before that moment; how many."""
    connection = session.connection()
    forgotten = select(ClassRow.id).where(ClassRow.closed_at.is_(None), ClassRow.opened_at < opened_before)
    closed = 0
    # All of them first: behind the first one come learners, and whoever has those waits for no class any more.
    ids = connection.scalars(forgotten.order_by(ClassRow.id)).all()
    for found in [read_class(connection, class_id, lock=True) for class_id in ids]:
        if found.closed:
            continue
        question = question_of(found.state.step)
        if question is not None:
            copy_answers(session, found, question, library=library, now=now)
        _keep(connection, found, found.state, (now, personal_for))
        closed += 1
    return closed


def _walk_to(state: ClassState, to: str | None) -> ClassState:
    """Leave the present step for another one: a question is left as it is, and found so again."""
    if to is None or to == state.step:
        return state
    asked = dict(state.asked)
    leaving, coming = question_of(state.step), question_of(to)
    if leaving is not None and (state.round, state.phase) != (1, "read"):
        # Nobody answers a question that the class has left.
        asked[leaving] = Asked(state.round, "locked" if state.phase == "open" else state.phase)
    here = asked.get(coming, Asked()) if coming is not None else Asked()
    return replace(
        state, step=to, phase=here.phase, round=here.round, asked=asked, paused=False, gate=None, demo_of=None,
        demo=0 if to == DEMO else state.demo,
    )  # fmt: skip


def _ask(state: ClassState, command: Command) -> ClassState:
    if command.round == state.round + 1:
        # A new round begins with talking to the neighbour; the phones open when the facilitator says so.
        state = replace(state, round=command.round, phase="read")
    if command.phase is None or (command.round is not None and command.round != state.round):
        return state
    if state.phase == "shown" and PHASES.index(command.phase) < PHASES.index("shown"):
        return state  # whoever has seen the right answer does not give it; that takes a new round
    return replace(state, phase=command.phase)


def _check(command: Command, lesson: Lesson | None) -> None:
    """A lesson that was taken off the air can only be closed, or paused."""
    steps = {step.key for step in steps_of(lesson)} if lesson else set()
    if command.to is not None and command.to not in steps:
        raise InvalidCommand(command.to)
    if command.step is not None and (command.phase or command.round) and question_of(command.step) is None:
        raise InvalidCommand(command.step)
    practice = lesson.practice if lesson else None
    for screen in (command.gate, command.demo_of):
        if screen is not None and (practice is None or practice.screen(screen) is None):
            raise InvalidCommand(screen)


def _frees(before: ClassState, after: ClassState) -> bool:
    """Whether something ends that kept the phones waiting: a pause, a gate, a screen shown to all, another step."""
    return (
        (before.paused and not after.paused)
        or (before.gate is not None and before.gate != after.gate)
        or (before.demo_of is not None and after.demo_of is None)
        or before.step != after.step
    )


def _done_with(before: ClassState, after: ClassState, *, closing: bool) -> str | None:
    """The question whose answers are to be kept as the learners' own now."""
    question = question_of(before.step)
    if question is None:
        return None
    shown = after.phase == "shown" and before.phase != "shown"
    return question if closing or after.step != before.step or shown else None


def _keep(connection: Connection, before: Class, state: ClassState, closing: tuple[datetime, timedelta] | None) -> None:
    """``closing``: when it closes, and how long rows of persons stay after that."""
    values: dict = {}
    if closing is not None:
        closed_at, personal_for = closing
        values = {"closed_at": closed_at, "personal_until": closed_at + personal_for, "helper_digest": None}
        state = replace(state, wifi=None)
    values |= {"state": state.as_json(), "version": before.version + 1}
    connection.execute(update(ClassRow.__table__).where(ClassRow.id == before.id).values(values))

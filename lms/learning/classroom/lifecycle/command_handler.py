"""Apply the facilitator's commands to a class session, and close sessions that were left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.questions.answer_transfer import transfer_answers
from lms.learning.classroom.seats.seats import clear_lost_seats
from lms.learning.classroom.session.commands import Command, next_state
from lms.learning.classroom.session.queries import ClassSession, find_class_session, update_class_session
from lms.learning.classroom.session.state import LAST_MINUTE, ClassState, QuestionPhase
from lms.learning.classroom.session.steps import FixedStepKey, step_question_id
from lms.learning.errors import ClassClosed
from lms.learning.store.models import ClassSessionRow

JOIN_CODES_SECONDS = 20  # how long the wall shows how to join over its board
PERSONAL_DATA_RETENTION = timedelta(days=30)  # how long personal rows stay after a class; the default of the setting


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The class after a command. ``changed`` is False if it was late or the class was in that state already."""

    class_session: ClassSession
    changed: bool


def apply_command(
    session: Session, class_id: str, *, account_id: str, command: Command, library: Library, now: datetime,
    personal_for: timedelta = PERSONAL_DATA_RETENTION,
) -> CommandResult:  # fmt: skip
    """Apply a command of the facilitator. A late "Tiếp", from a step that the class has left, changes nothing, and no
    more does any command from a page of a lesson that it has left, except to close it.

    When the class shows or leaves a question, or closes, the answers to the question are copied to the learners in
    the same transaction.

    Raises:
        NotFound: no class has this id.
        NotAllowed: the account is no facilitator of it.
        ClassClosed: the class is over, and the command is not to close it.
        InvalidCommand: the lesson has no such step or screen.
    """
    require_facilitator(session, class_id, account_id)
    before = find_class_session(session, class_id, lock=True)
    if before.is_closed:
        if command.close:
            return CommandResult(before, changed=False)
        raise ClassClosed(class_id)
    if command.lesson_number not in (None, before.lesson_number) and not command.close:
        return CommandResult(before, changed=False)
    edition = library.edition(before)
    state = next_state(before.state, command, edition[1] if edition else None)
    if command.break_length is not None and not state.is_on_break(now):  # sent twice, it is no longer for that
        state = replace(state, break_until=int(now.timestamp()) + 60 * command.break_length)
    if command.shows_join_codes is not None and command.from_step in (None, before.state.step):
        join_codes_until = int(now.timestamp()) + JOIN_CODES_SECONDS if command.shows_join_codes else None
        state = replace(state, join_codes_until=join_codes_until)
    if command.last_minute and _begins_last_minute(before.state, state, command, now):
        state = replace(state, last_minute_until=int(now.timestamp()) + LAST_MINUTE)
    if state == before.state and not command.close:
        return CommandResult(before, changed=False)
    state = state.steered_by(account_id, now)
    if _releases_phones(before.state, state):
        state = replace(state, released_at=int(now.timestamp()))
    if before.state.step == FixedStepKey.JOIN != state.step and state.started_at is None:
        state = replace(state, started_at=int(now.timestamp()))
    question_id = _finished_question(before.state, state, closing=command.close)
    if question_id is not None:
        transfer_answers(session, before, question_id, library=library, now=now)
    if before.state.step != state.step:  # after the learners, in the lock order
        clear_lost_seats(session, class_id, now)
    if command.close:
        _close_class_session(session, before, state, now, personal_for)
    else:
        _save_state(session, before, state)
    return CommandResult(find_class_session(session, class_id), changed=True)


def close_abandoned_class_sessions(
    session: Session,
    *,
    opened_before: datetime,
    library: Library,
    now: datetime,
    personal_for: timedelta = PERSONAL_DATA_RETENTION,
) -> int:
    """Close classes that were opened before that moment and never closed; returns how many."""
    abandoned = select(ClassSessionRow.id).where(
        ClassSessionRow.closed_at.is_(None), ClassSessionRow.opened_at < opened_before
    )
    class_ids = session.connection().scalars(abandoned.order_by(ClassSessionRow.id)).all()
    return close_class_sessions(session, class_ids, library=library, now=now, personal_for=personal_for)


def close_class_sessions(
    session: Session, class_ids: Sequence[str], *, library: Library, now: datetime, personal_for: timedelta
) -> int:
    """Close these classes without their facilitators; returns how many of them were open.

    Raises:
        NotFound: no class has one of these ids.
    """
    closed = 0
    # Lock all classes before the first learner: classes come before learners in the lock order.
    for class_session in [find_class_session(session, class_id, lock=True) for class_id in sorted(class_ids)]:
        if class_session.is_closed:
            continue
        question_id = step_question_id(class_session.state.step)
        if question_id is not None:
            transfer_answers(session, class_session, question_id, library=library, now=now)
        _close_class_session(session, class_session, class_session.state, now, personal_for)
        closed += 1
    return closed


def _begins_last_minute(before: ClassState, after: ClassState, command: Command, now: datetime) -> bool:
    """Whether the last minute of an open question begins. Sent twice, the command does not make it longer."""
    is_open = before.phase == after.phase == QuestionPhase.OPEN and before.round == after.round
    return command.step == before.step == after.step and is_open and not after.is_in_last_minute(now)


def _releases_phones(before: ClassState, after: ClassState) -> bool:
    """Whether something ends that kept phones waiting: a pause, a wait screen, a screen shown to all, or the step."""
    return (
        (before.paused and not after.paused)
        or (before.wait_screen is not None and before.wait_screen != after.wait_screen)
        or (before.demo_screen is not None and after.demo_screen is None)
        or (before.break_until is not None and after.break_until is None)
        or before.step != after.step
    )


def _finished_question(before: ClassState, after: ClassState, *, closing: bool) -> str | None:
    """The id of the question whose answers are final now."""
    is_shown_now = after.phase == QuestionPhase.SHOWN and before.phase != QuestionPhase.SHOWN
    return step_question_id(before.step) if closing or after.step != before.step or is_shown_now else None


def _close_class_session(
    session: Session, class_session: ClassSession, state: ClassState, now: datetime, personal_for: timedelta
) -> None:
    """Close a class, deleting its Wi-Fi, the helpers' QR code, and what lasts for a while only."""
    closed = state.without_passing()
    if _releases_phones(state, closed):  # from a break: if the class is reopened, who paused was not stuck
        closed = replace(closed, released_at=int(now.timestamp()))
    personal_until = now + personal_for
    _save_state(
        session, class_session, closed, closed_at=now, personal_until=personal_until, helper_digest=None,
        helper_until=None,
    )  # fmt: skip


def _save_state(session: Session, class_session: ClassSession, state: ClassState, **values: Any) -> None:
    update_class_session(session, class_session.id, state=state.as_json(), **values)

"""The desk of a class that is over: head count, what follows, the report, handing in, and reopening."""

from __future__ import annotations

from flask import render_template

from lms.learning.classroom.lifecycle.follow_up import MAX_NOTE_LENGTH, find_notes, is_follow_up_over
from lms.learning.classroom.lifecycle.opening import can_reopen
from lms.learning.classroom.session.seat_store import find_seats
from lms.learning.hand_in.exporting import is_exportable
from lms.web import clock
from lms.web.classroom.class_context import FacilitatorContext, Reopening
from lms.web.classroom.desk.attesting import can_attest
from lms.web.classroom.desk.pages import stream_url
from lms.web.classroom.follow_up_lines import follow_up_lines
from lms.web.classroom.lesson_names import lesson_names
from lms.web.database import session
from lms.web.lesson_language import lesson_in_page_language
from lms.web.request_context import settings
from lms.web.template_context import url_scope


def render_closed_desk(
    context: FacilitatorContext,
    *,
    problem: str = "",
    typed: str = "",
    note_problem: str = "",
    note: str | None = None,
    author_note_problem: str = "",
    author_note: str | None = None,
) -> str:
    """Render the desk of a closed class.

    ``problem`` explains why the ``typed`` head count was rejected, ``note_problem`` why the typed ``note`` was,
    ``author_note_problem`` why the typed ``author_note`` was.
    """
    stored_note, stored_author_note = find_notes(session(), context.class_session.id)
    present = [seat for seat in find_seats(session(), context.class_session.id) if not seat.removed]
    return render_template(
        "classroom/desk/closed.html",
        account=context.account,
        class_id=context.class_session.id,
        lessons=lesson_names(context.class_session),
        is_rehearsal=context.class_session.is_rehearsal,
        place=context.class_session.venue,
        base_url=context.base_url,
        phones=sum(not seat.added for seat in present),
        people=sum(seat.people for seat in present),
        head_count=context.class_session.head_count,
        can_attest_tasks=can_attest(context),
        reopening=Reopening(stream_url(context), context.base_url)
        if can_reopen(context.class_session, clock.now())
        else None,
        problem=problem,
        typed=typed,
        follow_up=follow_up_lines(context.class_session),
        can_write_follow_up=not is_follow_up_over(context.class_session, clock.now()),
        note=stored_note if note is None else note,
        note_problem=note_problem,
        author_note=stored_author_note if author_note is None else author_note,
        author_note_problem=author_note_problem,
        lesson=lesson_in_page_language(context.lesson).name,
        is_laptop=url_scope(settings().public_url) != "everywhere",
        note_limit=MAX_NOTE_LENGTH,
        can_hand_in=can_hand_in(context.class_session.id),
    )


def can_hand_in(class_id: str) -> bool:
    """Whether this site hands in to the city's, and the class, which was held here and no rehearsal, is closed."""
    return url_scope(settings().public_url) != "everywhere" and is_exportable(session(), class_id)

"""What the pages of an attempt and of its result show when it was started in a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import get_template_attribute, render_template
from markupsafe import escape

from lms.assets import load_assets
from lms.content.model import FIELD_ROLES
from lms.learning.classroom.lifecycle.opening import can_reopen
from lms.learning.classroom.session.queries import ClassSession, find_class_session_and_seat
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.classroom.session.steps import FixedStepKey
from lms.learning.classroom.session.stream_tokens import sign_stream_token
from lms.learning.errors import NotFound
from lms.learning.practice.attempts import Attempt
from lms.web import clock
from lms.web.class_break import break_end_time
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_cache import SharedPage, shared_page, uncached_page
from lms.web.request_context import settings

# Without JavaScript, of the page of an attempt: while it is covered, and while the class may have something to say.
_COVER_REFRESH_SECONDS, _REFRESH_SECONDS = 6, 30


@dataclass(frozen=True, slots=True)
class ClassLink:
    """A link to the class. ``retry_url`` starts another attempt in class; "" once the class is over."""

    href: str
    label: str
    retry_url: str


@dataclass(frozen=True, slots=True)
class LiveClassBar:
    """The state of the class and of this seat that the bar shows. The seat itself is filled in by slots."""

    guidance_level: int | None
    closed: bool
    class_moved_on: bool  # the class has left the practice
    at_end: bool  # the class is at its last step, or closed
    cover: str  # "break", "pause", "gate", or "" for none
    hand_raised: bool
    helper_name: str  # the helper who is on the way; "" for none
    is_rehearsal: bool
    break_end: str = ""  # the time of day at which a break ends
    is_shared: bool = False  # several people at this phone
    result_status: str = ""  # only on a result page: "with", "paused", "moved", "over" or "out"


def own_class_and_seat(attempt: Attempt) -> tuple[ClassSession, Seat] | None:
    """The class and seat of this attempt; None outside a class, or when another phone has the seat now."""
    class_and_seat = class_and_seat_of_attempt(attempt)
    return class_and_seat if class_and_seat and class_and_seat[1].learner_id == attempt.learner_id else None


def class_and_seat_of_attempt(attempt: Attempt) -> tuple[ClassSession, Seat] | None:
    """The class and seat where this attempt was started, whoever has the seat now; None outside a class."""
    if attempt.class_id is None or attempt.seat is None:
        return None
    try:
        return find_class_session_and_seat(session(), attempt.class_id, attempt.seat)
    except NotFound:
        return None


def is_class_lesson(attempt: Attempt, class_session: ClassSession) -> bool:
    """Whether the class is at the lesson of this attempt; it may have gone on to another one."""
    return (class_session.course, class_session.lesson) == (attempt.course, attempt.lesson)


def class_guidance_level(attempt: Attempt, class_session: ClassSession) -> int | None:
    """The guidance level that the class has set for everybody at the attempt's lesson."""
    return class_session.guidance_level if is_class_lesson(attempt, class_session) else None


def class_cover(attempt: Attempt, class_session: ClassSession) -> str:
    """What covers this attempt while the class looks at the screen: "break", "pause", "gate", or "" for nothing."""
    if class_session.is_closed:
        return ""
    if class_session.state.is_on_break(clock.now()):
        return "break"
    wait_screen = class_session.state.wait_screen if is_class_lesson(attempt, class_session) else None
    at_gate = wait_screen is not None and wait_screen == attempt.state["screen"]
    return "pause" if class_session.state.paused else "gate" if at_gate and not attempt.ended else ""


def practice_page_slots(attempt: Attempt, class_session: ClassSession, seat: Seat) -> dict[str, str]:
    """The slots of an attempt's page that a class fills."""
    if seat.learner_id != attempt.learner_id:
        is_taken = seat.learner_id is not None and not class_session.is_closed
        return (
            {"class-head": _render_head(""), "class-bar": _render_seat_taken(class_session, seat)} if is_taken else {}
        )
    return _render_slots(
        LiveClassBar(
            guidance_level=class_session.state.guidance_level if is_class_lesson(attempt, class_session) else None,
            closed=class_session.is_closed,
            class_moved_on=class_session.state.step != FixedStepKey.PRACTICE
            or not is_class_lesson(attempt, class_session)
            or class_session.state.demo_screen is not None,
            is_shared=seat.people > 1,
            at_end=class_session.is_closed or class_session.state.step == FixedStepKey.END,
            cover=class_cover(attempt, class_session),
            is_rehearsal=class_session.is_rehearsal,
            break_end=break_end_time(class_session),
            **_hand(class_session, seat),
        ),
        attempt,
        class_session,
        seat,
        refresh_seconds=_refresh_seconds(attempt, class_session),
    )


def _hand(class_session: ClassSession, seat: Seat) -> dict[str, Any]:
    """What a ``LiveClassBar`` says of the raised hand; after the class nobody comes any more."""
    is_open = not class_session.is_closed
    return {
        "hand_raised": is_open and seat.hand_raised_at is not None,
        "helper_name": (seat.helper_name or "") if is_open else "",
    }


def _is_over(class_session: ClassSession) -> bool:
    """Whether the class is closed for good."""
    return class_session.is_closed and not can_reopen(class_session, clock.now())


def _refresh_seconds(attempt: Attempt, class_session: ClassSession) -> int | None:
    """The reload interval of an attempt's page without JavaScript.

    None where a reload would lose what was picked in a field: there the next tap tells what the class does.
    """
    if class_cover(attempt, class_session):
        return _COVER_REFRESH_SECONDS
    widgets = attempt.model["screens"][attempt.state["screen"]]["widgets"]
    is_filled_in = any(widget["role"] in FIELD_ROLES for widget in widgets)
    return None if is_filled_in or attempt.ended or _is_over(class_session) else _REFRESH_SECONDS


def result_page_slots(attempt: Attempt) -> dict[str, str]:
    """The slots of a result page that a class fills; none once the class is over and cannot be reopened."""
    class_and_seat = class_and_seat_of_attempt(attempt)
    if class_and_seat is None or _is_over(class_and_seat[0]):
        return {}
    class_session, seat = class_and_seat
    if seat.learner_id != attempt.learner_id:
        return practice_page_slots(attempt, class_session, seat)
    bar = LiveClassBar(
        guidance_level=None,
        closed=class_session.is_closed,
        class_moved_on=False,
        at_end=False,
        cover="",
        is_rehearsal=class_session.is_rehearsal,
        **_hand(class_session, seat),
        result_status=_result_status(attempt, class_session, seat),
    )
    return _render_slots(bar, attempt, class_session, seat, refresh_seconds=None)


def class_link(attempt: Attempt) -> ClassLink | None:
    """The link from an ended attempt to its class; None outside a class."""
    class_and_seat = own_class_and_seat(attempt)
    if class_and_seat is None:
        return None
    class_session, _ = class_and_seat
    if class_session.is_closed:
        return ClassLink(f"/lop/{class_session.code}/ket", translate("Xem dấu và mã học"), "")
    retry_url = f"/lop/{class_session.code}/tap"
    if not is_class_lesson(attempt, class_session):
        retry_url = ""
    elif class_session.lesson_number > 1:
        retry_url += f"?lesson={class_session.lesson_number}"
    return ClassLink(f"/lop/{class_session.code}", translate("Về lớp"), retry_url)


def _render_seat_taken(class_session: ClassSession, seat: Seat) -> str:
    """Another phone has the seat: says why the page no longer follows the class."""
    return get_template_attribute("classroom/practice/seat_taken.html", "seat_taken")(class_session.code, seat.number)


def _render_slots(
    bar: LiveClassBar, attempt: Attempt, class_session: ClassSession, seat: Seat, *, refresh_seconds: int | None
) -> dict[str, str]:
    stream_token = sign_stream_token(settings().secret_key, seat.stream_token)
    return {
        "class-head": _render_head(
            "result-class-bar" if bar.result_status else "class-bar", attempt.id, refresh_seconds
        ),
        "class-bar": _bar_page(bar).render(
            {
                "code": escape(class_session.code),
                "stream": escape(f"/lop/dong?ve={stream_token}"),
                "attempt": escape(attempt.id),
                "lesson-number": escape(class_session.lesson_number if is_class_lesson(attempt, class_session) else ""),
                "number": escape(seat.number),
                "picture": escape(load_assets().url(f"pictures/seats/{seat.emblem.slug}.svg")),
                "called": escape(translate(seat.emblem.name)),
            }
        ),
    }


def _render_head(script: str, attempt_id: str = "", refresh_seconds: int | None = None) -> str:
    """Scripts and styles of the bar.

    ``script`` follows the class; "" when this phone has no seat. ``refresh_seconds``: after which the attempt's page
    reloads itself without a script.
    """

    def render() -> str:
        return render_template("classroom/practice/head.html", script=script, refresh_seconds=refresh_seconds)

    return shared_page(("class head", script, refresh_seconds), render).render({"attempt": escape(attempt_id)})


def _bar_page(bar: LiveClassBar) -> SharedPage:
    """The bar, cached for all seats in the same state unless it names a helper."""

    def render() -> str:
        return get_template_attribute("classroom/practice/bar.html", "bar")(bar)

    return uncached_page(render) if bar.helper_name else shared_page(("class bar", bar), render)


def _result_status(attempt: Attempt, class_session: ClassSession, seat: Seat) -> str:
    if class_session.is_closed:
        return "over"
    if seat.removed:
        return "out"
    if class_session.state.step != FixedStepKey.PRACTICE or not is_class_lesson(attempt, class_session):
        return "moved"
    return "paused" if class_session.state.paused else "with"

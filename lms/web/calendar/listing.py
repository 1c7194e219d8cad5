"""/lich and /phuong/<slug>: which classes are to come, the nearest ward and this week first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from flask import abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from lms import vietnam_time
from lms.content.model import Lesson
from lms.learning import wards
from lms.learning.calendar.calendar_state_reader import CalendarStateReader, States
from lms.learning.calendar.class_plan import MAX_MINUTES
from lms.learning.calendar.planned_classes import PlannedClass, find_planned_classes
from lms.learning.calendar.reservations import find_reserved_classes, holds_seats
from lms.learning.movement_statistics.figure_releases import Release
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.wards import Ward
from lms.web import clock, current_page_cache, page_cache, remembered_ward
from lms.web.calendar.blueprint import bp
from lms.web.calendar.planned_class_view import PlannedClassView, planned_class_view
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.language import mark_vietnamese, translate, translate_markup
from lms.web.movement_statistics.current_figure_release import current_release
from lms.web.movement_statistics.public_targets import public_target_views
from lms.web.movement_statistics.wording import figure_lines
from lms.web.page_cache import no_store_page
from lms.web.request_context import library
from lms.web.urls import site_host

SHOWN_AHEAD = timedelta(days=60)
MAX_LISTED = 60  # more than anybody reads; the ward's own page has all of its classes
NEARBY = 12  # wards
MAX_ELSEWHERE = 6  # on the page of a ward without a class
TO_COME = frozenset({"open", "full", "held"})


@dataclass(frozen=True, slots=True)
class CalendarSection:
    """Planned classes under one heading."""

    heading: str
    classes: tuple[PlannedClassView, ...]


@bp.get("/lich")
def show_calendar() -> ResponseReturnValue:
    """The city's calendar; that ward and its neighbours first which ``phuong`` names, or the learner's own."""
    typed = request.args.get("phuong", "").strip()
    remembered = remembered_ward.find_remembered_ward()
    ward = wards.find_ward_by_slug(typed) if "phuong" in request.args else remembered
    suggestions = wards.suggest_wards(typed) if typed and ward is None else []
    if len(suggestions) == 1:
        return redirect(f"/lich?phuong={suggestions[0].slug}", 303)
    unknown, offer = typed if typed and ward is None else "", _offer(ward, remembered)
    seat_holder = _find_seat_holder()

    def render() -> str:
        sections = _city_sections(ward, seat_holder)
        return render_template(
            "calendar/calendar.html",
            ward=ward,
            unknown=unknown,
            suggestions=suggestions,
            similar=wards.other_wards_of_same_name(ward) if ward else (),
            letters=wards.wards_by_letter(),
            sections=sections,
            lacks_own=ward is not None
            and not any(view.ward_url == f"/phuong/{ward.slug}" for view in _planned_classes(sections)),
            offer=offer,
        )

    if unknown or seat_holder:
        return no_store_page(render())
    state = _state_of_city(ward, clock.now())
    return current_page_cache.respond_with_current_page(("calendar", ward.code if ward else None, offer), state, render)


@bp.get("/phuong/<slug>")
def show_ward(slug: str) -> ResponseReturnValue:
    """The ward's page, rendered once for each state of its classes; for who holds a seat in a class, each time."""
    ward = wards.find_ward_by_slug(slug) or abort(404)
    now, release = clock.now(), current_release()
    if seat_holder := _find_seat_holder():
        return no_store_page(_render_ward(ward, release, now, seat_holder))
    released_on = release.released_on if release else None
    state = _states().ward_page_state(ward.code, now=now, ahead=SHOWN_AHEAD)
    if all(each.is_over for each in state[0]):  # the page shows others, which are not in the state
        state = (released_on, state, _state_of_city(ward, now))
        return current_page_cache.respond_with_current_page(
            ("ward", ward.code), state, lambda: _render_ward(ward, release, now)
        )
    page = page_cache.shared_page(
        ("ward", ward.code, released_on, state),
        lambda: _render_ward(ward, release, now),
        is_current=lambda: _states().ward_page_state(ward.code, now=now, ahead=SHOWN_AHEAD, shared=False) == state,
    )
    return page_cache.respond(page, lambda _learner_id: {})


def _states() -> CalendarStateReader:
    return current_app.extensions["calendar_states"]


def _state_of_city(ward: Ward | None, now: datetime) -> States:
    """Of all classes that ``_city_sections`` may show."""
    near = _nearest(ward) if ward else ()
    states = _states().city_states(now=now, ahead=SHOWN_AHEAD, limit=MAX_LISTED)
    return sum((_states().ward_states(each.code, now=now, ahead=SHOWN_AHEAD) for each in near), states)


def _nearest(ward: Ward) -> Sequence[Ward]:
    """The ward and its neighbours, the nearest first."""
    return wards.wards_by_distance(ward)[: NEARBY + 1]


def _find_seat_holder() -> str | None:
    """This phone's learner, if one with a reservation in a class that is still to come or was lately; else None.

    The page for everybody else is rendered without reading reservations: one that is made meanwhile would be on all
    phones.
    """
    learner_id = current_learner_id()  # a session is opened for a known phone only
    return learner_id if learner_id and holds_seats(session(), learner_id) else None


def _render_ward(ward: Ward, release: Release | None, now: datetime, seat_holder: str | None = None) -> str:
    """``seat_holder``: the learner whose seats are shown."""
    sections = _sections_by_week(_upcoming(now, [ward.code]), now, seat_holder)
    elsewhere = () if sections else _city_sections(ward, seat_holder)
    targets = public_target_views(ward, release, today=vietnam_time.to_vietnam_time(now).date())
    return render_template(
        "calendar/ward.html",
        ward=ward,
        similar=wards.other_wards_of_same_name(ward),
        sections=sections,
        elsewhere=[view for view in _planned_classes(elsewhere) if view.status in TO_COME][:MAX_ELSEWHERE],
        figures=figure_lines(lambda indicator: release.value(ward.code, indicator)) if release else (),
        release=release,
        has_figures=release is not None and any(release.value(ward.code, indicator) for indicator in Indicator),
        targets=targets,
        own_targets=[target for target in targets if target.unit_id == ward.code],
        unit_targets=[target for target in targets if target.unit_id != ward.code],
        practised=_practised_lessons(release, ward),
        feed_url=f"webcal://{site_host()}/phuong/{ward.slug}.ics",
    )


def _practised_lessons(release: Release | None, ward: Ward) -> list[Lesson]:
    listed = release.practised.get(ward.code, ()) if release else ()
    found = [library().lesson_or_merged_into(each.course, each.lesson) for each in listed]
    return [lesson for lesson in found if lesson]


def _offer(ward: Ward | None, remembered: Ward | None) -> Literal["", "card", "change", "remembered"]:
    """How the page offers to remember the ward that it shows: asking once, later only with a button."""
    if ward is None:
        return ""
    if ward == remembered:
        return "remembered"
    return "card" if remembered is None and remembered_ward.is_ward_offered() else "change"


def _planned_classes(sections: Iterable[CalendarSection]) -> Iterator[PlannedClassView]:
    for section in sections:
        yield from section.classes


def _upcoming(now: datetime, of_wards: list[str] | None, limit: int | None = None) -> list[PlannedClass]:
    """Classes that have not ended, soonest first; of those that have not begun at most ``limit``."""
    earliest, end = _shown_time(now)
    begun = find_planned_classes(session(), begin=earliest, end=now, wards=of_wards)
    to_come = find_planned_classes(session(), begin=now, end=end, wards=of_wards, limit=limit)
    return [planned for planned in begun if not planned.is_over(now)] + to_come


def _shown_time(now: datetime) -> tuple[datetime, datetime]:
    """Between which moments classes begin that a list can show."""
    return now - timedelta(minutes=MAX_MINUTES), now + SHOWN_AHEAD


def _city_sections(ward: Ward | None, seat_holder: str | None) -> tuple[CalendarSection, ...]:
    now = clock.now()
    soonest = _upcoming(now, None, MAX_LISTED)
    if ward is None:
        return _sections_by_week(soonest[:MAX_LISTED], now, seat_holder)
    order = {near.code: place for place, near in enumerate(_nearest(ward))}
    nearby = _upcoming(now, list(order))
    own = [planned for planned in nearby if planned.ward == ward.code]
    near = [planned for planned in nearby if planned.ward != ward.code]
    near.sort(key=lambda planned: (not _is_this_week(planned, now), order[planned.ward], planned.starts_at))
    far = [planned for planned in soonest if planned.ward not in order]
    at_home = translate_markup("Ở {}").format(mark_vietnamese(escape(ward.full_name)))
    named = ((at_home, own), (translate("Phường, xã lân cận"), near), (translate("Nơi khác"), far))
    views = _views([planned for _, listed in named for planned in listed][:MAX_LISTED], now, seat_holder)
    return tuple(
        CalendarSection(heading, classes)
        for heading, listed in named
        if (classes := tuple(views[planned.id] for planned in listed if planned.id in views))
    )


def _sections_by_week(
    listed: list[PlannedClass], now: datetime, seat_holder: str | None
) -> tuple[CalendarSection, ...]:
    views = _views(listed, now, seat_holder)
    weeks = (
        (translate("Bảy ngày tới"), [planned for planned in listed if _is_this_week(planned, now)]),
        (translate("Sau đó"), [planned for planned in listed if not _is_this_week(planned, now)]),
    )
    return tuple(
        CalendarSection(heading, tuple(views[planned.id] for planned in of_week))
        for heading, of_week in weeks
        if of_week
    )


def _views(listed: list[PlannedClass], now: datetime, seat_holder: str | None) -> dict[str, PlannedClassView]:
    seats = find_reserved_classes(session(), seat_holder, [planned.id for planned in listed])
    return {planned.id: planned_class_view(planned, now=now, seat=seats.get(planned.id)) for planned in listed}


def _is_this_week(planned: PlannedClass, now: datetime) -> bool:
    """Whether it begins within seven days, today included."""
    day = vietnam_time.to_vietnam_time(planned.starts_at).date()
    return day < vietnam_time.to_vietnam_time(now).date() + timedelta(days=7)

"""/lich/<id>: one planned class, its poster, and the seat that a phone holds in it."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.learning import wards
from lms.learning.calendar.calendar_state_reader import CalendarStateReader
from lms.learning.calendar.planned_classes import PlannedClass, find_planned_class
from lms.learning.calendar.reservations import find_reservation, reserve_seat, withdraw_reservation
from lms.learning.errors import PlannedClassFull
from lms.web import clock, current_page_cache
from lms.web.calendar.blueprint import bp
from lms.web.calendar.planned_class_view import PlannedClassView, planned_class_view
from lms.web.calendar.posters import make_poster
from lms.web.current_learner import current_learner_id, ensure_learner_id
from lms.web.database import session
from lms.web.page_cache import no_store_page
from lms.web.request_context import settings

_EVENT_STATUS = {"cancelled": "EventCancelled", "moved": "EventRescheduled", "planned": "EventScheduled"}


@bp.get("/lich/<planned_class_id>")
def show_planned_class(planned_class_id: str) -> ResponseReturnValue:
    seat = find_reservation(session(), planned_class_id, learner_id) if (learner_id := current_learner_id()) else None
    if seat is not None or "xong" in request.args:
        return no_store_page(_render(planned_class_id, seat, has_given_back=seat is None))
    states: CalendarStateReader = current_app.extensions["calendar_states"]
    state = states.class_states(planned_class_id, now=clock.now())
    return current_page_cache.respond_with_current_page(
        ("planned class", planned_class_id), state, lambda: _render(planned_class_id, None)
    )


def _render(planned_class_id: str, seat: int | None, *, has_given_back: bool = False) -> str:
    """``seat``: the number that this phone holds. ``has_given_back``: it has just given one back.

    Raises:
        NotFound: no planned class has this id.
    """
    planned = find_planned_class(session(), planned_class_id)
    view = planned_class_view(planned, now=clock.now(), seat=seat)
    address = f"{settings().public_url}/lich/{planned.id}"
    return render_template(
        "calendar/planned_class.html",
        **make_poster(view)._asdict(),
        event=schema_org_event(planned, view, address),
        has_given_back=has_given_back,
    )


@bp.post("/lich/<planned_class_id>/giu-cho")
def reserve_class_seat(planned_class_id: str) -> ResponseReturnValue:
    try:
        reserve_seat(session(), planned_class_id, ensure_learner_id(), now=clock.now())
    except PlannedClassFull:
        return redirect(f"/lich/{planned_class_id}#du-cho", 303)  # the page says how full it is
    return redirect(f"/lich/{planned_class_id}#cho-cua-bac", 303)


@bp.post("/lich/<planned_class_id>/tra-cho")
def withdraw_class_reservation(planned_class_id: str) -> ResponseReturnValue:
    find_planned_class(session(), planned_class_id)
    if learner_id := current_learner_id():
        withdraw_reservation(session(), planned_class_id, learner_id, now=clock.now())
    return redirect(f"/lich/{planned_class_id}?xong=tra#giu-cho", 303)


def schema_org_event(planned: PlannedClass, view: PlannedClassView, address: str) -> dict[str, Any]:
    """The class as schema.org ``Event``, for search engines. Times are in UTC."""
    status = "cancelled" if planned.is_cancelled else "moved" if planned.moved_from else "planned"
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationEvent",
        "name": view.title,
        "startDate": planned.starts_at.isoformat(),
        "endDate": planned.ends_at.isoformat(),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": f"https://schema.org/{_EVENT_STATUS[status]}",
        "inLanguage": planned.plan.language,
        "isAccessibleForFree": True,
        "url": address,
        "location": {
            "@type": "Place",
            "name": planned.plan.venue,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": planned.plan.address or planned.plan.venue,
                "addressLocality": wards.ward_label(planned.ward),
                "addressRegion": "Thành phố Hồ Chí Minh",
                "addressCountry": "VN",
            },
        },
        "organizer": {
            "@type": "Organization",
            "name": planned.unit_name or "Bình dân học vụ số",
            "url": settings().public_url,
        },
    }
    if view.about:
        document["description"] = view.about
    if planned.moved_from:
        document["previousStartDate"] = planned.moved_from.isoformat()
    if planned.plan.seats is not None:
        document["maximumAttendeeCapacity"] = planned.plan.seats
        document["remainingAttendeeCapacity"] = max(planned.plan.seats - planned.reserved, 0)
    return document

"""Classes as iCalendar files: one class, and the feed of a ward that calendar programs fetch again and again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Response, abort
from flask.typing import ResponseReturnValue

from lms.learning import wards
from lms.learning.calendar.planned_classes import PlannedClass, find_planned_class, find_planned_classes
from lms.web import clock
from lms.web.calendar.blueprint import bp
from lms.web.calendar.planned_class_view import planned_class_view
from lms.web.database import session
from lms.web.language import translate, use_source_language
from lms.web.request_context import settings
from lms.web.urls import site_host

FEED_PAST, FEED_AHEAD = timedelta(days=30), timedelta(days=365)
REFRESH = timedelta(hours=6)


@bp.get("/lich/<planned_class_id>.ics")
def download_class_file(planned_class_id: str) -> ResponseReturnValue:
    planned = find_planned_class(session(), planned_class_id)
    response = _response([planned], translate("Lớp Bình dân học vụ số"), f"lop-{planned.id}.ics")
    response.vary.add("Cookie")  # in the language of the page that offers it
    return response


@bp.get("/phuong/<slug>.ics")
def show_ward_feed(slug: str) -> ResponseReturnValue:
    """The ward's classes. Cancelled ones stay, so that calendars which have them strike them out.

    In Vietnamese for everybody: calendar programs fetch it, and those of many phones through one server.
    """
    use_source_language()
    ward = wards.find_ward_by_slug(slug) or abort(404)
    now = clock.now()
    listed = find_planned_classes(session(), begin=now - FEED_PAST, end=now + FEED_AHEAD, wards=[ward.code])
    return _response(listed, translate("Lớp Bình dân học vụ số, {}").format(ward.full_name), f"{slug}.ics")


def _response(listed: Iterable[PlannedClass], name: str, file_name: str) -> Response:
    response = Response(_calendar(listed, name), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"inline; filename={file_name}"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _calendar(listed: Iterable[PlannedClass], name: str) -> bytes:
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", f"-//{site_host()}//lich//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for planned in listed:
        event = Event()
        for key, value in _properties(planned).items():
            event.add(key, value)
        calendar.add_component(event)
    return calendar.to_ical()


def _properties(planned: PlannedClass) -> dict[str, Any]:
    view = planned_class_view(planned, now=clock.now())
    address = f"{settings().public_url}/lich/{planned.id}"
    facts = [f"{label}: {text}" for label, text in view.facts]
    done = view.status_label if planned.is_done else ""
    modified_at = max(planned.changed_at, planned.class_closed_at or planned.changed_at)
    return {
        "uid": f"{planned.id}@{site_host()}",
        "sequence": planned.version,
        "dtstamp": modified_at,
        "last-modified": modified_at,
        "dtstart": planned.starts_at,
        "dtend": planned.ends_at,
        "summary": translate("HOÃN: {}").format(view.title) if planned.is_cancelled else view.title,
        "location": ", ".join(filter(None, (view.venue, view.address, view.ward))),
        "description": "\n".join(filter(None, (done, view.change.striptags(), view.about, *facts, address))),
        "url": address,
        "status": "CANCELLED" if planned.is_cancelled else "CONFIRMED",
    }

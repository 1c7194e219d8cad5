"""The live class on the web: joining, the learner's seat, the facilitator's desk, helpers, the wall and the report."""

from __future__ import annotations

from lms.web.classroom.blueprint import bp
from lms.web.classroom.desk import (
    attestation,
    class_index,
    follow_up,
    guide,
    lesson_preview,
    lesson_switch,
    planned_classes,
    settings,
    wifi,
)
from lms.web.classroom.desk import routes as desk_routes
from lms.web.classroom.helper_pages import invites, seen_tasks
from lms.web.classroom.helper_pages import routes as helper_routes
from lms.web.classroom.join import hall_network_check, seat_claims
from lms.web.classroom.report import hand_in
from lms.web.classroom.report import routes as report_routes
from lms.web.classroom.seat import routes as seat_routes
from lms.web.classroom.seat import summary
from lms.web.classroom.wall import routes as wall_routes

__all__ = ["bp"]

# Importing a module registers its routes on ``bp``.
_ROUTE_MODULES = (
    attestation,
    seat_claims,
    class_index,
    desk_routes,
    follow_up,
    guide,
    hand_in,
    helper_routes,
    invites,
    lesson_preview,
    hall_network_check,
    lesson_switch,
    planned_classes,
    report_routes,
    seen_tasks,
    seat_routes,
    settings,
    summary,
    wall_routes,
    wifi,
)

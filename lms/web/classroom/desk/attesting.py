"""Attesting the tasks on real phones: until when the desk may."""

from __future__ import annotations

from lms.learning.classroom.tasks.attestation import ATTESTATION_WINDOW
from lms.web import clock
from lms.web.classroom.class_context import FacilitatorContext


def can_attest(context: FacilitatorContext) -> bool:
    """Whether the lesson has tasks to attest and the time to do so is not over."""
    return context.lesson.use is not None and bool(context.lesson.use.tasks) and not is_attestation_over(context)


def is_attestation_over(context: FacilitatorContext) -> bool:
    closed_at = context.class_session.closed_at
    return closed_at is not None and closed_at + ATTESTATION_WINDOW <= clock.now()

"""Attesting the tasks on real phones: until when the desk may, and what helpers saw done that waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from lms.learning.classroom.tasks.attestation import ATTESTATION_WINDOW
from lms.learning.classroom.tasks.pending_attestation import find_pending_attestations
from lms.web import clock
from lms.web.classroom.class_context import FacilitatorContext
from lms.web.database import session


@dataclass(frozen=True, slots=True)
class ProposedAttestation:
    """What a helper saw done at one seat."""

    number: int
    titles: tuple[str, ...]
    helper_name: str


def proposed_attestations(context: FacilitatorContext) -> tuple[ProposedAttestation, ...]:
    """What helpers saw done in this class and no facilitator has confirmed yet."""
    use = context.lesson.use
    titles = {task.id: Markup(task.text).striptags() for task in use.tasks} if use else {}  # noqa: S704
    return tuple(
        ProposedAttestation(seen.number, tuple(titles[id] for id in seen.task_ids if id in titles), seen.helper_name)
        for seen in find_pending_attestations(session(), context.class_session)
    )


def can_attest(context: FacilitatorContext) -> bool:
    """Whether the lesson has tasks to attest and the time to do so is not over."""
    return context.lesson.use is not None and bool(context.lesson.use.tasks) and not is_attestation_over(context)


def is_attestation_over(context: FacilitatorContext) -> bool:
    closed_at = context.class_session.closed_at
    return closed_at is not None and closed_at + ATTESTATION_WINDOW <= clock.now()

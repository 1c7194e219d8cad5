"""Routes of /dung-lop/<class>/chung-kien: attest that learners did tasks on their real phones.

The facilitator first chooses the tasks that can be watched in this room, then taps once per seat.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Use
from lms.http.forms import parse_lesson_number
from lms.learning.classroom.session.seat_store import Seat, find_seats
from lms.learning.classroom.tasks.attestation import (
    attest_tasks,
    find_attested_tasks,
    find_last_attested_tasks,
    revoke_attestation,
)
from lms.learning.errors import BadgeAlreadyAwarded, ClassClosed, NotFound, RemovedFromClass
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import ClassContext, ClassroomError, FacilitatorContext, require_steering
from lms.web.classroom.class_header import class_header, count_phones
from lms.web.classroom.desk.attesting import is_attestation_over
from lms.web.database import session
from lms.web.language import translate, translate_number
from lms.web.page_cache import no_store_page

NO_TASK_CHOSEN = mark_for_translation("Chọn ít nhất một việc thấy được tại lớp.")
OTHER_LESSON = mark_for_translation("Lớp đã sang bài khác, nên chưa ghi. Chọn việc của bài đang học.")
STALE = mark_for_translation("Bài vừa được sửa, hoặc chỗ ấy không còn trong lớp. Xem lại rồi chạm lần nữa.")
BADGE_AWARDED = mark_for_translation("Người ấy đã nhận huy hiệu, nên dấu này không bỏ được nữa.")


@dataclass(frozen=True, slots=True)
class AttestationRow:
    """One seat of the page.

    ``people`` is the learner's name and the number of people; ``can_add`` tells whether some chosen tasks are not
    attested yet; ``task_count`` is the number of attested tasks.
    """

    number: int
    emblem: str
    emblem_slug: str
    people: str
    attested: bool
    can_add: bool
    task_count: int


@bp.get("/dung-lop/<class_id>/chung-kien")
def show_attestation(class_id: str) -> Response:
    """``viec`` are the chosen tasks, by default the ones attested last. ``chon`` shows the choice of tasks."""
    context = _require_attestable_class(class_id)
    chosen = _lesson_tasks(
        context, request.args.getlist("viec") or find_last_attested_tasks(session(), context.class_session)
    )
    if "xong" in request.args and not request.args.getlist("viec"):
        return no_store_page(_render_task_choice(context, set(), problem=NO_TASK_CHOSEN), status=422)
    if "chon" in request.args or not chosen:
        return no_store_page(_render_task_choice(context, chosen))
    return no_store_page(_render_seats(context, chosen))


@bp.post("/dung-lop/<class_id>/chung-kien")
def save_attestation(class_id: str) -> ResponseReturnValue:
    """``cho``: attest the tasks ``viec`` for this seat. ``thoi``: revoke the attestation of this seat."""
    context = _require_attestable_class(class_id)
    use, now, account_id = _use_stage(context), clock.now(), context.account.id
    task_ids = set(request.form.getlist("viec"))
    chosen = _lesson_tasks(context, task_ids)
    if not is_of_present_lesson(context):
        return no_store_page(_render_task_choice(context, set(), problem=OTHER_LESSON), status=409)
    number = _parse_seat_number(request.form.get("cho") or request.form.get("thoi"))
    try:
        if "thoi" in request.form:
            revoke_attestation(session(), class_id, number, account_id=account_id, use=use, now=now)
        elif not task_ids:
            return no_store_page(_render_task_choice(context, set(), problem=NO_TASK_CHOSEN), status=422)
        else:
            attest_tasks(session(), class_id, number, account_id=account_id, use=use, task_ids=task_ids, now=now)
    except ClassClosed as error:
        raise _attestation_over_error(context) from error
    except BadgeAlreadyAwarded:
        return no_store_page(_render_seats(context, chosen, problem=BADGE_AWARDED), status=409)
    except (NotFound, RemovedFromClass):
        render = _render_seats if chosen == task_ids and chosen else _render_task_choice
        return no_store_page(render(context, chosen, problem=STALE), status=409)
    return redirect(f"{_attestation_url(context, chosen)}#cho-{number}", 303)


def is_of_present_lesson(context: ClassContext) -> bool:
    """Whether the form comes from a page of the lesson that the class is at."""
    return parse_lesson_number(request.form.get("lesson", "")) == context.class_session.lesson_number


def _require_attestable_class(class_id: str) -> FacilitatorContext:
    context = require_steering(class_id)
    _use_stage(context)
    if is_attestation_over(context):
        raise _attestation_over_error(context)
    return context


def _use_stage(context: FacilitatorContext) -> Use:
    """The lesson's tasks on real phones.

    Raises:
        ClassroomError: the lesson has none.
    """
    use = context.lesson.use
    if use is None or not use.tasks:
        raise ClassroomError(
            409,
            translate("Bài này không có phần Dùng liền"),
            translate("Không có việc làm trên máy thật."),
            context.base_url,
            translate("Về lớp"),
        )
    return use


def _attestation_over_error(context: FacilitatorContext) -> ClassroomError:
    return ClassroomError(
        409,
        translate("Lớp đã đóng lâu rồi"),
        translate("Ghi “Đã thấy” được đến 12 giờ sau khi đóng lớp."),
        context.base_url,
        translate("Xem lớp đã đóng"),
    )


def _lesson_tasks(context: FacilitatorContext, task_ids: Collection[str]) -> set[str]:
    return {task.id for task in _use_stage(context).tasks if task.id in task_ids}


def _attestation_url(context: FacilitatorContext, chosen: Collection[str], **extra: str) -> str:
    """The URL of this page with these tasks chosen, in the lesson's order."""
    fields = [("viec", task.id) for task in _use_stage(context).tasks if task.id in chosen] + list(extra.items())
    return f"{context.base_url}/chung-kien{'?' if fields else ''}{urlencode(fields)}"


def _render_task_choice(context: FacilitatorContext, chosen: Collection[str], *, problem: str = "") -> str:
    return render_template(
        "classroom/desk/attestation_tasks.html",
        account=context.account,
        class_header=class_header(context.class_session, count_phones(context.class_session.id)),
        base_url=context.base_url,
        problem=translate(problem),
        tasks=[(task, task.id in chosen) for task in _use_stage(context).tasks],
    )


def _render_seats(context: FacilitatorContext, chosen: Collection[str], *, problem: str = "") -> str:
    present = [seat for seat in find_seats(session(), context.class_session.id) if not seat.removed]
    tasks_by_learner = find_attested_tasks(session(), context.class_session)
    attested_seats = tuple(
        _attestation_row(seat, tasks_by_learner.get(seat.learner_id or "", frozenset()), chosen) for seat in present
    )
    return render_template(
        "classroom/desk/attestation.html",
        account=context.account,
        class_header=class_header(context.class_session, sum(not seat.added for seat in present)),
        base_url=context.base_url,
        problem=translate(problem),
        tasks=[task for task in _use_stage(context).tasks if task.id in chosen],
        choose_again=_attestation_url(context, chosen, chon="1"),
        seats=attested_seats,
        attested_count=sum(seat.attested for seat in attested_seats),
        any_can_add=any(seat.can_add for seat in attested_seats),
    )


def _attestation_row(seat: Seat, attested_tasks: Collection[str], chosen: Collection[str]) -> AttestationRow:
    is_attested = seat.attested_at is not None
    people = (
        translate_number("{count} người", "{count} người", seat.people).format(count=seat.people)
        if seat.people > 1
        else ""
    )
    name = seat.name or (translate("Không có máy") if seat.added else "")
    return AttestationRow(
        seat.number,
        seat.emblem.name,
        seat.emblem.slug,
        ", ".join(part for part in (name, people) if part),
        is_attested,
        # A seat without a learner stores only that it was attested, not which tasks.
        is_attested and seat.learner_id is not None and not set(chosen) <= set(attested_tasks),
        len(attested_tasks),
    )


def _parse_seat_number(text: str | None) -> int:
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0

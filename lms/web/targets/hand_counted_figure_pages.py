"""Figures that were counted by hand: the list of a ward, the form, and taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from flask import redirect, request
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.learning import wards
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import InvalidTarget
from lms.learning.org_units import unit_store
from lms.learning.targets import hand_counted_figures
from lms.learning.targets.hand_counted_figures import MAX_NOTE_LENGTH
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.chosen_ward import WHOLE_CITY, chosen_ward
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_formats import grouped
from lms.web.targets.blueprint import bp
from lms.web.targets.target_forms import PATH, read_unit_id, render_form_page, require_target_manager
from lms.web.targets.ward_targets import WardTargets
from lms.web.targets.wording import errors_by_field
from lms.web.vietnamese_formats import read_count, read_day

MESSAGES = {"them": mark_for_translation("Đã ghi."), "bo": mark_for_translation("Đã bỏ số ấy, không tính nữa.")}


@bp.get(f"{PATH}/ghi-tay")
def show_hand_counted_figures() -> Response:
    account = require_target_manager()
    return _page(account, chosen_ward(account, request.args.get("phuong", "")), request.args)


@bp.post(f"{PATH}/ghi-tay")
def enter_hand_counted_figure() -> Response:
    account = require_target_manager()
    ward, form = chosen_ward(account, request.form.get("phuong", "")), request.form
    try:
        hand_counted_figures.enter_hand_counted_figure(
            session(), unit_id=read_unit_id(form, ward), indicator=form.get("chi-so", ""),
            day=read_day(form.get("ngay", "")), number=read_count(form.get("so", "")), note=form.get("ghi-chu", ""),
            by=account, now=clock.now(),
        )  # fmt: skip
    except InvalidTarget as error:
        return _page(account, ward, form, errors=errors_by_field(error.problems), status=422)
    return redirect(f"{PATH}/ghi-tay?phuong={ward or WHOLE_CITY}&xong=them", 303)


@bp.post(f"{PATH}/ghi-tay/<figure_id>/bo")
def withdraw_hand_counted_figure(figure_id: str) -> Response:
    require_account()  # a stranger does not learn which ids exist
    ward = hand_counted_figures.find_hand_counted_figure(session(), figure_id).ward
    account = require_permission("manage_targets", PermissionTarget(ward))
    hand_counted_figures.withdraw_hand_counted_figure(session(), figure_id, by=account, now=clock.now())
    return redirect(f"{PATH}/ghi-tay?phuong={ward or WHOLE_CITY}&xong=bo", 303)


def _page(
    account: Account,
    ward: str,
    form: Mapping[str, str],
    *,
    errors: Mapping[str, str] = MappingProxyType({}),
    status: int = 200,
) -> Response:
    today = vietnam_time.to_vietnam_time(clock.now()).date()
    of_ward = WardTargets(ward)
    return render_form_page(
        "targets/hand_counted_figures.html",
        account,
        of_ward,
        {name: form.get(name, "") for name in ("don-vi", "chi-so", "so", "ghi-chu")}
        | {"ngay": form.get("ngay", today.isoformat())},
        errors=errors,
        status=status,
        figures=hand_counted_figures.find_hand_counted_figures(
            session(), ward=ward, first=date(today.year - 1, 1, 1), last=today
        ),
        unit_names={unit.id: unit_store.unit_label(unit, of_ward.units) for unit in of_ward.units.values()},
        grouped=grouped,
        max_note=MAX_NOTE_LENGTH,
        wards=wards.all_wards() if account.ward == CITY else (),
        message=translate(MESSAGES.get(request.args.get("xong", ""), "")),
    )

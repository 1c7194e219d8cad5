"""Targets: those of a ward in a year, the form of a new one, and the page of one with its history."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.learning import wards
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import InvalidTarget, TargetAlreadyExists, TargetChanged
from lms.learning.org_units import unit_store
from lms.learning.targets import target_admin, target_store
from lms.learning.targets.indicators import all_indicators
from lms.learning.targets.periods import offered_periods, periods_of_year
from lms.learning.targets.target_store import Target
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.chosen_ward import WHOLE_CITY, chosen_ward
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.page_formats import grouped
from lms.web.period_words import period_in_words
from lms.web.targets.blueprint import bp
from lms.web.targets.target_forms import PATH, read_unit_id, render_form_page, require_target_manager
from lms.web.targets.ward_targets import WardTargets
from lms.web.targets.wording import ORIGIN_NAMES, errors_by_field, indicator_meaning
from lms.web.vietnamese_formats import read_count, read_number

MESSAGES = {
    "them": mark_for_translation("Đã ghi."),
    "sua": mark_for_translation("Đã lưu."),
    "ky": mark_for_translation("Đã ký. Bà con xem được rồi."),
    "bo": mark_for_translation("Đã bỏ, chưa ký."),
}


@bp.get(PATH)
def show_targets() -> Response:
    account = require_target_manager()
    ward = chosen_ward(account, request.args.get("phuong", ""))
    this_year = vietnam_time.to_vietnam_time(clock.now()).year
    year = read_number(request.args.get("nam", "")) or this_year
    if not this_year - 5 <= year <= this_year + 1:
        year = this_year
    of_ward, periods = WardTargets(ward), periods_of_year(year)
    targets = target_store.find_targets(session(), ward=ward, periods=[period.key for period in periods])
    place = {key: number for number, key in enumerate((*of_ward.units, *all_indicators()))}
    targets.sort(key=lambda one: (place[one.unit_id], place.get(one.indicator, len(place)), one.origin))
    sections = [
        (period_in_words(period), [of_ward.view(target) for target in targets if target.period == period.key])
        for period in periods
    ]
    page = render_template(
        "targets/targets.html",
        account=account,
        ward=ward,
        ward_key=ward or WHOLE_CITY,
        year=year,
        years=range(this_year - 1, this_year + 2),
        sections=[(name, views) for name, views in sections if views],
        wards=wards.all_wards() if account.ward == CITY else (),
    )
    return no_store_page(page)


@bp.get(f"{PATH}/moi")
def show_new_target() -> Response:
    account = require_target_manager()
    return _form_page(account, chosen_ward(account, request.args.get("phuong", "")), request.args)


@bp.post(f"{PATH}/moi")
def add_target() -> Response:
    account = require_target_manager()
    ward, form = chosen_ward(account, request.form.get("phuong", "")), request.form
    try:
        target = target_admin.add_target(
            session(), unit_id=read_unit_id(form, ward), indicator=form.get("chi-so", ""), period=form.get("ky", ""),
            origin=form.get("nguon", "registered"),  # type: ignore[arg-type]  # the service refuses others
            number=read_count(form.get("so", "")), by=account, now=clock.now(),
        )  # fmt: skip
    except InvalidTarget as error:
        return _form_page(account, ward, form, errors=errors_by_field(error.problems), status=422)
    except TargetAlreadyExists as error:
        return _form_page(
            account, ward, form, existing=target_store.find_target(session(), error.target_id), status=409
        )
    return redirect(f"{PATH}/{target.id}?xong=them", 303)


@bp.get(f"{PATH}/<target_id>")
def show_target(target_id: str) -> Response:
    account, target = _target_or_404(target_id)
    return _target_page(account, target, "" if target.number is None else str(target.number))


@bp.post(f"{PATH}/<target_id>")
def change_target(target_id: str) -> Response:
    account, target = _target_or_404(target_id)
    typed = request.form.get("so", "")[:40]
    withdraws = "bo" in request.form
    number = None if withdraws else read_count(typed) or 0
    try:
        target_admin.change_target(session(), target_id, number, version=_version(), by=account, now=clock.now())
    except InvalidTarget as error:
        return _target_page(account, target, typed, error=errors_by_field(error.problems)["so"], status=422)
    except TargetChanged:
        return _target_page(account, target, typed, is_changed=True, status=409)
    return redirect(f"{PATH}/{target_id}?xong={'bo' if withdraws else 'sua'}", 303)


@bp.post(f"{PATH}/<target_id>/ky")
def sign_target(target_id: str) -> Response:
    account, target = _target_or_404(target_id)
    try:
        target_admin.sign_target(session(), target_id, version=_version(), by=account, now=clock.now())
    except TargetChanged:
        return _target_page(account, target, str(target.number or ""), is_changed=True, status=409)
    return redirect(f"{PATH}/{target_id}?xong=ky", 303)


def _version() -> int:
    return read_number(request.form.get("ban", ""))


def _target_or_404(target_id: str) -> tuple[Account, Target]:
    require_account()  # a stranger does not learn which ids exist
    target = target_store.find_target(session(), target_id)
    return require_permission("manage_targets", PermissionTarget(target.ward)), target


def _form_page(
    account: Account,
    ward: str,
    form: Mapping[str, str],
    *,
    errors: Mapping[str, str] = MappingProxyType({}),
    existing: Target | None = None,
    status: int = 200,
) -> Response:
    of_ward = WardTargets(ward)
    return render_form_page(
        "targets/new_target.html",
        account,
        of_ward,
        {name: form.get(name, "") for name in ("don-vi", "chi-so", "ky", "nguon", "so")},
        errors=errors,
        status=status,
        indicator_meaning=indicator_meaning,
        period_in_words=period_in_words,
        periods=offered_periods(vietnam_time.to_vietnam_time(clock.now()).date()),
        origins=ORIGIN_NAMES.items(),
        existing=of_ward.view(existing) if existing else None,
    )


def _target_page(
    account: Account, target: Target, typed: str, *, error: str = "", is_changed: bool = False, status: int = 200
) -> Response:
    unit = unit_store.find_unit(session(), target.unit_id)
    above = unit_store.find_unit(session(), unit.parent_id) if unit.parent_id else None
    page = render_template(
        "targets/target.html",
        account=account,
        target=WardTargets(target.ward).view(target),
        typed=typed,
        ward_key=target.ward or WHOLE_CITY,
        year=target.period[:4],
        is_signed=target.is_signed,
        is_withdrawn=target.number is None,
        may_change=target_admin.may_set_target(account, unit, target.origin, above),
        history=target_store.find_target_history(session(), target.id),
        grouped=grouped,
        error=error,
        is_changed=is_changed,
        message=translate(MESSAGES.get(request.args.get("xong", ""), "")),
    )
    return no_store_page(page, status=status)

"""/quan-ly/so-lieu: what was counted of a ward in a month, what was left out, and why."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.learning import wards
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.movement_statistics.indicators import MIN_MINUTES, MIN_PEOPLE, MIN_PHONES
from lms.learning.movement_statistics.ward_figures import find_figures, find_left_out
from lms.web import clock
from lms.web.accounts.chosen_ward import WHOLE_CITY, chosen_ward
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.lesson_language import lesson_in_page_language
from lms.web.movement_statistics.blueprint import bp
from lms.web.movement_statistics.wording import INDICATOR_LABELS, indicator_label, left_out_reason
from lms.web.page_cache import no_store_page
from lms.web.page_formats import month_in_sentence, month_in_words
from lms.web.request_context import library

MONTHS = 12  # that can be looked back


@bp.get("/quan-ly/so-lieu")
def show_ward_figures() -> Response:
    account = require_account()
    account = require_permission("plan_class", PermissionTarget(account.ward))
    ward = chosen_ward(account, request.args.get("phuong", ""))
    months = _last_months(vietnam_time.to_vietnam_time(clock.now()).date())
    begin = next((month for month in months if f"{month:%Y-%m}" == request.args.get("thang", "")), months[0])
    end = _next_month(begin) - timedelta(days=1)
    figures = find_figures(session(), ward, begin=begin, end=end)
    left_out = find_left_out(session(), ward, begin=begin, end=end)
    page = render_template(
        "movement/ward_figures.html",
        account=account,
        ward=ward,
        ward_key=ward or WHOLE_CITY,
        wards=wards.all_wards() if account.ward == CITY else (),
        month=begin,
        months=months,
        month_in_words=month_in_words,
        month_in_sentence=month_in_sentence,
        figures=[(indicator_label(indicator), figures[indicator]) for indicator in INDICATOR_LABELS],
        left_out=[
            (each, _lesson_name(each.course, each.lesson), left_out_reason(each.reason, each.repeated))
            for each in left_out
        ],
        min_phones=MIN_PHONES,
        min_people=MIN_PEOPLE,
        min_minutes=MIN_MINUTES,
    )
    return no_store_page(page)


def _lesson_name(course: str, slug: str) -> str:
    lesson = library().lesson_or_merged_into(course, slug)
    return lesson_in_page_language(lesson).name if lesson else slug


def _last_months(today: date) -> list[date]:
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)

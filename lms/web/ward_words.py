"""People's duties, and wards, in the language of the page."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup, escape

from lms.learning import wards
from lms.learning.accounts.permissions import CITY, ROLE_NAMES
from lms.learning.wards import WHOLE_CITY_LABEL, WardChange
from lms.web.language import mark_vietnamese, translate, translate_markup
from lms.web.page_formats import day_in_words


def roles_in_words(roles: Collection[str]) -> str:
    """The roles in the order of ``ROLES``: "người đứng lớp, người soạn bài"."""
    return ", ".join(translate(name) for role, name in ROLE_NAMES.items() if role in roles)


def ward_label(code: str) -> Markup:
    """The name of a ward, marked as Vietnamese where the page is not; of CITY "Toàn thành phố"."""
    return escape(translate(WHOLE_CITY_LABEL)) if code == CITY else mark_vietnamese(escape(wards.ward_label(code)))


def change_in_words(change: WardChange) -> Markup:
    """ "Phường A đã nhập vào Phường B từ ngày 1 tháng 12 năm 2026." """
    former, now = mark_vietnamese(escape(change.full_name)), ward_label(wards.current_ward_code(change.successor))
    return translate_markup(wards.ward_change_template(change)).format(former, now, day_in_words(change.changed_at))

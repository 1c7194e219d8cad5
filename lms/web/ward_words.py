"""People's duties, and wards, in the language of the page."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup, escape

from lms.learning import wards
from lms.learning.accounts.permissions import CITY, ROLE_NAMES
from lms.learning.wards import WHOLE_CITY_LABEL
from lms.web.language import mark_vietnamese, translate


def roles_in_words(roles: Collection[str]) -> str:
    """The roles in the order of ``ROLES``: "người đứng lớp, người soạn bài"."""
    return ", ".join(translate(name) for role, name in ROLE_NAMES.items() if role in roles)


def ward_label(code: str) -> Markup:
    """The name of a ward, marked as Vietnamese where the page is not; of CITY "Toàn thành phố"."""
    return escape(translate(WHOLE_CITY_LABEL)) if code == CITY else mark_vietnamese(escape(wards.ward_label(code)))

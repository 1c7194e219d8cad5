"""What the forms of a target and of a figure counted by hand have in common: a unit, an indicator and a number."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template
from werkzeug.wrappers import Response

from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidTarget
from lms.learning.org_units import unit_store
from lms.learning.targets.indicators import all_indicators
from lms.web.accounts.chosen_ward import WHOLE_CITY
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.page_cache import no_store_page
from lms.web.targets.ward_targets import WardTargets
from lms.web.targets.wording import indicator_name

PATH = "/quan-ly/chi-tieu"


def require_target_manager() -> Account:
    """The signed-in account, if it manages the targets of its own ward; the services check each ward again."""
    account = require_account()
    return require_permission("manage_targets", PermissionTarget(account.ward))


def read_unit_id(form: Mapping[str, str], ward: str) -> str:
    """The id of the unit that was chosen, "" if none was.

    Raises:
        InvalidTarget: it is a unit of another ward.
        NotFound: there is no such unit.
    """
    unit_id = form.get("don-vi", "")
    if unit_id and unit_store.find_unit(session(), unit_id).ward != ward:
        raise InvalidTarget({"unit_id": "unknown"})
    return unit_id


def render_form_page(
    template: str,
    account: Account,
    of_ward: WardTargets,
    form: Mapping[str, str],
    *,
    errors: Mapping[str, str],
    status: int,
    **values: object,
) -> Response:
    """The page of a form about the units of a ward.

    ``form``: what was chosen or typed, by the name of the field. ``errors``: a sentence for each wrong field, in the
    order of the form. ``values``: what else the template needs.
    """
    page = render_template(
        template,
        account=account,
        ward=of_ward.ward,
        ward_key=of_ward.ward or WHOLE_CITY,
        form=form,
        units=of_ward.unit_options(form["don-vi"]),
        indicators=list(all_indicators().values()),
        indicator_name=indicator_name,
        errors=errors,
        first_error=next(iter(errors), ""),
        **values,
    )
    return no_store_page(page, status=status)

"""/quan-ly: list, add, change and disable the accounts of a ward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms.learning.accounts import account_admin, account_store, permissions, sign_in_slips
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, ROLE_NAMES, ROLES, PermissionTarget
from lms.learning.errors import CannotDisableOwnAccount, InvalidAccount, LastAdministrator, NotAllowed
from lms.learning.wards import WHOLE_CITY_LABEL, all_wards
from lms.message_catalog import mark_for_translation
from lms.web import clock, page_cache
from lms.web.accounts.account_units import unit_choices, unit_labels
from lms.web.accounts.blueprint import bp
from lms.web.accounts.chosen_ward import WHOLE_CITY, chosen_ward
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.language import translate

ROLE_DESCRIPTIONS = {
    "facilitator": mark_for_translation("Mở lớp, dạy, xem báo cáo của lớp."),
    "helper": mark_for_translation("Đi giữa các hàng ghế, giúp người bị kẹt."),
    "author": mark_for_translation("Viết bài và bài tập."),
    "organiser": mark_for_translation("Thêm người, in phiếu vào, xem nhật ký."),
    "administrator": mark_for_translation("Làm được mọi việc, ở mọi phường."),
}
INVALID_ACCOUNT_ERRORS = {
    "name": mark_for_translation("Ghi họ tên vào ô này nhé, nhiều nhất 60 chữ."),
    "roles": mark_for_translation("Chọn ít nhất một việc nhé."),
    "ward": mark_for_translation("Chọn một phường trong danh sách."),
    "city": mark_for_translation("Quản trị là của toàn thành phố. Chọn Toàn thành phố, hoặc bỏ việc quản trị."),
}
LAST_ADMINISTRATOR = mark_for_translation("Đây là người quản trị cuối cùng. Thêm một người quản trị khác trước đã.")
CANNOT_CHANGE_SELF = mark_for_translation("Không tự bỏ quyền của mình được. Nhờ một người tổ chức khác làm việc này.")
# The form field that shows an error of ``InvalidAccount.why``.
FIELD_WITH_ERROR = {"name": "ten", "roles": "viec", "ward": "phuong", "city": "phuong"}


@dataclass(frozen=True, slots=True)
class PersonForm:
    """The values of the form about one person, as stored or as submitted."""

    name: str = ""
    roles: frozenset[str] = frozenset()
    ward: str = CITY


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One checkbox of the form."""

    role: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class WardChoice:
    """One option of the ward select."""

    key: str  # the submitted value
    name: str
    account_count: int = 0


@bp.get("/quan-ly")
def show_people() -> Response:
    manager = require_manager()
    ward = chosen_ward(manager, request.args.get("phuong", ""))
    accounts = account_store.accounts_of_ward(session(), ward)
    account_ids = [account.id for account in accounts]
    page = render_template(
        "accounts/people.html",
        account=manager,
        ward=ward,
        ward_key=ward or WHOLE_CITY,
        accounts=accounts,
        unused_slip_expiry=sign_in_slips.unused_slip_expiry(session(), account_ids, now=clock.now()),
        ward_choices=_ward_choices(account_store.count_by_ward(session())) if manager.ward == CITY else (),
        offers_password=not manager.has_password,
        may_watch_server=permissions.is_permitted(manager, "watch_server", PermissionTarget(CITY)),
    )
    return page_cache.no_store_page(page)


@bp.get("/quan-ly/nguoi/moi")
def show_new_person() -> Response:
    manager = require_manager()
    ward = chosen_ward(manager, request.args.get("phuong", ""))
    return _new_page(manager, PersonForm(ward=ward, roles=frozenset({"facilitator"})))


@bp.post("/quan-ly/nguoi")
def add_person() -> Response:
    manager = require_manager()
    form = _read_form(manager, manager.ward)
    try:
        added = account_store.add_account(
            session(), name=form.name, roles=form.roles, ward=form.ward, by=manager, now=clock.now()
        )
    except InvalidAccount as error:
        return _new_page(
            manager, form, error=INVALID_ACCOUNT_ERRORS[error.why], error_field=FIELD_WITH_ERROR[error.why], status=422
        )
    return redirect(f"/quan-ly/nguoi/{added.id}?xong=them", 303)


@bp.get("/quan-ly/nguoi/<account_id>")
def show_person(account_id: str) -> Response:
    manager = require_manager()
    person = account_store.get_managed_account(session(), manager, account_id)
    return _person_page(manager, person, PersonForm(person.name, person.roles, person.ward))


@bp.post("/quan-ly/nguoi/<account_id>")
def update_person(account_id: str) -> Response:
    manager = require_manager()
    person = account_store.get_managed_account(session(), manager, account_id)
    form = _read_form(manager, person.ward)
    try:
        account_admin.update_account(
            session(), account_id, name=form.name, roles=form.roles, ward=form.ward, by=manager, now=clock.now()
        )
    except InvalidAccount as error:
        message, field = INVALID_ACCOUNT_ERRORS[error.why], FIELD_WITH_ERROR[error.why]
        return _person_page(manager, person, form, error=message, error_field=field, status=422)
    except (LastAdministrator, CannotDisableOwnAccount) as error:
        return _refused_page(manager, person, error)
    return redirect(f"/quan-ly/nguoi/{account_id}?xong=ghi", 303)


@bp.post("/quan-ly/nguoi/<account_id>/ngung")
def disable_person(account_id: str) -> Response:
    manager = require_manager()
    person = account_store.get_managed_account(session(), manager, account_id)
    try:
        account_admin.disable_account(session(), account_id, by=manager, now=clock.now())
    except (LastAdministrator, CannotDisableOwnAccount) as error:
        return _refused_page(manager, person, error)
    return redirect(f"/quan-ly/nguoi/{account_id}?xong=ngung", 303)


@bp.post("/quan-ly/nguoi/<account_id>/mo-lai")
def enable_person(account_id: str) -> Response:
    manager = require_manager()
    account_admin.enable_account(session(), account_id, by=manager, now=clock.now())
    return redirect(f"/quan-ly/nguoi/{account_id}?xong=mo-lai", 303)


@bp.post("/quan-ly/nguoi/<account_id>/ra")
def sign_person_out(account_id: str) -> Response:
    """Sign the person out in every browser, for example after losing a phone."""
    manager = require_manager()
    account_admin.sign_out_everywhere(session(), account_id, by=manager, now=clock.now())
    return redirect(f"/quan-ly/nguoi/{account_id}?xong=ra", 303)


def require_manager() -> Account:
    """Return the signed-in account if it manages any accounts; the services check each one again.

    Raises:
        NotSignedIn, InvalidCsrfToken, NotAllowed: as ``require_permission``.
    """
    account = require_account()
    return require_permission("manage_accounts", PermissionTarget(account.ward))


def _read_form(manager: Account, ward: str) -> PersonForm:
    """Read the submitted form. Only a manager of the city may choose a ward.

    Raises:
        NotAllowed: another manager submitted a different ward.
    """
    submitted = request.form.get("phuong", "")
    if manager.ward != CITY:
        if submitted not in ("", ward):
            raise NotAllowed("manage_accounts")
    elif submitted:
        ward = CITY if submitted == WHOLE_CITY else submitted[:10]
    return PersonForm(request.form.get("ten", "")[:500], frozenset(request.form.getlist("viec")), ward)


def _new_page(
    manager: Account, form: PersonForm, *, error: str = "", error_field: str = "", status: int = 200
) -> Response:
    page = render_template(
        "accounts/new_person.html",
        account=manager,
        form=form,
        role_choices=_role_choices(manager),
        ward_choices=_ward_choices() if manager.ward == CITY else (),
        error=translate(error) if error else "",
        error_field=error_field,
    )
    return page_cache.no_store_page(page, status=status)


def _refused_page(manager: Account, person: Account, error: Exception) -> Response:
    message = LAST_ADMINISTRATOR if isinstance(error, LastAdministrator) else CANNOT_CHANGE_SELF
    stored = PersonForm(person.name, person.roles, person.ward)
    return _person_page(manager, person, stored, error=message, status=409)


def _person_page(
    manager: Account, person: Account, form: PersonForm, *, error: str = "", error_field: str = "", status: int = 200
) -> Response:
    page = render_template(
        "accounts/person.html",
        account=manager,
        person=person,
        form=form,
        role_choices=_role_choices(manager),
        ward_choices=_ward_choices() if manager.ward == CITY else (),
        unused_slip_expiry=sign_in_slips.unused_slip_expiry(session(), [person.id], now=clock.now()).get(person.id),
        unit_choices=unit_choices(manager, person),
        unit_labels=unit_labels(person),
        error=translate(error) if error else "",
        error_field=error_field,
        done=request.args.get("xong", ""),
        ward_key=person.ward or WHOLE_CITY,
    )
    return page_cache.no_store_page(page, status=status)


def _role_choices(manager: Account) -> list[RoleChoice]:
    """Return the roles that the manager may give."""

    def may_give(role: str) -> bool:
        return permissions.is_permitted(manager, "manage_accounts", PermissionTarget(manager.ward, frozenset({role})))

    return [
        RoleChoice(role, translate(ROLE_NAMES[role]).capitalize(), translate(ROLE_DESCRIPTIONS[role]))
        for role in ROLES
        if may_give(role)
    ]


def _ward_choices(account_counts: Mapping[str, int] = MappingProxyType({})) -> list[WardChoice]:
    city = WardChoice(WHOLE_CITY, translate(WHOLE_CITY_LABEL), account_counts.get(CITY, 0))
    return [city, *(WardChoice(ward.code, ward.full_name, account_counts.get(ward.code, 0)) for ward in all_wards())]

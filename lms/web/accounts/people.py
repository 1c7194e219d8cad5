"""/quan-ly: the people of a ward, adding one, changing one, and taking rights away."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, redirect, render_template, request

from lms.learning.accounts import account_admin, account_store, permissions, sign_in_slips
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, ROLE_NAMES, ROLES, Subject
from lms.learning.errors import InvalidAccount, LastAdministrator, NotAllowed, NotFound, NotYourself
from lms.learning.wards import all_wards, place_name
from lms.web import clock, page_cache
from lms.web.accounts.blueprint import bp
from lms.web.accounts.labels import INVALID_ACCOUNT, LAST_ADMINISTRATOR, NOT_YOURSELF, ROLE_DEEDS
from lms.web.accounts.signed_in import require_account, require_right
from lms.web.database import session

# Where on the form it is said why an account cannot be.
FIELD_OF = {"name": "ten", "roles": "viec", "ward": "phuong", "city": "phuong"}
WHOLE_CITY = "tp"  # in addresses and forms, where "" would be nothing chosen


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form about one person shows: as typed, or as it is kept."""

    name: str = ""
    roles: frozenset[str] = frozenset()
    ward: str = CITY


@dataclass(frozen=True, slots=True)
class Duty:
    """One box of that form."""

    role: str
    words: str
    what: str


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a choice of wards. ``key`` is what the form sends."""

    key: str
    name: str
    people: int = 0


@bp.get("/quan-ly")
def show_people() -> Response:
    by = require_right_somewhere()
    ward = chosen_ward(by)
    people = account_store.people_of(session(), ward)
    page = render_template(
        "accounts/people.html",
        account=by,
        ward=ward,
        ward_key=ward or WHOLE_CITY,
        people=people,
        waiting=sign_in_slips.waiting(session(), [one.id for one in people], now=clock.now()),
        places=_places(account_store.counts(session())) if by.ward == CITY else (),
        offers_password=not by.has_password,
    )
    return page_cache.private(page)


@bp.get("/quan-ly/nguoi/moi")
def show_new() -> Response:
    by = require_right_somewhere()
    return _new_page(by, Filled(ward=chosen_ward(by), roles=frozenset({"facilitator"})))


@bp.post("/quan-ly/nguoi")
def add() -> Response:
    by = require_right_somewhere()
    filled = _filled(by, by.ward)
    try:
        made = account_store.add_account(
            session(), name=filled.name, roles=filled.roles, ward=filled.ward, by=by, now=clock.now()
        )
    except InvalidAccount as error:
        return _new_page(by, filled, refused=INVALID_ACCOUNT[error.why], wrong=FIELD_OF[error.why], status=422)
    return redirect(f"/quan-ly/nguoi/{made.id}?xong=them", 303)


@bp.get("/quan-ly/nguoi/<account_id>")
def show_person(account_id: str) -> Response:
    by = require_right_somewhere()
    person = account_store.managed_account(session(), by, account_id)
    return _person_page(by, person, Filled(person.name, person.roles, person.ward))


@bp.post("/quan-ly/nguoi/<account_id>")
def change(account_id: str) -> Response:
    by = require_right_somewhere()
    person = account_store.managed_account(session(), by, account_id)
    filled = _filled(by, person.ward)
    try:
        account_admin.change_account(
            session(), account_id, name=filled.name, roles=filled.roles, ward=filled.ward, by=by, now=clock.now()
        )
    except InvalidAccount as error:
        refused, wrong = INVALID_ACCOUNT[error.why], FIELD_OF[error.why]
        return _person_page(by, person, filled, refused=refused, wrong=wrong, status=422)
    except (LastAdministrator, NotYourself) as error:
        return _kept_page(by, person, error)
    return redirect(f"/quan-ly/nguoi/{account_id}?xong=ghi", 303)


@bp.post("/quan-ly/nguoi/<account_id>/ngung")
def disable(account_id: str) -> Response:
    by = require_right_somewhere()
    person = account_store.managed_account(session(), by, account_id)
    try:
        account_admin.disable(session(), account_id, by=by, now=clock.now())
    except (LastAdministrator, NotYourself) as error:
        return _kept_page(by, person, error)
    return redirect(f"/quan-ly/nguoi/{account_id}?xong=ngung", 303)


@bp.post("/quan-ly/nguoi/<account_id>/mo-lai")
def enable(account_id: str) -> Response:
    by = require_right_somewhere()
    account_admin.enable(session(), account_id, by=by, now=clock.now())
    return redirect(f"/quan-ly/nguoi/{account_id}?xong=mo-lai", 303)


@bp.post("/quan-ly/nguoi/<account_id>/ra")
def sign_out(account_id: str) -> Response:
    """End it wherever the person is signed in: a lost phone."""
    by = require_right_somewhere()
    account_admin.sign_out_everywhere(session(), account_id, by=by, now=clock.now())
    return redirect(f"/quan-ly/nguoi/{account_id}?xong=ra", 303)


def require_right_somewhere() -> Account:
    """Whoever manages people at all, if only those of one ward; each person is looked at again by itself."""
    account = require_account()
    return require_right("manage_accounts", Subject(account.ward))


def chosen_ward(by: Account) -> str:
    """The ward that the address asks for, where ``by`` may choose; else her own. 404 for one that there is not."""
    asked = request.args.get("phuong", "")
    if by.ward != CITY:
        if asked not in ("", by.ward):
            raise NotFound(asked)
        return by.ward
    return CITY if asked in ("", WHOLE_CITY) else _known(asked)


def _known(ward: str) -> str:
    return ward if any(one.code == ward for one in all_wards()) else abort(404)


def _filled(by: Account, ward: str) -> Filled:
    """The form as it was sent. Whoever is not of the city has no choice of wards."""
    sent = request.form.get("phuong", "")
    if by.ward != CITY:
        if sent not in ("", ward):
            raise NotAllowed("manage_accounts")
    elif sent:
        ward = CITY if sent == WHOLE_CITY else sent[:10]
    return Filled(request.form.get("ten", "")[:500], frozenset(request.form.getlist("viec")), ward)


def _new_page(by: Account, filled: Filled, *, refused: str = "", wrong: str = "", status: int = 200) -> Response:
    page = render_template(
        "accounts/new_person.html",
        account=by,
        filled=filled,
        duties=_duties(by),
        places=_places() if by.ward == CITY else (),
        refused=refused,
        wrong=wrong,
    )
    return page_cache.private(page, status=status)


def _kept_page(by: Account, person: Account, error: Exception) -> Response:
    refused = LAST_ADMINISTRATOR if isinstance(error, LastAdministrator) else NOT_YOURSELF
    kept = Filled(person.name, person.roles, person.ward)
    return _person_page(by, person, kept, refused=refused, status=409)


def _person_page(
    by: Account, person: Account, filled: Filled, *, refused: str = "", wrong: str = "", status: int = 200
) -> Response:
    page = render_template(
        "accounts/person.html",
        account=by,
        person=person,
        filled=filled,
        duties=_duties(by),
        places=_places() if by.ward == CITY else (),
        waiting=sign_in_slips.waiting(session(), [person.id], now=clock.now()).get(person.id),
        refused=refused,
        wrong=wrong,
        done=request.args.get("xong", ""),
        ward_key=person.ward or WHOLE_CITY,
    )
    return page_cache.private(page, status=status)


def _duties(by: Account) -> list[Duty]:
    """What ``by`` may give; an administrator is of the city."""
    given = [role for role in ROLES if permissions.may(by, "manage_accounts", Subject(by.ward, frozenset({role})))]
    return [Duty(role, ROLE_NAMES[role].capitalize(), ROLE_DEEDS[role]) for role in given]


def _places(people: dict[str, int] | None = None) -> list[Place]:
    counted = people or {}
    city = Place(WHOLE_CITY, place_name(CITY), counted.get(CITY, 0))
    return [city, *(Place(one.code, one.full, counted.get(one.code, 0)) for one in all_wards())]

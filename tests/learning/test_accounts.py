"""Accounts and permissions: which role may give which rights, and that losing a right takes effect at once."""

from __future__ import annotations

from itertools import product
from threading import Barrier, Thread

import pytest
from argon2 import Type, extract_parameters
from sqlalchemy import Engine, select

from lms.learning.accounts import account_admin, account_store, audit_log, permissions, sign_in_slips, sign_ins
from lms.learning.accounts.account_store import (
    LAPTOP_ACCOUNT_ID,
    add_account,
    find_account,
    get_or_create_laptop_account,
    login_from_name,
)
from lms.learning.accounts.permissions import CITY, ROLES, PermissionTarget, is_permitted
from lms.learning.errors import (
    CannotDisableOwnAccount,
    InvalidAccount,
    InvalidSignInSlip,
    LastAdministrator,
    NotAllowed,
    NotFound,
)
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import AccountRow
from tests.cheap_passwords import HASHER_OF_THE_SITE
from tests.learning.sample_courses import LATER, NOW, SECRET

AN_DONG, AN_HOI_DONG = "27316", "26878"


def person(session, name: str, *roles: str, ward: str = AN_DONG, by=None):
    return add_account(session, name=name, roles=roles, ward=ward, by=by, now=NOW)


@pytest.fixture
def root(session):
    """The administrator of the city."""
    return person(session, "Quản trị", "administrator", ward=CITY)


@pytest.fixture
def thu(session):
    """The organiser of An Đông."""
    return person(session, "Thu", "organiser")


# --- what an account is -------------------------------------------------------------------------------------------


def test_every_account_gets_a_unique_login(session):
    first = person(session, "Nguyễn Văn Minh", "facilitator")
    second = person(session, "Nguyễn Văn  Mính", "helper")
    assert (first.login, second.login) == ("nguyenvanminh", "nguyenvanminh2")
    assert login_from_name(" NGUYỄN văn-Minh ") == first.login
    assert person(session, "日本", "helper").login == "taikhoan"


@pytest.mark.parametrize(
    ("name", "roles", "ward", "why"),
    [
        (" \u200b", {"helper"}, AN_DONG, "name"),
        ("ễ" * 61, {"helper"}, AN_DONG, "name"),
        ("Minh", set(), AN_DONG, "roles"),
        ("Minh", {"king"}, AN_DONG, "roles"),
        ("Minh", {"helper"}, "99999", "ward"),
        ("Minh", {"helper"}, "An Đông", "ward"),
        ("Minh", {"administrator"}, AN_DONG, "city"),
    ],
)
def test_an_invalid_account_is_refused_with_the_reason(session, name, roles, ward, why):
    with pytest.raises(InvalidAccount) as refused:
        add_account(session, name=name, roles=roles, ward=ward, by=None, now=NOW)
    assert refused.value.why == why


def test_accounts_of_one_name_added_concurrently_get_different_logins(engine: Engine):
    together, made = Barrier(2), []

    def add() -> None:
        together.wait()
        with write_sessions(engine).begin() as session:
            made.append(person(session, "Minh", "facilitator").login)

    threads = [Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == ["minh", "minh2"]


# --- the default facilitator of a laptop --------------------------------------------------------------------------


def test_a_laptop_without_accounts_gets_one_default_facilitator(engine: Engine):
    together = Barrier(3)
    names: list[str] = []

    def start() -> None:
        together.wait()
        with write_sessions(engine).begin() as session:
            names.append(get_or_create_laptop_account(session, now=NOW).name)

    threads = [Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["Người đứng lớp"] * 3
    with read_sessions(engine)() as session:
        assert session.scalars(select(AccountRow.id)).all() == [LAPTOP_ACCOUNT_ID]


def test_a_laptop_with_accounts_gets_no_default_facilitator(session, thu):
    assert get_or_create_laptop_account(session, now=NOW) is None
    assert find_account(session, LAPTOP_ACCOUNT_ID) is None


def test_a_disabled_default_facilitator_stays_disabled(session):
    get_or_create_laptop_account(session, now=NOW)
    account_admin.disable_account(session, LAPTOP_ACCOUNT_ID, by=None, now=NOW)
    assert get_or_create_laptop_account(session, now=NOW) is None


# --- permissions: the whole table ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "role"), [*product(permissions.ROLES_ALLOWED, ROLES)])
def test_a_role_permits_its_actions_in_its_own_ward_only(session, action, role):
    holder = person(session, "Minh", role, ward=CITY if role == "administrator" else AN_DONG)
    given = role in permissions.ROLES_ALLOWED[action]
    assert is_permitted(holder, action, PermissionTarget(AN_DONG)) is given
    everywhere = given and holder.ward == CITY
    assert is_permitted(holder, action, PermissionTarget(AN_HOI_DONG)) is everywhere
    assert is_permitted(holder, action, PermissionTarget(CITY)) is everywhere


@pytest.mark.parametrize(("role", "action"), [*product(ROLES, permissions.ROLES_ALLOWED)])
def test_an_account_of_the_city_may_act_in_every_ward(session, role, action):
    holder = person(session, "Minh", role, ward=CITY)
    assert is_permitted(holder, action, PermissionTarget(AN_HOI_DONG)) is (role in permissions.ROLES_ALLOWED[action])


@pytest.mark.parametrize("action", permissions.ROLES_ALLOWED)
def test_a_disabled_account_and_none_may_do_nothing(session, root, action):
    second = person(session, "Hai", "administrator", ward=CITY)
    gone = account_admin.disable_account(session, second.id, by=root, now=NOW)
    assert not is_permitted(None, action, PermissionTarget(AN_DONG))
    assert not is_permitted(gone, action, PermissionTarget(AN_DONG))
    with pytest.raises(NotAllowed):
        permissions.require_permission(gone, action, PermissionTarget(AN_DONG))


@pytest.mark.parametrize(("by_role", "given"), [*product(ROLES, ROLES)])
def test_which_roles_may_give_which_role(session, by_role, given):
    by = person(session, "Minh", by_role, ward=CITY)
    allowed = by_role == "administrator" or (by_role == "organiser" and given != "administrator")
    if allowed:
        assert given in person(session, "Hoa", given, ward=CITY, by=by).roles
    else:
        with pytest.raises(NotAllowed):
            person(session, "Hoa", given, ward=CITY, by=by)


def test_an_organiser_of_a_ward_adds_no_accounts_elsewhere(session, thu):
    assert person(session, "Minh", "facilitator", by=thu).ward == AN_DONG
    for ward in (AN_HOI_DONG, CITY):
        with pytest.raises(NotAllowed):
            person(session, "Hoa", "facilitator", ward=ward, by=thu)


def test_an_organiser_finds_only_accounts_of_the_own_ward(session, root, thu):
    own, other_ward = person(session, "Minh", "facilitator"), person(session, "Hoa", "facilitator", ward=AN_HOI_DONG)
    assert account_store.get_managed_account(session, thu, own.id) == own
    for other in (other_ward, root):
        with pytest.raises(NotFound):
            account_store.get_managed_account(session, thu, other.id)
        with pytest.raises(NotFound):
            account_admin.disable_account(session, other.id, by=thu, now=NOW)
        with pytest.raises(NotFound):
            sign_in_slips.issue_slip(session, other.id, by=thu, secret=SECRET, now=NOW)
        with pytest.raises(NotFound):
            account_admin.sign_out_everywhere(session, other.id, by=thu, now=NOW)
        with pytest.raises(NotFound):
            change(session, other, by=thu, name="Của tôi")
    assert account_store.get_managed_account(session, root, other_ward.id) == other_ward


def change(session, account, *, by, name=None, roles=None, ward=None):
    return account_admin.update_account(
        session,
        account.id,
        name=name or account.name,
        roles=account.roles if roles is None else roles,
        ward=account.ward if ward is None else ward,
        by=by,
        now=LATER,
    )


def test_an_organiser_cannot_give_higher_rights_than_the_own_ones(session, root, thu):
    minh = person(session, "Minh", "facilitator")
    for roles, ward in [({"administrator"}, CITY), ({"organiser"}, CITY), ({"facilitator"}, AN_HOI_DONG)]:
        with pytest.raises(NotAllowed):
            change(session, minh, by=thu, roles=roles, ward=ward)
    city = person(session, "Tổ chức", "organiser", ward=CITY)
    with pytest.raises(NotAllowed):
        change(session, minh, by=city, roles={"administrator"}, ward=CITY)
    with pytest.raises(NotFound):  # otherwise the organiser could sign in with the administrator's slip
        sign_in_slips.issue_slip(session, root.id, by=city, secret=SECRET, now=NOW)


def test_an_account_cannot_take_the_right_to_manage_from_itself(session, root, thu):
    with pytest.raises(CannotDisableOwnAccount):
        change(session, thu, by=thu, roles={"facilitator"})
    with pytest.raises(CannotDisableOwnAccount):
        account_admin.disable_account(session, thu.id, by=thu, now=NOW)
    with pytest.raises(CannotDisableOwnAccount):
        account_admin.disable_account(session, root.id, by=root, now=NOW)
    assert change(session, thu, by=thu, roles={"organiser", "facilitator"}).roles == {"organiser", "facilitator"}


# --- the last administrator ---------------------------------------------------------------------------------------


def test_the_last_administrator_cannot_be_removed(session, root):
    with pytest.raises(LastAdministrator):
        account_admin.disable_account(session, root.id, by=None, now=NOW)
    with pytest.raises(LastAdministrator):
        change(session, root, by=None, roles={"helper"})
    second = person(session, "Hai", "administrator", ward=CITY)
    account_admin.disable_account(session, second.id, by=root, now=NOW)
    with pytest.raises(LastAdministrator):  # a disabled administrator does not count
        account_admin.disable_account(session, root.id, by=None, now=NOW)


def test_two_administrators_who_disable_each_other_at_once_leave_one(engine: Engine):
    for _ in range(4):
        with write_sessions(engine).begin() as session:
            two = [person(session, f"Quản trị {n}", "administrator", ward=CITY) for n in range(2)]
        together, refused = Barrier(2), []

        def disable(by, whom, together=together, refused=refused) -> None:
            together.wait()
            try:
                with write_sessions(engine).begin() as session:
                    account_admin.disable_account(session, whom.id, by=by, now=NOW)
            except (LastAdministrator, NotFound) as error:
                refused.append(error)

        threads = [Thread(target=disable, args=pair) for pair in (two, reversed(two))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with write_sessions(engine).begin() as session:
            found = [find_account(session, account.id) for account in two]
            assert sorted(account.disabled for account in found) == [False, True]
            assert len(refused) == 1
            helper = person(session, "Thế chỗ", "administrator", ward=CITY)
            for account in found:
                if not account.disabled:
                    account_admin.disable_account(session, account.id, by=None, now=NOW)
            # Disable the helper directly: the service would refuse the last administrator.
            session.execute(AccountRow.__table__.update().where(AccountRow.id == helper.id).values(disabled_at=NOW))


# --- losing rights ------------------------------------------------------------------------------------------------


def test_disabling_ends_sign_ins_and_slips_at_once(engine: Engine):
    with write_sessions(engine).begin() as session:
        minh, thu = person(session, "Minh", "facilitator"), person(session, "Thu", "organiser")
        used = sign_in_slips.issue_slip(session, minh.id, by=thu, secret=SECRET, now=NOW)
    signed_in = sign_ins.sign_in_with_slip(engine, used.token, now=NOW)
    with write_sessions(engine).begin() as session:
        waiting = sign_in_slips.issue_slip(session, minh.id, by=thu, secret=SECRET, now=NOW)
        assert sign_ins.find_sign_in(session, signed_in, now=NOW).account.id == minh.id
        account_admin.disable_account(session, minh.id, by=thu, now=NOW)
        assert sign_ins.find_sign_in(session, signed_in, now=NOW) is None
        assert find_account(session, minh.id).session_version > minh.session_version  # open streams compare it
        with pytest.raises(InvalidSignInSlip):
            sign_in_slips.redeem_slip(session, waiting.token, now=NOW)
        with pytest.raises(InvalidSignInSlip):
            sign_in_slips.issue_slip(session, minh.id, by=thu, secret=SECRET, now=NOW)
        account_admin.enable_account(session, minh.id, by=thu, now=NOW)
        assert sign_ins.find_sign_in(session, signed_in, now=NOW) is None  # enabling does not revive an old cookie


@pytest.mark.parametrize(
    ("roles", "ward", "out"),
    [
        ({"facilitator", "helper"}, None, False),
        ({"helper"}, None, True),
        (None, AN_HOI_DONG, True),
        (None, None, False),
    ],
)
def test_losing_a_right_ends_the_sign_in_and_gaining_one_does_not(engine: Engine, roles, ward, out):
    with write_sessions(engine).begin() as session:
        root, minh = person(session, "Root", "administrator", ward=CITY), person(session, "Minh", "facilitator")
        slip = sign_in_slips.issue_slip(session, minh.id, by=None, secret=SECRET, now=NOW)
    token = sign_ins.sign_in_with_slip(engine, slip.token, now=NOW)
    with write_sessions(engine).begin() as session:
        change(session, minh, by=root, name="Minh Trần", roles=roles, ward=ward)
        found = sign_ins.find_sign_in(session, token, now=NOW)
        assert (found is None) is out
        assert out or found.account.roles == (roles or minh.roles)


# --- the audit log ------------------------------------------------------------------------------------------------


def test_the_audit_log_says_who_changed_what_and_only_to_its_ward(session, root, thu):
    minh = person(session, "Minh", "facilitator", by=thu)
    change(session, minh, by=thu, roles={"helper"})
    sign_in_slips.issue_slip(session, minh.id, by=thu, secret=SECRET, now=LATER)
    account_admin.disable_account(session, minh.id, by=thu, now=LATER)
    account_admin.enable_account(session, minh.id, by=thu, now=LATER)
    person(session, "Hoa", "facilitator", ward=AN_HOI_DONG, by=root)
    entries = audit_log.read_entries(session, ward=AN_DONG)
    actions = [entry.action for entry in entries if entry.target_id == minh.id]
    assert actions == ["account_enabled", "account_disabled", "slip_issued", "account_changed", "account_added"]
    assert {entry.actor_name for entry in entries if entry.target_id == minh.id} == {"Thu"}
    [changed] = [entry for entry in entries if entry.action == "account_changed"]
    assert (changed.details["before"]["roles"], changed.details["roles"]) == (["facilitator"], ["helper"])
    assert not [entry for entry in entries if entry.details["name"] == "Hoa"]
    assert [entry for entry in audit_log.read_entries(session, ward=CITY) if entry.details["name"] == "Hoa"]
    assert audit_log.read_entries(session, ward=AN_DONG, before=entries[0].id, limit=1) == entries[1:2]


def test_a_move_to_another_ward_is_in_the_audit_logs_of_both(session, root):
    minh = person(session, "Minh", "facilitator")
    change(session, minh, by=root, ward=AN_HOI_DONG)
    for ward in (AN_DONG, AN_HOI_DONG):
        assert audit_log.read_entries(session, ward=ward)[0].action == "account_changed"


def test_an_unknown_action_is_not_recorded(session, root):
    with pytest.raises(ValueError):
        audit_log.record(session, root, "something", target_id=root.id, ward=CITY, details={}, now=NOW)


def test_a_password_costs_a_guesser_nineteen_megabytes_and_two_passes():
    """The site's own cost, which tests do without."""
    of_hash = extract_parameters(HASHER_OF_THE_SITE.hash("a password"))
    assert (of_hash.type, of_hash.memory_cost, of_hash.time_cost) == (Type.ID, 19_456, 2)

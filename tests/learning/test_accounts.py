"""Accounts: who gives which right to whom, and that it is gone the moment it is taken away."""

from __future__ import annotations

from itertools import product
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select

from lms.learning.accounts import account_admin, account_store, audit_log, permissions, sign_in_slips, sign_ins
from lms.learning.accounts.account_store import HALL_ID, add_account, find_account, hall_account, login_of
from lms.learning.accounts.permissions import CITY, ROLES, Subject, may
from lms.learning.errors import InvalidAccount, LastAdministrator, NotAllowed, NotFound, NotYourself, SlipRefused
from lms.learning.store.database import reading, writing
from lms.learning.store.models import AccountRow
from tests.learning.school import LATER, NOW, SECRET

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


def test_an_account_has_a_name_to_type_that_nobody_else_has(session):
    first = person(session, "Nguyễn Văn Minh", "facilitator")
    second = person(session, "Nguyễn Văn  Mính", "helper")
    assert (first.login, second.login) == ("nguyenvanminh", "nguyenvanminh2")
    assert login_of(" NGUYỄN văn-Minh ") == first.login
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
def test_what_cannot_be_is_refused_with_what_is_wrong(session, name, roles, ward, why):
    with pytest.raises(InvalidAccount) as refused:
        add_account(session, name=name, roles=roles, ward=ward, by=None, now=NOW)
    assert refused.value.why == why


def test_two_of_one_name_who_come_at_once_get_two_logins(engine: Engine):
    together, made = Barrier(2), []

    def add() -> None:
        together.wait()
        with writing(engine).begin() as session:
            made.append(person(session, "Minh", "facilitator").login)

    threads = [Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == ["minh", "minh2"]


# --- the laptop of a hall -----------------------------------------------------------------------------------------


def test_a_laptop_without_accounts_gets_its_facilitator_once(engine: Engine):
    together = Barrier(3)
    names: list[str] = []

    def start() -> None:
        together.wait()
        with writing(engine).begin() as session:
            names.append(hall_account(session, now=NOW).name)

    threads = [Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["Người đứng lớp"] * 3
    with reading(engine)() as session:
        assert session.scalars(select(AccountRow.id)).all() == [HALL_ID]


def test_a_laptop_with_accounts_gets_none(session, thu):
    assert hall_account(session, now=NOW) is None
    assert find_account(session, HALL_ID) is None


def test_the_laptops_facilitator_can_be_disabled_for_good(session):
    hall_account(session, now=NOW)
    account_admin.disable(session, HALL_ID, by=None, now=NOW)
    assert hall_account(session, now=NOW) is None


# --- rights: the whole table --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "role"), [*product(permissions.ACTIONS, ROLES)])
def test_a_role_gives_its_actions_in_its_own_ward_and_no_other(session, action, role):
    holder = person(session, "Minh", role, ward=CITY if role == "administrator" else AN_DONG)
    given = role in permissions.ACTIONS[action]
    assert may(holder, action, Subject(AN_DONG)) is given
    everywhere = given and holder.ward == CITY
    assert may(holder, action, Subject(AN_HOI_DONG)) is everywhere
    assert may(holder, action, Subject(CITY)) is everywhere


@pytest.mark.parametrize(("role", "action"), [*product(ROLES, permissions.ACTIONS)])
def test_who_is_of_the_city_acts_in_every_ward(session, role, action):
    holder = person(session, "Minh", role, ward=CITY)
    assert may(holder, action, Subject(AN_HOI_DONG)) is (role in permissions.ACTIONS[action])


@pytest.mark.parametrize("action", permissions.ACTIONS)
def test_nobody_and_who_is_disabled_may_nothing(session, root, action):
    second = person(session, "Hai", "administrator", ward=CITY)
    gone = account_admin.disable(session, second.id, by=root, now=NOW)
    assert not may(None, action, Subject(AN_DONG))
    assert not may(gone, action, Subject(AN_DONG))
    with pytest.raises(NotAllowed):
        permissions.require(gone, action, Subject(AN_DONG))


@pytest.mark.parametrize(("by_role", "given"), [*product(ROLES, ROLES)])
def test_who_may_give_which_role(session, by_role, given):
    by = person(session, "Minh", by_role, ward=CITY)
    allowed = by_role == "administrator" or (by_role == "organiser" and given != "administrator")
    if allowed:
        assert given in person(session, "Hoa", given, ward=CITY, by=by).roles
    else:
        with pytest.raises(NotAllowed):
            person(session, "Hoa", given, ward=CITY, by=by)


def test_an_organiser_of_a_ward_makes_nobody_elsewhere(session, thu):
    assert person(session, "Minh", "facilitator", by=thu).ward == AN_DONG
    for ward in (AN_HOI_DONG, CITY):
        with pytest.raises(NotAllowed):
            person(session, "Hoa", "facilitator", ward=ward, by=thu)


def test_an_organiser_finds_only_the_people_of_her_ward(session, root, thu):
    mine, hers = person(session, "Minh", "facilitator"), person(session, "Hoa", "facilitator", ward=AN_HOI_DONG)
    assert account_store.managed_account(session, thu, mine.id) == mine
    for other in (hers, root):
        with pytest.raises(NotFound):
            account_store.managed_account(session, thu, other.id)
        with pytest.raises(NotFound):
            account_admin.disable(session, other.id, by=thu, now=NOW)
        with pytest.raises(NotFound):
            sign_in_slips.issue_slip(session, other.id, by=thu, secret=SECRET, now=NOW)
        with pytest.raises(NotFound):
            account_admin.sign_out_everywhere(session, other.id, by=thu, now=NOW)
        with pytest.raises(NotFound):
            change(session, other, by=thu, name="Của tôi")
    assert account_store.managed_account(session, root, hers.id) == hers


def change(session, account, *, by, name=None, roles=None, ward=None):
    return account_admin.change_account(
        session,
        account.id,
        name=name or account.name,
        roles=account.roles if roles is None else roles,
        ward=account.ward if ward is None else ward,
        by=by,
        now=LATER,
    )


def test_an_organiser_can_raise_nobody_above_herself(session, root, thu):
    minh = person(session, "Minh", "facilitator")
    for roles, ward in [({"administrator"}, CITY), ({"organiser"}, CITY), ({"facilitator"}, AN_HOI_DONG)]:
        with pytest.raises(NotAllowed):
            change(session, minh, by=thu, roles=roles, ward=ward)
    city = person(session, "Tổ chức", "organiser", ward=CITY)
    with pytest.raises(NotAllowed):
        change(session, minh, by=city, roles={"administrator"}, ward=CITY)
    with pytest.raises(NotFound):  # who prints an administrator's slip could sign in with it
        sign_in_slips.issue_slip(session, root.id, by=city, secret=SECRET, now=NOW)


def test_nobody_takes_the_right_to_manage_from_herself(session, root, thu):
    with pytest.raises(NotYourself):
        change(session, thu, by=thu, roles={"facilitator"})
    with pytest.raises(NotYourself):
        account_admin.disable(session, thu.id, by=thu, now=NOW)
    with pytest.raises(NotYourself):
        account_admin.disable(session, root.id, by=root, now=NOW)
    assert change(session, thu, by=thu, roles={"organiser", "facilitator"}).roles == {"organiser", "facilitator"}


# --- the last administrator ---------------------------------------------------------------------------------------


def test_the_last_administrator_stays(session, root):
    with pytest.raises(LastAdministrator):
        account_admin.disable(session, root.id, by=None, now=NOW)
    with pytest.raises(LastAdministrator):
        change(session, root, by=None, roles={"helper"})
    second = person(session, "Hai", "administrator", ward=CITY)
    account_admin.disable(session, second.id, by=root, now=NOW)
    with pytest.raises(LastAdministrator):  # one who is disabled is nobody
        account_admin.disable(session, root.id, by=None, now=NOW)


def test_two_administrators_who_disable_each_other_at_once_leave_one(engine: Engine):
    for _ in range(4):
        with writing(engine).begin() as session:
            two = [person(session, f"Quản trị {n}", "administrator", ward=CITY) for n in range(2)]
        together, refused = Barrier(2), []

        def disable(by, whom, together=together, refused=refused) -> None:
            together.wait()
            try:
                with writing(engine).begin() as session:
                    account_admin.disable(session, whom.id, by=by, now=NOW)
            except (LastAdministrator, NotFound) as error:
                refused.append(error)

        threads = [Thread(target=disable, args=pair) for pair in (two, reversed(two))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with writing(engine).begin() as session:
            left = [find_account(session, one.id) for one in two]
            assert sorted(one.disabled for one in left) == [False, True]
            assert len(refused) == 1
            helper = person(session, "Thế chỗ", "administrator", ward=CITY)
            for one in left:
                if not one.disabled:
                    account_admin.disable(session, one.id, by=None, now=NOW)
            # leaves one administrator, who is disabled when the next pair is there
            session.execute(AccountRow.__table__.update().where(AccountRow.id == helper.id).values(disabled_at=NOW))


# --- taking away, at once -----------------------------------------------------------------------------------------


def test_disabling_ends_everything_at_once(engine: Engine):
    with writing(engine).begin() as session:
        minh, thu = person(session, "Minh", "facilitator"), person(session, "Thu", "organiser")
        used = sign_in_slips.issue_slip(session, minh.id, by=thu, secret=SECRET, now=NOW)
    signed_in = sign_ins.sign_in_with_slip(engine, used.token, now=NOW)
    with writing(engine).begin() as session:
        waiting = sign_in_slips.issue_slip(session, minh.id, by=thu, secret=SECRET, now=NOW)
        assert sign_ins.find_sign_in(session, signed_in, now=NOW).account.id == minh.id
        account_admin.disable(session, minh.id, by=thu, now=NOW)
        assert sign_ins.find_sign_in(session, signed_in, now=NOW) is None
        assert find_account(session, minh.id).session_version > minh.session_version  # which streams compare
        with pytest.raises(SlipRefused):
            sign_in_slips.use_slip(session, waiting.token, now=NOW)
        with pytest.raises(SlipRefused):
            sign_in_slips.issue_slip(session, minh.id, by=thu, secret=SECRET, now=NOW)
        account_admin.enable(session, minh.id, by=thu, now=NOW)
        assert sign_ins.find_sign_in(session, signed_in, now=NOW) is None  # an old cookie stays an old cookie


@pytest.mark.parametrize(
    ("roles", "ward", "out"),
    [
        ({"facilitator", "helper"}, None, False),
        ({"helper"}, None, True),
        (None, AN_HOI_DONG, True),
        (None, None, False),
    ],
)
def test_a_right_taken_away_ends_the_sign_in_and_one_given_does_not(engine: Engine, roles, ward, out):
    with writing(engine).begin() as session:
        root, minh = person(session, "Root", "administrator", ward=CITY), person(session, "Minh", "facilitator")
        slip = sign_in_slips.issue_slip(session, minh.id, by=None, secret=SECRET, now=NOW)
    token = sign_ins.sign_in_with_slip(engine, slip.token, now=NOW)
    with writing(engine).begin() as session:
        change(session, minh, by=root, name="Minh Trần", roles=roles, ward=ward)
        found = sign_ins.find_sign_in(session, token, now=NOW)
        assert (found is None) is out
        assert out or found.account.roles == (roles or minh.roles)


# --- the journal --------------------------------------------------------------------------------------------------


def test_the_journal_says_who_changed_what_and_only_to_its_ward(session, root, thu):
    minh = person(session, "Minh", "facilitator", by=thu)
    change(session, minh, by=thu, roles={"helper"})
    sign_in_slips.issue_slip(session, minh.id, by=thu, secret=SECRET, now=LATER)
    account_admin.disable(session, minh.id, by=thu, now=LATER)
    account_admin.enable(session, minh.id, by=thu, now=LATER)
    person(session, "Hoa", "facilitator", ward=AN_HOI_DONG, by=root)
    mine = audit_log.read(session, ward=AN_DONG)
    deeds = [entry.deed for entry in mine if entry.about == minh.id]
    assert deeds == ["account_enabled", "account_disabled", "slip_issued", "account_changed", "account_added"]
    assert {entry.who for entry in mine if entry.about == minh.id} == {"Thu"}
    [changed] = [entry for entry in mine if entry.deed == "account_changed"]
    assert (changed.said["before"]["roles"], changed.said["roles"]) == (["facilitator"], ["helper"])
    assert not [entry for entry in mine if entry.said["name"] == "Hoa"]
    assert [entry for entry in audit_log.read(session, ward=CITY) if entry.said["name"] == "Hoa"]
    assert audit_log.read(session, ward=AN_DONG, before=mine[0].id, limit=1) == mine[1:2]


def test_who_moves_to_another_ward_stands_in_both_journals(session, root):
    minh = person(session, "Minh", "facilitator")
    change(session, minh, by=root, ward=AN_HOI_DONG)
    for ward in (AN_DONG, AN_HOI_DONG):
        assert audit_log.read(session, ward=ward)[0].deed == "account_changed"


def test_a_deed_without_a_sentence_is_not_noted(session, root):
    with pytest.raises(ValueError):
        audit_log.note(session, root, "something", about=root.id, ward=CITY, said={}, now=NOW)

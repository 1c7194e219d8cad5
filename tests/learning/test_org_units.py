"""Units: which lines of a list are new, there already, similar or wrong, and what organisers may change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from lms.learning.accounts import account_admin, account_store
from lms.learning.accounts.account import Account
from lms.learning.errors import InvalidOrgUnit, InvalidOrgUnitList, NotAllowed, NotFound, OrgUnitChanged, OrgUnitClosed
from lms.learning.org_units import unit_admin, unit_store
from lms.learning.org_units.names import all_organisations, find_organisation, name_key
from lms.learning.org_units.unit_list import ListLine, check_list
from lms.learning.org_units.unit_store import CITY_UNIT_ID
from tests.learning.sample_courses import NOW

WARD, OTHER_WARD = "27316", "25750"


@pytest.fixture
def organiser(session: Session) -> Account:
    return account_store.add_account(session, name="Thu", roles={"organiser"}, ward=WARD, by=None, now=NOW)


def lines(*texts: str) -> list[ListLine]:
    return [ListLine(number, tuple(text.split(";"))) for number, text in enumerate(texts, 1)]


def check(*texts: str, ward: str = WARD):
    return check_list(lines(*texts), ward=ward, known=[])


def add(session: Session, by: Account, *texts: str, ward: str = WARD, **values):
    return unit_admin.add_units(session, lines(*texts), ward=ward, by=by, now=NOW, **values)


def names(session: Session, ward: str = WARD) -> list[str]:
    return [unit.name for unit in unit_store.find_units(session, ward=ward)]


def test_a_line_says_by_its_name_or_by_its_second_cell_what_it_is():
    checked = check(
        "Khu phố 3", "KP 12", "ấp Bình Hòa", "Hội Phụ nữ", "MTTQ Phường An Đông", "Trường Tập Thử; tổ chức",
        "Đội số; tổ công nghệ số; khu phố 3", "Tổ công nghệ số cộng đồng khu phố 12",
    )  # fmt: skip
    assert not checked.wrong and not checked.similar and not checked.present
    by_name = {unit.name: unit for unit in checked.units}
    assert [by_name[name].kind for name in ("Khu phố 3", "KP 12", "ấp Bình Hòa")] == ["neighbourhood"] * 3
    assert [by_name[name].organisation for name in ("Hội Phụ nữ", "MTTQ Phường An Đông", "Trường Tập Thử")] == [
        "hoi-phu-nu", "mttq", "",
    ]  # fmt: skip
    assert by_name["Đội số"].parent_id == by_name["Khu phố 3"].id
    assert by_name["Tổ công nghệ số cộng đồng khu phố 12"].parent_id == by_name["KP 12"].id


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (";khu phố", "missing"),
        ("Khu phố " + "x" * 80, "too_long"),
        ("Khu phố 3 0100000777", "number"),
        ("12", "symbol"),
        ("=1+1; khu phố", "formula"),
        ("@Khu phố 3; khu phố", "formula"),
        ("Nhà bác Tập", "unknown_kind"),
        ("Khu phố 3; câu lạc bộ", "unknown_kind"),
        ("Tổ công nghệ số", "unknown_parent"),
        ("Tổ công nghệ số khu phố 99", "unknown_parent"),
        ("Khu phố 3;;;thêm", "extra"),
    ],
)
def test_a_wrong_line_is_told_by_its_number(line, why):
    checked = check("Khu phố 1", "", line)
    assert [(wrong.line.number, wrong.why) for wrong in checked.wrong] == [(3, why)]


def test_neighbourhoods_belong_to_a_ward_and_organisations_also_to_the_city():
    assert check("Hội Phụ nữ", ward="").units[0].parent_id == CITY_UNIT_ID
    assert [wrong.why for wrong in check("Khu phố 3", ward="").wrong] == ["needs_ward"]


@pytest.mark.parametrize("spelled", ["KHU  PHỐ 3", "khu phố 3"])
def test_the_same_name_is_left_out_and_told(spelled):
    checked = check("Khu phố 3", spelled)
    assert [(line.line.number, line.known) for line in checked.present] == [(2, "Khu phố 3")]
    assert len(checked.units) == 1


@pytest.mark.parametrize("spelled", ["khu pho 3", "Khuphố 3", "KP 3", "Khu phố 03", "Khu phổ 3; khu phố"])
def test_a_similar_name_is_asked_about(spelled):
    checked = check("Khu phố 3", spelled)
    assert [(line.line.number, line.known) for line in checked.similar] == [(2, "Khu phố 3")]


def test_a_second_chapter_of_an_organisation_is_asked_about_however_it_is_spelled():
    [similar] = check("Hội Phụ nữ", "Hội LHPN phường An Đông").similar
    assert similar.known == "Hội Phụ nữ"


def test_names_that_have_other_letters_are_not_similar():
    assert not check("Khu phố 1", "Khu phố 11", "Ấp 1", "Ấp 2").similar
    assert name_key("Khu phố 10") != name_key("Khu phố 1")


def test_every_organisation_has_a_source_with_a_date_and_is_found_by_each_of_its_names():
    for organisation in all_organisations():
        assert organisation.source and date.fromisoformat(organisation.source_date)
        for name in (organisation.name, *organisation.aliases):
            assert find_organisation(name) == organisation, name
    assert find_organisation("Hội Nông dân xã Bình Chánh").key == "hoi-nong-dan"
    assert find_organisation("Hội Nông dân tập thể dục") is None


@pytest.mark.slow
def test_nothing_is_stored_until_all_lines_are_right(session, organiser):
    with pytest.raises(InvalidOrgUnitList) as refused:
        add(session, organiser, *(f"Khu phố {number}" for number in range(1997)), "Chợ", "Chùa", "=2+2")
    assert [wrong.line.number for wrong in refused.value.problems] == [1998, 1999, 2000]
    assert names(session) == []
    checked = add(session, organiser, *(f"Khu phố {number}" for number in range(1997)))
    assert len(checked.units) == len(names(session)) == 1997


def test_similar_lines_are_stored_when_they_are_confirmed(session, organiser):
    add(session, organiser, "Ấp Thanh An")
    with pytest.raises(InvalidOrgUnitList):
        add(session, organiser, "Ấp Thạnh An")
    assert names(session) == ["Ấp Thanh An"]
    add(session, organiser, "Ấp Thạnh An", confirms_similar=True)
    assert names(session) == ["Ấp Thanh An", "Ấp Thạnh An"]


def test_the_same_list_again_adds_nothing(session, organiser):
    add(session, organiser, "Khu phố 3", "Tổ công nghệ số khu phố 3")
    again = add(session, organiser, "Khu phố 3", "Tổ công nghệ số khu phố 3")
    assert not again.units and [line.known for line in again.present] == ["Khu phố 3", "Tổ công nghệ số khu phố 3"]


def test_an_organiser_keeps_the_list_of_her_ward_only_and_the_city_all(session, organiser):
    with pytest.raises(NotAllowed):
        add(session, organiser, "Khu phố 3", ward=OTHER_WARD)
    with pytest.raises(NotAllowed):
        add(session, organiser, "Hội Phụ nữ", ward="")
    of_city = account_store.add_account(session, name="Hà", roles={"organiser"}, ward="", by=None, now=NOW)
    elsewhere = add(session, of_city, "Khu phố 3", ward=OTHER_WARD).units[0]
    for write in (unit_admin.close_unit, unit_admin.reopen_unit):
        with pytest.raises(NotAllowed):
            write(session, elsewhere.id, version=1, by=organiser, now=NOW)
    facilitator = account_store.add_account(session, name="Minh", roles={"facilitator"}, ward=WARD, by=None, now=NOW)
    with pytest.raises(NotAllowed):
        add(session, facilitator, "Khu phố 4")


def test_two_organisers_who_rename_do_not_overwrite_each_other(session, organiser):
    unit = add(session, organiser, "Khu phố 3", "Khu phố 4").units[0]
    renamed = unit_admin.rename_unit(session, unit.id, "Khu phố 3A", version=1, by=organiser, now=NOW)
    assert (renamed.name, renamed.version) == ("Khu phố 3A", 2)
    assert unit_admin.rename_unit(session, unit.id, "Khu phố 3A", version=1, by=organiser, now=NOW) == renamed
    with pytest.raises(OrgUnitChanged):
        unit_admin.rename_unit(session, unit.id, "Khu phố 3B", version=1, by=organiser, now=NOW)
    with pytest.raises(InvalidOrgUnit):
        unit_admin.rename_unit(session, unit.id, "KHU PHỐ 4", version=2, by=organiser, now=NOW)


def test_closing_a_neighbourhood_closes_its_digital_team(session, organiser):
    place, team = add(session, organiser, "Khu phố 3", "Tổ công nghệ số khu phố 3").units
    unit_admin.close_unit(session, place.id, version=1, by=organiser, now=NOW)
    assert names(session) == []
    with pytest.raises(OrgUnitClosed):
        unit_admin.reopen_unit(session, team.id, version=2, by=organiser, now=NOW)
    unit_admin.reopen_unit(session, place.id, version=2, by=organiser, now=NOW)
    unit_admin.reopen_unit(session, team.id, version=2, by=organiser, now=NOW)
    assert names(session) == ["Khu phố 3", "Tổ công nghệ số khu phố 3"]


def test_the_city_and_the_wards_are_units_that_nobody_renames_or_closes(session, organiser):
    add(session, organiser, "Khu phố 3")
    assert unit_store.find_unit(session, WARD).name == "Phường An Đông"
    assert unit_store.find_unit(session, CITY_UNIT_ID).kind == "city"
    with pytest.raises(NotFound):
        unit_admin.close_unit(session, WARD, version=1, by=organiser, now=NOW)
    with pytest.raises(NotFound):
        unit_store.find_unit(session, "00000")


def test_an_account_belongs_to_several_units_until_it_leaves_the_ward(session, organiser):
    first, second = add(session, organiser, "Khu phố 3", "Hội Phụ nữ").units
    minh = account_store.add_account(session, name="Minh", roles={"facilitator"}, ward=WARD, by=None, now=NOW)

    def put(*unit_ids: str, by: Account = organiser) -> list[str]:
        unit_admin.set_units_of_account(session, minh.id, unit_ids, by=by, now=NOW)
        return [unit.name for unit in unit_store.find_units_of_account(session, minh.id)]

    assert put(first.id, second.id) == ["Hội Phụ nữ", "Khu phố 3"]
    assert unit_store.find_member_names(session, first.id) == [(minh.id, "Minh")]
    assert put(second.id) == ["Hội Phụ nữ"]
    of_city = account_store.add_account(session, name="Hà", roles={"organiser"}, ward="", by=None, now=NOW)
    youth = add(session, of_city, "Đoàn Thanh niên", ward="").units[0]
    assert put(second.id, youth.id, by=of_city) == ["Đoàn Thanh niên", "Hội Phụ nữ"]
    with pytest.raises(NotAllowed):
        put(youth.id)
    assert put() == ["Đoàn Thanh niên"]  # the ward's organiser cannot end what the city began
    elsewhere = add(session, of_city, "Khu phố 9", ward=OTHER_WARD).units[0]
    with pytest.raises(NotAllowed):
        put(elsewhere.id, by=of_city)
    put(second.id, youth.id, by=of_city)
    account_admin.update_account(
        session, minh.id, name="Minh", roles={"facilitator"}, ward=OTHER_WARD, by=of_city, now=NOW + timedelta(days=1)
    )
    assert [unit.name for unit in unit_store.find_units_of_account(session, minh.id)] == ["Đoàn Thanh niên"]

"""/quan-ly/bao-cao: the report of a month, quarter or year on one A4, with the same numbers in sheet and file."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import update

from lms.cli.transactions import make_transactions
from lms.learning.accounts.account import Account
from lms.learning.org_units.unit_store import ensure_place_unit
from lms.learning.personal_data.ward import forget_ward
from lms.learning.store.database import write_sessions
from lms.learning.store.models import AccountRow, PlannedClassRow
from lms.vietnam_time import VIETNAM, to_vietnam_time
from lms.web import clock
from tests.learning.movement_statistics.movement import Movement
from tests.ledger_entries import store_cell
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import main_text_at, text_of
from tests.web.period_report_pages import PAGE, numbers_of, sheet_of, table_of
from tests.web.signed_in_clients import OTHER_WARD, WARD, engine_of, make_account, sign_in, signed_in_client
from tests.web.units import add_unit

LAST_YEAR = to_vietnam_time(clock.now()).year - 1


def noon(month: int, day: int = 5, year: int = LAST_YEAR) -> datetime:
    return datetime(year, month, day, 12, tzinfo=VIETNAM)


@pytest.fixture
def movement(app: Flask) -> Movement:
    movement = Movement(engine_of(app))
    movement.now = noon(3)
    return movement


@pytest.fixture
def account(app: Flask) -> Account:
    return make_account(app, "Thu", {"organiser"})


@pytest.fixture
def organiser(app: Flask, account: Account) -> CheckingClient:
    return sign_in(app, account)


def enter(app: Flask, by: Account, number: int | None, *, month: int, at: datetime, unit_id: str = WARD) -> None:
    key = f"{LAST_YEAR}-{month:02}"
    store_cell(engine_of(app), unit_id, key, "counted", "signatures", number, by=by, now=at)


def set_target(
    app: Flask, by: Account, number: int, period: str, *, at: datetime, indicator: str = "classes", signs: bool = False
) -> None:
    store_cell(engine_of(app), WARD, period, "registered", indicator, number, by=by, now=at, signs=signs)


@pytest.mark.slow
def test_page_sheet_and_file_say_the_same_beside_the_period_before(app, movement, account, organiser):
    movement.hold_class(movement.learners(9), added=2)
    enter(app, account, 4, month=3, at=noon(3, 8))
    movement.release()
    movement.now = noon(4)
    learners = movement.learners(6)
    movement.hold_class(learners)
    movement.hold_class(movement.learners(2))
    movement.hold_class(movement.learners(7), ward=OTHER_WARD)
    enter(app, account, 3, month=4, at=noon(4, 8))
    movement.release()
    address = f"{PAGE}/{WARD}/{LAST_YEAR}-04"
    said = numbers_of(organiser, address)
    assert said["Lớp"] == ("1", "1", "0")
    assert said["Lượt người cầm máy ở lớp"] == ("6", "9", "-3")
    assert said["Lượt người không cầm máy"] == ("0", "2", "-2")
    assert said["Người học mới"] == ("6", "9", "-3")
    assert said["Người học từ đầu tới hết kỳ"] == ("15", "9", "6")
    assert said["Chữ ký số đã cấp"] == ("3", "4", "-1")
    table = table_of(organiser, address)
    assert table == {label: said[label] for label in table}
    assert said.keys() - table.keys() == {"Lớp dưới 3 máy hay dưới 5 người"}
    assert "Lớp dưới 3 máy hay dưới 5 người: 1. 2 người." in main_text_at(organiser, address)
    of_city = signed_in_client(app, "Hà", {"organiser"}, "")
    assert numbers_of(of_city, f"{PAGE}/tp/{LAST_YEAR}-04")["Lớp"] == ("2", "1", "1")
    assert numbers_of(of_city, f"{PAGE}/tp/{LAST_YEAR}-04")["Phường An Đông: người học mới"] == ("6", "9", "-3")
    rows = of_city.page(f"{PAGE}/tp/{LAST_YEAR}-04").xpath("//table[@class='period-report-parts']/tbody/tr")
    parts = [[row.find("th").text, *(cell.find("span").tail for cell in row.findall("td"))] for row in rows]
    assert parts == [["Phường An Đông", "1", "6", "6"], ["Phường An Hội Đông", "1", "7", "7"]]
    assert numbers_of(of_city, f"{PAGE}/tp/{LAST_YEAR}-Q2")["Lớp"] == ("2", "1", "1")
    assert numbers_of(of_city, f"{PAGE}/tp/{LAST_YEAR}")["Lớp"] == ("3", "0", "3")
    assert numbers_of(of_city, f"{PAGE}/{OTHER_WARD}/{LAST_YEAR}")["Người học mới"] == ("7", "0", "7")


@pytest.mark.slow
def test_a_closed_report_stays_as_it_was(app, movement, account, organiser):
    learners = movement.learners(9)
    movement.hold_class(learners)
    movement.mark(learners[0])
    enter(app, account, 4, month=3, at=noon(3, 8))
    set_target(app, account, 20, f"{LAST_YEAR}-03", at=noon(3))
    movement.release()
    address = f"{PAGE}/{WARD}/{LAST_YEAR}-03"
    before, page = sheet_of(organiser, address), text_of(organiser.page(address).find(".//article"))
    assert f"Đã chốt ngày 11 tháng 4 năm {LAST_YEAR}" in page
    enter(app, account, 100, month=3, at=noon(4, 11))
    enter(app, account, 90, month=3, at=noon(5))
    set_target(app, account, 5, f"{LAST_YEAR}-03", at=noon(5))
    set_target(app, account, 7, f"{LAST_YEAR}-03", at=noon(5), indicator="signatures")
    movement.hold_class(movement.learners(8), opened_at=noon(3, 20))  # of a laptop that handed in late
    movement.hold_class(movement.learners(1), opened_at=noon(3, 21))
    for learner in learners:
        movement.forget(learner)
    movement.now = noon(5)
    movement.release()
    assert sheet_of(organiser, address) == before
    assert text_of(organiser.page(address).find(".//article")) == page
    assert "có 2 số đếm tay ghi thêm hay bỏ đi, báo cáo này không đổi theo" in main_text_at(organiser, address)
    assert numbers_of(organiser, f"{PAGE}/{WARD}/{LAST_YEAR}")["Chữ ký số đã cấp"] == ("90", "0", "90")
    assert numbers_of(organiser, f"{PAGE}/{WARD}/{LAST_YEAR}-05")["Lớp"] == ("1", "0", "1")


@pytest.mark.slow
def test_a_plan_that_is_given_to_another_unit_changes_no_closed_report(app, movement, organiser):
    women, youth = add_unit(app, "Hội Phụ nữ"), add_unit(app, "Đoàn Thanh niên")
    movement.hold_class(movement.learners(9), unit=women)
    movement.hold_class(movement.learners(2), unit=women)
    movement.release()
    addresses = [f"{PAGE}/{unit}/{LAST_YEAR}-03" for unit in (women, youth, WARD)]
    before = [sheet_of(organiser, address) for address in addresses]
    assert numbers_of(organiser, addresses[0])["Lớp dưới 3 máy hay dưới 5 người"][0] == "1"
    with write_sessions(engine_of(app)).begin() as session:
        session.execute(update(PlannedClassRow).values(unit_id=youth))
    assert [sheet_of(organiser, address) for address in addresses] == before


@pytest.mark.slow
def test_after_a_ward_was_forgotten_its_closed_report_keeps_the_counts_and_says_what_is_gone(app, movement, account):
    movement.hold_class(movement.learners(9))
    enter(app, account, 4, month=3, at=noon(3, 8))
    movement.release()
    city = signed_in_client(app, "Hà", {"organiser"}, "")
    addresses = [f"{PAGE}/{unit}/{LAST_YEAR}-03" for unit in (WARD, "tp")]
    before = [numbers_of(city, address) for address in addresses]
    forgetting = make_transactions(engine_of(app))
    forget_ward(forgetting, WARD, progress=lambda _done, _all: None, now=noon(6, 2))
    for address, numbers in zip(addresses, before, strict=True):
        assert numbers["Chữ ký số đã cấp"][0] == "4"
        after = numbers_of(city, address)
        assert "Chữ ký số đã cấp" not in after
        for label in ("Lớp", "Lượt người cầm máy ở lớp", "Người học mới"):
            assert after[label] == numbers[label], label
        assert "Ngày 2 tháng 6" in main_text_at(city, address)
        assert "đã quên các lớp của Phường An Đông. Số trang đếm còn nguyên" in main_text_at(city, address)
    for untouched in (f"{PAGE}/{OTHER_WARD}/{LAST_YEAR}-03", f"{PAGE}/tp/{LAST_YEAR}-07"):
        assert "đã quên" not in main_text_at(city, untouched)


@pytest.mark.slow
def test_what_is_entered_until_the_tenth_of_the_next_month_is_in_the_report(app, account, organiser):
    last_moment = datetime(LAST_YEAR, 4, 10, 23, 59, 59, tzinfo=VIETNAM)
    enter(app, account, 5, month=3, at=last_moment)
    enter(app, account, 12, month=3, at=last_moment + timedelta(seconds=1))
    assert numbers_of(organiser, f"{PAGE}/{WARD}/{LAST_YEAR}-03")["Chữ ký số đã cấp"] == ("5", "0", "5")
    assert numbers_of(organiser, f"{PAGE}/{WARD}/{LAST_YEAR}-Q1")["Chữ ký số đã cấp"] == ("5", "0", "5")
    assert numbers_of(organiser, f"{PAGE}/{WARD}/{LAST_YEAR}")["Chữ ký số đã cấp"] == ("12", "0", "12")


def test_targets_tell_how_far_they_are(app, movement, account, organiser):
    movement.hold_class(movement.learners(9), added=2)
    movement.release()
    set_target(app, account, 20, str(LAST_YEAR), at=noon(3), indicator="attendances", signs=True)
    set_target(app, account, 3, str(LAST_YEAR), at=noon(3), indicator="signatures")
    enter(app, account, 5, month=3, at=noon(3, 8))
    text = main_text_at(organiser, f"{PAGE}/{WARD}/{LAST_YEAR}")
    assert "Lượt người tới lớp: 11 trên 20. Đăng ký: còn 9." in text
    assert "Chữ ký số đã cấp: 5 trên 3. Đăng ký, chưa ký: vượt 2, 5 đếm tay." in text


@pytest.mark.slow
def test_an_organisation_has_its_classes_and_entries(app, movement, account, organiser):
    union = add_unit(app, "Hội Phụ nữ")
    movement.hold_class(movement.learners(9), unit=union)
    movement.hold_class(movement.learners(5))
    movement.release()
    enter(app, account, 6, month=3, at=noon(3, 8), unit_id=union)
    enter(app, account, 1, month=3, at=noon(3, 8))
    said = numbers_of(organiser, f"{PAGE}/{union}/{LAST_YEAR}-03")
    assert (said["Lớp"][0], said["Lượt người cầm máy ở lớp"][0], said["Chữ ký số đã cấp"][0]) == ("1", "9", "6")
    assert numbers_of(organiser, f"{PAGE}/{WARD}/{LAST_YEAR}-03")["Chữ ký số đã cấp"][0] == "7"
    of_ward = numbers_of(organiser, f"{PAGE}/{WARD}/{LAST_YEAR}-03")
    assert (of_ward["Lớp"][0], of_ward["Hội Phụ nữ: lớp"][0]) == ("2", "1")
    assert "Hội Phụ nữ, Phường An Đông" in main_text_at(organiser, f"{PAGE}/{union}/{LAST_YEAR}-03")
    of_city = add_unit(app, "Hội Phụ nữ Thành phố", ward="")
    city = numbers_of(signed_in_client(app, "Hà", {"organiser"}, ""), f"{PAGE}/{of_city}/{LAST_YEAR}-03")
    assert (city["Lớp"][0], city["Chữ ký số đã cấp"][0]) == ("1", "6")
    assert organiser.get(f"{PAGE}/{of_city}/{LAST_YEAR}-03").status_code == 403


def test_a_form_leads_to_the_report(organiser):
    page = organiser.page(PAGE)
    assert page.xpath("//select[@name='don-vi']/option/@value") == [WARD]
    assert page.xpath("//select[@name='ky']/option[@selected]")
    answer = organiser.get(f"{PAGE}?phuong={WARD}&don-vi={WARD}&ky={LAST_YEAR}-Q3")
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{WARD}/{LAST_YEAR}-Q3")
    assert organiser.get(answer.location).status_code == 200


def test_periods_are_offered_from_months_to_years_with_the_latest_of_each_first(organiser):
    offered = organiser.page(PAGE).xpath("//select[@name='ky']/option/@value")
    years = (LAST_YEAR + 2, LAST_YEAR + 1, LAST_YEAR)
    assert offered == [
        *(f"{year}-{number:02}" for year in years for number in range(12, 0, -1)),
        *(f"{year}-Q{number}" for year in years for number in range(4, 0, -1)),
        *map(str, years),
    ]


@pytest.mark.parametrize(
    ("period", "said"),
    [(f"{LAST_YEAR + 2}", "Kỳ ấy chưa tới"), ("2026-13", "Kỳ ấy không có"), ("2026-Q5", "Kỳ ấy không có")],
)
def test_a_period_that_has_not_come_or_is_none_is_said_in_a_sentence(organiser, period, said):
    for address in (f"{PAGE}/{WARD}/{period}", f"{PAGE}?don-vi={WARD}&ky={period}"):
        answer = organiser.get(address)
        assert answer.status_code == 404
        [alert] = html.fromstring(answer.text).xpath("//*[@role='alert']")
        assert said in text_of(alert)
    assert organiser.get(f"{PAGE}/{WARD}/{period}.xlsx").status_code == 404


def test_another_wards_report_and_an_unknown_one_are_refused(app, organiser):
    elsewhere = add_unit(app, ward=OTHER_WARD)
    for unit, status in ((OTHER_WARD, 403), (elsewhere, 403), ("tp", 403), ("99999", 404), ("x", 404)):
        for ending in ("", ".csv", ".xlsx"):
            assert organiser.get(f"{PAGE}/{unit}/{LAST_YEAR}{ending}").status_code == status, (unit, ending)
    assert organiser.get(f"{PAGE}?phuong={OTHER_WARD}").status_code == 404
    assert organiser.get(f"{PAGE}/{WARD}/{LAST_YEAR}.pdf").status_code == 404


@pytest.mark.slow
def test_a_ward_that_was_merged_in_the_year_stays_in_the_sum_of_the_city(app, movement):
    gone = "99998"
    movement.hold_class(movement.learners(9), ward=gone)
    movement.hold_class(movement.learners(2), ward=gone)
    movement.hold_class(movement.learners(5))
    movement.release()
    former = make_account(app, "Sáu", {"organiser"})
    with write_sessions(engine_of(app)).begin() as session:
        ensure_place_unit(session, gone, now=noon(1))  # as by a target of it, before it was merged
        session.execute(update(AccountRow).where(AccountRow.id == former.id).values(ward=gone))
    enter(app, make_account(app, "Hà", {"organiser"}, ""), 7, month=3, at=noon(3, 8), unit_id=gone)
    city = signed_in_client(app, "Ba", {"organiser"}, "")
    of_city, of_ward = (numbers_of(city, f"{PAGE}/{unit}/{LAST_YEAR}") for unit in ("tp", gone))
    assert (of_city["Lượt người cầm máy ở lớp"][0], of_ward["Lượt người cầm máy ở lớp"][0]) == ("14", "9")
    assert of_city["Chữ ký số đã cấp"][0] == of_ward["Chữ ký số đã cấp"][0] == "7"
    assert of_city["Lớp dưới 3 máy hay dưới 5 người"][0] == "1"
    assert sign_in(app, former).get(f"{PAGE}/{gone}/{LAST_YEAR}").status_code == 200

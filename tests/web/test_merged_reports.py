"""Reports of two wards of which one was merged into the other on 20 May: what was closed by then stays as it was."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask

from lms.learning.accounts.account import Account
from lms.learning.org_units.unit_store import find_unit
from lms.learning.period_reports import report_notes
from lms.learning.store.database import write_sessions
from lms.learning.targets import hand_counted_figures, target_admin
from lms.learning.targets.periods import parse_period
from lms.vietnam_time import VIETNAM, to_vietnam_time
from lms.web import clock
from tests.learning.movement_statistics.movement import Movement
from tests.merged_wards import merge
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of
from tests.web.period_report_pages import PAGE, numbers_of, sheet_of
from tests.web.signed_in_clients import OTHER_WARD, WARD, engine_of, make_account, sign_in, signed_in_client
from tests.web.units import add_unit

YEAR = to_vietnam_time(clock.now()).year - 1
CLOSED, OPEN = (f"{YEAR}-03", f"{YEAR}-04", f"{YEAR}-Q1"), (f"{YEAR}-05", f"{YEAR}-Q2", f"{YEAR}")
PHONES = "Lượt người cầm máy ở lớp"


def noon(month: int, day: int) -> datetime:
    return datetime(YEAR, month, day, 12, tzinfo=VIETNAM)


@pytest.fixture
def city_account(app: Flask) -> Account:
    return make_account(app, "Hà", {"organiser"}, "")


@pytest.fixture
def city(app: Flask, city_account: Account) -> CheckingClient:
    return sign_in(app, city_account)


def set_target(app: Flask, by: Account, unit: str, period: str, number: int) -> None:
    with write_sessions(engine_of(app)).begin() as session:
        target_admin.add_target(
            session, unit_id=unit, indicator="attendances", period=period, origin="registered", number=number, by=by,
            now=noon(3, 1),
        )  # fmt: skip


def enter(app: Flask, by: Account, unit: str, number: int, day: date) -> None:
    with write_sessions(engine_of(app)).begin() as session:
        hand_counted_figures.enter_hand_counted_figure(
            session, unit_id=unit, indicator="signatures", day=day, number=number, note="", by=by,
            now=datetime(day.year, day.month, day.day, 20, tzinfo=VIETNAM),
        )  # fmt: skip


def live_half_a_year(app: Flask, by: Account) -> tuple[str, str, str]:
    """Classes, entries and targets of both wards in March and May; the ids of two chapters and a neighbourhood."""
    women, women_there = (add_unit(app, "Hội Phụ nữ", ward=ward) for ward in (WARD, OTHER_WARD))
    third_there = add_unit(app, "Khu phố 3", ward=OTHER_WARD)
    movement = Movement(engine_of(app))
    for month, day in ((3, 5), (5, 12)):
        movement.now = noon(month, day)
        movement.hold_class(movement.learners(9), unit=women)
        movement.hold_class(movement.learners(7), ward=OTHER_WARD, unit=women_there)
        movement.hold_class(movement.learners(6), ward=OTHER_WARD, unit=third_there)
        movement.hold_class(movement.learners(2), ward=OTHER_WARD, unit=third_there)
        enter(app, by, WARD, 4, date(YEAR, month, day))
        enter(app, by, women_there, 3, date(YEAR, month, day))
        movement.release()
    for unit, number in ((WARD, 60), (OTHER_WARD, 40), (women, 30), (women_there, 20)):
        for period in (f"{YEAR}-03", f"{YEAR}"):
            set_target(app, by, unit, period, number)
    period = parse_period(f"{YEAR}-Q2")
    assert period
    with write_sessions(engine_of(app)).begin() as session:
        texts = {"difficulties": "Phòng chật"}
        unit = find_unit(session, OTHER_WARD)
        report_notes.write_note(session, unit, period, texts, version=0, by=by, now=noon(5, 13))
    return women, women_there, third_there


@pytest.mark.slow
def test_closed_reports_of_both_wards_their_units_and_the_city_stay_as_they_were(app, city, city_account):
    units = live_half_a_year(app, city_account)
    addresses = [f"{PAGE}/{unit}/{period}" for unit in (WARD, OTHER_WARD, "tp", *units) for period in CLOSED]
    before = [sheet_of(city, address) for address in addresses]
    pages = [text_of(city.page(address).find(".//article")) for address in addresses]
    merge(engine_of(app), OTHER_WARD, WARD, now=noon(5, 20))
    after = dict(zip(addresses, (sheet_of(city, address) for address in addresses), strict=True))
    chapter = f"{PAGE}/{units[1]}/"  # its name has the ward behind it now, as names are those of today
    for address, sheet, page in zip(addresses, before, pages, strict=True):
        if address.startswith((chapter, f"{PAGE}/{OTHER_WARD}/")):
            renamed = [
                [cell.replace("Hội Phụ nữ (Phường An Hội Đông)", "Hội Phụ nữ") for cell in line]
                for line in after[address]
            ]
            assert renamed == sheet, address
        else:
            assert after[address] == sheet, address
            assert text_of(city.page(address).find(".//article")) == page, address
    organiser = signed_in_client(app, "Ba", {"organiser"})
    assert numbers_of(organiser, f"{PAGE}/{OTHER_WARD}/{YEAR}-03")[PHONES][0] == "13"  # hers to read now
    assert "Phường An Hội Đông" in text_of(organiser.page(PAGE).find(".//main"))


@pytest.mark.slow
def test_what_was_open_is_in_the_successors_report_with_both(app, city, city_account):
    women, women_there, third_there = live_half_a_year(app, city_account)
    of_city = {period: sheet_of(city, f"{PAGE}/tp/{period}") for period in OPEN}
    merge(engine_of(app), OTHER_WARD, WARD, now=noon(5, 20))
    for period, phones, by_hand in zip(OPEN, ("22", "22", "44"), ("7", "7", "14"), strict=True):
        for ending in ("", ".csv", ".xlsx"):
            for former, successor in ((OTHER_WARD, WARD), (women_there, women)):
                answer = city.get(f"{PAGE}/{former}/{period}{ending}")
                assert (answer.status_code, answer.location) == (303, f"{PAGE}/{successor}/{period}{ending}")
        said = numbers_of(city, f"{PAGE}/{WARD}/{period}")
        assert (said[PHONES][0], said["Chữ ký số đã cấp"][0]) == (phones, by_hand)
        assert said["Lớp dưới 3 máy hay dưới 5 người"][0] == ("2" if period == f"{YEAR}" else "1")
        page = text_of(city.page(f"{PAGE}/{WARD}/{period}").find(".//article"))
        assert "Phường An Hội Đông nhập vào từ ngày 20 tháng 5" in page
        sums = {line[1]: line[2] for line in of_city[period] if line[0] != "Từng nơi"}
        now = {line[1]: line[2] for line in sheet_of(city, f"{PAGE}/tp/{period}") if line[0] != "Từng nơi"}
        assert now == sums
    assert numbers_of(city, f"{PAGE}/{women}/{YEAR}-05")[PHONES][0] == "16"
    assert numbers_of(city, f"{PAGE}/{third_there}/{YEAR}-05")[PHONES][0] == "6"
    parts = numbers_of(city, f"{PAGE}/{WARD}/{YEAR}-05")
    assert parts["Hội Phụ nữ: lượt người cầm máy ở lớp"][0] == "16"
    assert parts["Khu phố 3: lượt người cầm máy ở lớp"][0] == "6"
    of_wards = numbers_of(city, f"{PAGE}/tp/{YEAR}")
    assert of_wards["Phường An Đông: lượt người cầm máy ở lớp"][0] == "44"
    assert not [label for label in of_wards if label.startswith("Phường An Hội Đông")]
    before_closing = numbers_of(city, f"{PAGE}/tp/{YEAR}-Q1")
    assert before_closing["Phường An Hội Đông: lượt người cầm máy ở lớp"][0] == "13"


@pytest.mark.slow
def test_targets_and_notes_of_both_stand_beside_each_other_on_an_open_report(app, city, city_account):
    live_half_a_year(app, city_account)
    merge(engine_of(app), OTHER_WARD, WARD, now=noon(5, 20))
    page = text_of(city.page(f"{PAGE}/{WARD}/{YEAR}").find(".//article"))
    assert "Lượt người tới lớp: 44 trên 60. Đăng ký, chưa ký: còn 16." in page
    assert "Lượt người tới lớp, của Phường An Hội Đông: 44 trên 40. Đăng ký, chưa ký: vượt 4." in page
    quarter = f"{PAGE}/{WARD}/{YEAR}-Q2"
    assert "Khó khăn, Phường An Hội Đông ghi: Phòng chật" in text_of(city.page(quarter).find(".//article"))
    assert ["Báo cáo", "Khó khăn, Phường An Hội Đông", "", "", "", "", "Phòng chật"] in sheet_of(city, quarter)

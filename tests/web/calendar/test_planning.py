"""Planning: what organisers write into the calendar, change and cancel."""

from __future__ import annotations

import pytest
from lxml import html

from lms import vietnam_time
from tests.web.page_texts import main_text
from tests.web.planned_classes import errors, plan_class, planned_id, read_planned_class, submit, tomorrow
from tests.web.signed_in_clients import OTHER_WARD, WARD, csrf_token, signed_in_client


@pytest.mark.slow
def test_an_organiser_plans_a_class_that_citizens_see_at_once(app, organiser, lan):
    planned = planned_id(submit(organiser))
    stored = read_planned_class(app, planned)
    local = vietnam_time.to_vietnam_time(stored.starts_at)
    assert (local.date().isoformat(), local.strftime("%H:%M")) == (tomorrow(), "08:30")
    assert (stored.ward, stored.plan.seats, stored.plan.wheelchair) == (WARD, 30, "yes")
    assert "Nhà văn hóa khu phố 3" in main_text(lan.page("/lich"))
    assert "Đã ghi vào lịch" in main_text(organiser.page(f"/quan-ly/lich/{planned}?xong=them"))


def test_a_double_tap_plans_one_class(organiser):
    assert planned_id(submit(organiser)) == planned_id(submit(organiser))
    assert len(organiser.page("/quan-ly/lich").xpath("//a[contains(@class, 'planned')]")) == 1


@pytest.mark.parametrize("hour", ["8:30", "8h30", "8 giờ 30", "08:30:00"])
def test_a_browser_without_fields_for_days_sends_what_was_typed(app, organiser, hour):
    day = "/".join(str(int(part)) for part in reversed(tomorrow().split("-")))
    local = vietnam_time.to_vietnam_time(
        read_planned_class(app, planned_id(submit(organiser, ngay=day, gio=hour))).starts_at
    )
    assert (local.date().isoformat(), local.strftime("%H:%M")) == (tomorrow(), "08:30")


def test_a_refused_cancellation_stays_typed(app, organiser):
    planned = plan_class(app)
    for version, reason, status in (("9", "Bão lớn", 409), ("1", "x" * 121, 422)):
        fields = {"ban": version, "vi-sao": reason, "csrf_token": csrf_token(organiser)}
        refused = organiser.post(f"/quan-ly/lich/{planned.id}/hoan", data=fields)
        assert refused.status_code == status
        assert len(errors(refused)) == 1
        assert html.fromstring(refused.text).xpath("//input[@id='vi-sao-hoan']/@value") == [reason]
    assert not read_planned_class(app, planned.id).is_cancelled


def test_a_series_is_planned_at_once_and_its_rest_cancelled(app, organiser):
    first = planned_id(submit(organiser, so_tuan="3"))
    assert len(organiser.page("/quan-ly/lich").xpath("//a[contains(@class, 'planned')]")) == 3
    fields = {"ban": "1", "vi-sao": "", "ca-loat": "1", "csrf_token": csrf_token(organiser)}
    organiser.post(f"/quan-ly/lich/{first}/hoan", data=fields)
    assert main_text(organiser.page("/quan-ly/lich")).count("Hoãn") == 3


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("ngay", "2020-01-01", "đã qua rồi"),
        ("ngay", "31/12", "Ghi ngày và giờ"),
        ("ngay", "9999-12-31", "xa hơn một năm"),
        ("gio", "25:00", "Ghi ngày và giờ"),
        ("bai", "", "Chọn một bài"),
        ("bai", "vneid/khong-co", "không còn trên trang"),
        ("phut", "một", "từ 15 tới 480 phút"),
        ("noi", " ", "Ghi nơi học"),
        ("noi", "x" * 81, "dài quá"),
        ("ban-do", "javascript:alert(1)", "bắt đầu bằng https://"),
        ("so-cho", "-3", "từ 1 tới 2000"),
        ("so-tuan", "99", "từ 1 tới 26"),
        ("so-tuan", "hai", "từ 1 tới 26"),
        ("gio", "8h75", "Ghi ngày và giờ"),
        ("ngay", "31/02/2027", "Ghi ngày và giờ"),
        ("tieng", "xx", "chưa nhận ra"),
    ],
)
def test_a_mistyped_plan_is_told_at_its_field_and_stays_typed(organiser, field, typed, said):
    response = submit(organiser, **{field: typed, "mang-theo": "căn cước <b>"})
    assert response.status_code == 422
    [error] = errors(response)
    assert said in error
    page = html.fromstring(response.text)
    assert page.xpath("//input[@name='mang-theo']/@value") == ["căn cước <b>"]
    assert page.xpath("//*[@aria-invalid='true']")
    assert "Chưa có lớp nào sắp tới" in main_text(organiser.page("/quan-ly/lich"))


def test_of_several_wrong_fields_the_first_has_the_focus(organiser):
    response = submit(organiser, bai="", noi="", so_tuan="99", ban_do="x")
    assert len(errors(response)) == 4
    assert html.fromstring(response.text).xpath("//*[@autofocus]/@name") == ["bai"]


def test_two_organisers_who_edit_one_plan_both_keep_their_text(app, organiser):
    planned = planned_id(submit(organiser))
    other = signed_in_client(app, "Hạnh", {"organiser"})
    assert submit(other, f"/quan-ly/lich/{planned}", ban="1", noi="Trường").status_code == 303
    late = submit(organiser, f"/quan-ly/lich/{planned}", ban="1", noi="Đình làng")
    assert late.status_code == 409
    page = html.fromstring(late.text)
    assert page.xpath("//input[@name='noi']/@value") == ["Đình làng"]
    assert "Trường" in main_text(page)
    assert read_planned_class(app, planned).plan.venue == "Trường"
    [version] = set(page.xpath("//input[@name='ban']/@value"))
    assert submit(organiser, f"/quan-ly/lich/{planned}", ban=version, noi="Đình làng").status_code == 303


def test_a_stranger_cannot_plan_for_another_ward(app, organiser):
    planned = plan_class(app, ward=OTHER_WARD)
    assert submit(organiser, phuong=OTHER_WARD).status_code == 404
    assert organiser.get(f"/quan-ly/lich/{planned.id}").status_code == 403
    assert submit(organiser, f"/quan-ly/lich/{planned.id}", ban="1").status_code == 403
    assert submit(signed_in_client(app, "Minh")).status_code == 403
    assert app.test_client().get("/quan-ly/lich/moi").status_code == 303


def test_the_city_plans_for_any_ward(app):
    root = signed_in_client(app, "Root", {"administrator"}, "")
    planned = planned_id(submit(root, phuong=OTHER_WARD))
    assert read_planned_class(app, planned).ward == OTHER_WARD
    assert "An Hội Đông" in main_text(root.page("/quan-ly/lich"))
    assert planned_id(submit(root, phuong="tp"))
    assert submit(root, phuong="99999").status_code == 404


def test_the_list_of_the_whole_city_is_cut_off_and_says_so(app, monkeypatch):
    monkeypatch.setattr("lms.web.calendar.planning.MAX_LISTED_OF_CITY", 2)
    plan_class(app, weeks=3)
    root = signed_in_client(app, "Root", {"administrator"}, "")
    assert "2 lớp sớm nhất" in main_text(root.page("/quan-ly/lich"))
    page = root.page(f"/quan-ly/lich?phuong={WARD}")
    assert len(page.xpath("//a[contains(@class, 'planned')]")) == 3
    assert "lớp sớm nhất" not in main_text(page)


def test_the_form_remembers_the_place_of_the_latest_plan(organiser):
    submit(organiser, dia_chi="12 Hẻm 3")
    page = organiser.page("/quan-ly/lich/moi")
    assert page.xpath("//input[@name='noi']/@value") == ["Nhà văn hóa khu phố 3"]
    assert page.xpath("//input[@name='dia-chi']/@value") == ["12 Hẻm 3"]
    assert page.xpath("//input[@name='ngay']/@value") == [""]
    assert page.xpath("//details[@open]//input[@name='gui-xe']")  # the parking of another venue is seen and changed


def test_seats_taken_over_from_the_latest_plan_are_in_sight(organiser):
    submit(organiser, so_cho="2", xe_lan="")
    page = organiser.page("/quan-ly/lich/moi")
    assert page.xpath("//details[@open]//input[@name='so-cho']/@value") == ["2"]
    assert "như lớp trước, cả số chỗ" in main_text(page)
    submit(organiser, so_cho="", xe_lan="", ngay=tomorrow(2))
    assert not organiser.page("/quan-ly/lich/moi").xpath("//details[@open]")

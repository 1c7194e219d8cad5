"""The posters of a ward's next classes, printed at once."""

from __future__ import annotations

from datetime import timedelta

from lms.web import clock
from tests.web.page_texts import main_text
from tests.web.planned_classes import plan_class
from tests.web.signed_in_clients import OTHER_WARD, csrf_token, signed_in_client

POSTERS = "/quan-ly/lich/to-moi"


def test_every_class_of_the_next_two_weeks_has_a_poster_with_its_code(app, organiser):
    for venue, days in (("Đình làng", 1), ("Trường học", 13), ("Chợ", 15)):
        plan_class(app, venue=venue, starts_at=clock.now() + timedelta(days=days))
    plan_class(app, ward=OTHER_WARD, venue="Xa")
    cancelled = plan_class(app, venue="Bưu điện")
    fields = {"ban": "1", "vi-sao": "", "csrf_token": csrf_token(organiser)}
    organiser.post(f"/quan-ly/lich/{cancelled.id}/hoan", data=fields)
    page = organiser.page(POSTERS)
    posters = page.xpath("//article[contains(@class, 'planned-class')]")
    assert [each.xpath(".//strong[@class='planned-class__fact']")[2].text for each in posters] == [
        "Đình làng", "Trường học",
    ]  # fmt: skip
    assert all(each.xpath(".//figure[@role='img']//*[name()='svg']") for each in posters)
    assert page.findtext(".//h1") == "2 tờ mời, hai tuần tới"
    assert page.xpath("//noscript[contains(., 'trình đơn của trình duyệt')]")


def test_a_ward_without_a_class_is_led_to_plan_one(organiser):
    page = organiser.page(POSTERS)
    assert "Hai tuần tới chưa có lớp nào để mời" in main_text(page)
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == ["/quan-ly/lich/moi?phuong=27316"]
    assert not organiser.page("/quan-ly/lich").xpath(f"//a[starts-with(@href, '{POSTERS}')]")


def test_posters_are_for_those_who_plan_in_the_ward(app, organiser):
    plan_class(app)
    assert organiser.page("/quan-ly/lich").xpath(f"//a[starts-with(@href, '{POSTERS}')]")
    assert organiser.get(f"{POSTERS}?phuong={OTHER_WARD}").status_code == 404
    assert signed_in_client(app, "Minh").get(POSTERS).status_code == 403
    assert app.test_client().get(POSTERS).status_code == 303

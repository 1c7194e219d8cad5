"""The calendar files of a class and of a ward, as programs for calendars read them."""

from __future__ import annotations

import vobject

from tests.web.english_pages import choose_english
from tests.web.planned_classes import (
    plan_class,
)
from tests.web.signed_in_clients import csrf_token

AN_DONG, AN_HOI_DONG = "an-dong", "an-hoi-dong"


def test_calendar_files_are_read_by_another_librarys_parser(app, lan):
    planned = plan_class(app, venue="Nhà văn hóa, khu phố 3; cổng sau", weeks=2)
    [event] = vobject.readOne(lan.get(f"/lich/{planned.id}.ics").text).vevent_list
    assert event.summary.value == "Ba loại mã"
    assert (event.dtstart.value, event.dtend.value) == (
        planned.starts_at.replace(microsecond=0), planned.ends_at.replace(microsecond=0)
    )  # fmt: skip
    assert event.location.value == "Nhà văn hóa, khu phố 3; cổng sau, Phường An Đông"
    feed = lan.get(f"/phuong/{AN_DONG}.ics")
    assert feed.mimetype == "text/calendar"
    assert len(vobject.readOne(feed.text).vevent_list) == 2
    empty = vobject.readOne(lan.get(f"/phuong/{AN_HOI_DONG}.ics").text)
    assert "vevent" not in empty.contents


def test_a_cancelled_class_is_struck_out_in_the_calendars_that_have_it(app, lan, organiser):
    planned = plan_class(app)
    before = vobject.readOne(lan.get(f"/lich/{planned.id}.ics").text).vevent
    fields = {"ban": "1", "vi-sao": "", "csrf_token": csrf_token(organiser)}
    organiser.post(f"/quan-ly/lich/{planned.id}/hoan", data=fields)
    after = vobject.readOne(lan.get(f"/phuong/{AN_DONG}.ics").text).vevent
    assert (after.uid.value, after.status.value) == (before.uid.value, "CANCELLED")
    assert int(after.sequence.value) > int(before.sequence.value)


def test_the_feed_of_a_ward_is_the_same_for_all_and_a_class_is_kept_for_each_language(app, lan):
    planned = plan_class(app)
    feed, file = f"/phuong/{AN_DONG}.ics", f"/lich/{planned.id}.ics"
    vietnamese = lan.get(feed).text
    choose_english(lan)
    assert lan.get(feed).text == vietnamese
    assert "Cookie" in lan.get(file).vary

"""Witnessing on the web: one tap a seat, undone with one, and on the learner's own pages afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import find_seat
from lms.learning.progress.learner_progress import lesson_progress
from lms.learning.store.database import reading
from tests.web.careful import CarefulClient
from tests.web.desks import ASKED, PRACTISED, Desk, in_class, open_desk, seat
from tests.web.duty import engine_of, signed_in

PAGE = "/chung-kien"


@pytest.fixture
def minh(app: Flask) -> CarefulClient:
    return signed_in(app, "Minh")


@pytest.fixture
def desk(minh) -> Desk:
    return open_desk(minh, ASKED)


def taps(desk: Desk, number: int, *, tasks: list[str] | None = None, undo: bool = False):
    """``tasks``: None for all of the lesson."""
    boxes = all_tasks(desk) if tasks is None else tasks
    sent = {"csrf_token": desk.token, "viec": boxes, "thoi" if undo else "cho": str(number)}
    return desk.client.post(desk.base + PAGE, data=sent)


def all_tasks(desk: Desk) -> list[str]:
    return desk.page(PAGE + "?chon=1").xpath("//input[@name='viec']/@value")


def chosen(page) -> list[str]:
    return page.xpath("//form[@data-witness]//input[@name='viec']/@value")


def ticked(app: Flask, learner_id: str) -> dict:
    lesson = app.extensions["shelf"].library.lesson("vneid", "ba-loai-ma")
    with reading(engine_of(app))() as session:
        found = lesson_progress(session, learner_id, lesson)
    return {name: one.witness for name, one in found.ticked.items()} | {"mark": "dung" in found.earned}


def test_at_the_step_the_desk_leads_there(desk):
    desk.sends(to="dung")
    assert desk.page().xpath(f"//a[@href='{desk.base}{PAGE}']")


def test_one_tap_marks_all_boxes_of_a_seat_and_one_takes_them_back(app, desk):
    number, learner_id = seat(app, desk)
    answer = taps(desk, number)
    fields = "&".join(f"viec={one}" for one in all_tasks(desk))
    assert (answer.status_code, answer.location) == (303, f"{desk.base}{PAGE}?{fields}#cho-{number}")
    assert set(ticked(app, learner_id).values()) == {"Minh", True}
    assert "Đã thấy 1 trong 1 chỗ" in desk.words(PAGE)
    taps(desk, number, undo=True)
    assert ticked(app, learner_id) == {"mark": False}
    assert "Đã thấy 0 trong 1 chỗ" in desk.words(f"{PAGE}?{fields}")


def test_the_tasks_are_chosen_in_the_open_and_none_is_ticked_before(desk):
    page = desk.page(PAGE)
    assert not page.xpath("//input[@name='viec'][@checked]")
    assert not page.xpath("//button[@name='cho']")
    form = page.get_element_by_id("chon-viec")
    assert (form.get("method"), form.get("action")) == ("get", desk.base + PAGE)
    boxes = form.xpath(".//input[@name='viec']/@value")
    nothing = desk.client.get(f"{desk.base}{PAGE}?xong=1")
    assert (nothing.status_code, "Chọn ít nhất một việc" in nothing.text) == (422, True)
    assert chosen(desk.page(f"{PAGE}?viec={boxes[1]}&xong=1")) == [boxes[1]]
    assert not chosen(desk.page(f"{PAGE}?viec=khong-co"))


def test_whoever_comes_back_goes_on_with_the_tasks_that_were_seen_last(app, desk):
    (first, _), (second, _) = seat(app, desk), seat(app, desk)
    boxes = all_tasks(desk)
    taps(desk, first)
    assert chosen(desk.page(PAGE)) == boxes
    taps(desk, second, tasks=boxes[1:])
    assert chosen(desk.page(PAGE)) == boxes[1:]
    ticks = desk.page(PAGE + "?chon=1").xpath("//input[@name='viec'][@checked]/@value")
    assert ticks == boxes[1:]


def test_who_is_seen_doing_more_than_before_was_seen_doing_all_of_it(app, desk):
    number, _ = seat(app, desk)
    boxes = all_tasks(desk)
    taps(desk, number, tasks=boxes[:1])
    taps(desk, number, tasks=boxes[:2])
    assert chosen(desk.page(PAGE)) == boxes[:2]


def test_a_task_that_was_seen_later_is_added_with_one_tap_and_nothing_is_taken_back_first(app, desk):
    number, learner_id = seat(app, desk)
    other, _ = seat(app, desk)
    in_class(app, seats.add_seat, class_id=desk.id, account_id=_account(app, desk), people=2, now=datetime.now(UTC))
    boxes = all_tasks(desk)
    for one in (number, 3):
        taps(desk, one, tasks=boxes[:1])
    with_second = f"{PAGE}?viec={boxes[1]}"
    page = desk.page(with_second)
    assert offers(page, number) == ["Thấy thêm", "Chạm nhầm"]
    assert offers(page, other) == ["Tôi đã thấy"]
    assert offers(page, 3) == ["Chạm nhầm"]  # nobody's own, so there is nothing to add to
    assert "Đã thấy 1 việc" in desk.words(with_second)
    taps(desk, number, tasks=boxes[1:2])
    assert ticked(app, learner_id) == {boxes[0]: "Minh", boxes[1]: "Minh", "mark": len(boxes) == 2}
    assert offers(desk.page(with_second), number) == ["Chạm nhầm"]
    assert "Thấy thêm" not in desk.words(with_second)


def offers(page, number: int) -> list[str]:
    return [one.text_content() for one in page.get_element_by_id(f"cho-{number}").xpath(".//button")]


def test_tasks_that_were_not_seen_are_left_out_and_stay_so(app, desk):
    number, learner_id = seat(app, desk)
    boxes = all_tasks(desk)
    answer = taps(desk, number, tasks=boxes[:1])
    assert ticked(app, learner_id) == {boxes[0]: "Minh", "mark": False}
    page = desk.client.page(answer.location.partition("#")[0])
    assert chosen(page) == boxes[:1]
    assert taps(desk, number, tasks=[]).status_code == 422


def test_her_own_page_says_who_saw_it_and_she_cannot_untick_it(app, desk):
    lan = app.test_client()
    code = desk.client.page(desk.base).xpath("//*[contains(@class, 'top__code')]")[0].text_content()
    digits = "".join(char for char in code if char.isdigit())
    lan.post(f"/lop/{digits}", data={"nguoi": "1"})
    taps(desk, 1)
    page = lan.page("/vneid/ba-loai-ma/dung")
    assert "Minh, người đứng lớp, đã thấy" in page.text_content()
    lan.post("/vneid/ba-loai-ma/dung", data={})
    assert lan.page("/vneid/ba-loai-ma/dung").xpath("//input[@name='task'][@checked]")
    desk.sends(close="true")
    end = lan.page(f"/lop/{digits}/ket").text_content()
    assert "Dùng liền: bác đã có dấu" in " ".join(end.split())
    assert "mã học" in end.lower()


def test_her_phone_says_that_she_was_seen(app, desk):
    phone = app.test_client()
    code = "".join(char for char in desk.page().xpath("string(//*[contains(@class, 'top__code')])") if char.isdigit())
    phone.post(f"/lop/{code}", data={"nguoi": "1"})
    desk.sends(to="dung")

    def told() -> bool:
        [line] = phone.page(f"/lop/{code}").xpath("//*[@data-seen]")
        return line.get("hidden") is None

    assert not told()
    taps(desk, 1)
    assert told()
    taps(desk, 1, undo=True)
    assert not told()


def test_people_without_a_phone_are_there_and_those_outside_are_not(app, desk):
    number, _ = seat(app, desk)
    in_class(app, seats.add_seat, class_id=desk.id, account_id=_account(app, desk), people=2, now=datetime.now(UTC))
    with_tasks = f"{PAGE}?viec={all_tasks(desk)[0]}"
    assert "Không có máy, 2 người" in desk.words(with_tasks)
    assert taps(desk, 2).status_code == 303
    in_class(app, seats.put_out, class_id=desk.id, number=number, account_id=_account(app, desk), now=datetime.now(UTC))
    assert "Đã thấy 1 trong 1 chỗ" in desk.words(with_tasks)
    assert taps(desk, number).status_code == 409
    with reading(engine_of(app))() as session:
        assert find_seat(session, desk.id, number).witnessed_at is None


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "9" * 40, ""])
def test_a_seat_that_there_is_not_is_refused_kindly(desk, number):
    assert taps(desk, number).status_code == 409


def test_a_box_that_there_is_not_is_refused_kindly(app, desk):
    number, learner_id = seat(app, desk)
    assert taps(desk, number, tasks=["khong-co"]).status_code == 409
    assert ticked(app, learner_id) == {"mark": False}


def test_a_lesson_without_tasks_has_nothing_to_witness(minh):
    assert open_desk(minh, PRACTISED).client.get(f"{open_desk(minh, PRACTISED).base}{PAGE}").status_code == 409


def test_a_colleague_sees_it_only_after_taking_over(app, desk):
    number, _ = seat(app, desk)
    hanh = signed_in(app, "Hạnh")
    page = hanh.get(desk.base + PAGE)
    assert "data-witness" not in page.text
    assert hanh.post(desk.base + PAGE, data={"cho": str(number)}).status_code == 400


def _account(app: Flask, desk: Desk) -> str:
    from tests.web.desks import found

    return found(app, desk).opened_by

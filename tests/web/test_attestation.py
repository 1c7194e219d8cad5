"""Attesting tasks: one tap per seat, revoked with one, and shown on the learner's pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.store.database import read_sessions
from tests.web.attestation_page import PAGE, all_tasks, attest, chosen_tasks
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import PRACTICE_LESSON, QUESTION_LESSON, Desk, add_learner, call_service, open_desk
from tests.web.signed_in_clients import engine_of, signed_in_client


@pytest.fixture
def minh(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Minh")


@pytest.fixture
def desk(minh) -> Desk:
    return open_desk(minh, QUESTION_LESSON)


def attested_tasks(app: Flask, learner_id: str) -> dict:
    lesson = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma")
    with read_sessions(engine_of(app))() as session:
        found = lesson_progress(session, learner_id, lesson)
    return {name: one.witness for name, one in found.ticked.items()} | {"mark": "dung" in found.earned}


def test_the_desk_links_to_the_attestation_at_the_use_step(desk):
    desk.send_command(to="dung")
    assert desk.page().xpath(f"//a[@href='{desk.base}{PAGE}']")


def test_one_tap_attests_the_chosen_tasks_of_a_seat_and_one_revokes_them(app, desk):
    number, learner_id = add_learner(app, desk)
    answer = attest(desk, number)
    fields = "&".join(f"viec={one}" for one in all_tasks(desk))
    assert (answer.status_code, answer.location) == (303, f"{desk.base}{PAGE}?{fields}#cho-{number}")
    assert set(attested_tasks(app, learner_id).values()) == {"Minh", True}
    assert "Đã thấy 1 trong 1 chỗ" in desk.words(PAGE)
    attest(desk, number, undo=True)
    assert attested_tasks(app, learner_id) == {"mark": False}
    assert "Đã thấy 0 trong 1 chỗ" in desk.words(f"{PAGE}?{fields}")


def test_no_task_is_preselected(desk):
    page = desk.page(PAGE)
    assert not page.xpath("//input[@name='viec'][@checked]")
    assert not page.xpath("//button[@name='cho']")
    form = page.get_element_by_id("chon-viec")
    assert (form.get("method"), form.get("action")) == ("get", desk.base + PAGE)
    boxes = form.xpath(".//input[@name='viec']/@value")
    nothing = desk.client.get(f"{desk.base}{PAGE}?xong=1")
    assert (nothing.status_code, "Chọn ít nhất một việc" in nothing.text) == (422, True)
    assert chosen_tasks(desk.page(f"{PAGE}?viec={boxes[1]}&xong=1")) == [boxes[1]]
    assert not chosen_tasks(desk.page(f"{PAGE}?viec=khong-co"))


def test_the_page_starts_with_the_tasks_attested_last(app, desk):
    (first, _), (second, _) = add_learner(app, desk), add_learner(app, desk)
    boxes = all_tasks(desk)
    attest(desk, first)
    assert chosen_tasks(desk.page(PAGE)) == boxes
    attest(desk, second, tasks=boxes[1:])
    assert chosen_tasks(desk.page(PAGE)) == boxes[1:]
    ticks = desk.page(PAGE + "?chon=1").xpath("//input[@name='viec'][@checked]/@value")
    assert ticks == boxes[1:]


def test_later_attestations_of_more_tasks_replace_earlier_ones(app, desk):
    number, _ = add_learner(app, desk)
    boxes = all_tasks(desk)
    attest(desk, number, tasks=boxes[:1])
    attest(desk, number, tasks=boxes[:2])
    assert chosen_tasks(desk.page(PAGE)) == boxes[:2]


def test_one_tap_adds_a_task_to_an_attested_seat(app, desk):
    number, learner_id = add_learner(app, desk)
    other, _ = add_learner(app, desk)
    call_service(app, seats.add_seat, class_id=desk.id, account_id=_account(app, desk), people=2, now=datetime.now(UTC))
    boxes = all_tasks(desk)
    for one in (number, 3):
        attest(desk, one, tasks=boxes[:1])
    with_second = f"{PAGE}?viec={boxes[1]}"
    page = desk.page(with_second)
    assert buttons_of(page, number) == ["Thấy thêm", "Chạm nhầm"]
    assert buttons_of(page, other) == ["Tôi đã thấy"]
    assert buttons_of(page, 3) == ["Chạm nhầm"]  # a seat without a learner has no list of tasks to add to
    assert "Đã thấy 1 việc" in desk.words(with_second)
    attest(desk, number, tasks=boxes[1:2])
    assert attested_tasks(app, learner_id) == {boxes[0]: "Minh", boxes[1]: "Minh", "mark": len(boxes) == 2}
    assert buttons_of(desk.page(with_second), number) == ["Chạm nhầm"]
    assert "Thấy thêm" not in desk.words(with_second)


def buttons_of(page, number: int) -> list[str]:
    return [one.text_content() for one in page.get_element_by_id(f"cho-{number}").xpath(".//button")]


def test_tasks_that_were_not_chosen_are_not_attested(app, desk):
    number, learner_id = add_learner(app, desk)
    boxes = all_tasks(desk)
    answer = attest(desk, number, tasks=boxes[:1])
    assert attested_tasks(app, learner_id) == {boxes[0]: "Minh", "mark": False}
    page = desk.client.page(answer.location.partition("#")[0])
    assert chosen_tasks(page) == boxes[:1]
    assert attest(desk, number, tasks=[]).status_code == 422


def test_the_learner_sees_who_attested_a_task_and_cannot_untick_it(app, desk):
    lan = app.test_client()
    code = desk.client.page(desk.base).xpath("//*[contains(@class, 'desk-header__code')]")[0].text_content()
    digits = "".join(char for char in code if char.isdigit())
    lan.post(f"/lop/{digits}", data={"nguoi": "1"})
    attest(desk, 1)
    page = lan.page("/vneid/ba-loai-ma/dung")
    assert "Minh, người đứng lớp, đã thấy" in page.text_content()
    lan.post("/vneid/ba-loai-ma/dung", data={})
    assert lan.page("/vneid/ba-loai-ma/dung").xpath("//input[@name='task'][@checked]")
    desk.send_command(close="true")
    end = lan.page(f"/lop/{digits}/ket").text_content()
    assert "Dùng liền: bác đã có dấu" in " ".join(end.split())
    assert "mã học" in end.lower()


def test_the_seat_shows_that_tasks_were_attested(app, desk):
    phone = app.test_client()
    code = "".join(
        char for char in desk.page().xpath("string(//*[contains(@class, 'desk-header__code')])") if char.isdigit()
    )
    phone.post(f"/lop/{code}", data={"nguoi": "1"})
    desk.send_command(to="dung")

    def is_phone_told() -> bool:
        [line] = phone.page(f"/lop/{code}").xpath("//*[@data-attested]")
        return line.get("hidden") is None

    assert not is_phone_told()
    attest(desk, 1)
    assert is_phone_told()
    attest(desk, 1, undo=True)
    assert not is_phone_told()


def test_seats_without_a_phone_are_listed_and_removed_ones_are_not(app, desk):
    number, _ = add_learner(app, desk)
    call_service(app, seats.add_seat, class_id=desk.id, account_id=_account(app, desk), people=2, now=datetime.now(UTC))
    with_tasks = f"{PAGE}?viec={all_tasks(desk)[0]}"
    assert "Không có máy, 2 người" in desk.words(with_tasks)
    assert attest(desk, 2).status_code == 303
    call_service(
        app, seats.remove_seat, class_id=desk.id, number=number, account_id=_account(app, desk), now=datetime.now(UTC)
    )
    assert "Đã thấy 1 trong 1 chỗ" in desk.words(with_tasks)
    assert attest(desk, number).status_code == 409
    with read_sessions(engine_of(app))() as session:
        assert find_seat(session, desk.id, number).attested_at is None


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "9" * 40, ""])
def test_an_unknown_seat_is_rejected_with_a_message(desk, number):
    assert attest(desk, number).status_code == 409


def test_an_unknown_task_is_rejected_with_a_message(app, desk):
    number, learner_id = add_learner(app, desk)
    assert attest(desk, number, tasks=["khong-co"]).status_code == 409
    assert attested_tasks(app, learner_id) == {"mark": False}


def test_a_lesson_without_tasks_has_nothing_to_attest(minh):
    assert (
        open_desk(minh, PRACTICE_LESSON).client.get(f"{open_desk(minh, PRACTICE_LESSON).base}{PAGE}").status_code == 409
    )


def test_a_colleague_sees_the_page_only_after_joining_the_facilitators(app, desk):
    number, _ = add_learner(app, desk)
    hanh = signed_in_client(app, "Hạnh")
    page = hanh.get(desk.base + PAGE)
    assert "<attest-tasks" not in page.text
    assert hanh.post(desk.base + PAGE, data={"cho": str(number)}).status_code == 400


def _account(app: Flask, desk: Desk) -> str:
    from tests.web.desk_client import class_session_of

    return class_session_of(app, desk).opened_by

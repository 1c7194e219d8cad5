"""At Dùng liền: a raised hand is answered with one tap, and what helpers saw waits for the facilitator."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.store.database import read_sessions
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import QUESTION_LESSON, Desk, add_learner, open_desk, raise_hand
from tests.web.signed_in_clients import engine_of, signed_in_client


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = open_desk(signed_in_client(app, "Minh"), QUESTION_LESSON)
    desk.send_command(to="dung")
    return desk


@pytest.fixture
def helper(app: Flask, desk: Desk) -> CheckingClient:
    invitation = desk.press("Hiện mã cho người phụ", "/viec")
    client = app.test_client()
    address = re.search(r"/giup/[\w.-]+", invitation.text)
    assert address, invitation.text
    assert client.post(address[0], data={"ten": "Thu"}).status_code == 303
    return client


def witnesses(app: Flask, learner_id: str) -> dict[str, str | None]:
    lesson = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma")
    with read_sessions(engine_of(app))() as session:
        found = lesson_progress(session, learner_id, lesson)
    return {task_id: tick.witness for task_id, tick in found.ticked.items()}


def is_raised(app: Flask, desk: Desk, number: int) -> bool:
    with read_sessions(engine_of(app))() as session:
        return find_seat(session, desk.id, number).hand_raised_at is not None


def tasks_of(desk: Desk, number: int) -> list[str]:
    return desk.page(f"/cho/{number}/da-thay").xpath("//input[@name='viec']/@value")


def see(client: CheckingClient, desk: Desk, number: int, *tasks: str, token: str = ""):
    return client.post(f"{desk.base}/cho/{number}/da-thay", data={"csrf_token": token, "viec": list(tasks)})


def test_the_first_hand_takes_the_choice_of_tasks_and_the_next_one_tap(app, desk):
    (first, hoa), (second, lan) = add_learner(app, desk), add_learner(app, desk)
    raise_hand(app, desk, hoa)
    raise_hand(app, desk, lan)
    assert desk.page("/giup").xpath(f"//a[@href='{desk.base}/cho/{first}/da-thay']")
    task = tasks_of(desk, first)[0]
    assert see(desk.client, desk, first, task, token=desk.token).location == f"{desk.base}/giup?da=da-thay"
    [form] = desk.page("/giup").xpath(f"//form[@action='{desk.base}/cho/{second}/da-thay']")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert fields["viec"] == task
    assert desk.client.post(form.get("action"), data=fields).status_code == 303
    assert witnesses(app, hoa) == witnesses(app, lan) == {task: "Minh"}
    assert not is_raised(app, desk, first)
    assert not is_raised(app, desk, second)


def test_a_hand_at_another_step_says_nothing_of_tasks(app, desk):
    _, hoa = add_learner(app, desk)
    raise_hand(app, desk, hoa)
    assert "Tôi đã thấy" in desk.words("/giup")
    desk.send_command(to="ket")
    assert "Tôi đã thấy" not in desk.words("/giup")


@pytest.mark.slow
def test_what_a_helper_saw_waits_for_the_facilitator_and_is_attested_once(app, desk, helper):
    number, hoa = add_learner(app, desk)
    raise_hand(app, desk, hoa)
    first, second = tasks_of(desk, number)
    assert see(helper, desk, number, first).status_code == 303
    assert see(helper, desk, number, second).status_code == 303
    assert witnesses(app, hoa) == {}
    assert not is_raised(app, desk, number)
    assert "chờ xác nhận" in desk.words()
    assert "Mở VNeID thật" in desk.words("/chung-kien")
    assert desk.press("Xác nhận").location == desk.base
    assert witnesses(app, hoa) == {first: "Minh", second: "Minh"}
    assert "chờ xác nhận" not in desk.words()
    again = desk.client.post(f"{desk.base}/chung-kien/cho", data={"csrf_token": desk.token})
    assert again.status_code == 303
    assert witnesses(app, hoa) == {first: "Minh", second: "Minh"}


def test_the_facilitator_discards_what_a_helper_recorded_at_a_wrong_seat(app, desk, helper):
    number, hoa = add_learner(app, desk)
    see(helper, desk, number, tasks_of(desk, number)[0])
    desk.press("Bỏ")
    assert "chờ xác nhận" not in desk.words()
    desk.client.post(f"{desk.base}/chung-kien/cho", data={"csrf_token": desk.token})
    assert witnesses(app, hoa) == {}


@pytest.mark.slow
def test_on_the_page_of_the_next_lesson_what_helpers_saw_is_confirmed_before_the_class_goes_on(app, desk, helper):
    (first, hoa), (second, lan) = add_learner(app, desk), add_learner(app, desk)
    task = tasks_of(desk, first)[0]
    see(helper, desk, first, task)
    see(helper, desk, second, task)
    assert "chờ xác nhận" in desk.words("/bai-khac")
    assert desk.press("Bỏ", "/bai-khac").location == f"{desk.base}/bai-khac"  # the first seat's
    assert desk.press("Xác nhận", "/bai-khac").location == f"{desk.base}/bai-khac"
    assert "chờ xác nhận" not in desk.words("/bai-khac")
    assert (witnesses(app, hoa), witnesses(app, lan)) == ({}, {task: "Minh"})


def test_nothing_chosen_and_unknown_tasks_are_refused(app, desk, helper):
    number, hoa = add_learner(app, desk)
    for client, token in ((desk.client, desk.token), (helper, "")):
        nothing = see(client, desk, number, token=token)
        assert (nothing.status_code, "Chọn ít nhất một việc" in nothing.text) == (422, True)
        assert see(client, desk, number, "khong-co", token=token).status_code == 409
        assert see(client, desk, 99, "khong-co", token=token).status_code == 404
    assert witnesses(app, hoa) == {}
    assert helper.post(f"{desk.base}/chung-kien/cho").status_code in (302, 303, 401, 403)

"""At Dùng liền: a facilitator answers a raised hand with one tap."""

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


def test_a_helper_without_the_class_attests_nothing(app, desk, helper):
    number, hoa = add_learner(app, desk)
    raise_hand(app, desk, hoa)
    task = tasks_of(desk, number)[0]
    assert "Tôi đã thấy" not in helper.get(f"{desk.base}/giup").text
    assert see(helper, desk, number, task).status_code == 403
    assert witnesses(app, hoa) == {}


def test_nothing_chosen_and_unknown_tasks_are_refused(app, desk):
    number, hoa = add_learner(app, desk)
    nothing = see(desk.client, desk, number, token=desk.token)
    assert (nothing.status_code, "Chọn ít nhất một việc" in nothing.text) == (422, True)
    assert see(desk.client, desk, number, "khong-co", token=desk.token).status_code == 409
    assert see(desk.client, desk, 99, "khong-co", token=desk.token).status_code == 404
    assert witnesses(app, hoa) == {}

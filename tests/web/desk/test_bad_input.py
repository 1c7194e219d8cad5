"""Invalid commands change nothing and get an error message."""

from __future__ import annotations

import pytest

from tests.web.desk_client import class_session_of


def test_commands_that_say_nothing_leave_the_class_alone(app, desk):
    before = class_session_of(app, desk).state
    for command in (
        {},
        {"to": "khong-co"},
        {"phase": "open"},
        {"round": "9", "step": "x"},
        {"demo": "-1"},
        {"gate": "khong-co"},
    ):
        answer = desk.send_command(**command)
        assert (answer.status_code, "Mở lại trang điều khiển" in answer.text) == (422, True), command
    assert class_session_of(app, desk).state == before


def test_json_of_any_shape_gets_a_sentence(desk):
    for sent in ([], "tiếp", {"to": ["x"]}, {"to": "x" * 10_000}, None):
        answer = desk.send_json_command(sent)
        assert answer.status_code == 422
        assert "Mở lại trang điều khiển" in answer.get_json()["error"]
    headers = {"Accept": "application/json", "X-CSRFToken": desk.token, "Content-Type": "application/json"}
    for sent in (
        "[" * 100_000,
        '{"to":' + "[" * 20_000 + "]" * 20_000 + "}",
        '{"demo":NaN}',
        '{"to":"\\ud800"}',
        b"\xff",
    ):
        assert desk.client.post(f"{desk.base}/lenh", data=sent, headers=headers).status_code == 422


@pytest.mark.parametrize("projector", ["", "\0", "x" * 10_000, "0" * 32])
def test_a_projector_that_is_none_cannot_be_taken_off(desk, projector):
    assert (
        desk.client.post(f"{desk.base}/chieu/thoi", data={"csrf_token": desk.token, "may": projector}).status_code
        == 303
    )


def test_a_script_gets_the_snapshot_back(desk):
    answer = desk.send_json_command({"paused": True})
    assert answer.get_json()["paused"] is True
    assert desk.send_json_command({"paused": False}, **{"X-CSRFToken": "khác"}).status_code == 400


def test_an_unknown_class_is_not_found(minh):
    for path in ("", "/viec", "/giup", "/dong", "/dem-tay", "/cho/1", "/man/chao"):
        answer = minh.get(f"/dung-lop/{'0' * 32}{path}")
        assert (answer.status_code, "Lớp này không có" in answer.text) == (404, True), path

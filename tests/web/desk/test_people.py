"""Seats without a phone, head counts, seat claims, and unpairing a projector."""

from __future__ import annotations

from lms.learning.classroom.seats import seat_claims
from tests.web.desk_client import add_learner, call_service, class_session_of

JSON = {"Accept": "application/json"}


def test_people_without_a_phone_get_a_seat(app, desk):
    answer = desk.press("Thêm một chỗ", "/viec", nguoi="3")
    assert answer.status_code == 303
    assert "Đã thêm chỗ số 1." in desk.client.get(answer.location).text
    assert "0 máy, 3 người" in desk.words("/viec")


def test_heads_are_counted_and_nonsense_is_not(app, desk):
    assert desk.press("Ghi lại", "/viec", nguoi="nhiều").status_code == 422
    desk.press("Ghi lại", "/viec", nguoi="24")
    assert class_session_of(app, desk).head_count == 24


def test_a_claim_is_approved_with_one_tap(app, desk):
    number, _ = add_learner(app, desk, "Lan")
    opened = class_session_of(app, desk)
    again = "b" * 32
    call_service(app, seat_claims.claim_seat, learner_id=again, code=opened.code, number=number, now=opened.opened_at)
    assert "Số 1 – mặt trời (Lan)" in desk.words()
    desk.press("Đúng người, cho vào")
    assert "Xin vào lại số cũ" not in desk.words()


def test_a_projector_elsewhere_is_paired_by_its_four_digits(app, desk):
    projector = app.test_client()
    projector.post("/chieu")
    digits = projector.get("/chieu", headers=JSON).get_json()["code"]
    assert desk.press("Ghép", so="12").status_code == 422
    unknown = desk.press("Ghép", so="0000" if digits != "0000" else "1111")
    assert unknown.status_code == 404
    assert "Không có máy chiếu nào" in unknown.text
    assert desk.press("Ghép", so=f"{digits[:2]} {digits[2:]}").status_code == 303
    assert "Máy chiếu đã nối" in desk.words()
    assert projector.get("/chieu", headers=JSON).get_json()["paired"]
    desk.press("Thôi chiếu", "/viec")
    assert "Chưa nối máy chiếu nào" in desk.words("/viec")

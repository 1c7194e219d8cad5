"""A password: what is taken for one, and what guessing at it leads to."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from lms.learning.accounts import passwords, throttle
from tests.web.accounts.office import entrance, person_named, send, text_of, told_at
from tests.web.duty import sign_in, signed_in

PASSWORD = "ba con vịt bơi qua sông"


def test_a_password_lets_in_where_a_slip_did(app):
    minh = signed_in(app, "Nguyễn Văn Minh")
    assert send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD}).status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 200
    for name in ("Nguyễn Văn Minh", "nguyenvanminh", "NGUYEN VAN MINH "):
        assert entrance(app.test_client(), ten=name, **{"mat-khau": PASSWORD}).status_code == 303
    for name, password in (("nguyenvanminh", PASSWORD + " "), ("nguyenvanminh", ""), ("ai đó", PASSWORD), ("", "")):
        answer = entrance(app.test_client(), ten=name, **{"mat-khau": password})
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"ten": "", "mat-khau": ""}, "ten", "Gõ tên của mình"),
        ({"ten": "  ", "mat-khau": PASSWORD}, "ten", "Gõ tên của mình"),
        ({"ten": "Minh", "mat-khau": ""}, "mat-khau", "Gõ mật khẩu"),
        ({"ten": "Minh", "mat-khau": "khong phai no"}, "mat-khau", "chưa đúng"),
    ],
)
def test_what_the_door_lacks_is_said_at_its_field_and_the_name_stays(app, typed, field, sentence):
    answer = entrance(app.test_client(), **typed)
    assert answer.status_code == 422
    told = told_at(answer)
    assert list(told) == [field]
    assert sentence in told[field]
    assert f'value="{typed["ten"]}"' in answer.text
    assert PASSWORD not in answer.text


def test_a_field_left_empty_is_no_guess(app):
    send(signed_in(app), "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    for _ in range(throttle.MOST + 1):
        assert entrance(app.test_client(), ten="minh", **{"mat-khau": ""}).status_code == 422
    assert entrance(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 303


def test_a_wrong_name_and_a_wrong_password_are_told_alike(app):
    minh = signed_in(app)
    send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    known = entrance(app.test_client(), ten="minh", **{"mat-khau": "khong phai no"})
    unknown = entrance(app.test_client(), ten="ai do", **{"mat-khau": "khong phai no"})
    assert text_of(known) == text_of(unknown)


def test_guesses_at_a_name_are_slowed_down_for_this_name_alone(app):
    for name in ("Minh", "Hoa"):
        send(signed_in(app, name), "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    for name in ("minh", "khong-co-ai"):  # one that there is not, as well, or one could tell them apart
        answers = [entrance(app.test_client(), ten=name, **{"mat-khau": "sai"}).status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]
    assert entrance(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 429
    assert entrance(app.test_client(), ten="hoa", **{"mat-khau": PASSWORD}).status_code == 303
    minh = person_named(app, "Minh")
    sign_in(app, minh)  # a slip is the way in meanwhile: nobody can be locked out from outside
    thu = signed_in(app, "Thu", {"organiser"})
    assert "gõ sai mật khẩu của Minh nhiều lần" in text_of(thu.get("/quan-ly/nhat-ky"))


def test_guesses_elsewhere_lock_nobody_out_of_a_browser_of_hers(app):
    minh, stranger = signed_in(app, "Minh"), app.test_client()
    send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    send(minh, "/ra")
    answers = [entrance(stranger, ten="Minh", **{"mat-khau": "sai"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert entrance(minh, ten="Minh", **{"mat-khau": PASSWORD}).status_code == 303
    # Her browser counts by itself, and is no way to guess at others.
    send(minh, "/ra")
    hoa = signed_in(app, "Hoa")
    send(hoa, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    for name in ("Minh", "Hoa"):
        answers = [entrance(minh, ten=name, **{"mat-khau": "sai"}).status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]
    stranger.set_cookie("known", minh.get_cookie("known").value[:-1] + "~")
    assert entrance(stranger, ten="Hoa", **{"mat-khau": PASSWORD}).status_code == 429


def test_many_who_guess_at_once_hold_no_page_up_and_are_not_counted(app, monkeypatch):
    minh = signed_in(app, "Minh")
    send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    with ExitStack() as places:
        for _ in range(6):  # others, whose passwords are being looked at
            places.enter_context(passwords.waiting_room())
        for _ in range(throttle.MOST + 1):
            refused = entrance(app.test_client(), ten="Minh", **{"mat-khau": PASSWORD})
            assert refused.status_code == 503
            assert "Đợi vài giây" in text_of(refused)
        assert app.test_client().get("/lop").status_code == 200
    assert entrance(app.test_client(), ten="Minh", **{"mat-khau": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("ngắn", "ít nhất 8"),
        ("12345678", "dễ bị đoán"),
        ("aaaaaaaa", "dễ bị đoán"),
        ("Password1", "dễ bị đoán"),
        ("abcdefghij", "dễ bị đoán"),
        ("Minh Minh", "dễ bị đoán"),
        ("Phường An Đông 2026!", "dễ bị đoán"),
        ("binhdanhocvuso", "dễ bị đoán"),
        ("x" * 1001, "dài quá"),
    ],
)
def test_a_password_that_would_be_guessed_is_not_taken(app, password, why):
    minh = signed_in(app, "Minh Minh")
    answer = send(minh, "/quan-ly/toi/mat-khau", moi=password, **{"lan-nua": password})
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert not person_named(app, "Minh Minh").has_password


@pytest.mark.parametrize("password", ["tám ký tự", "        a b c", "🐄🐓🐃🐖🐑🐐🦆🐟", "x1y" * 43])
def test_any_other_password_of_eight_characters_is_taken(app, password):
    minh = signed_in(app)
    assert send(minh, "/quan-ly/toi/mat-khau", moi=password, **{"lan-nua": password}).status_code == 303
    assert entrance(app.test_client(), ten="minh", **{"mat-khau": password}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"dang-dung": "", "moi": "", "lan-nua": ""}, "dang-dung", "Gõ mật khẩu đang dùng"),
        ({"dang-dung": "sai", "moi": PASSWORD, "lan-nua": PASSWORD}, "dang-dung", "chưa đúng"),
        ({"dang-dung": PASSWORD, "moi": "", "lan-nua": ""}, "moi", "Gõ mật khẩu mới"),
        ({"dang-dung": PASSWORD, "moi": "con trâu ăn cỏ", "lan-nua": ""}, "moi", "cần gõ hai lần"),
        ({"dang-dung": PASSWORD, "moi": "con trâu ăn cỏ", "lan-nua": "con bò"}, "moi", "chưa giống nhau"),
        ({"dang-dung": PASSWORD, "moi": "ngắn", "lan-nua": "ngắn"}, "moi", "ít nhất 8"),
    ],
)
def test_what_a_new_password_lacks_is_said_at_its_field(app, typed, field, sentence):
    send(signed_in(app), "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    minh = app.test_client()
    entrance(minh, ten="minh", **{"mat-khau": PASSWORD})
    answer = send(minh, "/quan-ly/toi/mat-khau", **typed)
    assert answer.status_code == 422
    told = told_at(answer)
    assert list(told) == [field]
    assert sentence in told[field]
    assert entrance(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 303


def test_changing_a_password_needs_the_present_one_unless_a_slip_just_let_in(app, monkeypatch):
    minh = signed_in(app)
    send(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    other = app.test_client()
    entrance(other, ten="minh", **{"mat-khau": PASSWORD})
    new = {"moi": "con trâu ăn cỏ ngoài đê", "lan-nua": "con trâu ăn cỏ ngoài đê"}
    assert send(other, "/quan-ly/toi/mat-khau", **new).status_code == 422
    assert send(other, "/quan-ly/toi/mat-khau", **new, **{"dang-dung": "sai"}).status_code == 422
    assert send(other, "/quan-ly/toi/mat-khau", **{**new, "lan-nua": "khác"}).status_code == 422
    assert send(other, "/quan-ly/toi/mat-khau", **new, **{"dang-dung": PASSWORD}).status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 303  # a changed password ends the other browsers
    assert entrance(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 422
    forgetful = sign_in(app, person_named(app, "Minh"))
    assert "Mật khẩu đang dùng" not in text_of(forgetful.get("/quan-ly/toi"))
    later = datetime.now(UTC) + timedelta(minutes=20)
    monkeypatch.setattr("lms.web.clock.now", lambda: later)
    assert "Mật khẩu đang dùng" in text_of(forgetful.get("/quan-ly/toi"))

"""Passwords: which are accepted, signing in with one, and the limit on guesses."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from lms.learning.accounts import passwords, sign_in_throttle
from tests.web.accounts.account_pages import account_named, field_errors, post_form, post_sign_in
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import issue_slip, make_account, sign_in, signed_in_client

PASSWORD = "ba con vịt bơi qua sông"


def test_an_account_can_sign_in_with_its_password(app):
    minh = signed_in_client(app, "Nguyễn Văn Minh")
    assert post_form(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD}).status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 200
    for name in ("Nguyễn Văn Minh", "nguyenvanminh", "NGUYEN VAN MINH "):
        assert post_sign_in(app.test_client(), ten=name, **{"mat-khau": PASSWORD}).status_code == 303
    for name, password in (("nguyenvanminh", PASSWORD + " "), ("nguyenvanminh", ""), ("ai đó", PASSWORD), ("", "")):
        answer = post_sign_in(app.test_client(), ten=name, **{"mat-khau": password})
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
def test_a_sign_in_error_is_shown_at_its_field_and_the_name_stays(app, typed, field, sentence):
    answer = post_sign_in(app.test_client(), **typed)
    assert answer.status_code == 422
    errors = field_errors(answer)
    assert list(errors) == [field]
    assert sentence in errors[field]
    assert f'value="{typed["ten"]}"' in answer.text
    assert PASSWORD not in answer.text


def test_an_empty_field_does_not_count_as_a_try(app):
    post_form(signed_in_client(app), "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    for _ in range(sign_in_throttle.MAX_TRIES + 1):
        assert post_sign_in(app.test_client(), ten="minh", **{"mat-khau": ""}).status_code == 422
    assert post_sign_in(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 303


def test_a_wrong_name_and_a_wrong_password_get_the_same_message(app):
    minh = signed_in_client(app)
    post_form(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    known = post_sign_in(app.test_client(), ten="minh", **{"mat-khau": "khong phai no"})
    unknown = post_sign_in(app.test_client(), ten="ai do", **{"mat-khau": "khong phai no"})
    assert text_of(known) == text_of(unknown)


@pytest.mark.slow
def test_guesses_at_one_name_block_only_that_name(app):
    for name in ("Minh", "Hoa"):
        post_form(signed_in_client(app, name), "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    for name in ("minh", "khong-co-ai"):  # an unknown name, too, or the responses would reveal which names exist
        answers = [post_sign_in(app.test_client(), ten=name, **{"mat-khau": "sai"}).status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]
    assert post_sign_in(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 429
    assert post_sign_in(app.test_client(), ten="hoa", **{"mat-khau": PASSWORD}).status_code == 303
    minh = account_named(app, "Minh")
    sign_in(app, minh)  # a slip still works, so nobody can be locked out by guesses
    thu = signed_in_client(app, "Thu", {"organiser"})
    assert "gõ sai mật khẩu của Minh nhiều lần" in text_of(thu.get("/quan-ly/nhat-ky"))


@pytest.mark.slow
def test_guesses_elsewhere_do_not_block_a_known_browser(app):
    minh, stranger = app.test_client(), app.test_client()
    assert post_sign_in(minh, ma=issue_slip(app, make_account(app, "Minh")).code).status_code == 303
    post_form(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    post_form(minh, "/ra")
    answers = [post_sign_in(stranger, ten="Minh", **{"mat-khau": "sai"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert post_sign_in(minh, ten="Minh", **{"mat-khau": PASSWORD}).status_code == 303
    # The known browser has a count of its own, and gives no extra tries for other accounts.
    post_form(minh, "/ra")
    hoa = signed_in_client(app, "Hoa")
    post_form(hoa, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    for name in ("Minh", "Hoa"):
        answers = [post_sign_in(minh, ten=name, **{"mat-khau": "sai"}).status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]
    stranger.set_cookie("known", minh.get_cookie("known").value[:-1] + "~")
    assert post_sign_in(stranger, ten="Hoa", **{"mat-khau": PASSWORD}).status_code == 429


def test_concurrent_guesses_delay_no_other_page_and_rejected_ones_are_not_counted(app, monkeypatch):
    minh = signed_in_client(app, "Minh")
    post_form(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    with ExitStack() as queue:
        for _ in range(6):  # other requests that are hashing passwords
            queue.enter_context(passwords.hash_queue())
        for _ in range(sign_in_throttle.MAX_TRIES + 1):
            refused = post_sign_in(app.test_client(), ten="Minh", **{"mat-khau": PASSWORD})
            assert refused.status_code == 503
            assert "Đợi vài giây" in text_of(refused)
        assert app.test_client().get("/lop").status_code == 200
    assert post_sign_in(app.test_client(), ten="Minh", **{"mat-khau": PASSWORD}).status_code == 303


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
def test_a_password_that_is_easy_to_guess_is_rejected(app, password, why):
    minh = signed_in_client(app, "Minh Minh")
    answer = post_form(minh, "/quan-ly/toi/mat-khau", moi=password, **{"lan-nua": password})
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert not account_named(app, "Minh Minh").has_password


@pytest.mark.parametrize("password", ["tám ký tự", "        a b c", "🐄🐓🐃🐖🐑🐐🦆🐟", "x1y" * 43])
def test_any_other_password_of_eight_characters_is_accepted(app, password):
    minh = signed_in_client(app)
    assert post_form(minh, "/quan-ly/toi/mat-khau", moi=password, **{"lan-nua": password}).status_code == 303
    assert post_sign_in(app.test_client(), ten="minh", **{"mat-khau": password}).status_code == 303


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
def test_an_error_in_a_new_password_is_shown_at_its_field(app, typed, field, sentence):
    post_form(signed_in_client(app), "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    minh = app.test_client()
    post_sign_in(minh, ten="minh", **{"mat-khau": PASSWORD})
    answer = post_form(minh, "/quan-ly/toi/mat-khau", **typed)
    assert answer.status_code == 422
    errors = field_errors(answer)
    assert list(errors) == [field]
    assert sentence in errors[field]
    assert post_sign_in(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 303


def test_changing_a_password_needs_the_current_one_except_after_a_recent_slip_sign_in(app, monkeypatch):
    minh = signed_in_client(app)
    post_form(minh, "/quan-ly/toi/mat-khau", moi=PASSWORD, **{"lan-nua": PASSWORD})
    other = app.test_client()
    post_sign_in(other, ten="minh", **{"mat-khau": PASSWORD})
    new = {"moi": "con trâu ăn cỏ ngoài đê", "lan-nua": "con trâu ăn cỏ ngoài đê"}
    assert post_form(other, "/quan-ly/toi/mat-khau", **new).status_code == 422
    assert post_form(other, "/quan-ly/toi/mat-khau", **new, **{"dang-dung": "sai"}).status_code == 422
    assert post_form(other, "/quan-ly/toi/mat-khau", **{**new, "lan-nua": "khác"}).status_code == 422
    assert post_form(other, "/quan-ly/toi/mat-khau", **new, **{"dang-dung": PASSWORD}).status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 303  # a changed password ends the other browsers
    assert post_sign_in(app.test_client(), ten="minh", **{"mat-khau": PASSWORD}).status_code == 422
    recent_slip = sign_in(app, account_named(app, "Minh"))
    assert "Mật khẩu đang dùng" not in text_of(recent_slip.get("/quan-ly/toi"))
    later = datetime.now(UTC) + timedelta(minutes=20)
    monkeypatch.setattr("lms.web.clock.now", lambda: later)
    assert "Mật khẩu đang dùng" in text_of(recent_slip.get("/quan-ly/toi"))

"""Joining a class: valid, mistyped and unknown codes, late and closed classes."""

from __future__ import annotations

import pytest
from lxml import html

from lms.learning.classroom.session.class_codes import luhn_check_digit
from tests.web.class_phones import join_class, open_question, question_of_kind, visible_text


def test_six_digits_lead_to_the_class_however_they_are_typed(app, code):
    phone = app.test_client()
    for typed in (code, f"{code[:3]} {code[3:]}", f" {code[:2]}.{code[2:4]}-{code[4:]}"):
        answer = phone.get("/lop", query_string={"ma": typed})
        assert (answer.status_code, answer.location) == (303, f"/lop/{code}")
    assert phone.get(f"/LOP/{code}").location == f"/lop/{code}"
    assert phone.get(f"/lop/{code[:3]} {code[3:]}").location == f"/lop/{code}"


def test_the_button_into_the_class_comes_before_what_to_bring(app, code):
    """With very large text that list alone fills a window."""
    page = html.fromstring(app.test_client().get(f"/lop/{code}").text)
    [bring] = page.xpath("//p[starts-with(., 'Lấy sẵn')]")
    assert bring.xpath("preceding::button[contains(@class, 'button--main')]")


def test_a_mistyped_code_is_explained_and_stays_in_the_field(app, code):
    wrong = code[:5] + str((int(code[5]) + 1) % 10)
    phone = app.test_client()
    answer = phone.get("/lop", query_string={"ma": wrong})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert "gõ nhầm" in page.xpath("string(//*[@data-code-error])")
    assert page.xpath("//input[@name='ma']/@value") == [wrong]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("{code:.5}", "Mã lớp có 6 chữ số, bác mới gõ 5 số."),
        ("{code}7", "Mã lớp có 6 chữ số, bác gõ 7 số."),
        ("lop", "không có chữ cái"),
        ("{code:.5}O", "không có chữ cái"),
    ],
)
def test_too_few_or_too_many_digits_are_explained(app, code, typed, told):
    wrong, phone = typed.format(code=code), app.test_client()
    for answer in (phone.get("/lop", query_string={"ma": wrong}), phone.get(f"/lop/{wrong}")):
        page = html.fromstring(answer.text)
        assert told in page.xpath("string(//*[@data-code-error])")
        assert page.xpath("//input[@name='ma']/@value") == [wrong]


@pytest.mark.parametrize("typed", ["", "  "])
def test_an_empty_code_is_explained(app, typed):
    answer = app.test_client().get("/lop", query_string={"ma": typed})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert "Bác gõ sáu chữ số trên màn chiếu" in page.xpath("string(//*[@data-code-error][not(@hidden)])")
    [field] = page.xpath("//input[@name='ma'][@aria-invalid='true']")
    assert field.get("aria-describedby") in page.xpath("//*[@data-code-error]/@id")


def test_an_unknown_code_is_explained(app, code):
    head = "99999" if code[:5] != "99999" else "88888"
    answer = app.test_client().get(f"/lop/{head}{luhn_check_digit(head)}")
    assert answer.status_code == 404
    assert "Chưa thấy lớp nào có mã này" in answer.text


@pytest.mark.parametrize(
    "path", ["/lop/abc", "/lop/1", "/lop/<script>", "/lop/" + "9" * 500, "/LOP/x", "/LOP/1%0d%0aSet-Cookie:x"]
)
def test_nonsense_in_the_url_gets_an_error_page(app, path):
    answer = app.test_client().get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert "<script>" not in answer.text.replace("<script src", "").replace('<script type="module"', "")


def test_one_tap_gives_a_seat_number_and_an_emblem(app, code):
    phone = app.test_client()
    page = phone.page(f"/lop/{code}")
    assert page.xpath("//main//button[contains(@class, 'button--main')]")
    answer = phone.post(f"/lop/{code}", data={"nguoi": "2", "ten": ""})
    page = phone.page(answer.location)
    assert " ".join(page.xpath("string(//h1)").split()) == "Số 1 mặt trời"
    assert "seat--waiting" in page.xpath("//class-seat/@class")[0]
    assert "Bài sẽ tự mở ở đây" in visible_text(phone, f"/lop/{code}")


def test_joining_twice_keeps_the_seat_and_another_phone_gets_the_next(app, code, lan):
    lan.post(f"/lop/{code}", data={"nguoi": "1"})
    assert "Số 1" in visible_text(lan, f"/lop/{code}")
    assert "Số 2" in visible_text(join_class(app, code), f"/lop/{code}")


def test_names_may_repeat_and_are_escaped(app, desk, code):
    for _ in range(2):
        join_class(app, code, ten="<b>Lan</b>")
    answer = app.test_client().post(f"/lop/{code}", data={"ten": "x" * 10_000})
    assert answer.status_code == 422
    assert "<b>Lan" not in desk.client.get(desk.base).text


@pytest.mark.parametrize("letters", [61, 10_000])
def test_a_name_that_is_too_long_is_rejected_without_a_seat(app, code, letters):
    phone = app.test_client()
    answer = phone.post(f"/lop/{code}", data={"ten": "a" * letters})
    assert answer.status_code == 422
    assert "Tên này dài quá" in answer.text
    assert "Số 1" in visible_text(join_class(app, code), f"/lop/{code}")


@pytest.mark.parametrize("people", ["0", "-3", "99", "abc", ""])
def test_an_invalid_number_of_people_is_replaced_by_a_valid_one(app, code, people):
    assert "Số" in visible_text(join_class(app, code, nguoi=people), f"/lop/{code}")


def test_a_late_learner_sees_the_current_step(app, desk, code):
    open_question(desk, question_of_kind(app, "choice"))
    late = join_class(app, code)
    assert "Bác làm gì?" in visible_text(late, f"/lop/{code}")


def test_in_zalo_the_page_offers_the_real_browser(app, code):
    zalo = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; wv) Zalo android"}
    page = html.fromstring(app.test_client().get(f"/lop/{code}", headers=zalo).text)
    assert page.xpath("//a[starts-with(@href, 'intent://')]/@href")[0].startswith(f"intent://hoc.example/lop/{code}#")


def test_how_many_share_a_phone_is_asked_before_the_button_that_leads_in(app, code):
    page = app.test_client().page(f"/lop/{code}")
    [people] = page.xpath("//fieldset[.//input[@name='nguoi']]")
    assert people.xpath("following::button[contains(@class, 'button--main')]")


def test_a_closed_class_rejects_joins(app, desk, code):
    desk.send_command(close="true")
    answer = app.test_client().get(f"/lop/{code}")
    assert answer.status_code == 410
    assert "Lớp này đã kết thúc" in answer.text

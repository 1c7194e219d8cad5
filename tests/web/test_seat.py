"""A learner's phone in class, without a script: every page is a form, and the class is never in her way."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from lms.learning.classroom import seats
from lms.learning.classroom.codes import check_digit
from lms.learning.classroom.steps import question_key
from tests.web.careful import CarefulClient
from tests.web.desks import ASKED, PRACTISED, Desk, found, in_class, open_desk
from tests.web.duty import signed_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in(app, "Minh"), ASKED)


@pytest.fixture
def code(app: Flask, desk: Desk) -> str:
    return found(app, desk).code


@pytest.fixture
def lan(app: Flask, code: str) -> CarefulClient:
    """Lan's phone; she sits at number 1."""
    return joined(app, code)


def joined(app: Flask, code: str, **said: str) -> CarefulClient:
    phone = app.test_client()
    assert phone.post(f"/lop/{code}", data={"nguoi": "1"} | said).status_code == 303
    return phone


def practice_page(client: CarefulClient, address: str) -> html.HtmlElement:
    """A practice has its own proof-reader (practice/test_practice.py)."""
    return html.fromstring(FlaskClient.open(client, address).text)


def words(client: CarefulClient, address: str) -> str:
    """What is shown of the page; hidden parts wait."""
    page = client.page(address)
    for waiting in page.xpath("//*[@hidden] | //noscript | //template"):
        waiting.drop_tree()
    return " ".join(page.xpath("string(//main)").split())


def questions(app: Flask):
    return app.extensions["shelf"].library.lesson("vneid", "ba-loai-ma").understand.questions


def of_kind(app: Flask, kind: str):
    return next(one for one in questions(app) if one.kind == kind)


def asks(desk: Desk, question) -> str:
    key = question_key(question.id)
    desk.sends(to=key)
    desk.sends(step=key, phase="open")
    return key


def answer(client: CarefulClient, code: str, question, *given: str, round: str = "1", **headers):
    sent = {"question": question.id, "round": round, "answer": list(given)}
    return client.post(f"/lop/{code}/tra-loi", data=sent, headers=headers.get("headers"))


# --- coming in -------------------------------------------------------------------------------------------------


def test_six_digits_lead_to_the_class_however_they_are_typed(app, code):
    phone = app.test_client()
    for typed in (code, f"{code[:3]} {code[3:]}", f" {code[:2]}.{code[2:4]}-{code[4:]}"):
        answer = phone.get("/lop", query_string={"ma": typed})
        assert (answer.status_code, answer.location) == (303, f"/lop/{code}")
    assert phone.get(f"/LOP/{code}").location == f"/lop/{code}"
    assert phone.get(f"/lop/{code[:3]} {code[3:]}").location == f"/lop/{code}"


def test_a_slip_of_the_finger_is_told_as_one_and_keeps_what_was_typed(app, code):
    wrong = code[:5] + str((int(code[5]) + 1) % 10)
    phone = app.test_client()
    answer = phone.get("/lop", query_string={"ma": wrong})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert "gõ nhầm" in page.xpath("string(//*[@data-mistyped])")
    assert page.xpath("//input[@name='ma']/@value") == [wrong]


def test_a_code_that_no_class_has_is_told_kindly(app, code):
    head = "99999" if code[:5] != "99999" else "88888"
    answer = app.test_client().get(f"/lop/{head}{check_digit(head)}")
    assert answer.status_code == 404
    assert "Chưa thấy lớp nào có mã này" in answer.text


@pytest.mark.parametrize(
    "path", ["/lop/abc", "/lop/1", "/lop/<script>", "/lop/" + "9" * 500, "/LOP/x", "/LOP/1%0d%0aSet-Cookie:x"]
)
def test_nonsense_in_the_address_is_a_page_and_no_accident(app, path):
    answer = app.test_client().get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert "<script>" not in answer.text.replace("<script src", "").replace('<script type="module"', "")


def test_one_tap_gives_a_number_and_a_picture_shown_large(app, code):
    phone = app.test_client()
    page = phone.page(f"/lop/{code}")
    assert page.xpath("//main//button[contains(@class, 'button--main')]")
    answer = phone.post(f"/lop/{code}", data={"nguoi": "2", "ten": ""})
    page = phone.page(answer.location)
    assert " ".join(page.xpath("string(//h1)").split()) == "Số 1 mặt trời"
    assert "seat--looking" in page.xpath("//main/@class")[0]
    assert "Bài sẽ tự mở ở đây" in words(phone, f"/lop/{code}")


def test_joining_twice_keeps_the_seat_and_another_phone_gets_the_next(app, code, lan):
    lan.post(f"/lop/{code}", data={"nguoi": "1"})
    assert "Số 1" in words(lan, f"/lop/{code}")
    assert "Số 2" in words(joined(app, code), f"/lop/{code}")


def test_names_may_repeat_and_markup_in_one_does_no_harm(app, desk, code):
    for _ in range(2):
        joined(app, code, ten="<b>Lan</b>")
    answer = app.test_client().post(f"/lop/{code}", data={"ten": "x" * 10_000})
    assert answer.status_code == 422
    assert "<b>Lan" not in desk.client.get(desk.base).text


@pytest.mark.parametrize("letters", [61, 10_000])
def test_a_name_that_is_too_long_is_told_as_such_and_takes_no_seat(app, code, letters):
    phone = app.test_client()
    answer = phone.post(f"/lop/{code}", data={"ten": "a" * letters})
    assert answer.status_code == 422
    assert "Tên này dài quá" in answer.text
    assert "Số 1" in words(joined(app, code), f"/lop/{code}")


@pytest.mark.parametrize("people", ["0", "-3", "99", "abc", ""])
def test_however_many_people_are_said_somebody_sits_there(app, code, people):
    assert "Số" in words(joined(app, code, nguoi=people), f"/lop/{code}")


def test_whoever_comes_late_gets_in_and_sees_the_present_step(app, desk, code):
    asks(desk, of_kind(app, "choice"))
    late = joined(app, code)
    assert "Bác làm gì?" in words(late, f"/lop/{code}")


def test_in_zalo_the_page_offers_the_real_browser(app, code):
    zalo = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; wv) Zalo android"}
    page = html.fromstring(app.test_client().get(f"/lop/{code}", headers=zalo).text)
    assert page.xpath("//a[starts-with(@href, 'intent://')]/@href")[0].startswith(f"intent://hoc.example/lop/{code}#")


# --- questions -------------------------------------------------------------------------------------------------


def test_before_a_question_opens_nothing_can_be_answered_and_nothing_is_given_away(app, desk, code, lan):
    question = of_kind(app, "choice")
    desk.sends(to=question_key(question.id))
    page = lan.page(f"/lop/{code}")
    [fields] = page.xpath(f"//*[@data-question='{question.id}']//fieldset")
    assert fields.get("disabled") is not None
    assert answer(lan, code, question, question.options[1].key).status_code == 409
    text = lan.get(f"/lop/{code}").text
    assert not any(option.why and option.why in text for option in question.options)
    assert lan.get(f"/lop/{code}/dap/{question.id}", headers=JSON).status_code == 404


def test_the_options_have_the_walls_letters_and_order(app, desk, code, lan):
    question = of_kind(app, "choice")
    asks(desk, question)
    options = lan.page(f"/lop/{code}").xpath(f"//*[@data-question='{question.id}']//label")
    assert [" ".join(one.text_content().split()) for one in options] == ["A Đọc mã cho họ", "B Cúp máy"]


def test_an_answer_is_kept_and_can_be_changed_until_it_is_locked(app, desk, code, lan):
    question = of_kind(app, "choice")
    key = asks(desk, question)
    first, second = (option.key for option in question.options)
    assert answer(lan, code, question, first).location == f"/lop/{code}"
    assert "Đã nhận câu trả lời" in words(lan, f"/lop/{code}")
    answer(lan, code, question, second)
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//input[@checked]/@value") == [second]
    desk.sends(step=key, phase="locked")
    assert answer(lan, code, question, first).status_code == 409
    assert "Hết giờ trả lời" in words(lan, f"/lop/{code}")


def test_once_shown_she_reads_what_is_right_what_she_picked_and_what_the_author_says(app, desk, code, lan):
    question = of_kind(app, "choice")
    key = asks(desk, question)
    answer(lan, code, question, question.options[0].key)
    desk.sends(step=key, phase="locked")
    desk.sends(step=key, phase="shown")
    page = lan.page(f"/lop/{code}")
    told = {one.get("data-told"): one for one in page.xpath("//*[@data-told]")}
    wrong, right = (told[option.key] for option in question.options)
    assert not wrong.xpath(".//*[@data-mine]/@hidden")
    assert right.xpath(".//*[@data-mine]/@hidden")
    assert "Câu đúng" in right.text_content()
    assert "Công an không hỏi mã OTP" in wrong.text_content()
    fragment = lan.get(f"/lop/{code}/dap/{question.id}", headers=JSON).get_json()["html"]
    assert "Câu đúng" in fragment


@pytest.mark.parametrize(("kind", "said"), [("typed", "1900 0368"), ("ordering", "Thứ tự đúng"), ("matching", "–")])
def test_questions_without_options_to_pick_work_as_forms_too(app, desk, code, lan, kind, said):
    question = of_kind(app, kind)
    key = asks(desk, question)
    page = lan.page(f"/lop/{code}")
    [form] = page.xpath(f"//*[@data-question='{question.id}']//form")
    given = ["19000368"] if kind == "typed" else [box.xpath("option/@value")[1] for box in form.xpath(".//select")]
    assert answer(lan, code, question, *given).status_code == 303
    desk.sends(step=key, phase="locked")
    desk.sends(step=key, phase="shown")
    assert said in words(lan, f"/lop/{code}")


def test_a_second_round_is_answered_anew(app, desk, code, lan):
    question = of_kind(app, "choice")
    key = asks(desk, question)
    answer(lan, code, question, question.options[0].key)
    desk.sends(step=key, phase="locked")
    desk.sends(step=key, round="2")
    told = lan.page(f"/lop/{code}").xpath(f"//*[@data-question='{question.id}']")[0]
    assert "asked--later" in told.get("class").split()
    assert "Lần hai: bác bàn với người ngồi cạnh" in " ".join(told.text_content().split())
    desk.sends(step=key, phase="open")
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//input[@name='round']/@value") == ["2"]
    assert not page.xpath(f"//*[@data-question='{question.id}']//input[@checked]")
    assert answer(lan, code, question, question.options[1].key).status_code == 409
    assert answer(lan, code, question, question.options[1].key, round="2").status_code == 303


def test_an_answer_of_another_class_or_of_nobody_disturbs_nothing(app, desk, code, lan):
    question = of_kind(app, "choice")
    asks(desk, question)
    assert answer(app.test_client(), code, question, question.options[0].key).status_code == 409
    assert answer(lan, code, question, "nonsense").status_code == 422
    assert answer(lan, code, question, question.options[0].key, round="abc").status_code in (303, 409)


def test_a_page_without_a_script_looks_again_but_not_while_a_form_is_filled(app, desk, code, lan):
    def seconds() -> int:
        return int(re.search(r'http-equiv="refresh" content="(\d+)', lan.get(f"/lop/{code}").text)[1])

    assert seconds() <= 10
    question = of_kind(app, "choice")
    asks(desk, question)
    assert seconds() >= 60
    answer(lan, code, question, question.options[1].key)
    assert seconds() <= 10


# --- hands, doors, claims --------------------------------------------------------------------------------------


def test_a_hand_goes_up_and_down_and_says_who_is_coming(app, desk, code, lan):
    assert lan.post(f"/lop/{code}/tay", data={"tay": "len"}).location == f"/lop/{code}"
    assert "Bác đang giơ tay" in words(lan, f"/lop/{code}")
    desk.client.post(f"{desk.base}/cho/1", data={"csrf_token": desk.token, "viec": "giup"})
    said = lan.post(f"/lop/{code}/tay", data={"tay": "xuong"}, headers=JSON).get_json()
    assert said["hand"] is False
    assert "Giơ tay nhờ giúp" in words(lan, f"/lop/{code}")


def test_a_hand_of_nobody_is_no_hand(app, code):
    assert app.test_client().post(f"/lop/{code}/tay", data={"tay": "len"}).status_code == 409


def test_whoever_was_put_out_is_told_and_let_in_again(app, desk, code, lan):
    minh = found(app, desk).opened_by
    here = {"class_id": desk.id, "number": 1, "account_id": minh, "now": datetime.now(UTC)}
    in_class(app, seats.put_out, **here)
    assert "đang ở ngoài lớp" in words(lan, f"/lop/{code}")
    assert lan.post(f"/lop/{code}/tay", data={"tay": "len"}).status_code == 403
    in_class(app, seats.let_in, **here)
    assert "Bài sẽ tự mở ở đây" in words(lan, f"/lop/{code}")


def test_a_lost_cookie_gets_its_seat_back_with_the_facilitators_word(app, desk, code, lan):
    phone = app.test_client()
    assert phone.post(f"/lop/{code}/toi-da-vao", data={"so": "1"}).status_code == 303
    assert "Đang chờ người đứng lớp" in words(phone, f"/lop/{code}/toi-da-vao")
    assert phone.get(f"/lop/{code}/toi-da-vao", headers=JSON).get_json() == {"seat": None, "waiting": 1}
    minh, library = found(app, desk).opened_by, app.extensions["shelf"].library
    in_class(app, seats.agree, class_id=desk.id, number=1, account_id=minh, library=library, now=datetime.now(UTC))
    assert phone.get(f"/lop/{code}/toi-da-vao", headers=JSON).get_json() == {"seat": 1, "waiting": None}
    assert "Số 1" in words(phone, f"/lop/{code}")
    assert "Vào lớp" in words(lan, f"/lop/{code}")


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "", "9" * 20, "9" * 4000])
def test_a_seat_that_is_not_there_cannot_be_claimed(app, code, lan, number):
    answer = app.test_client().post(f"/lop/{code}/toi-da-vao", data={"so": number})
    assert answer.status_code == 409
    assert "Lớp không có số ấy" in answer.text


def test_what_a_script_is_told_about_a_seat_is_kept_by_no_cache(app, desk, code, lan):
    desk.sends(to=question_key(questions(app)[0].id))
    for answer in (
        lan.get(f"/lop/{code}/toi-da-vao", headers=JSON),
        lan.post(f"/lop/{code}/tay", data={"tay": "len"}, headers=JSON),
        lan.post(f"/lop/{code}/tra-loi", data={"question": "x"}, headers=JSON),
    ):
        assert (answer.is_json, answer.headers["Cache-Control"]) == (True, "no-store")


# --- practice and end ------------------------------------------------------------------------------------------


@pytest.fixture
def practising(app: Flask) -> Desk:
    desk = open_desk(signed_in(app, "Minh"), PRACTISED)
    desk.sends(to="tap")
    return desk


def test_the_practice_begins_with_one_button_and_wears_the_class(app, practising):
    code = found(app, practising).code
    phone = joined(app, code)
    assert "Vào tập" in words(phone, f"/lop/{code}")
    began = phone.post(f"/lop/{code}/tap")
    assert re.fullmatch(r"/toi/luot/[0-9a-f]{32}", began.location)
    again = phone.post(f"/lop/{code}/tap", headers=JSON)
    assert again.get_json() == {"address": began.location}
    page = practice_page(phone, began.location)
    assert "Số 1" in page.xpath("string(//*[@data-inclass])")
    covers = page.xpath("//*[@data-cover]")
    assert all("Số 1" in " ".join(cover.text_content().split()) for cover in covers)
    assert len(covers) == 2
    assert page.xpath("//*[@data-inclass]//a/@href")[0] == f"/lop/{code}?truoc=1"
    assert phone.post(f"/lop/{code}/tay", data={"tay": "len", "ve": began.location}).location == began.location


def test_pause_and_gate_cover_the_phone(app, practising):
    code = found(app, practising).code
    phone = joined(app, code)
    address = phone.post(f"/lop/{code}/tap").location

    def covered() -> list[str]:
        return practice_page(phone, address).xpath("//*[@data-cover][not(@hidden)]/@data-cover")

    assert covered() == []
    practising.sends(paused="true")
    assert covered() == ["pause"]
    practising.sends(paused="false")
    practising.sends(gate="chao")
    assert covered() == ["gate"]
    practising.sends(gate="null")
    assert covered() == []


def test_a_practice_of_her_own_has_nothing_of_a_class(app):
    phone = app.test_client()
    address = phone.post("/vneid/kich-hoat/lam", data={"mode": "lam-theo"}).location
    page = practice_page(phone, address)
    assert not page.xpath("//*[@data-inclass]")
    assert not page.xpath("//script[contains(@src, 'classroom/')]")


def test_from_the_end_of_her_practice_she_goes_back_to_class(app, practising):
    code = found(app, practising).code
    phone = joined(app, code)
    address = phone.post(f"/lop/{code}/tap").location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})
    page = phone.page(f"{address}/ket-qua")
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == [f"/lop/{code}"]


def test_the_end_page_gives_marks_learning_code_and_what_comes_next(app, desk, code, lan):
    desk.sends(to="ket")
    assert "Hết bài rồi" in words(lan, f"/lop/{code}")
    desk.sends(close="true")
    assert lan.get(f"/lop/{code}").location == f"/lop/{code}/ket"
    text = words(lan, f"/lop/{code}/ket")
    assert "Cảm ơn bác" in text
    assert "Mã học của bác" in text
    assert "Làm phần Dùng liền" in text
    assert main_way(lan, f"/lop/{code}/ket") == main_way(lan, "/vneid/ba-loai-ma")


def main_way(client: CarefulClient, address: str) -> str:
    """Where the one main button of a page leads."""
    [href] = client.page(address).xpath("//main//a[contains(@class, 'button--main')]/@href")
    return href


def test_how_many_share_a_phone_is_asked_before_the_button_that_leads_in(app, code):
    page = app.test_client().page(f"/lop/{code}")
    [people] = page.xpath("//fieldset[.//input[@name='nguoi']]")
    assert people.xpath("following::button[contains(@class, 'button--main')]")


def test_marks_earned_in_class_are_her_own(app, desk, code, lan):
    for question in questions(app):
        if question.kind != "choice":
            continue
        key = asks(desk, question)
        answer(lan, code, question, *(option.key for option in question.options if option.right))
        desk.sends(step=key, phase="locked")
        desk.sends(step=key, phase="shown")
    assert "Bác đã đúng 2 trong" in words(lan, "/vneid/ba-loai-ma/hieu")


def test_a_closed_class_lets_nobody_in_and_says_so(app, desk, code):
    desk.sends(close="true")
    answer = app.test_client().get(f"/lop/{code}")
    assert answer.status_code == 410
    assert "Lớp này đã kết thúc" in answer.text

"""Reading a lesson and answering its questions, without a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from lms.learning.store.models import Response
from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import CORRECT_ANSWERS, answer, answer_all, option_text, question_card
from tests.web.page_texts import main_button
from tests.web.sample_course import UNDERSTAND_URL


def test_the_page_has_everything_but_the_facilitators_notes(lan: CheckingClient) -> None:
    words = lan.page(UNDERSTAND_URL).text_content()
    assert "Mã là chìa khóa của bác." in words
    assert "Không đọc mã cho ai." in words
    assert "Câu 1 trong 5" in words
    assert "Hỏi cả phòng" not in words


def test_the_page_does_not_give_the_right_answer_away(lan: CheckingClient) -> None:
    words = lan.get(UNDERSTAND_URL).text
    for secret in ("Đúng rồi. Cúp máy", "1900 0368", "Mã chỉ về"):
        assert secret not in words


def test_a_wrong_answer_stays_chosen_with_the_authors_feedback(lan: CheckingClient) -> None:
    response = answer(lan, "OTP. Bác làm gì", ["Đọc mã cho họ"])
    assert response.status_code == 303
    card = question_card(lan.page(UNDERSTAND_URL), "OTP. Bác làm gì")
    assert response.headers["Location"] == f"{UNDERSTAND_URL}#{card.get('id')}"
    picked = card.xpath(".//div[contains(@class, 'picked')]")[0]
    assert picked.xpath(".//input/@checked")
    assert "Công an không hỏi mã OTP." in picked.text_content()
    assert "Chọn lại mấy lần cũng được." in card.text_content()
    assert card.xpath(".//button")[-1].text_content() == "Trả lời lại"


def test_a_right_answer_replaces_the_form_by_a_note(lan: CheckingClient) -> None:
    answer(lan, "OTP. Bác làm gì", ["Đọc mã cho họ"])
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    card = question_card(lan.page(UNDERSTAND_URL), "OTP. Bác làm gì")
    assert card.find("form") is None
    assert "Cúp máy rồi báo người nhà." in card.text_content()
    assert "“Cúp máy”" in card.text_content()


@pytest.mark.parametrize("words", CORRECT_ANSWERS)
def test_every_kind_of_question_can_be_answered_correctly(lan: CheckingClient, words: str) -> None:
    answer(lan, words, CORRECT_ANSWERS[words])
    assert question_card(lan.page(UNDERSTAND_URL), words).find("form") is None


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("OTP. Bác làm gì", ["Đọc mã cho họ"]),
        ("tự đặt", ["Mật khẩu"]),
        ("tự đặt", ["Mật khẩu", "Mã OTP"]),
        ("Xếp các bước", ["Mở VNeID", "Gõ mã", "Mở máy"]),
        ("Ghép mã", ["tám ký tự trở lên", "sáu chữ số"]),
    ],
)
def test_a_wrong_answer_of_any_kind_is_shown_and_can_be_changed(
    lan: CheckingClient, words: str, wrong: list[str]
) -> None:
    answer(lan, words, wrong)
    card = question_card(lan.page(UNDERSTAND_URL), words)
    chosen = [option_text(option) for option in card.xpath(".//option[@selected]")]
    ticked = [label.text_content().strip() for label in card.xpath(".//label[input[@checked]]")]
    typed = [field.get("value") for field in card.xpath(".//input[@type='text']")]
    assert chosen + ticked + typed == wrong
    assert card.xpath(".//*[contains(@class, 'careful')]")
    answer(lan, words, CORRECT_ANSWERS[words])
    assert question_card(lan.page(UNDERSTAND_URL), words).find("form") is None


def test_in_a_wrong_order_the_right_places_stay_and_the_others_are_empty(lan: CheckingClient) -> None:
    answer(lan, "Xếp các bước", ["Gõ mã", "Mở VNeID", "Mở máy"])
    card = question_card(lan.page(UNDERSTAND_URL), "Xếp các bước")
    assert [option_text(option) for option in card.xpath(".//option[@selected]")] == ["Mở VNeID"]
    (place,) = card.xpath(".//div[contains(@class, 'question__place--right')]")
    assert "Thứ hai" in place.text_content()
    assert "1 ô đã đúng, bác để nguyên. Bác chọn lại nốt các ô còn trống nhé." in card.text_content()


def given_answers(engine: Engine) -> list[list[str]]:
    with Session(engine) as session:
        return list(session.scalars(select(Response.given).order_by(Response.id)))


def test_of_a_typed_answer_that_matches_nothing_only_the_length_is_kept(engine: Engine, lan: CheckingClient) -> None:
    answer(lan, "Tổng đài", ["113"])
    card = question_card(lan.page(UNDERSTAND_URL), "Tổng đài")
    assert [field.get("value") for field in card.xpath(".//input[@type='text']")] == [""]
    assert card.xpath(".//*[contains(@class, 'careful')]")
    answer(lan, "Tổng đài", CORRECT_ANSWERS["Tổng đài"])
    assert given_answers(engine) == [["?3"], CORRECT_ANSWERS["Tổng đài"]]
    assert question_card(lan.page(UNDERSTAND_URL), "Tổng đài").find("form") is None


def test_a_number_of_the_learners_own_is_refused_and_not_kept(engine: Engine, lan: CheckingClient) -> None:
    response = answer(lan, "Tổng đài", ["079160012345"])
    assert response.status_code == 422
    assert "Ở đây bác chỉ gõ câu trả lời, đừng gõ mã hay số giấy tờ của bác." in response.text
    assert "079160012345" not in response.text
    assert given_answers(engine) == [["?12"]]
    assert "079160012345" not in lan.get(UNDERSTAND_URL).text


def test_a_wrong_answer_that_was_stored_as_text_is_still_shown(engine: Engine, lan: CheckingClient) -> None:
    """Before the length was kept, wrong answers were stored as typed."""
    answer(lan, "Tổng đài", ["113"])
    with Session(engine) as session:
        session.execute(update(Response).values(given=["số 113"]))
        session.commit()
    card = question_card(lan.page(UNDERSTAND_URL), "Tổng đài")
    assert [field.get("value") for field in card.xpath(".//input[@type='text']")] == ["số 113"]


@pytest.mark.parametrize(("pick", "is_right"), [("Cúp máy", True), ("Đọc mã cho họ", False)])
def test_an_edited_lesson_shows_an_answer_as_it_was_scored(
    app: Flask, lan: CheckingClient, courses: Path, pick: str, is_right: bool
) -> None:
    """The mark counts the stored score: grading the answer again by the edited lesson would contradict it."""
    answer(lan, "OTP. Bác làm gì", [pick])
    file = courses / "vneid/01-ba-loai-ma/hieu.md"
    text = file.read_text("utf-8")
    swapped = text.replace("- [ ] Đọc mã cho họ", "- [x] Đọc mã cho họ").replace("- [x] Cúp máy", "- [ ] Cúp máy")
    file.write_text(swapped, "utf-8")
    app.extensions["catalog"].reload()
    page = lan.page(UNDERSTAND_URL)
    card = question_card(page, "OTP. Bác làm gì")
    assert (card.find("form") is None) is is_right
    assert ("Chưa phải câu này." in card.text_content()) is not is_right
    assert ("Đúng rồi." in card.text_content()) is is_right
    assert f"Bác đã đúng {int(is_right)} trong 5 câu." in page.text_content()


def test_a_right_answer_stays_done_when_its_option_is_removed(app: Flask, lan: CheckingClient, courses: Path) -> None:
    answer(lan, "tự đặt", ["Mật khẩu", "Passcode"])
    file = courses / "vneid/01-ba-loai-ma/hieu.md"
    text = file.read_text("utf-8")
    file.write_text(text.replace("- [x] Passcode\n  > Passcode do bác đặt.\n", ""), "utf-8")
    app.extensions["catalog"].reload()
    card = question_card(lan.page(UNDERSTAND_URL), "tự đặt")
    assert card.find("form") is None
    assert "Đúng rồi." in card.text_content()


def test_hints_come_one_at_a_time(lan: CheckingClient) -> None:
    hints = question_card(lan.page(UNDERSTAND_URL), "OTP. Bác làm gì").xpath("./form/details")
    assert len(hints) == 1
    assert "Ai cầm chìa khóa" in hints[0].findtext("div")
    assert "Cán bộ thật không hỏi mã." in hints[0].find("details").findtext("div")


def test_the_page_counts_what_is_right(lan: CheckingClient) -> None:
    assert "Bài có 5 câu hỏi. Đúng 3 câu là có dấu hiểu ngay." in lan.page(UNDERSTAND_URL).text_content()
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    answer(lan, "Tổng đài", ["113"])
    assert "Bác đã đúng 1 trong 5 câu. Đúng 3 câu là có dấu hiểu ngay." in lan.page(UNDERSTAND_URL).text_content()


def test_enough_right_answers_earn_the_mark(lan: CheckingClient) -> None:
    answer_all(lan)
    page = lan.page(UNDERSTAND_URL)
    assert "Bác có dấu hiểu ngay, bài Ba loại mã" in page.text_content()
    assert page.xpath("//nav[@class='stage-nav']/a/@aria-label") == ["hiểu, đã có dấu"]
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/dung"


@pytest.mark.slow
def test_the_first_mark_shows_the_code_card_on_its_page_only(lan: CheckingClient) -> None:
    for words in ("OTP. Bác làm gì", "Tổng đài", "Xếp các bước"):
        assert "Mã học của bác" not in lan.page(UNDERSTAND_URL).text_content()
        answer(lan, words, CORRECT_ANSWERS[words])
    for _ in range(2):  # without a script the next answer brings the page anew
        assert "Mã học của bác" in lan.page(UNDERSTAND_URL).text_content()
        assert "Mã học của bác" not in lan.page("/vneid/ba-loai-ma").text_content()
    assert "Mã học của bác" in lan.page("/toi").text_content()
    assert "Mã học của bác" not in lan.page(UNDERSTAND_URL).text_content()


@pytest.mark.slow
def test_an_in_app_browser_gets_a_link_with_the_code_to_the_real_browser(lan: CheckingClient) -> None:
    zalo = {"User-Agent": "Mozilla/5.0 (Linux; Android 9; SM-A105F) Chrome/87.0 Mobile Zalo android/1 ZaloTheme/light"}
    answer_all(lan)
    assert "intent:" not in lan.get("/toi").text
    link = lan.page("/toi", headers=zalo).xpath("//a[starts-with(@href, 'intent:')]/@href")[0]
    assert link.startswith("intent://hoc.example/toi/vao/")
    assert "scheme=http;" in link


def test_an_incomplete_answer_names_what_is_missing(lan: CheckingClient) -> None:
    action = question_card(lan.page(UNDERSTAND_URL), "Xếp các bước").find("form").get("action")
    for data in ({}, {"answer": ["", "", ""]}, {"answer": ["a"]}):
        response = lan.post(action, data=data)
        assert response.status_code == 422
        assert "còn trống. Bác chọn nốt" in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("words", "given", "twice", "places"),
    [
        ("Xếp các bước", ["Gõ mã", "Mở máy", "Gõ mã"], "Gõ mã", "“Thứ nhất”, “Thứ ba”"),
        ("Ghép mã", ["sáu chữ số", "sáu chữ số"], "B. sáu chữ số", "“Mã OTP”, “Mật khẩu”"),
    ],
    ids=["order", "pairs"],
)
def test_a_duplicate_choice_is_named_and_is_not_a_wrong_answer(
    lan: CheckingClient, words: str, given: list[str], twice: str, places: str
) -> None:
    response = answer(lan, words, given)
    assert (response.status_code, "Set-Cookie" in response.headers) == (422, False)
    card = question_card(html.fromstring(response.text), words)
    assert [option_text(option) for option in card.xpath(".//option[@selected]")] == given
    (alert,) = card.xpath(".//*[@role='alert']")
    assert alert.text_content().strip().startswith(f"Bác chọn “{twice}” hơn một lần, ở ô {places}.")
    assert "Chưa đúng" not in card.text_content()
    answer(lan, words, CORRECT_ANSWERS[words])
    assert question_card(lan.page(UNDERSTAND_URL), words).find("form") is None


@pytest.mark.parametrize("words", ["OTP. Bác làm gì", "tự đặt", "Tổng đài", "mạng nào"])
def test_the_script_has_the_same_text_for_an_empty_answer_as_the_form(lan: CheckingClient, words: str) -> None:
    page = lan.page(UNDERSTAND_URL)
    form, kind = question_card(page, words).find("form"), question_card(page, words).get("data-kind")
    (alert,) = html.fromstring(lan.post(form.get("action")).text).xpath("//*[@role='alert']")
    (template,) = page.xpath(f"//template[@id='feedback-missing-{kind}']")
    (button,) = template.xpath(".//*[@data-name]")
    button.text = form.xpath(".//button//text()[normalize-space()]")[-1]
    assert template.text_content().split() == alert.text_content().split()


def test_a_forged_option_is_refused_and_saves_nothing(lan: CheckingClient) -> None:
    action = question_card(lan.page(UNDERSTAND_URL), "OTP. Bác làm gì").find("form").get("action")
    assert lan.post(action, data={"answer": "zz"}).status_code == 422
    assert lan.post(action, data={"answer": ["a", "b"]}).status_code == 422
    assert "Bài có 5 câu hỏi." in lan.get(UNDERSTAND_URL).text


def test_an_unknown_question_is_not_found(lan: CheckingClient) -> None:
    assert lan.post(f"{UNDERSTAND_URL}/khong-co", data={"answer": "a"}).status_code == 404
    assert lan.get(f"{UNDERSTAND_URL}/khong-co").status_code == 404


def test_reloading_after_an_answer_finds_the_question_again(lan: CheckingClient) -> None:
    action = question_card(lan.page(UNDERSTAND_URL), "Tổng đài").find("form").get("action")
    response = lan.get(action)
    assert response.status_code == 303
    assert response.headers["Location"].startswith(f"{UNDERSTAND_URL}#")


def test_a_typed_answer_is_escaped(lan: CheckingClient) -> None:
    answer(lan, "Tổng đài", ['"><script>alert(1)</script>'])
    assert "<script>alert" not in lan.get(UNDERSTAND_URL).text


def test_answers_are_private(lan: CheckingClient, hoa: CheckingClient) -> None:
    answer(lan, "Tổng đài", CORRECT_ANSWERS["Tổng đài"])
    assert "Bác gõ “" in lan.get(UNDERSTAND_URL).text
    assert "Bác gõ “" not in hoa.get(UNDERSTAND_URL).text

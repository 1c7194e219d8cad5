"""Reading a lesson and answering its questions, without a script."""

from __future__ import annotations

import pytest
from lxml import html

from tests.web.careful import CarefulClient
from tests.web.hands import RIGHT, answer, answer_all, card, main_button
from tests.web.schoolroom import HIEU


def test_everything_but_the_facilitators_notes_is_on_the_page(lan: CarefulClient) -> None:
    words = lan.page(HIEU).text_content()
    assert "Mã là chìa khóa của bác." in words
    assert "Không đọc mã cho ai." in words
    assert "Câu 1 trong 5" in words
    assert "Hỏi cả phòng" not in words


def test_no_page_betrays_the_right_answer(lan: CarefulClient) -> None:
    words = lan.get(HIEU).text
    for secret in ("Đúng rồi. Cúp máy", "1900 0368", "Mã chỉ về"):
        assert secret not in words


def test_a_wrong_answer_keeps_the_pick_with_the_authors_sentence_beside_it(lan: CarefulClient) -> None:
    response = answer(lan, "OTP. Bác làm gì", ["Đọc mã cho họ"])
    assert response.status_code == 303
    asked = card(lan.page(HIEU), "OTP. Bác làm gì")
    assert response.headers["Location"] == f"{HIEU}#{asked.get('id')}"
    picked = asked.xpath(".//div[contains(@class, 'picked')]")[0]
    assert picked.xpath(".//input/@checked")
    assert "Công an không hỏi mã OTP." in picked.text_content()
    assert "Chọn lại mấy lần cũng được." in asked.text_content()
    assert asked.xpath(".//button")[-1].text_content() == "Trả lời lại"


def test_a_right_answer_folds_the_question_to_one_note(lan: CarefulClient) -> None:
    answer(lan, "OTP. Bác làm gì", ["Đọc mã cho họ"])
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    asked = card(lan.page(HIEU), "OTP. Bác làm gì")
    assert asked.find("form") is None
    assert "Cúp máy rồi báo người nhà." in asked.text_content()
    assert '"Cúp máy"' in asked.text_content()


@pytest.mark.parametrize("words", RIGHT)
def test_every_kind_of_question_can_be_answered_rightly(lan: CarefulClient, words: str) -> None:
    answer(lan, words, RIGHT[words])
    assert card(lan.page(HIEU), words).find("form") is None


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("OTP. Bác làm gì", ["Đọc mã cho họ"]),
        ("tự đặt", ["Mật khẩu"]),
        ("tự đặt", ["Mật khẩu", "Mã OTP"]),
        ("Tổng đài", ["113"]),
        ("Xếp các bước", ["Gõ mã", "Mở VNeID", "Mở máy"]),
        ("Ghép mã", ["tám ký tự trở lên", "sáu chữ số"]),
    ],
)
def test_a_wrong_answer_of_any_kind_stays_in_view_and_may_be_given_again(
    lan: CarefulClient, words: str, wrong: list[str]
) -> None:
    answer(lan, words, wrong)
    asked = card(lan.page(HIEU), words)
    chosen = [option.text_content().strip() for option in asked.xpath(".//option[@selected]")]
    ticked = [label.text_content().strip() for label in asked.xpath(".//label[input[@checked]]")]
    typed = [field.get("value") for field in asked.xpath(".//input[@type='text']")]
    assert chosen + ticked + typed == wrong
    assert asked.xpath(".//*[contains(@class, 'careful')]")
    answer(lan, words, RIGHT[words])
    assert card(lan.page(HIEU), words).find("form") is None


def test_hints_come_one_at_a_time(lan: CarefulClient) -> None:
    hints = card(lan.page(HIEU), "OTP. Bác làm gì").xpath("./form/details")
    assert len(hints) == 1
    assert "Ai cầm chìa khóa" in hints[0].findtext("div")
    assert "Cán bộ thật không hỏi mã." in hints[0].find("details").findtext("div")


def test_the_page_counts_what_is_right(lan: CarefulClient) -> None:
    assert "Bài có 5 câu hỏi. Đúng 3 câu là có dấu hiểu ngay." in lan.page(HIEU).text_content()
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    answer(lan, "Tổng đài", ["113"])
    assert "Bác đã đúng 1 trong 5 câu. Đúng 3 câu là có dấu hiểu ngay." in lan.page(HIEU).text_content()


def test_enough_right_answers_earn_the_mark_and_lead_on(lan: CarefulClient) -> None:
    answer_all(lan)
    page = lan.page(HIEU)
    assert "Bác có dấu hiểu ngay, bài Ba loại mã" in page.text_content()
    assert page.xpath("//nav[@class='beads']/a/@aria-label") == ["hiểu, đã có dấu"]
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/dung"


def test_the_first_mark_brings_the_learning_code_unasked_on_its_page_and_nowhere_else(lan: CarefulClient) -> None:
    for words in ("OTP. Bác làm gì", "Tổng đài", "Xếp các bước"):
        assert "Mã học của bác" not in lan.page(HIEU).text_content()
        answer(lan, words, RIGHT[words])
    for _ in range(2):  # without a script the next answer brings the page anew
        assert "Mã học của bác" in lan.page(HIEU).text_content()
        assert "Mã học của bác" not in lan.page("/vneid/ba-loai-ma").text_content()
    assert "Mã học của bác" in lan.page("/toi").text_content()
    assert "Mã học của bác" not in lan.page(HIEU).text_content()


def test_an_in_app_browser_is_shown_the_way_out_with_the_code_in_it(lan: CarefulClient) -> None:
    zalo = {"User-Agent": "Mozilla/5.0 (Linux; Android 9; SM-A105F) Chrome/87.0 Mobile Zalo android/1 ZaloTheme/light"}
    answer_all(lan)
    assert "intent:" not in lan.get("/toi").text
    link = lan.page("/toi", headers=zalo).xpath("//a[starts-with(@href, 'intent:')]/@href")[0]
    assert link.startswith("intent://hoc.example/toi/vao/")
    assert "scheme=http;" in link


def test_an_answer_that_was_not_filled_in_is_asked_for_kindly(lan: CarefulClient) -> None:
    action = card(lan.page(HIEU), "Xếp các bước").find("form").get("action")
    for data in ({}, {"answer": ["", "", ""]}, {"answer": ["a"]}):
        response = lan.post(action, data=data)
        assert response.status_code == 422
        assert "còn trống. Bác chọn nốt" in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("words", "given", "twice"),
    [
        ("Xếp các bước", ["Gõ mã", "Mở máy", "Gõ mã"], "Gõ mã"),
        ("Ghép mã", ["sáu chữ số", "sáu chữ số"], "sáu chữ số"),
    ],
    ids=["order", "pairs"],
)
def test_what_stands_in_two_places_is_named_and_is_no_wrong_answer(
    lan: CarefulClient, words: str, given: list[str], twice: str
) -> None:
    response = answer(lan, words, given)
    assert (response.status_code, "Set-Cookie" in response.headers) == (422, False)
    asked = card(html.fromstring(response.text), words)
    assert [option.text_content() for option in asked.xpath(".//option[@selected]")] == given
    (said,) = asked.xpath(".//*[@role='alert']")
    assert said.text_content().strip().startswith(f'Mục "{twice}" đang đứng ở hơn một ô.')
    assert "Chưa đúng" not in asked.text_content()
    answer(lan, words, RIGHT[words])
    assert card(lan.page(HIEU), words).find("form") is None


@pytest.mark.parametrize("words", ["OTP. Bác làm gì", "tự đặt", "Tổng đài", "mạng nào"])
def test_with_nothing_given_a_script_finds_the_words_that_the_form_says(lan: CarefulClient, words: str) -> None:
    page = lan.page(HIEU)
    form, kind = card(page, words).find("form"), card(page, words).get("data-question")
    (said,) = html.fromstring(lan.post(form.get("action")).text).xpath("//*[@role='alert']")
    (kept,) = page.xpath(f"//template[@id='said-missing-{kind}']")
    (button,) = kept.xpath(".//*[@data-place]")
    button.text = form.xpath(".//button//text()[normalize-space()]")[-1]
    assert kept.text_content().split() == said.text_content().split()


def test_a_forged_option_is_refused_and_keeps_nothing(lan: CarefulClient) -> None:
    action = card(lan.page(HIEU), "OTP. Bác làm gì").find("form").get("action")
    assert lan.post(action, data={"answer": "zz"}).status_code == 422
    assert lan.post(action, data={"answer": ["a", "b"]}).status_code == 422
    assert "Bài có 5 câu hỏi." in lan.get(HIEU).text


def test_an_unknown_question_is_not_found(lan: CarefulClient) -> None:
    assert lan.post(f"{HIEU}/khong-co", data={"answer": "a"}).status_code == 404
    assert lan.get(f"{HIEU}/khong-co").status_code == 404


def test_reloading_after_an_answer_finds_the_question_again(lan: CarefulClient) -> None:
    action = card(lan.page(HIEU), "Tổng đài").find("form").get("action")
    response = lan.get(action)
    assert response.status_code == 303
    assert response.headers["Location"].startswith(f"{HIEU}#")


def test_what_a_learner_types_is_shown_as_text(lan: CarefulClient) -> None:
    answer(lan, "Tổng đài", ['"><script>alert(1)</script>'])
    assert "<script>alert" not in lan.get(HIEU).text


def test_nobody_sees_anybody_elses_answers(lan: CarefulClient, hoa: CarefulClient) -> None:
    answer(lan, "Tổng đài", ["gọi 113"])
    assert "gọi 113" in lan.get(HIEU).text
    assert "gọi 113" not in hoa.get(HIEU).text

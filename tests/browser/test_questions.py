"""The feedback to an answer is shown, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.answer_places import fill_places_with, option_key, wait_for_places
from tests.browser.conftest import PHONE
from tests.browser.input_devices import Finger, Keyboard
from tests.browser.inspection import faults_when_narrow_and_doubled
from tests.browser.site_process import Site, serve_site
from tests.web.every_screen import LESSON, write_every_screen

ORDER = """
::: sắp xếp
Xếp các bước.
1. Mở máy
2. Mở VNeID
3. Gõ mã
:::
"""
TYPED = """
::: hỏi
Passcode có mấy chữ số?
= 6
= sáu
:::
"""
PAIRS = """
::: ghép
Ghép từng mã.
- Mã OTP = sáu chữ số
- Mật khẩu = tám ký tự
:::
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("questions")
    courses = write_every_screen(folder / "courses")
    (hieu,) = courses.glob("*/*/hieu.md")
    hieu.write_text(hieu.read_text("utf-8") + ORDER + PAIRS + TYPED, "utf-8")
    with serve_site(folder, courses=courses) as running:
        yield running


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize(
    ("picked", "said"),
    [("Thích", "Bài sau còn nữa."), ("Chưa", "Cảm ơn bác. Câu này hỏi ý, chọn câu nào cũng được.")],
)
def test_a_poll_shows_its_authors_feedback_or_thanks(new_page, script, picked, said):
    phone = new_page(PHONE, script=script)
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text="Bác có thích không?")
    card.get_by_label(picked, exact=True).check()
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text(said)
    expect(card.get_by_role("button", name="Trả lời")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 320])
@pytest.mark.parametrize(
    ("asked", "picked", "said"),
    [
        ("Đúng hay không?", (), "Bác chọn một câu"),
        ("Xếp các bước.", ("Mở máy", "Mở VNeID"), "Ô “Thứ ba” còn trống."),
        ("Xếp các bước.", ("Gõ mã", "Mở máy", "Gõ mã"), "Bác chọn “Gõ mã” hơn một lần, ở ô “Thứ nhất”, “Thứ ba”."),
        ("Ghép từng mã.", ("sáu chữ số", "sáu chữ số"), "sáu chữ số” hơn một lần, ở ô “"),
    ],
    ids=["nothing", "a-place", "twice", "pairs-twice"],
)
def test_without_a_script_the_page_opens_at_the_error(new_page, monitor, asked, picked, said, width):
    monitor.expected.add(422)
    phone = new_page(PHONE | {"viewport": {"width": width, "height": 640}}, script=False)
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text=asked)
    fill_places_with(card, picked, script=False)
    with phone.expect_navigation():
        card.get_by_role("button", name="Trả lời").click()
    sentence = card.get_by_role("alert")
    expect(sentence).to_contain_text(said)
    expect(sentence).to_be_focused()
    expect(sentence).to_be_in_viewport(ratio=1)
    expect(card.locator(".question__prompt")).to_be_in_viewport()
    faulty = card.locator("[aria-invalid=true], [role=radiogroup]:not([data-row])").last
    expect(faulty).to_have_accessible_description(sentence.inner_text().strip())


@pytest.mark.parametrize(
    ("script", "asked", "slip", "twice", "right"),
    [
        (False, "Xếp các bước.", ("Gõ mã", "Mở máy", "Gõ mã"), "“Gõ mã”", ("Mở máy", "Mở VNeID", "Gõ mã")),
        (False, "Ghép từng mã.", ("sáu chữ số", "sáu chữ số"), "sáu chữ số”", ("sáu chữ số", "tám ký tự")),
        (True, "Ghép từng mã.", ("sáu chữ số", "sáu chữ số"), "sáu chữ số”", ("sáu chữ số", "tám ký tự")),
    ],
    ids=["order", "pairs", "letters"],
)
def test_a_duplicate_choice_is_named_and_is_not_a_wrong_answer(new_page, monitor, script, asked, slip, twice, right):
    if not script:  # which does not even send it
        monitor.expected.add(422)
    phone = new_page(PHONE, script=script)
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text=asked)
    fill_places_with(card, slip, script=script)
    if not script:
        card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text(f"{twice} hơn một lần, ở ô “")
    expect(card.get_by_text("Chưa đúng")).to_have_count(0)
    fill_places_with(card, right, script=script)
    if script:
        expect(card.get_by_text("hơn một lần")).to_have_count(0)
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text("Đúng rồi.")
    expect(card.get_by_text("hơn một lần")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_an_empty_choice_asks_for_one(new_page, monitor, script):
    if not script:
        monitor.expected.add(422)
    phone = new_page(PHONE, script=script)
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text="Đúng hay không?")
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text("Bác chọn một câu rồi chạm “Trả lời” nhé.")


def test_a_number_of_the_learners_own_does_not_leave_the_phone(phone):
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.post_data or ""))
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text="Passcode có mấy chữ số?")
    card.get_by_role("textbox").fill("62 04 15")
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text("Ở đây bác chỉ gõ câu trả lời, đừng gõ mã hay số giấy tờ của bác.")
    expect(card.get_by_role("textbox")).to_have_value("")
    assert "".join(sent) == ""
    card.get_by_role("textbox").fill("8 số")
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text("Chưa đúng đâu bác.")
    card.get_by_role("textbox").fill("sáu")
    card.get_by_role("button", name="Trả lời lại").click()
    expect(card).to_contain_text("Đúng rồi.")


def test_after_a_wrong_order_the_right_places_stay(phone):
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text="Xếp các bước.")
    fill_places_with(card, ("Gõ mã", "Mở VNeID", "Mở máy"))
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text("1 ô đã đúng, bác để nguyên. Bác chọn lại nốt các ô còn trống nhé.")
    right = card.get_by_role("button", name="2 Mở VNeID đúng rồi")
    expect(right).to_be_disabled()
    assert numbers(card) == {"Gõ mã": "", "Mở VNeID": "2", "Mở máy": ""}
    card.get_by_role("button", name="Làm lại từ đầu").click()
    assert numbers(card)["Mở VNeID"] == "2"
    fill_places_with(card, ("Mở máy", "Gõ mã"))
    assert numbers(card) == {"Mở máy": "1", "Mở VNeID": "2", "Gõ mã": "3"}
    card.get_by_role("button", name="Trả lời lại").click()
    expect(card).to_contain_text("Đúng rồi.")
    expect(card.get_by_text("đúng rồi", exact=True)).to_have_count(3)
    expect(card.get_by_role("button", name="Làm lại từ đầu")).to_be_hidden()


@pytest.mark.parametrize("device", [Finger(), Keyboard()], ids=["finger", "keyboard"])
def test_cards_get_numbers_as_they_are_tapped_and_give_them_back(phone, device):
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text="Xếp các bước.")
    wait_for_places(card)
    device.press(card.get_by_role("button", name="Mở máy"))
    device.press(card.get_by_role("button", name="Gõ mã"))
    expect(card.get_by_role("button", name="Gõ mã", pressed=True)).to_have_text("2 Gõ mãđúng rồi")
    expect(phone.locator("p[role=status]").last).to_have_text("Đã chọn thứ 2: Gõ mã")
    device.press(card.get_by_role("button", name="Mở máy"))
    expect(phone.locator("p[role=status]").last).to_have_text("Đã bỏ thứ 1: Mở máy")
    assert numbers(card) == {"Mở máy": "", "Mở VNeID": "", "Gõ mã": "2"}
    device.press(card.get_by_role("button", name="Mở VNeID"))
    device.press(card.get_by_role("button", name="Mở máy"))
    assert numbers(card) == {"Mở VNeID": "1", "Gõ mã": "2", "Mở máy": "3"}
    device.press(card.get_by_role("button", name="Làm lại từ đầu"))
    assert set(numbers(card).values()) == {""}
    device.press(card.get_by_role("button", name="Trả lời"))
    expect(card).to_contain_text("Ô “Thứ nhất” còn trống.")


def test_letters_say_what_they_stand_for_and_their_form_is_the_old_one(phone):
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text="Ghép từng mã.")
    wait_for_places(card)
    first, second = (card.get_by_role("radiogroup", name=f"{name} đi với chữ nào?") for name in ("1", "2"))
    first.get_by_role("radio", name="tám ký tự").check()
    second.get_by_role("radio", name="sáu chữ số").check()
    expect(first.locator("[data-picked]")).to_have_text(re.compile(r"[AB] tám ký tự"))
    assert faults_when_narrow_and_doubled(phone) == []
    with phone.expect_request(lambda request: request.method == "POST") as sent:
        card.get_by_role("button", name="Trả lời").click()
    assert parse_qs(sent.value.post_data) == {"answer": [option_key(card, "tám ký tự"), option_key(card, "sáu chữ số")]}
    expect(card).to_contain_text("Chưa đúng đâu bác.")
    first.get_by_role("radio", name="sáu chữ số").check()
    second.get_by_role("radio", name="tám ký tự").check()
    card.get_by_role("button", name="Trả lời lại").click()
    expect(card).to_contain_text("Đúng rồi.")
    expect(card.get_by_text("đúng rồi", exact=True)).to_have_count(2)


def numbers(card: Locator) -> dict[str, str]:
    """The number of each card of an ordering; "" without one."""
    return {
        each.locator("[data-name]").inner_text(): each.locator("[data-number]").inner_text()
        for each in card.locator("[data-card]").all()
    }

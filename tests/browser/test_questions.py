"""The feedback to an answer is shown, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
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
        ("Xếp các bước.", ("Mở máy", "Mở VNeID"), 'Ô "Thứ ba" còn trống.'),
        ("Xếp các bước.", ("Gõ mã", "Mở máy", "Gõ mã"), 'Mục "Gõ mã" đang đứng ở hơn một ô.'),
        ("Ghép từng mã.", ("sáu chữ số", "sáu chữ số"), 'Mục "sáu chữ số" đang đứng ở hơn một ô.'),
    ],
    ids=["nothing", "a-place", "twice", "pairs-twice"],
)
def test_without_a_script_the_page_opens_at_the_error(new_page, monitor, asked, picked, said, width):
    monitor.expected.add(422)
    phone = new_page(PHONE | {"viewport": {"width": width, "height": 640}}, script=False)
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text=asked)
    for place, item in enumerate(picked):
        card.locator("select").nth(place).select_option(label=item)
    with phone.expect_navigation():
        card.get_by_role("button", name="Trả lời").click()
    sentence = card.get_by_role("alert")
    expect(sentence).to_contain_text(said)
    expect(sentence).to_be_focused()
    expect(sentence).to_be_in_viewport(ratio=1)
    expect(card.locator(".question__prompt")).to_be_in_viewport()
    faulty = card.locator("[aria-invalid=true], [role=radiogroup]").last
    expect(faulty).to_have_accessible_description(sentence.inner_text().strip())


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize(
    ("asked", "slip", "twice", "right"),
    [
        ("Xếp các bước.", ("Gõ mã", "Mở máy", "Gõ mã"), "Gõ mã", ("Mở máy", "Mở VNeID", "Gõ mã")),
        ("Ghép từng mã.", ("sáu chữ số", "sáu chữ số"), "sáu chữ số", ("sáu chữ số", "tám ký tự")),
    ],
    ids=["order", "pairs"],
)
def test_a_duplicate_choice_is_named_and_is_not_a_wrong_answer(new_page, monitor, script, asked, slip, twice, right):
    if not script:  # which does not even send it
        monitor.expected.add(422)
    phone = new_page(PHONE, script=script)
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text=asked)
    for place, item in enumerate(slip):
        card.locator("select").nth(place).select_option(label=item)
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text(f'Mục "{twice}" đang đứng ở hơn một ô.')
    expect(card.get_by_text("Chưa đúng")).to_have_count(0)
    for place, item in enumerate(right):
        card.locator("select").nth(place).select_option(label=item)
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text("Đúng rồi.")
    expect(card.get_by_text("hơn một ô")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_an_empty_choice_asks_for_one(new_page, monitor, script):
    if not script:
        monitor.expected.add(422)
    phone = new_page(PHONE, script=script)
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("question-card", has_text="Đúng hay không?")
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text('Bác chọn một câu rồi chạm "Trả lời" nhé.')


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
    for place, item in enumerate(("Gõ mã", "Mở VNeID", "Mở máy")):
        card.locator("select").nth(place).select_option(label=item)
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text("1 ô đã đúng, bác để nguyên. Bác chọn lại nốt các ô còn trống nhé.")
    expect(card.locator(".question__place--right")).to_contain_text("Thứ hai")
    assert [select.input_value() != "" for select in card.locator("select").all()] == [False, True, False]
    card.locator("select").nth(0).select_option(label="Mở máy")
    card.locator("select").nth(2).select_option(label="Gõ mã")
    card.get_by_role("button", name="Trả lời lại").click()
    expect(card).to_contain_text("Đúng rồi.")
